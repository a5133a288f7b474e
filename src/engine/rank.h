/* Rank of a block of Q modulo the prime 2^61 - 1. */
#ifndef CT_RANK_H
#define CT_RANK_H

#include "engine/blocks.h"

/* Rank of the block's integer matrix modulo 2^61 - 1: never above the true rank; below it only if
 * the prime divides every non-zero minor of that order. Cost: rows * columns * rank
 * multiplications. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_rank_modular(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                               int64_t *rank);

/* Multiplications beyond which a rank is printed as a bracket instead. */
#define CT_RANK_WORK 2e10

#endif
