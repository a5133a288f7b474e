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

/* sum + slip += a b: a rows x inner, b inner x columns, sum and slip rows x columns. Each entry is
 * off by at most ct_gamma(inner + 4)^2 sum_k |a_ik| |b_kj|, see twofold.h. Cost: 12 to 27
 * operations a term. */
void ct_product2(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, ct_twofold b,
                 ct_twofold sum);

/* The same for a^T b with a and b inner x n; only entries with j >= i are complete. */
void ct_product2_upper(int64_t n, int64_t inner, ct_twofold a, ct_twofold b, ct_twofold sum);

#endif
