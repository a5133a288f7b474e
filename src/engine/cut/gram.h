/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrix of a block: G = Q D_n Q^H on its smaller side. */
#ifndef CT_ENGINE_GRAM_H
#define CT_ENGINE_GRAM_H

#include "base/arena.h"
#include "base/integer_block.h"
#include "engine/cut/blocks.h"

/* n x n, row-major, upper triangle (the lower one column-major; below the diagonal undefined).
 * Labels and integers: integer = exact G, weight = multiplicities m of the side; the block's
 * eigenvalues are those of D_m^1/2 G D_m^1/2. Real and complex: number = D_m^1/2 G D_m^1/2 times 4^-exponent.
 * The matrix lies in the arena. */
typedef struct ct_gram {
    int64_t n;
    int side;
    int64_t *integer;
    int words, weight_words; /* of an integer, as in ct_integer_block */
    uint64_t *weight;
    double *number; /* n x n doubles or pairs */
    int exponent;   /* 0 unless the block's entries are extreme */
} ct_gram;

/* Labels and integers: a view. */
static inline ct_integer_block ct_gram_integers(const ct_gram *gram)
{
    return (ct_integer_block){.n = gram->n,
                              .gram = gram->integer,
                              .weight = gram->weight,
                              .words = gram->words,
                              .weight_words = gram->weight_words};
}

cutropy_status ct_gram_block(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                             const ct_operations *backend, int threads, ct_arena *arena,
                             ct_gram *out);
void ct_gram_free(ct_gram *gram);

/* G of a dense block of integers whose sums leave 64 bits, in CT_WIDE_WORDS words an entry; entry: n x k,
 * weight: k, below 2^40. Errors: CUTROPY_EMEMORY. Cost: n^2 k / 2 products of 128 by 64 bits. */
cutropy_status ct_gram_wide(int64_t n, int64_t k, const int64_t *entry, const int64_t *weight,
                            int64_t *out, int threads);

/* The eigenvectors of D^1/2 G D^1/2 of integers in double, one after the other, of
 * ascending eigenvalues; free *out with ct_free. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY. */
cutropy_status ct_gram_vectors(const ct_integer_block *block, const ct_operations *backend,
                               double **out);

/* visit(context, matrix) for the blocks in turn, until one fails or sets *more to false; each
 * matrix is freed afterwards. *more = true: all were visited. Errors: those of ct_gram_block and
 * visit. */
cutropy_status ct_gram_each(const ct_quotient *q, const ct_blocks *blocks,
                            const ct_operations *backend, int threads,
                            cutropy_status (*visit)(void *context, const ct_gram *gram, bool *more),
                            void *context, bool *more);

#endif
