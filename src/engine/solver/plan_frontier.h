/* SPDX-License-Identifier: Apache-2.0 */
/* What a run over automata will need, from the automata themselves. */
#ifndef CT_PLAN_FRONTIER_H
#define CT_PLAN_FRONTIER_H

#include <cutropy/run.h>

#include "backend/function.h"
#include "backend/operations.h"
#include "frontier/automaton.h"
#include "frontier/level_gram.h"

/* Where a cut of such a function lies: the reading, the direction and the level of the side with fewer classes, else of
 * the one behind which fewer pixels follow. Where both directions are one, it is the first. */
typedef struct ct_frontier_spot {
    int reading;
    bool swapped; /* region A are the others */
    int direction, level;
} ct_frontier_spot;

/* Errors: CUTROPY_EINTERNAL (no reading that is open serves the cut). */
cutropy_status ct_frontier_spot_find(const ct_function *f, const uint64_t *mask,
                                     ct_frontier_spot *out);
/* The same of the region that was read, which it is. */
cutropy_status ct_frontier_spot_of_region(const ct_function *f, const uint64_t *mask,
                                          ct_frontier_spot *out);

/* The Gram matrix of a cut that is read for itself: as a product where that takes less than the levels behind it. bytes: of the
 * matrices, with those of the answer. Cost: that of reading the levels. Errors: CUTROPY_EMEMORY. */
typedef struct ct_frontier_road {
    bool is_product;
    ct_level_product product;
    uint64_t bytes;
} ct_frontier_road;

cutropy_status ct_frontier_road_find(const ct_function *f, const ct_frontier_spot *spot,
                                     ct_frontier_road *out);

/* States, bytes of the automata, and the most that Gram matrices and answers of one cut take; memory_limit is set, and the
 * readings by lines that the cuts need are open. Cost: that of reading the levels, and of building those of every cut that has an order of
 * its own. Errors: CUTROPY_EMEMORY, CUTROPY_EINTERNAL, CUTROPY_ECANCELLED. watch may be NULL. */
cutropy_status ct_plan_frontier(const ct_function *f, const cutropy_cuts *cuts,
                                const ct_watch *watch, cutropy_plan *plan);

/* The same of a problem with weights: plan->storage, states, function_bytes, workspace_bytes, largest_matrix and fits. Errors: those of
 * ct_weighing_open and ct_weighing_place. */
cutropy_status ct_plan_weighted(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                int digits, cutropy_plan *plan);

#endif
