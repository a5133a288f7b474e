/* SPDX-License-Identifier: Apache-2.0 */
/* Progress for a caller's function, at most about ten times a second, and its answer. */
#ifndef CT_REPORT_H
#define CT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ct_reporter {
    /* Non-zero asks to stop. NULL: nobody listens. */
    int (*progress)(const char *stage, uint64_t done, uint64_t total, void *user);
    void *user;
    double last; /* when it was called, ct_now */
    bool every;  /* pass on every report: `progress` keeps the pace itself */
} ct_reporter;

/* Passes the report on if a tenth of a second has gone by since the last one, or if all is done
 * (total 0: nobody knows of how much); non-zero asks to stop. `reporter` is a ct_reporter, so that this function is a `progress` itself;
 * one thread at a time. */
int ct_report(const char *stage, uint64_t done, uint64_t total, void *reporter);

#endif
