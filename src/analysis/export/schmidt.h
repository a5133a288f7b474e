/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenproblems of the literal density matrices and the Schmidt decomposition, Eq. 22 to 24 of
 * arXiv 1710.05520. Real symmetric matrices only (LAPACK's dsyevd): complex ones are written as
 * real ones of twice the size, whose eigenvalues are the same, each twice. No blocks, no ranks, no
 * smaller side: A gives the matrix of A, B that of B. */
#ifndef CT_SCHMIDT_H
#define CT_SCHMIDT_H

#include "analysis/common/amount.h"
#include "analysis/common/literal.h"
#include "backend/operations.h"

#define CT_SCHMIDT_DIMENSION 512 /* of a density matrix, at most */

typedef struct ct_eigenproblem {
    bool solved;
    ct_amount entropy; /* bits */
    int64_t clear;     /* eigenvalues above their error: at most the rank */
} ct_eigenproblem;

/* f = sum a_i fA_i (x) fB_i with normalised f, from the eigenvectors of rho_A. Everything is 0 but
 * for rounding where the statement holds. */
typedef struct ct_schmidt {
    bool solved;
    ct_amount rebuilt;      /* || f - sum a_i fA_i (x) fB_i || */
    ct_amount skew;         /* || <fA_i|fA_j> - delta_ij ||, Frobenius */
    ct_amount weight;       /* sum |a_i|^2 - 1 */
    ct_amount off_diagonal; /* of rho_A in the basis fA_i, Frobenius: Eq. 24 */
} ct_schmidt;

/* gram: of ct_literal_gram or ct_literal_gram_real of this side, norm: <f|f> of the stored values.
 * schmidt: NULL, or (side 0) filled as well. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. */
cutropy_status ct_schmidt_solve(const ct_literal *literal, int side, const int64_t *gram,
                                const double *gram_real, double norm, const ct_operations *backend,
                                ct_eigenproblem *out, ct_schmidt *schmidt);

#endif
