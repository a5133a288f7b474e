/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a function whose <f|f> is beyond 2^62: closed forms, exact sums and fractions in integers
 * of any size. */
#ifndef CT_BIG_BLOCK_H
#define CT_BIG_BLOCK_H

#include "backend/solver.h"
#include "engine/fraction.h"

/* The integers of a block whoever holds them: free with ct_big_integers_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_big_integers_of(const ct_block_answer *block, ct_big_integers *out);
void ct_big_integers_free(ct_big_integers *integers);

/* a = G_00 m_0, d = G_11 m_1, bb = G_01^2 m_0 m_1 and det = a d - bb of a block of dimension n (1: only a is
 * not 0). Free each with ct_big_free. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (det < 0). */
typedef struct ct_big_square {
    ct_big a, d, bb, det;
} ct_big_square;
cutropy_status ct_big_square_of(const ct_big_integers *integers, int64_t n, ct_big_square *out);
void ct_big_square_free(ct_big_square *square);

/* The eigenvalues of rho that a block of dimension n <= 2 adds, descending: *count of them, which are
 * not 0. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (no positive matrix). */
cutropy_status ct_big_levels(const ct_function *f, const ct_big_integers *integers, int64_t n,
                             double value[2], double error[2], int *count);

/* Tr rho^2 and 1 - Tr rho^2, which is off by *error beyond its rounding, from the sum of the squares of
 * all blocks. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (it exceeds <f|f>^2). */
cutropy_status ct_big_purity(const ct_function *f, const ct_big *square_sum, double *purity,
                             double *mixed, double *error);

/* sum / <f|f>^power in lowest terms, and the double beside it (may be NULL). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_big_fraction(const ct_big *sum, const ct_function *f, int power,
                               cutropy_fraction *out, double *value);

#endif
