/* SPDX-License-Identifier: Apache-2.0 */
/* What the first or the last pixels of an automaton with weights (problem/weighted.h) add up to, level by level.
 *
 * With v(a) the row vector of an image a of the pixels before level k, and r(b) the column vector of one behind,
 * L_k = sum_a v(a)^H v(a) and R_k = sum_b r(b) r(b)^H are Hermitian, bond[k] x bond[k]. rho_A has the non-zero spectrum of L_k R_k. */
#ifndef CT_ENVIRONMENT_H
#define CT_ENVIRONMENT_H

#include "backend/operations.h"
#include "problem/weighted.h"

typedef struct ct_environment {
    int32_t n;
    bool diagonal;    /* n numbers, each with the relative error `error` */
    double *number;   /* else n x n, row-major; complex: pairs */
    int64_t exponent; /* of all numbers: the true ones are these times 2^exponent */
    double error;     /* of a diagonal one, in units of u, at most */
    /* After a step to one that is not diagonal: what it rounded is |E_ij| <= g_ij sqrt(spread_i spread_j) in units of 2^exponent, where
     * the 2-norm of g is rounding n u at most; of rows with one number every g_ij is rounding u at most. */
    double rounding;
    double
        longest; /* the same where every row is taken for the longest one: a bound of all g_ij, in units of u */
    double *spread; /* n */
    double norm;    /* of one that is not diagonal, in the Frobenius norm, at most */
} ct_environment;

/* At the end: 1. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_environment_start(bool diagonal, bool is_complex, ct_environment *out);

/* L_k becomes L_k+1 (rightwards), or R_k+1 becomes R_k: by the numbers of site k. Nothing depends on the threads. Errors:
 * CUTROPY_EMEMORY, CUTROPY_EINPUT (all are 0). Cost: of a step with m numbers a row, 2 m n^2 and, for the products with rows, 2 m n^2. */
cutropy_status ct_environment_step(const ct_weighted *w, int k, bool rightwards, int threads,
                                   ct_environment *e);

void ct_environment_free(ct_environment *e);

/* Number i of the diagonal. */
static inline double ct_environment_at(const ct_environment *e, bool is_complex, int32_t i)
{
    const size_t n = e->diagonal ? 1 : ((size_t)e->n + 1) * (is_complex ? 2 : 1);
    return e->number[(size_t)i * n];
}

#endif
