/* SPDX-License-Identifier: Apache-2.0 */
/* What cuts cost, each found out once, for a search that asks for some of all 2^(N-1). */
#ifndef CT_ORDER_CUTS_H
#define CT_ORDER_CUTS_H

#include <cutropy/state.h>

#include "base/hash.h"

typedef struct ct_cut_cost {
    double
        bits; /* log2 of the Schmidt rank; where doubles leave it open, of the most that it may be */
    double entropy; /* bits; both INFINITY: the cut did not fit in memory */
} ct_cut_cost;

typedef struct ct_order_cuts {
    cutropy_state *state;
    cutropy_options *how;
    cutropy_progress *progress; /* the caller's */
    void *user;
    size_t words;
    uint64_t budget;   /* cuts that may be looked at, for whoever shows it */
    uint64_t *mask;    /* count x words, of the side without pixel 0 where both have one entropy */
    ct_cut_cost *cost; /* of the first `solved` */
    size_t count, solved; /* the others are wanted */
    size_t mask_room, cost_room;
    char why[512]; /* the first cut that did not fit did not; "": all did */
    ct_word_rows rows;
    ct_hash table;
} ct_order_cuts;

/* options: borrowed; their progress is told how many cuts of the budget were looked at. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_order_cuts_start(cutropy_state *state, const cutropy_options *options,
                                   uint64_t budget, ct_order_cuts *out);
void ct_order_cuts_free(ct_order_cuts *cuts);

/* *which: of this set of pixels (its bits beyond N are 0), for ct_order_cut after the next ct_order_cuts_solve; -1: a trivial cut,
 * which costs nothing. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_order_cuts_want(ct_order_cuts *cuts, const uint64_t *set, int64_t *which);

/* Finds out what is wanted, without proofs. Errors: those of cutropy_state_run. */
cutropy_status ct_order_cuts_solve(ct_order_cuts *cuts);

static inline ct_cut_cost ct_order_cut(const ct_order_cuts *cuts, int64_t which)
{
    return which < 0 ? (ct_cut_cost){0} : cuts->cost[which];
}

/* CUTROPY_EUNSUPPORTED for a sum of product states, whose ranks are brackets that no proof settles. */
cutropy_status ct_order_serves(const cutropy_state *state);

/* CUTROPY_ENUMERIC where the rank of a cut of the result is a bracket. */
cutropy_status ct_order_ranks_check(const cutropy_result *result);

#endif
