/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of CT_VL doubles. The including file sets CT_VL, CT_ROWS (matrix rows that a pass holds
 * in registers), CT_MICRO_COLUMNS (columns of a tile product in registers), CT_TOGETHER (vectors of
 * lanes that a tridiagonal sweep interleaves) and CT_FMA (a * b + c, fused where the machine does
 * so). Contraction by the compiler is off, so equal lanes give equal bits. */
#ifndef CT_EIGEN_VEC_ISA_H
#define CT_EIGEN_VEC_ISA_H

#include <math.h>
#include <string.h>

typedef double vec __attribute__((vector_size(CT_VL * 8)));
typedef int64_t ivec __attribute__((vector_size(CT_VL * 8)));
/* The same at any address. */
typedef double loose_vec __attribute__((vector_size(CT_VL * 8), aligned(8), may_alias));

/* Rows and columns of a diagonal block, which is stored whole. */
#define CT_BLOCK (CT_VL > CT_ROWS ? CT_VL : CT_ROWS)

/* Below this sum of squares (matrices are scaled to entries of about 1) there is nothing to
 * reflect. */
#define CT_NEGLIGIBLE 0x1p-600

static inline vec splat(double x)
{
    return x - (vec){0};
}

static inline ivec isplat(int64_t x)
{
    return x - (ivec){0};
}

static inline vec load(const double *p)
{
    return *(const vec *)p;
}

static inline void store(double *p, vec x)
{
    *(vec *)p = x;
}

static inline vec load_loose(const double *p)
{
    return *(const loose_vec *)p;
}

static inline void store_loose(double *p, vec x)
{
    *(loose_vec *)p = x;
}

static inline vec choose(ivec mask, vec yes, vec no)
{
    return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

static inline vec magnitude(vec x)
{
    return (vec)((ivec)x & isplat(INT64_MAX));
}

/* Element r of the result = the sum over the elements of x[r]. */
static inline vec sums(const vec *x)
{
#if CT_VL == 8
    vec t[4];
    for (int k = 0; k < 4; k++)
        t[k] = __builtin_shufflevector(x[2 * k], x[2 * k + 1], 0, 8, 2, 10, 4, 12, 6, 14) +
               __builtin_shufflevector(x[2 * k], x[2 * k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    for (int k = 0; k < 2; k++)
        t[k] = __builtin_shufflevector(t[2 * k], t[2 * k + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(t[2 * k], t[2 * k + 1], 2, 3, 10, 11, 6, 7, 14, 15);
    return __builtin_shufflevector(t[0], t[1], 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(t[0], t[1], 4, 5, 6, 7, 12, 13, 14, 15);
#elif CT_VL == 4
    vec t[2];
    for (int k = 0; k < 2; k++)
        t[k] = __builtin_shufflevector(x[2 * k], x[2 * k + 1], 0, 4, 2, 6) +
               __builtin_shufflevector(x[2 * k], x[2 * k + 1], 1, 5, 3, 7);
    return __builtin_shufflevector(t[0], t[1], 0, 1, 4, 5) +
           __builtin_shufflevector(t[0], t[1], 2, 3, 6, 7);
#else
    return __builtin_shufflevector(x[0], x[1], 0, 2) + __builtin_shufflevector(x[0], x[1], 1, 3);
#endif
}

static inline double sum(vec x)
{
#if CT_VL == 8
    x += __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    x += __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5);
#elif CT_VL == 4
    x += __builtin_shufflevector(x, x, 2, 3, 0, 1);
#endif
    return x[0] + x[1];
}

#endif
