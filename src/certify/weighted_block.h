/* SPDX-License-Identifier: Apache-2.0 */
/* A level of an automaton with weights as a block of integers with a proved distance (theorem 23 of docs/theorems.md). */
#ifndef CT_WEIGHTED_BLOCK_H
#define CT_WEIGHTED_BLOCK_H

#include "backend/operations.h"
#include "certify/near_block.h"
#include "problem/weighted.h"

#define CT_STEP_GUARD 16 /* bits of the steps beyond those of the matrix are enough */

typedef struct ct_weighted_blocks {
    const ct_weighted *w; /* in CT_EXACT_NUMBERS */
    const bool *wanted;   /* N + 1: the cuts behind the first k pixels, 0 < k < N */
    int64_t bits, steps;  /* matrices to 2^-bits, steps with numbers of so many bits */
    int threads;
    const ct_watch *watch; /* may be NULL */
    /* Blocks come from the last level to the first, and are the taker's. block.n = 0: nothing comes out at so few bits. */
    cutropy_status (*take)(void *context, int k, ct_near_block *block);
    void *context;
} ct_weighted_blocks;

/* All wanted levels from one pass over the pixels. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED, those of take. Cost: a step over a matrix of bond^2 balls for each pixel, from the last one down to
 * the first wanted level where w is single (2 products a number of its rows and entry), else over all pixels from either end; and what theorem 20 costs for each. */
cutropy_status ct_weighted_blocks_make(const ct_weighted_blocks *blocks);

/* Bytes that so many levels of one pass take, about; bonds are enough. */
double ct_weighted_block_bytes(const ct_weighted *w, int64_t bits, int levels);

#endif
