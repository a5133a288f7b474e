/* SPDX-License-Identifier: Apache-2.0 */
/* What whole Gram matrices (gram.c) and parts of them (gram_part.c) are made of. */
#ifndef CT_ENGINE_GRAM_PARTS_H
#define CT_ENGINE_GRAM_PARTS_H

#include "engine/cut/blocks.h"

/* rows[i] = the bits of row class member[i]; rows shorter than a word are copied to words of their own, *copy, which the caller
 * frees. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_gram_bit_rows(const ct_quotient *q, int side, int64_t n, const int32_t *member,
                                const uint64_t **rows, uint64_t **copy);

/* From counts of common ones to products of values: label 1 -> v1, label 0 -> v0, over so many columns. */
static inline int64_t ct_gram_of_counts(const int64_t value[2], int64_t columns, int64_t ones_i,
                                        int64_t ones_j, int64_t both)
{
    const int64_t v0 = value[0], v1 = value[1], either = ones_i + ones_j - both;
    return v1 * v1 * both + v0 * v1 * (either - both) + v0 * v0 * (columns - either);
}

/* The columns of a block as lists of local rows: column c has row[start[c]] .. row[start[c+1]-1], ascending. */
typedef struct ct_columns {
    int64_t *start;
    int32_t *row;
} ct_columns;

/* Of CT_Q_EDGES; side: that of the rows. *out is to be freed also after an error (CUTROPY_EMEMORY). */
cutropy_status ct_gram_columns(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                               int side, ct_columns *out);
void ct_gram_columns_free(ct_columns *columns);

#endif
