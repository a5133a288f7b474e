/* Full rank of all blocks of a cut by one small prime: most large random blocks have it. */
#ifndef CT_ENGINE_FULL_RANK_H
#define CT_ENGINE_FULL_RANK_H

#include "certify/rank_full.h"
#include "engine/blocks.h"

/* *full = true: every block has full rank modulo CT_RANK_FULL_PRIME, *rank is the sum and of_block
 * (may be NULL) the rank of each; false says nothing. Only labels and integers, only cuts with a
 * large block (the others lose nothing with a large prime), only blocks of at most work_limit
 * entries. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cut_full_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                                int64_t *rank, int64_t *of_block, bool *full);

#endif
