/* SPDX-License-Identifier: Apache-2.0 */
/* The solver of automata with weights (frontier/weighing.h): all cuts of an order from one pass from either end. */
#ifndef CT_SOLVER_WEIGHTED_H
#define CT_SOLVER_WEIGHTED_H

#include "backend/solver.h"

/* Answers with real or complex numbers: one block, with a bound of its error (theorem 21 of docs/theorems.md). */
const ct_solver *ct_solver_weighted(void);

#endif
