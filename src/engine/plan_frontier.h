/* SPDX-License-Identifier: Apache-2.0 */
/* What a run over automata will need, from the automata themselves. */
#ifndef CT_PLAN_FRONTIER_H
#define CT_PLAN_FRONTIER_H

#include <cutropy/run.h>

#include "backend/function.h"

/* Where a cut of such a function lies: the reading, the direction and the level of the side with fewer classes, else of
 * the one behind which fewer pixels follow. Where both directions are one, it is the first. */
typedef struct ct_frontier_spot {
    bool by_columns, swapped; /* swapped: region A are the others */
    int direction, level;
} ct_frontier_spot;

/* Errors: CUTROPY_EINTERNAL (no automaton that is open serves the cut). */
cutropy_status ct_frontier_spot_find(const ct_function *f, const uint64_t *mask,
                                     ct_frontier_spot *out);

/* States, bytes of the automata, and the most that Gram matrices and answers of one cut take; memory_limit is set.
 * Cost: that of reading the levels. Errors: CUTROPY_EMEMORY, CUTROPY_EINTERNAL. */
cutropy_status ct_plan_frontier(const ct_function *f, const cutropy_cuts *cuts, cutropy_plan *plan);

#endif
