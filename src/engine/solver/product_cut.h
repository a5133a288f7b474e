/* SPDX-License-Identifier: Apache-2.0 */
/* One cut of a sum of product states, psi = sum_ab W_ab a (x) b over the different parts a of A and b of B (W: sums of y).
 *
 * With G the Gram matrix of the parts of one side, R their numbers in its space or a Cholesky factor (R^H R is the Gram matrix of these
 * parts), the eigenvalues of rho_A are those of R K R^H, K = W G W^T of the other side's G. Where the label stands on the other side,
 * K is a sum over classes. */
#ifndef CT_PRODUCT_CUT_H
#define CT_PRODUCT_CUT_H

#include "engine/cut/product_sides.h"
#include "engine/solver/matrix_answer.h"

typedef struct ct_product_cut {
    ct_product_side side[2];
    ct_bounded_matrix rho; /* its error: theorem 19 of docs/theorems.md */
} ct_product_cut;

/* threads work inside. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED. Cost: N M^2 / 2 for the
 * Gram matrices, up to 5 M^3 / 3 for the factor and the product. */
cutropy_status ct_product_cut_make(const ct_products *p, const uint64_t *mask,
                                   const ct_operations *operations, int threads,
                                   ct_product_cut *out);
void ct_product_cut_free(ct_product_cut *cut);

/* <psi|psi> times 4^-exponent from the Gram matrix of all sites, and a bound of its error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_product_norm(const ct_products *p, const ct_operations *operations, int threads,
                               double *norm, double *error);

/* Bound of the error of an overlap over so many sites, where all factors have norm 1. */
double ct_overlap_error(const ct_products *p, int sites);

#endif
