/* SPDX-License-Identifier: Apache-2.0 */
/* What theorem B needs to know of a block in the basis of the proposed vectors. Filled from
 * products in twice the working precision (block_twofold.c) or from exact slices (block_slices.c). */
#ifndef CT_BLOCK_TERMS_H
#define CT_BLOCK_TERMS_H

#include "base/base.h"
#include "certify/product2.h"

/* G = high + low (+- what `error` bounds), n x n, both triangles; weights are integers below 2^53.
 */
typedef struct ct_block_gram {
    int64_t n;
    ct_twofold g;
    const double *weight;
    double error; /* >= ||D^1/2 (true G - G) D^1/2||_F; 0: exact */
    int threads;  /* of products in twice the working precision; 0: one */
} ct_block_gram;

/* Covers the rounding of a sum of fewer than 2^40 non-negative terms and of the operations in each:
 * comes to 2^-10 where the sums need 2^-12. */
#define CT_BLOCK_UP (1 + 0x1p-10)

/* u = 2^-53. Upper triangles (i < j) of f and w, and the diagonal of w, are used. */
typedef struct ct_block_terms {
    double *f;      /* n x n: K_ij / sqrt(K_ii K_jj), off by overlap_error + 6 u |f| */
    double *w;      /* n x n: w_ij / sqrt(K_ii K_jj), off by gamma_(n + 8) rho_j
                     * + residual_error (size + |lambda_j|) + 8 u |w| */
    double *lambda; /* n */
    double *norm;   /* n: sqrt(K_jj), right to 2 u where it is between 1/2 and 2 */
    double *rho;    /* n: >= ||D^1/2 r_j|| / sqrt(K_jj) */
    double size;    /* >= ||H||_F */
    double overlap_error, residual_error;
} ct_block_terms;

#endif
