/* SPDX-License-Identifier: Apache-2.0 */
/* Error-free transformations and sums in twice the working precision.
 *
 * T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26, 1955
 * (2005): a dot product of length n whose partial results are kept as a pair (sum, slip) is off by
 * at most gamma_n^2 times the sum of the absolute products, gamma_n = n u / (1 - n u), u = 2^-53.
 * Needs rounding to nearest, no contraction, and no overflow or underflow: callers scale. */
#ifndef CT_TWOFOLD_H
#define CT_TWOFOLD_H

#include <math.h>

#define CT_UNIT_ROUNDOFF 0x1p-53

/* sum + *slip = a + b exactly (Knuth). */
static inline double ct_two_sum(double a, double b, double *slip)
{
    const double sum = a + b, part = sum - a;
    *slip = (a - (sum - part)) + (b - part);
    return sum;
}

#ifndef __FP_FAST_FMA
/* a = high + low, 26 bits each (Veltkamp); |a| < 2^995 */
static inline double ct_high_part(double a)
{
    const double c = 134217729.0 * a;
    return c - (c - a);
}
#endif

/* product + *slip = a * b exactly; |a b| > 2^-960 or zero. */
static inline double ct_two_product(double a, double b, double *slip)
{
    const double product = a * b;
#ifdef __FP_FAST_FMA
    *slip = fma(a, b, -product);
#else
    const double ah = ct_high_part(a), al = a - ah, bh = ct_high_part(b), bl = b - bh;
    *slip = al * bl - (((product - ah * bh) - al * bh) - ah * bl);
#endif
    return product;
}

/* *sum + *slip += (a + a_low) (b + b_low) but for a_low b_low. */
static inline void ct_pair_add_product(double a, double a_low, double b, double b_low, double *sum,
                                       double *slip)
{
    double rest, more;
    const double product = ct_two_product(a, b, &rest);
    *sum = ct_two_sum(*sum, product, &more);
    *slip += (more + rest) + (a * b_low + a_low * b);
}

/* An upper bound for gamma_n of the standard model, n < 2^40. */
static inline double ct_gamma(double n)
{
    return 1.001 * n * CT_UNIT_ROUNDOFF;
}

#endif
