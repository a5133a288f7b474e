/* SPDX-License-Identifier: Apache-2.0 */
/* Records of a function that is a system of linear equations: everything follows from one integer, S in bits. */
#ifndef CT_SOLVE_AFFINE_H
#define CT_SOLVE_AFFINE_H

#include "engine/run/solve.h"

/* ct_solve_orbits of such a function (CT_AFFINE); decimals too, so that no proofs are left. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED. */
cutropy_status ct_solve_affine(const ct_solve_task *task, ct_solve_outcome *outcome);

#endif
