/* SPDX-License-Identifier: Apache-2.0 */
/* One block: what its vectors prove about its spectrum (theorem B of docs/certificate.md). */
#ifndef CV_BLOCK_H
#define CV_BLOCK_H

#include "verifier/certificate.h"

/* Bounds on the diagonal blocks of C = W^T (H / T) W for some orthonormal W; fixed-point numbers
 * (fixed.h). Resolved means the first `resolved` of the n vectors. */
typedef struct cv_bounds {
    size_t resolved;
    mpz_t *d_low, *d_high; /* [resolved]; around the exact Rayleigh quotients d_j */
    mpz_t *column; /* [resolved]; at least the norm of column j of e over the resolved rows */
    mpz_t shift;   /* at least ||C - diag(d) - e||_F */
    mpz_t tail;    /* at least the sum of C_ii over the vectors that are not resolved */
} cv_bounds;

/* trace: T of the whole certificate. False: the vectors prove nothing, and message says why in one
 * line. bounds is to be freed in any case. Cost: 2 n^3 products of integers. */
bool cv_block_bounds(const cv_block *block, const mpz_t trace, cv_bounds *bounds,
                     char message[CV_MESSAGE]);
void cv_bounds_free(cv_bounds *bounds);

/* sum += repeat * sum m_i G_ii */
void cv_block_trace(const cv_block *block, mpz_t sum);
/* sum += repeat * sum m_i m_j G_ij^2, the numerator of the purity over T^2 */
void cv_block_purity(const cv_block *block, mpz_t sum);
/* Whether G is positive semidefinite, by exact elimination. Cost: n^3 / 6 operations on integers
 * that grow to n times the length of an entry. */
bool cv_block_is_positive(const cv_block *block);

#endif
