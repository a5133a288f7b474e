/* SPDX-License-Identifier: Apache-2.0 */
#include "quad.h"

#include <math.h>

quad quad_abs(quad x)
{
    return x < 0 ? -x : x;
}

/* 2^(2^k), k = 0 .. 13 */
static quad tower(int k)
{
    quad power = 2;
    while (k--)
        power *= power;
    return power;
}

/* x = m 2^e with 1/2 <= m < 1: exact. */
static quad split(quad x, int *e)
{
    *e = 0;
    for (int k = 13; k >= 0; k--) {
        const quad power = tower(k);
        if (x >= power) {
            x /= power;
            *e += 1 << k;
        } else if (x * power < 1) {
            x *= power;
            *e -= 1 << k;
        }
    }
    for (; x >= 1; ++*e)
        x /= 2;
    for (; x < (quad)0.5; --*e)
        x *= 2;
    return x;
}

static quad scale(quad x, int e)
{
    const int size = e < 0 ? -e : e;
    for (int k = 0; k < 14; k++)
        if (size >> k & 1)
            x = e < 0 ? x / tower(k) : x * tower(k);
    return x;
}

quad quad_sqrt(quad x)
{
    int e;
    if (x == 0)
        return 0;
    quad m = split(x, &e);
    if (e % 2) {
        m *= 2;
        e--;
    }
    quad root = sqrt((double)m);
    for (int i = 0; i < 3; i++)
        root = (root + m / root) / 2;
    return scale(root, e / 2);
}

/* ln 2 = sum over k >= 1 of 1 / (k 2^k), once. */
static quad ln2(void)
{
    static quad value;
    if (value == 0) {
        quad sum = 0, power = 1;
        for (int k = 1; k < 120; k++) {
            power /= 2;
            sum += power / k;
        }
        value = sum;
    }
    return value;
}

quad quad_exp2(quad x)
{
    const int whole = (int)(x < 0 ? x - (quad)0.5 : x + (quad)0.5);
    const quad y = (x - whole) * ln2() / 256; /* |y| < 0.0014 */
    quad term = 1, sum = 0;
    for (int k = 1; k < 16; k++) {
        term *= y / k;
        sum += term;
    }
    for (int i = 0; i < 8; i++) /* (1 + s)^2 - 1 */
        sum = sum * (2 + sum);
    return scale(1 + sum, whole);
}

/* Newton's method for 2^y = m, from the double. */
quad quad_log2(quad x)
{
    int e;
    const quad m = split(x, &e);
    quad y = log2((double)m);
    for (int i = 0; i < 2; i++) {
        const quad d = m * quad_exp2(-y) - 1; /* log(1 + d) = d - d^2/2 + d^3/3 */
        y += d * (1 - d / 2 + d * d / 3) / ln2();
    }
    return y + e;
}

quad quad_pow(quad x, quad y)
{
    if (x == 0)
        return 0;
    const quad exponent = y * quad_log2(x);
    return exponent < -16000 ? 0 : quad_exp2(exponent);
}
