/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem C for a cut: every eigenvalue to a small relative error. */
#ifndef CT_CUT_GRADED_H
#define CT_CUT_GRADED_H

#include "certify/enclosure.h"
#include "certify/graded.h"
#include "engine/gram.h"

/* The blocks of a cut with exact matrices: of the Gram matrices (labels and integers), or of the
 * stored doubles. */
typedef struct ct_cut_graded {
    int copies;
    int64_t count;
    ct_graded **block;
} ct_cut_graded;

/* Free with ct_cut_graded_free, also on error. fits = false, and nothing is made: the work or
 * memory of the goal does not suffice for the largest block. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cut_graded_make(const ct_quotient *q, const ct_blocks *blocks,
                                  const ct_backend *backend, int threads,
                                  const ct_graded_goal *goal, ct_cut_graded *out, bool *fits);
void ct_cut_graded_free(ct_cut_graded *cut);

/* goal->rank is ignored: rank_of_block has the proved rank of each block, or -1 (NULL: none is
 * known). *out = NULL: not every block reached the goal. May be called again with a higher goal.
 * Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. */
cutropy_status ct_cut_graded_enclosure(ct_cut_graded *cut, const ct_graded_goal *goal,
                                       const int64_t *rank_of_block, ct_enclosure **out);

#endif
