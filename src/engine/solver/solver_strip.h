/* SPDX-License-Identifier: Apache-2.0 */
/* The solver of infinite strips: one cut, whose matrix is enclosed (frontier/strip.h). */
#ifndef CT_SOLVER_STRIP_H
#define CT_SOLVER_STRIP_H

#include "backend/solver.h"

/* Answers with real numbers: eigenvalues, and for every block the error of its matrix as gram_error. */
const ct_solver *ct_solver_strip(void);

#endif
