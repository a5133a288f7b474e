/* SPDX-License-Identifier: Apache-2.0 */
/* A part of a run, as an option names it. */
#ifndef CT_PART_H
#define CT_PART_H

#include <cutropy/status.h>

/* count 0: the whole run. */
typedef struct ct_part {
    int index, count; /* 1 .. count */
} ct_part;

#define CT_MOST_PARTS 1000000

/* "2/5", or "all"; text needs 32 characters. */
void ct_part_format(const ct_part *part, char *text);
/* "I/K". CUTROPY_EINPUT: the message begins with the key. */
cutropy_status ct_part_parse(const char *key, const char *text, ct_part *out);

#endif
