/* SPDX-License-Identifier: Apache-2.0 */
/* A text as devices get it. */
#ifndef CT_CTEXT_REWRITE_H
#define CT_CTEXT_REWRITE_H

#include <stdio.h>

#include "base/base.h"

/* The text as a device gets it, or why it gets none. Names of the user get ct_u_ in front; lines stay lines. What is not on the list
 * of what means the same in C on the processor and in C++ on a device is refused, with its line.
 * One image at a time (not sliced): types and literals of integers become ct_num and ct_c, the first index of an array is taken
 * by ct_at, ! is ct_no, divisors and counts of shifts go through ct_lift (checked.h); what could go round ct_num is refused.
 * Words (sliced): whatever could make a number of a word or of a pointer is refused.
 * name: of the text, in messages; define: NAME=VALUE, up to NULL, or NULL. Errors: CUTROPY_EUNSUPPORTED. */
cutropy_status ct_rewrite(const char *name, const char *text, const char *const *define,
                          bool sliced, FILE *out);

#endif
