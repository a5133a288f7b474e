/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products in twice the working precision, many at a time: the sum over k is the inner loop,
 * and every entry has its own fixed order of additions, so all instruction sets give the same bits
 * (a fused multiply-add only makes an exact product cheaper). */
#include <math.h>
#include <stddef.h>
#ifdef __FMA__
#include <immintrin.h>
#endif

#include "base/twofold.h"

#define CT_SLIPS 8 /* terms, after which sum and slip become a pair again: slips stay small */

#if defined(__AVX512F__)
#define CT_VL 8
#define CT_TOGETHER 2 /* vectors of columns whose sums stay in registers */
#define CT_PRODUCT_SLIP(a, b, product) (vec) _mm512_fmsub_pd(a, b, product)
#elif defined(__FMA__)
#define CT_VL 4
#define CT_TOGETHER 4
#define CT_PRODUCT_SLIP(a, b, product) (vec) _mm256_fmsub_pd(a, b, product)
#else
#define CT_VL 2
#define CT_TOGETHER 2
#define CT_PRODUCT_SLIP(a, b, product) ct_product_slip(a, b, product)
#endif

typedef double vec __attribute__((vector_size(CT_VL * 8)));
typedef double loose_vec __attribute__((vector_size(CT_VL * 8), aligned(8), may_alias));

static inline vec ct_load(const double *p)
{
    return *(const loose_vec *)p;
}

#if !defined(__FMA__)
/* a * b - product, the exact rounding error (Dekker, Veltkamp) */
static inline vec ct_product_slip(vec a, vec b, vec product)
{
    const vec ca = 134217729.0 * a, ah = ca - (ca - a), al = a - ah;
    const vec cb = 134217729.0 * b, bh = cb - (cb - b), bl = b - bh;
    return al * bl - (((product - ah * bh) - al * bh) - ah * bl);
}
#endif

/* sum[j] + slip[j] += (high + low) (b[j] + b_low[j]) for CT_TOGETHER vectors of columns, CT_PIECE terms at most; low, b_low
 * may be NULL. */
static inline __attribute__((always_inline)) void
ct_add_piece(int64_t inner, const double *high, const double *low, int64_t stride, const double *b,
             const double *b_low, int64_t columns, double *sum, double *slip)
{
    vec s[CT_TOGETHER], c[CT_TOGETHER];
    for (int v = 0; v < CT_TOGETHER; v++)
        s[v] = c[v] = (vec){0};
    for (int64_t k0 = 0; k0 < inner; k0 += CT_SLIPS) {
        for (int64_t k = k0; k < inner && k < k0 + CT_SLIPS; k++) {
            const vec a = high[k * stride] - (vec){0};
            for (int v = 0; v < CT_TOGETHER; v++) {
                const vec x = ct_load(b + k * columns + v * CT_VL), product = a * x;
                const vec total = s[v] + product, part = total - s[v];
                const vec sum_slip = (s[v] - (total - part)) + (product - part);
                vec term = sum_slip + CT_PRODUCT_SLIP(a, x, product);
                if (low)
                    term += low[k * stride] * x;
                if (b_low)
                    term += a * ct_load(b_low + k * columns + v * CT_VL);
                s[v] = total;
                c[v] += term; /* one addition a step: the bound counts them */
            }
        }
        for (int v = 0; v < CT_TOGETHER; v++) {
            const vec total = s[v] + c[v], part = total - s[v];
            c[v] = (s[v] - (total - part)) + (c[v] - part);
            s[v] = total;
        }
    }
    for (int v = 0; v < CT_TOGETHER; v++) {
        const vec before = ct_load(sum + v * CT_VL), total = before + s[v], part = total - before;
        const vec rest =
            ((before - (total - part)) + (s[v] - part) + c[v]) + ct_load(slip + v * CT_VL);
        const vec whole = total + rest, more = whole - total;
        *(loose_vec *)(sum + v * CT_VL) = whole;
        *(loose_vec *)(slip + v * CT_VL) = (total - (whole - more)) + (rest - more);
    }
}

static inline void ct_add_vectors(int64_t inner, const double *high, const double *low,
                                  int64_t stride, const double *b, const double *b_low,
                                  int64_t columns, double *sum, double *slip)
{
    for (int64_t k = 0; k < inner; k += CT_PIECE)
        ct_add_piece(inner - k < CT_PIECE ? inner - k : CT_PIECE, high + k * stride,
                     low ? low + k * stride : NULL, stride, b + k * columns,
                     b_low ? b_low + k * columns : NULL, columns, sum, slip);
}

/* The same for the last columns, fewer than CT_PANEL. */
static void ct_add_rest(int64_t inner, const double *high, const double *low, int64_t stride,
                        const double *b, const double *b_low, int64_t columns, int64_t width,
                        double *sum, double *slip)
{
    for (int64_t j = 0; j < width; j++) {
        double s = 0, c = 0, sum_slip, rest;
        for (int64_t k = 0; k < inner; k++) {
            double product_slip;
            const double a = high[k * stride], y = b[k * columns + j];
            const double product = ct_two_product(a, y, &product_slip);
            s = ct_two_sum(s, product, &sum_slip);
            double term = sum_slip + product_slip;
            if (low)
                term += low[k * stride] * y;
            if (b_low)
                term += a * b_low[k * columns + j];
            c += term;
            if (k % CT_SLIPS == CT_SLIPS - 1 || k == inner - 1)
                s = ct_two_sum(s, c, &c);
            if (k % CT_PIECE == CT_PIECE - 1 || k == inner - 1) {
                const double total = ct_two_sum(sum[j], s, &sum_slip);
                rest = (sum_slip + c) + slip[j];
                sum[j] = ct_two_sum(total, rest, &slip[j]);
                s = c = 0;
            }
        }
    }
}

/* ct_isa.product2_row; one copy of the loop for each of the four cases. */
static void CT_ISA(product2_row)(int64_t inner, const double *high, const double *low,
                                 int64_t stride, const double *b, const double *b_low,
                                 int64_t columns, int64_t width, double *sum, double *slip)
{
    const int64_t step = CT_VL * CT_TOGETHER;
    int64_t j = 0;
    for (; j + step <= width; j += step) {
        if (!low && !b_low)
            ct_add_vectors(inner, high, NULL, stride, b + j, NULL, columns, sum + j, slip + j);
        else if (!b_low)
            ct_add_vectors(inner, high, low, stride, b + j, NULL, columns, sum + j, slip + j);
        else if (!low)
            ct_add_vectors(inner, high, NULL, stride, b + j, b_low + j, columns, sum + j, slip + j);
        else
            ct_add_vectors(inner, high, low, stride, b + j, b_low + j, columns, sum + j, slip + j);
    }
    if (j < width)
        ct_add_rest(inner, high, low, stride, b + j, b_low ? b_low + j : NULL, columns, width - j,
                    sum + j, slip + j);
}

#undef CT_TOGETHER
