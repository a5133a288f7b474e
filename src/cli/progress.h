/* SPDX-License-Identifier: Apache-2.0 */
/* One progress line on standard error, and the answer whether to stop. */
#ifndef CT_PROGRESS_H
#define CT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ct_progress {
    bool shown;     /* false: report only whether to stop */
    bool on_screen; /* there is a line to erase */
    char stage[24];
    double started;      /* seconds, when this stage was first heard of */
    uint64_t first;      /* what was done by then */
    const void *partial; /* what cutropy_options_set_shown gave; read it between hold and release */
} ct_progress;

/* shown: standard error is a terminal, and the user wants it. */
void ct_progress_start(ct_progress *progress, bool wanted);
/* For cutropy_options_set_progress, with a ct_progress as user. */
int ct_progress_report(const char *stage, uint64_t done, uint64_t total, void *user);
/* For cutropy_options_set_shown, likewise. */
void ct_progress_shown(const void *partial, void *user);
void ct_progress_erase(ct_progress *progress);

#endif
