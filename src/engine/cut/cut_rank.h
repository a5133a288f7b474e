/* SPDX-License-Identifier: Apache-2.0 */
/* The proved ranks of a cut and of its blocks. */
#ifndef CT_CUT_RANK_H
#define CT_CUT_RANK_H

#include "certify/rank_proof.h"
#include "engine/cut/blocks.h"

/* The rank of one block of Q; proved = false: it needs more than work_limit multiplications, and rank
 * is a lower bound. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_block_rank(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                             double work_limit, ct_rank_proof *out);

/* The same for labels and integers without a list to print: by its span (certify/rank_span.h) where
 * that takes at most span_limit multiplications and succeeds, else as above. */
cutropy_status ct_block_rank_quick(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                   double span_limit, double work_limit, ct_rank_proof *out);

/* The rank of Q, block by block modulo the same list of primes: rank is the sum, primes the longest
 * list. proved = false when one block went beyond the limit, or is too large to be copied; rank is
 * a lower bound then. of_block: one number a block, the proved rank or -1; may be NULL. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_cut_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                           ct_rank_proof *out, int64_t *of_block);

#endif
