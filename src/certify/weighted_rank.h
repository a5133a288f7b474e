/* SPDX-License-Identifier: Apache-2.0 */
/* The exact rank of a cut of an automaton with weights (theorem 24 of docs/theorems.md). */
#ifndef CT_WEIGHTED_RANK_H
#define CT_WEIGHTED_RANK_H

#include "problem/weighted.h"

/* All of them: the cut behind the first k pixels, 0 < k < N. w: in CT_EXACT_NUMBERS. Errors: CUTROPY_EMEMORY. */

/* The rank is *least or more: that of the cut matrix modulo a prime, or of combinations of its rows and columns, `most` of either at most.
 * Cost: numbers times `most` products, twice; 0 where that is more than work_limit. */
cutropy_status ct_weighted_rank_least(const ct_weighted *w, int k, int64_t most, double work_limit,
                                      int64_t *least);

/* States of level k but those whose row is a multiple of another's: the rank is no more. All states where an image is anything but one
 * exponential of a sum. Cost: sorts the states of every level behind. */
cutropy_status ct_weighted_rank_most(const ct_weighted *w, int k, int64_t *most);

/* Is `rank`, which is not more than the rank, the rank? Of numbers that are doubles and sums of them, by Hadamard's bound and as many primes as it
 * takes. false: no, or their work would exceed the limit, or there are exponentials. */
cutropy_status ct_weighted_rank_is(const ct_weighted *w, int k, int64_t rank, double work_limit,
                                   bool *proved);

#endif
