/* SPDX-License-Identifier: Apache-2.0 */
/* Products of blocks against plain loops over integers, on every instruction set; eigenvectors
 * against what defines them. */
#include <math.h>

#include "backend/operations.h"
#include "backend/cpu/product.h"
#include "certify/product2.h"
#include "check_main.h"
#include "isa_list.h"
#include "ref/support.h"

#define MOST 600

static double a[70 * MOST], b[MOST * 70], c[70 * 70];

/* Integers: every order of additions gives the same. Around the result nothing changes. */
static void check_product(const ct_isa *isa, int64_t rows, int64_t columns, int64_t inner,
                          bool turned)
{
    int wrong = 0;
    const int64_t lda = inner + 3, ldb = (turned ? inner : columns) + 2, ldc = columns + 1;
    for (int64_t i = 0; i < (rows + 1) * ldc; i++)
        c[i] = -7;
    if (!isa)
        ct_cpu_product(rows, columns, inner, a, lda, b, ldb, turned, c, ldc);
    else if (isa->product)
        isa->product(rows, columns, inner, a, lda, b, ldb, turned, c, ldc);
    else
        return;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < ldc; j++) {
            double sum = 0;
            for (int64_t k = 0; k < inner; k++)
                sum += a[i * lda + k] * (turned ? b[j * ldb + k] : b[k * ldb + j]);
            wrong += c[i * ldc + j] != (j < columns ? sum : -7);
        }
    for (int64_t j = 0; j < ldc; j++)
        wrong += c[rows * ldc + j] != -7;
    ck_assert_int_eq(wrong, 0);
}

START_TEST(products_of_integers)
{
    const int64_t sizes[] = {1, 2, 5, 8, 13, 16, 17, 31, 33, 48, 65},
                  depths[] = {1, 7, 64, 256, 257, 530};
    for (int64_t i = 0; i < 70 * MOST; i++) {
        a[i] = (double)(ct_random(1, (uint64_t)i) % 2001) - 1000;
        b[i] = (double)(ct_random(2, (uint64_t)i) % 2001) - 1000;
    }
    for (int number = 0; number == 0 || isa_number(number - 1); number++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++)
                for (size_t k = 0; k < sizeof depths / sizeof *depths; k++)
                    for (int turned = 0; turned < 2; turned++)
                        check_product(number ? isa_number(number - 1) : NULL, sizes[i], sizes[j],
                                      depths[k], turned);
}
END_TEST

static double h[200 * 200], v[200 * 200], values[200];

/* H v = lambda v and V^T V = 1 to a modest multiple of the working precision; ascending. */
static void check_vectors(int64_t n)
{
    double size = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            size = fmax(size, fabs(h[i * n + j]));
            v[i * n + j] =
                j >= i ? h[i * n + j] : (double)NAN; /* only the upper triangle is read */
        }
    ck_assert_int_eq(ct_operations_cpu()->eigenvectors(n, v, values), CUTROPY_OK);
    for (int64_t j = 0; j < n; j++) {
        ck_assert(j == 0 || values[j - 1] <= values[j]);
        for (int64_t i = 0; i < n; i++) {
            double residual = -values[j] * v[j * n + i], overlap = -(i == j);
            for (int64_t k = 0; k < n; k++) {
                residual += h[i * n + k] * v[j * n + k];
                overlap += v[i * n + k] * v[j * n + k];
            }
            ck_assert_double_le(fabs(residual), 2e-15 * (double)(n + 4) * size);
            ck_assert_double_le(fabs(overlap), 2e-15 * (double)(n + 4));
        }
    }
}

static void fill(int kind, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            const double x = ct_random_unit(5, (uint64_t)(i * n + j)) - 0.5;
            double entry = x;
            switch (kind) {
            case 1: /* nothing to reflect */
                entry = i == j ? x : 0;
                break;
            case 2:
                entry = 0;
                break;
            case 3: /* rank one, a space of dimension n - 1 for the same value */
                entry = 1;
                break;
            case 4: /* blocks: zero reflections in between */
                entry = i / 9 == j / 9 ? x : 0;
                break;
            case 5:
                entry = ldexp(x, 600);
                break;
            case 6:
                entry = ldexp(x, -600);
                break;
            case 7: /* graded */
                entry = x * pow(10, -(double)(i + j) / 4);
                break;
            default:
                break;
            }
            h[i * n + j] = h[j * n + i] = entry;
        }
}

START_TEST(eigenvectors)
{
    const int64_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 9, 15, 16, 47, 49, 50, 51, 52, 97, 130};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int kind = 0; kind < 8; kind++) {
            fill(kind, sizes[k]);
            check_vectors(sizes[k]);
        }
    fill(0, 20);
    h[50] = NAN;
    ck_assert_int_eq(ct_operations_cpu()->eigenvectors(20, h, values), CUTROPY_ENUMERIC);
}
END_TEST

/* ---- twice the working precision ---- */

#define LONGEST 700

/* A pair: low at most u of high. */
static void draw_pair(uint64_t *random, bool same_sign, double *high, double *low)
{
    const double x = draw_unit(random) - (same_sign ? 0 : 0.5),
                 scale = ldexp(1, (int)draw_below(random, 40));
    *high = x / scale;
    *low = ldexp(*high, -54) * (2 * draw_unit(random) - 1);
}

/* One row of a product against 113 bits: within its bound, and the same bits on every instruction set. */
static void check_twofold(uint64_t *random, int64_t inner, int64_t width, bool low, bool b_low)
{
    static double x[LONGEST], x_low[LONGEST], y[LONGEST * CT_PANEL], y_low[LONGEST * CT_PANEL];
    double before[2 * CT_PANEL], first[2 * CT_PANEL];
    const bool same_sign = inner % 2;
    for (int64_t k = 0; k < inner; k++)
        draw_pair(random, same_sign, &x[k], &x_low[k]);
    for (int64_t i = 0; i < inner * CT_PANEL; i++)
        draw_pair(random, same_sign, &y[i], &y_low[i]);
    for (int64_t j = 0; j < CT_PANEL; j++)
        draw_pair(random, same_sign, &before[j], &before[CT_PANEL + j]);
    for (int i = 0; isa_number(i); i++) {
        double out[2 * CT_PANEL];
        memcpy(out, before, sizeof out);
        isa_number(i)->product2_row(inner, x, low ? x_low : NULL, 1, y, b_low ? y_low : NULL,
                                    CT_PANEL, width, out, out + CT_PANEL);
        if (i == 0)
            memcpy(first, out, sizeof out);
        ck_assert(!memcmp(first, out, sizeof out));
    }
    for (int64_t j = 0; j < CT_PANEL; j++) {
        __float128 right = (__float128)before[j] + before[CT_PANEL + j];
        double size = fabs(before[j]);
        for (int64_t k = 0; k < inner && j < width; k++) {
            right += ((__float128)x[k] + (low ? x_low[k] : 0)) *
                     ((__float128)y[k * CT_PANEL + j] + (b_low ? y_low[k * CT_PANEL + j] : 0));
            size += fabs(x[k] * y[k * CT_PANEL + j]);
        }
        const double off = (double)((__float128)first[j] + first[CT_PANEL + j] - right);
        ck_assert_msg(fabs(off) <=
                          ct_product2_error((double)inner) * size + 1e-33 * (double)inner * size,
                      "%d terms: off by %g of %g", (int)inner, off, size);
        ck_assert(first[j] + first[CT_PANEL + j] == first[j]);
    }
}

START_TEST(twofold_rows)
{
    static const int64_t lengths[] = {1, 2, 7, 8, 9, 63, 64, 65, 72, 127, 128, 129, 256, 699};
    uint64_t random = 1;
    for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++)
        for (int64_t width = 1; width <= CT_PANEL; width++)
            for (int kind = 0; kind < 4; kind++)
                check_twofold(&random, lengths[n], width, kind & 1, kind & 2);
    ck_assert(ct_product2_error(700) < 1020 * 0x1p-106 && ct_product2_error(10) > 168 * 0x1p-106);
}
END_TEST

CHECK_MAIN("product", products_of_integers, twofold_rows, eigenvectors)
