/* SPDX-License-Identifier: Apache-2.0 */
/* A cut as a block of integers with a proved distance (theorems 20 and 23 of docs/theorems.md): what the other provers need. */
#ifndef CT_NEAR_BLOCK_H
#define CT_NEAR_BLOCK_H

#include "base/base.h"
#include "base/integer_block.h"
#include "certify/digits.h"

/* All eigenvalues (of rho_A times <psi|psi>, each `copies` times) and those of the block, which are not negative, both descending and with
 * zeros behind them: |differences| add up to `slack` at most, in units of the block. */
typedef struct ct_near_block {
    ct_integer_block block; /* weights 1; n = 0: nothing came out */
    int64_t *gram;
    uint64_t *weight;
    int copies; /* 2: complex, as a real matrix of twice the size */
    double slack;
    bool full_rank; /* the rank is proved to be that of the matrices */
} ct_near_block;

/* Tr rho^2 and -log Tr rho^2 in bits and nats, from the sum of the squares of the integers: no eigenvalue enters, so that equal ones cost nothing.
 * decimals: as many as are proved, as ct_algebra_entropy. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. Cost: n^2 / 2 squares. */
cutropy_status ct_near_block_purity(const ct_near_block *block, int decimals, ct_decimal *purity,
                                    ct_decimal renyi2[2]);

static inline void ct_near_block_free(ct_near_block *block)
{
    ct_free(block->gram);
    ct_free(block->weight);
    *block = (ct_near_block){0};
}

#endif
