/* SPDX-License-Identifier: Apache-2.0 */
/* Natural numbers of any size, for what leaves 128 bits: norms, sums and fractions of functions that
 * nobody enumerates. */
#ifndef CT_BIG_H
#define CT_BIG_H

#include "base/base.h"

/* The limbs belong to whoever made the number; a copy of the struct is a view of it. What an array of
 * limbs of another library holds is such a view too. */
typedef struct ct_big {
    uint64_t *limb; /* count of them, the least significant one first, the last not 0 */
    size_t count;   /* 0: the number 0 */
} ct_big;

/* The number as a view of limb. */
static inline ct_big ct_big_view(ct_u128 value, uint64_t limb[2])
{
    limb[0] = (uint64_t)value;
    limb[1] = (uint64_t)(value >> 64);
    return (ct_big){limb, limb[1] ? 2 : limb[0] != 0};
}

/* *out, cleared or a number of its own, becomes the result, and may be an operand too. After an error
 * (CUTROPY_EMEMORY) it is what it was. */
cutropy_status ct_big_set(ct_big *out, ct_u128 value);
cutropy_status ct_big_copy(ct_big *out, const ct_big *a);
cutropy_status ct_big_add(ct_big *out, const ct_big *a, const ct_big *b);
cutropy_status ct_big_subtract(ct_big *out, const ct_big *a, const ct_big *b); /* a >= b */
cutropy_status ct_big_multiply(ct_big *out, const ct_big *a, const ct_big *b);
cutropy_status ct_big_divide(ct_big *out, const ct_big *a,
                             const ct_big *b);                            /* rounded down; b > 0 */
cutropy_status ct_big_gcd(ct_big *out, const ct_big *a, const ct_big *b); /* of 0: the other */
void ct_big_free(ct_big *a);

/* < 0, 0, > 0 as a is smaller, equal, larger. */
int ct_big_compare(const ct_big *a, const ct_big *b);
/* Whether a < 2^128; then *out = a. */
bool ct_big_fits(const ct_big *a, ct_u128 *out);
/* a = x 2^exponent with 1/2 <= x < 1 but for its rounding to nearest; 0 and exponent 0 for a = 0. */
double ct_big_double(const ct_big *a, int *exponent);
/* Decimal digits, to be freed with ct_free. */
cutropy_status ct_big_format(const ct_big *a, char **out);

#endif
