/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix products in twice the working precision. */
#ifndef CT_PRODUCT2_H
#define CT_PRODUCT2_H

#include "base/base.h"

/* A matrix of numbers in twice the working precision: high + low, row-major; low may be NULL. */
typedef struct ct_twofold {
    double *high, *low;
} ct_twofold;

/* n x n zeros; free also on error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_twofold_new(int64_t n, ct_twofold *out);
void ct_twofold_free(ct_twofold *matrix);
/* Room for so many numbers; the same. */
cutropy_status ct_pairs_new(int64_t count, ct_twofold *out);

/* sum += a b: a rows x inner, b inner x columns, sum rows x columns; the same bits for any number of threads.
 *
 * Each entry is off by at most ct_product2_error(inner) S, S = |sum| before + sum_k |a_ik| |b_kj| of the high parts, when low parts are at
 * most 2 u (a) and u (b) of their high parts, u = 2^-53: of 64 terms sum and slip become a pair again after every 8 of them, so a slip is at most
 * 12 u S; a step rounds 2 u^2 S beside its addition to it, and the products of two low parts and the rounding of the small products
 * are at most 16 u^2 S, with the S of these terms; and that pair is added to those before, which rounds 8 u^2 S. Cost: 10 to 25 operations a term. */
void ct_product2(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, ct_twofold b,
                 ct_twofold sum, int threads);

/* (14 (min(n, 64) + 2) + 8 n / 64) u^2, rounded up. */
double ct_product2_error(double inner);

/* The same of parts of matrices: number k of row i of a is i * row_step + k * step behind its first one, rows of b and sum are ldb and ldc apart. */
void ct_product2_part(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, int64_t row_step,
                      int64_t step, ct_twofold b, int64_t ldb, ct_twofold sum, int64_t ldc);

/* The same for a^T b with a and b inner x n; only entries with j >= i are complete. */
void ct_product2_upper(int64_t n, int64_t inner, ct_twofold a, ct_twofold b, ct_twofold sum,
                       int threads);

#endif
