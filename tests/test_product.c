/* SPDX-License-Identifier: Apache-2.0 */
/* Products of blocks against plain loops over integers, on every instruction set; eigenvectors
 * against what defines them. */
#include <math.h>
#include <string.h>

#include "backend/operations.h"
#include "backend/cpu/product.h"
#include "check_main.h"
#include "isa_list.h"

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

CHECK_MAIN("product", products_of_integers, eigenvectors)
