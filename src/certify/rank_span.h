/* SPDX-License-Identifier: Apache-2.0 */
/* The exact rank of an integer matrix by its span: some lines are independent, and the others are
 * combinations of them that anybody can check in integers. */
#ifndef CT_RANK_SPAN_H
#define CT_RANK_SPAN_H

#include "base/base.h"

#define CT_SPAN_LARGEST 2896 /* of scales and coefficients: below sqrt(prime / 2) */

/* With line(l) the rows of the matrix, or its columns where they are fewer:
 *   scale[j] line(line[rank + j]) = sum over i < rank of coefficient[i * (lines - rank) + j]
 *                                   line(line[i]),        scale[j] > 0,
 * so the rank is at most `rank`; lines line[0 .. rank) are independent modulo CT_RANK_FULL_PRIME,
 * so it is not less. */
typedef struct ct_rank_span {
    int64_t lines, rank;
    int64_t *line;        /* all lines, the independent ones first */
    int64_t *coefficient; /* rank x (lines - rank) */
    int64_t *scale;       /* lines - rank */
} ct_rank_span;

/* entry: rows x columns, row-major, any int64. *found = false: the coefficients are not small
 * fractions, the entries too large, or the prime bad; span->rank is a lower bound then. Cost: about
 * 2 smaller^2 larger multiplications of doubles at most; less for matrices with many zeros. Errors:
 * CUTROPY_EMEMORY. Free span with ct_rank_span_free, also on error. */
cutropy_status ct_rank_span_find(int64_t rows, int64_t columns, const int64_t *entry,
                                 ct_rank_span *span, bool *found);

/* Whether the identities hold, in integers; false also where they could leave 64 bits. */
cutropy_status ct_rank_span_check(int64_t rows, int64_t columns, const int64_t *entry,
                                  const ct_rank_span *span, bool *holds);

void ct_rank_span_free(ct_rank_span *span);

#endif
