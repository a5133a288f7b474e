/* SPDX-License-Identifier: Apache-2.0 */
/* A block of a real or complex function as a matrix of real numbers. */
#ifndef CT_BLOCK_ROWS_H
#define CT_BLOCK_ROWS_H

#include "engine/cut/blocks.h"

/* The smaller side of a block as rows. A complex block becomes the real one of twice the size
 * [re, -im; im, re], which has every singular value twice. */
typedef struct ct_block_rows {
    int64_t n, k;
    double *entry;           /* n x k, row-major */
    uint64_t *weight;        /* n: multiplicities of the rows */
    uint64_t *column_weight; /* k: of the columns */
} ct_block_rows;

/* Free with ct_block_rows_free, also on error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_block_rows_make(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                  ct_block_rows *out);
void ct_block_rows_free(ct_block_rows *rows);

/* Whether squares of the largest entry and their sums stay far from the ends of the range of
 * doubles: what underflows is then far below any bound on the rounding of the rest. */
bool ct_block_rows_are_tame(const ct_block_rows *rows);

#endif
