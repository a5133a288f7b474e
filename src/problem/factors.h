/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of product states from a file: CP tensors, as TensorLy has them. */
#ifndef CT_FACTORS_H
#define CT_FACTORS_H

#include "problem/problem.h"

/* psi = sum_r w_r (x)_n a_n[:, r] from the archive `path`: factor_0, factor_1, .. (or arr_0, ..), one a site, d_n x R, and weights
 * with R numbers (1 each where there are none), real or complex. problem->products, kind and, where the caller gave none, the
 * lattice chain:N are set. Norms stay. Errors: CUTROPY_EINPUT (arrays that are missing or do not fit each other or the lattice,
 * NaN), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_factors_read(const char *path, cutropy_problem *problem);

#endif
