/* SPDX-License-Identifier: Apache-2.0 */
/* The solver of functions that are known through their automata: one pass backwards over the levels of an order
 * serves all its cuts. */
#ifndef CT_SOLVER_FRONTIER_H
#define CT_SOLVER_FRONTIER_H

#include "backend/solver.h"

/* Takes all cuts but the empty and the full one. */
const ct_solver *ct_solver_frontier(void);

#endif
