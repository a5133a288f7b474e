/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrices of all levels of an automaton, from the last one backwards, without a quotient and without a product:
 *
 *     G_N = 1,  G_k[i][j] = sum over bits x of G_(k+1)[d_k[i][x]][d_k[j][x]],
 *
 * which counts the images of the pixels behind k that states i and j both take to label 1: the entry (i, j) of
 * Q D_n Q^T of cut k. All terms are natural numbers, and they stay so, in as many words as they need.
 *
 * Only blocks are stored (frontier/level_blocks.h). */
#ifndef CT_LEVEL_GRAM_H
#define CT_LEVEL_GRAM_H

#include "frontier/counts.h"
#include "frontier/level_blocks.h"

/* Level N of an automaton of a function that is not zero: the number 1. */
cutropy_status ct_level_gram_start(ct_level_gram *out);

/* From level k + 1 to level k. Cost: two gathered additions for each pair of states of a block; beside both
 * levels 16 rows a thread. Errors: CUTROPY_EMEMORY (also where both are more than memory_limit). *g is freed
 * after an error. */
cutropy_status ct_level_gram_step(const ct_levels *levels, int k, uint64_t memory_limit,
                                  int threads, ct_level_gram *g);
/* Blocks that are as fine as the entries that are not zero. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_level_gram_split(ct_level_gram *g);
/* Before the passes: entries and largest blocks of all levels from N down to `lowest`, as far as their states are joined
 * at all (blocks may fall apart where entries vanish). entries, size: N + 1. Cost: that of reading the levels. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_level_gram_bound(const ct_levels *levels, int lowest, uint64_t *entries,
                                   int32_t *size);

/* The same matrix of level k as the product Q D_n Q^T, where many levels behind it have more states than it (level_product.c). others,
 * weights: of the reversed order, level N - k of which has the columns of Q. */
typedef struct ct_level_product {
    const ct_levels *levels, *others;
    int k;
    const ct_counts *weights;
} ct_level_product;

/* Additions, at most, with the bits of Q; bytes: the most that stand at once. */
double ct_level_product_work(const ct_level_product *product, uint64_t *bytes);
/* Errors: CUTROPY_EMEMORY (also where it is more than memory_limit). Free *out with ct_level_gram_free. */
cutropy_status ct_level_product_make(const ct_level_product *product, uint64_t memory_limit,
                                     int threads, ct_level_gram *out);

/* The trace identity sum_i m_i G_ii = number of label-1 images, with the counts of level k. Errors: CUTROPY_EMEMORY,
 * CUTROPY_EINTERNAL (it does not hold). */
cutropy_status ct_level_gram_check(const ct_level_gram *g, const ct_counts *counts, int k);

/* Bits of the largest entry, which stands on the diagonal. */
size_t ct_level_gram_bits(const ct_level_gram *g);
/* Words of an entry of the level before it: sums of two. */
size_t ct_level_gram_next_words(const ct_level_gram *g);

#endif
