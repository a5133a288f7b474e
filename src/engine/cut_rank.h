/* The proved rank of a cut. */
#ifndef CT_CUT_RANK_H
#define CT_CUT_RANK_H

#include "certify/rank_proof.h"
#include "engine/blocks.h"

/* The rank of Q, block by block modulo the same list of primes: rank is the sum, primes the longest
 * list. proved = false when one block went beyond the limit, or is too large to be copied; rank is
 * a lower bound then. of_block: one number a block, the proved rank or -1; may be NULL. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_cut_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                           ct_rank_proof *out, int64_t *of_block);

#endif
