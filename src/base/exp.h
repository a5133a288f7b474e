/* SPDX-License-Identifier: Apache-2.0 */
/* The exponential function with the same bits on every machine and device: +, -, * in a fixed
 * order, no library. */
#ifndef CT_EXP_H
#define CT_EXP_H

#include <string.h>

#include "base/bits.h"

/* e^x for |x| <= 700, error below 0.9 units in the last place. e^x = 2^k e^r, |r| <= ln 2 / 2: k ln
 * 2 is taken off in two parts, the first with 32 bits so that k times it is exact; e^r - 1 by its
 * Taylor series up to r^14 / 14!, whose rest is below 2^-63. */
CT_INLINE double ct_exp(double x)
{
    const double log2_e = 0x1.71547652b82fep+0, round = 0x1.8p+52;
    const double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
    const double series[] = {1.0 / 2,
                             1.0 / 6,
                             1.0 / 24,
                             1.0 / 120,
                             1.0 / 720,
                             1.0 / 5040,
                             1.0 / 40320,
                             1.0 / 362880,
                             1.0 / 3628800.0,
                             1.0 / 39916800.0,
                             1.0 / 479001600.0,
                             1.0 / 6227020800.0,
                             1.0 / 87178291200.0};
    const double k = (x * log2_e + round) - round;
    const double high = x - k * ln2_high, low = k * ln2_low;
    const double r = high - low, slip = (high - r) - low;
    double sum = series[12];
    for (int i = 11; i >= 0; i--)
        sum = series[i] + r * sum;
    const double y = 1 + (r + (slip + r * r * sum));
    const uint64_t power = (uint64_t)((int64_t)k + 1023) << 52;
    double scale;
    memcpy(&scale, &power, sizeof scale);
    return y * scale;
}

#endif
