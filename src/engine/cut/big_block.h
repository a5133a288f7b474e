/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a function whose <f|f> is beyond 2^62: levels in closed form, exact sums and fractions in integers
 * of any size. */
#ifndef CT_BIG_BLOCK_H
#define CT_BIG_BLOCK_H

#include "backend/solver.h"
#include "engine/function/fraction.h"

/* The integers of a block whoever holds them: free with ct_big_integers_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_big_integers_of(const ct_block_answer *block, ct_big_integers *out);
void ct_big_integers_free(ct_big_integers *integers);

/* The eigenvalues of rho that a block of dimension n <= 2 adds, descending: *count of them, which are
 * not 0. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (no positive matrix). */
cutropy_status ct_big_levels(const ct_function *f, const ct_big_integers *integers, int64_t n,
                             double value[2], double error[2], int *count);

/* Tr rho^2 and 1 - Tr rho^2, which is off by *error beyond its rounding, from the sum of the squares of
 * all blocks. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (it exceeds <f|f>^2). */
cutropy_status ct_big_purity(const ct_function *f, const ct_big *square_sum, double *purity,
                             double *mixed, double *error);

/* sum / <f|f>^power, as a double and as a fraction in lowest terms. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_big_moment(const ct_function *f, const ct_big *sum, int power, double *out);
cutropy_status ct_big_fraction(const ct_function *f, const ct_big *sum, int power,
                               cutropy_fraction *out);

#endif
