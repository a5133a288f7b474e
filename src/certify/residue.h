/* SPDX-License-Identifier: Apache-2.0 */
/* Residues modulo the small prime as doubles: exact whatever the order of additions, as long as no
 * partial sum reaches 2^52. */
#ifndef CT_RESIDUE_H
#define CT_RESIDUE_H

#include <stdint.h>

#define CT_RANK_FULL_PRIME 16777213 /* the largest below 2^24 */

/* The residue of |x| < 2^52 nearest to 0: |residue| <= p / 2 + 1. */
static inline double ct_residue(double x)
{
    const double prime = CT_RANK_FULL_PRIME;
    const double nearest = 0x1.8p52; /* (x + nearest) - nearest: the nearest integer, |x| < 2^51 */
    return x - ((x * (1 / prime) + nearest) - nearest) * prime;
}

static inline double ct_residue_inverse(double a)
{
    double result = 1;
    for (int64_t exponent = CT_RANK_FULL_PRIME - 2; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = ct_residue(result * a);
        a = ct_residue(a * a);
    }
    return result;
}

#endif
