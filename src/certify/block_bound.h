/* SPDX-License-Identifier: Apache-2.0 */
/* One block of a cut: its eigenvalues between proved bounds, from approximate eigenvectors (theorem
 * B of docs/certify.md).
 *
 * H = D^1/2 G D^1/2 with G symmetric and D = diag(weight). The vectors are untrusted: bad ones
 * widen the bounds or are refused, they never make them wrong. */
#ifndef CT_BLOCK_BOUND_H
#define CT_BLOCK_BOUND_H

#include "certify/block_terms.h"

/* In an orthonormal basis H has the diagonal value + correction +- (radius + rest), and the other
 * entries of column j have a 2-norm of at most column[j] + rest. Units of H. */
typedef struct ct_block_bound {
    int64_t n;
    double *value, *correction, *radius, *column; /* n each */
    double rest; /* Frobenius norm of what first order leaves out */
    double off;  /* >= Frobenius norm of the matrix of column[] */
} ct_block_bound;

/* vectors: n x n, column-major as LAPACK gives them (column j after column j - 1), for the
 * eigenvalues values[j] of H; refine: 1: one step that brings orthogonality and residual to twice the
 * working precision, 2: where some are closer than 1e-8 of the largest or below that, two more that tell them apart. *proved = false (and nothing in *out): the vectors are too far from a basis of
 * eigenvectors. Cost: 1.5 n^3 terms of ct_product2, 2.5 n^3 more a step, about. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_block_bound_make(const ct_block_gram *gram, const double *vectors,
                                   const double *values, int refine, ct_block_bound *out,
                                   bool *proved);
void ct_block_bound_free(ct_block_bound *bound);

#endif
