/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/dyadic.h"

#include <math.h>

/* x = odd 2^exponent; x finite and not zero. */
static int64_t odd_part(double x, slong *exponent)
{
    int e;
    const int64_t mantissa = (int64_t)ldexp(frexp(x, &e), 53); /* exact for subnormal numbers too */
    const int zeros = __builtin_ctzll((uint64_t)mantissa);
    *exponent = e - 53 + zeros;
    return mantissa / (INT64_C(1) << zeros);
}

slong ct_lowest_exponent(const double *x, int64_t count)
{
    slong lowest = 0, exponent;
    bool any = false;
    for (int64_t i = 0; i < count; i++)
        if (x[i] != 0) {
            (void)odd_part(x[i], &exponent);
            lowest = any && lowest < exponent ? lowest : exponent;
            any = true;
        }
    return lowest;
}

void ct_set_dyadic(fmpz_t out, double x, slong exponent)
{
    slong own;
    fmpz_zero(out);
    if (x == 0)
        return;
    fmpz_set_si(out, odd_part(x, &own));
    fmpz_mul_2exp(out, out, (ulong)(own - exponent));
}
