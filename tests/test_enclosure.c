/* SPDX-License-Identifier: Apache-2.0 */
/* Enclosures by theorems A and B against exact algebra (characteristic polynomials), which shares
 * nothing with them but the final logarithms; vectors that are wrong on purpose. */
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "certify/algebra.h"
#include "certify/enclosure.h"
#include "certify/near_block.h"
#include "certify_support.h"
#include "check_main.h"
#include "ref/support.h"

#define MOST 64

typedef struct block {
    int64_t n;
    int64_t g[MOST * MOST]; /* both triangles */
    uint64_t m[MOST];
} block;

/* G = Q D Q^T of random rows with `ones` in 256, k columns */
static void random_block(uint64_t seed, int64_t n, int64_t k, uint64_t ones, uint64_t most_weight,
                         block *b)
{
    static int8_t q[MOST][4 * MOST];
    uint64_t weight[4 * MOST], counter = 0;
    b->n = n;
    for (int64_t c = 0; c < k; c++)
        weight[c] = 1 + ct_random(seed, counter++) % most_weight;
    for (int64_t i = 0; i < n; i++) {
        b->m[i] = 1 + ct_random(seed, counter++) % most_weight;
        for (int64_t c = 0; c < k; c++)
            q[i][c] = ct_random(seed, counter++) % 256 < ones;
        q[i][i % k] = 1;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            b->g[i * n + j] = 0;
            for (int64_t c = 0; c < k; c++)
                b->g[i * n + j] += (int64_t)weight[c] * q[i][c] * q[j][c];
        }
}

static ct_u128 trace(const block *b)
{
    ct_u128 t = 0;
    for (int64_t i = 0; i < b->n; i++)
        t += (ct_u128)b->g[i * b->n + i] * b->m[i];
    return t;
}

static void eigenvectors(const block *b, double *v, double *values)
{
    const int64_t n = b->n;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            v[i * n + j] = sqrt((double)b->m[i]) * sqrt((double)b->m[j]) * (double)b->g[i * n + j];
    ck_assert_int_eq(LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (int)n, v, (int)n, values), 0);
}

static bool bound_of(const block *b, const double *v, const double *values, int refine,
                     ct_block_bound *bound)
{
    static double g[MOST * MOST], weight[MOST];
    bool proved;
    for (int64_t i = 0; i < b->n * b->n; i++)
        g[i] = (double)b->g[i];
    for (int64_t i = 0; i < b->n; i++)
        weight[i] = (double)b->m[i];
    const ct_block_gram gram = {.n = b->n, .g = {.high = g}, .weight = weight};
    ck_assert_int_eq(ct_block_bound_make(&gram, v, values, refine, bound, &proved), CUTROPY_OK);
    return proved;
}

/* The entropy of one block by both roads; returns the decimals, -1 when refused. *radius in bits.
 */
static int compare(const block *b, const double *v, const double *values, int refine, double alpha,
                   double *radius)
{
    ct_algebra *algebra = NULL;
    ct_enclosure *e = NULL;
    ct_block_bound bound;
    ct_decimal exact = {0}, enclosed = {0};
    bool added;
    if (!bound_of(b, v, values, refine, &bound))
        return -1;
    ck_assert_int_eq(algebra_create(trace(b), &algebra), CUTROPY_OK);
    ck_assert_int_eq(algebra_add(algebra, b->n, b->g, b->m, 1e12, &added), CUTROPY_OK);
    ck_assert(added);
    ck_assert_int_eq(ct_enclosure_create(1, &e), CUTROPY_OK);
    enclosure_set_norm(e, trace(b));
    ct_enclosure_set_rank(e, ct_algebra_rank(algebra));
    ck_assert_int_eq(ct_enclosure_add_block(e, &bound, 0), CUTROPY_OK);
    ck_assert_int_eq(ct_enclosure_entropy(e, alpha, CT_UNIT_BITS, 30, &enclosed, radius),
                     CUTROPY_OK);
    if (enclosed.text) {
        ck_assert_int_eq(
            ct_algebra_entropy(algebra, alpha, CT_UNIT_BITS, enclosed.decimals, &exact),
            CUTROPY_OK);
        ck_assert_str_eq(enclosed.text, exact.text);
    }
    const int decimals = enclosed.decimals;
    ct_free(exact.text);
    ct_free(enclosed.text);
    ct_block_bound_free(&bound);
    ct_enclosure_free(e);
    ct_algebra_free(algebra);
    return decimals;
}

START_TEST(random_blocks)
{
    static block b;
    static double v[MOST * MOST], values[MOST];
    const double orders[] = {1, 2, 3, 0.5, INFINITY, 0.1, 0};
    for (uint64_t seed = 0; seed < 60; seed++) {
        const int64_t n = 3 + (int64_t)(ct_random(1, seed) % (seed % 10 ? 14 : 45));
        const int64_t k = 2 + (int64_t)(ct_random(2, seed) % (2 * (uint64_t)n));
        random_block(seed, n, k, 20 + 10 * (seed % 20), seed % 3 ? 1 : 1 + (1 << seed % 20), &b);
        eigenvectors(&b, v, values);
        for (int o = 0; o < 7; o++)
            for (int refine = 0; refine < 2; refine++) {
                double radius;
                const int decimals = compare(&b, v, values, refine, orders[o], &radius);
                if (orders[o] == 1)
                    ck_assert_int_ge(decimals, 20);
                if (refine && orders[o] > 0.4)
                    ck_assert_int_ge(decimals, 20);
            }
    }
}
END_TEST

/* Every kind of damage: refused, or still the truth (compare asserts that). */
START_TEST(wrong_vectors)
{
    static block b;
    static double v[MOST * MOST], good[MOST * MOST], values[MOST], right[MOST];
    int refused = 0, proved = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const int64_t n = 3 + (int64_t)(seed % 12);
        random_block(seed, n, n + 2, 128, 1 + seed % 4, &b);
        eigenvectors(&b, good, right);
        for (int kind = 0; kind < 10; kind++)
            for (int refine = 0; refine < 2; refine++) {
                double radius;
                memcpy(v, good, sizeof v);
                memcpy(values, right, sizeof values);
                switch (kind) {
                case 0: /* a zero vector */
                    memset(v, 0, (size_t)n * sizeof *v);
                    break;
                case 1:
                    v[ct_random(3, seed) % (uint64_t)(n * n)] = NAN;
                    break;
                case 2: /* swapped values */
                    values[0] = right[n - 1];
                    values[n - 1] = right[0];
                    break;
                case 3: /* two equal vectors */
                    memcpy(v, v + n, (size_t)n * sizeof *v);
                    break;
                case 4:
                case 5:
                case 6:
                case 7: /* perturbed by 1e-8, 1e-5, 1e-2, 0.3 */
                    for (int64_t i = 0; i < n * n; i++)
                        v[i] += (double[]){1e-8, 1e-5, 1e-2, 0.3}[kind - 4] *
                                (ct_random_unit(seed, (uint64_t)i) - 0.5);
                    break;
                case 8: /* truncated: the last vectors missing */
                    memset(v + n * (n - 1), 0, (size_t)n * sizeof *v);
                    values[n - 1] = 0;
                    break;
                default:
                    values[seed % (uint64_t)n] = INFINITY;
                }
                if (compare(&b, v, values, refine, 1, &radius) < 0)
                    refused++;
                else
                    proved++;
            }
    }
    ck_assert_int_gt(refused, 100);
    ck_assert_int_gt(proved, 100);
}
END_TEST

/* Two eigenvectors turned into each other by an angle: still orthonormal, so that nothing but the
 * off-diagonal terms (q, the columns, Weyl's norm) stands between the diagonal and the truth.
 * Without any one of them the enclosures of this test miss it. */
START_TEST(turned_vectors)
{
    static block b;
    static double v[MOST * MOST], values[MOST];
    static const double orders[] = {1, 2, 0.5, INFINITY};
    for (uint64_t seed = 0; seed < 24; seed++) {
        const int64_t n = 3 + (int64_t)(seed % 10), j = 1 + (int64_t)(seed % (uint64_t)(n - 1));
        const double angle = pow(10, -1 - (double)(seed % 8));
        random_block(100 + seed, n, n + 2, 128, 1 + seed % 3, &b);
        eigenvectors(&b, v, values);
        for (int64_t k = 0; k < n; k++) {
            const double x = v[k], y = v[j * n + k];
            v[k] = cos(angle) * x - sin(angle) * y;
            v[j * n + k] = sin(angle) * x + cos(angle) * y;
        }
        for (int o = 0; o < 4; o++) {
            double radius;
            ck_assert_int_ge(compare(&b, v, values, false, orders[o], &radius), -1);
            ck_assert_int_ge(compare(&b, v, values, true, orders[o], &radius), -1);
        }
    }
}
END_TEST

/* Every vector a little longer and leaning on the next one: what first order leaves out (the rest)
 * has to cover it. */
START_TEST(leaning_vectors)
{
    static block b;
    static double v[MOST * MOST], good[MOST * MOST], values[MOST];
    for (uint64_t seed = 0; seed < 24; seed++) {
        const int64_t n = 3 + (int64_t)(seed % 10);
        const double lean = 0.05 * pow(10, -(double)(seed % 6)) / (double)n;
        random_block(200 + seed, n, n + 2, 128, 1 + seed % 3, &b);
        eigenvectors(&b, good, values);
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < n; k++)
                v[j * n + k] = good[j * n + k] + lean * good[(j + 1) % n * n + k];
        for (int refine = 0; refine < 2; refine++) {
            double radius;
            ck_assert_int_ge(compare(&b, v, values, refine, 1, &radius), -1);
            ck_assert_int_ge(compare(&b, v, values, refine, 2, &radius), -1);
        }
    }
}
END_TEST

/* Eigenvalues of a matrix of binomial coefficients come in pairs of product 1, 4e16 apart at the ends: after one step of refinement the small
 * ones carry the rounding of the large ones, after two their own. */
START_TEST(small_eigenvalues)
{
    static block b = {.n = 16};
    static double v[16 * 16], values[16];
    ct_block_bound bound;
    double off[3];
    for (int i = 0; i < 16; i++) {
        b.m[i] = 1;
        for (int j = 0; j < 16; j++)
            b.g[i * 16 + j] = i && j ? b.g[(i - 1) * 16 + j] + b.g[i * 16 + j - 1] : 1;
    }
    eigenvectors(&b, v, values);
    for (int refine = 1; refine <= 2; refine++) {
        ck_assert(bound_of(&b, v, values, refine, &bound));
        off[refine] = bound.off + bound.rest;
        for (int i = 0; i < 8; i++) {
            const double small = bound.value[i] + bound.correction[i],
                         large = bound.value[15 - i] + bound.correction[15 - i],
                         error = off[refine] + bound.radius[i];
            ck_assert_msg(fabs(small - 1 / large) <= error * 1.0001 + 1e-15 * small,
                          "%d: %g and 1/%g, error %g", i, small, large, error);
        }
        ct_block_bound_free(&bound);
    }
    ck_assert_msg(off[1] > 1e-11 && off[2] < 1e-18, "%g, %g", off[1], off[2]);
}
END_TEST

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Second differences beside a large multiple of 1: all eigenvalues, 2 - 2 cos(k pi / (n + 1)) more, lie closer together than doubles tell, and the
 * vectors are those of none of them. Every one is known as well as others when they were turned among themselves. */
START_TEST(close_eigenvalues)
{
    static block b = {.n = 48};
    static double v[48 * 48], values[48];
    for (int shift = 8; shift <= 48; shift += 8) {
        const double large = ldexp(1, shift);
        ct_block_bound bound;
        double radius;
        for (int i = 0; i < 48; i++) {
            b.m[i] = 1;
            for (int j = 0; j < 48; j++)
                b.g[i * 48 + j] = i == j ? (INT64_C(1) << shift) + 2 : -(abs(i - j) == 1);
        }
        eigenvectors(&b, v, values);
        ck_assert(bound_of(&b, v, values, 2, &bound));
        const double off = bound.off + bound.rest;
        double found[48];
        for (int i = 0; i < 48; i++)
            found[i] = (bound.value[i] - large) + bound.correction[i];
        qsort(found, 48, sizeof *found, ascending);
        for (int i = 0; i < 48; i++) {
            const double right = (double)(2 - 2 * cosl(acosl(-1) * (long double)(i + 1) / 49));
            ck_assert_msg(fabs(found[i] - right) <= off + bound.radius[i] + 1e-15,
                          "%d: %.17g and %.17g, error %g", i, found[i], right, off);
        }
        ck_assert_msg(off < 1e-24 * large, "2^%d: %g", shift, off / large);
        ct_block_bound_free(&bound);
        if (shift > 8) /* the algebra isolates no roots that are so close */
            continue;
        ck_assert_int_ge(compare(&b, v, values, 2, 0.5, &radius), 22);
        ck_assert_int_ge(compare(&b, v, values, 1, 1, &radius), 22);
    }
}
END_TEST

#define MOST_LEVELS 24

/* The purity of levels that are off by a slack in all: every spectrum so near has the decimals that came out, those as well that use it up at one end. */
static void expect_purity(const int64_t *level, int n, int copies, double slack)
{
    int64_t gram[4 * MOST_LEVELS * MOST_LEVELS] = {0};
    uint64_t weight[2 * MOST_LEVELS];
    ct_decimal purity, renyi2[2];
    for (int i = 0; i < n * copies; i++) {
        weight[i] = 1;
        gram[i * (n * copies + 1)] = level[i / copies];
    }
    const ct_near_block near = {
        .block = {.n = n * copies, .gram = gram, .weight = weight, .words = 1},
        .copies = copies,
        .slack = slack};
    ck_assert_int_eq(ct_near_block_purity(&near, 18, &purity, renyi2), CUTROPY_OK);
    if (slack == 0)
        ck_assert(purity.decimals == 18 && renyi2[0].decimals == 18 && renyi2[1].decimals == 18);
    for (int k = 0; k < 2 * n; k++) {
        const long double moved = (k % 2 ? -1 : 1) * (long double)slack / copies;
        long double sum = 0, square = 0;
        for (int i = 0; i < n; i++) {
            const long double x = fmaxl((long double)level[i] + (i == k / 2 ? moved : 0), 0);
            sum += x;
            square += x * x;
        }
        const long double p = square / sum / sum,
                          right[] = {p, -log2l(square / sum / sum), -logl(square / sum / sum)};
        const ct_decimal *got[] = {&purity, &renyi2[0], &renyi2[1]};
        for (int q = 0; q < 3; q++)
            if (got[q]->text)
                ck_assert_msg(fabsl(strtold(got[q]->text, NULL) - right[q]) <=
                                  0.5L * powl(10, -got[q]->decimals) + 1e-17L,
                              "%s, right %.18Lg", got[q]->text, right[q]);
    }
    ck_assert(slack > 1e-7 * (double)level[0] || purity.decimals >= 4);
    ct_free(purity.text);
    ct_free(renyi2[0].text);
    ct_free(renyi2[1].text);
}

START_TEST(purities)
{
    uint64_t random = 3;
    for (int i = 0; i < amount(3000, 300); i++) {
        int64_t level[MOST_LEVELS];
        const bool many = i % 4 == 3; /* one large: what that moves by is nearly all */
        const int n = many ? MOST_LEVELS : 1 + i % 3;
        for (int k = 0; k < n; k++)
            level[k] = 1 + (int64_t)draw_below(&random, !k      ? 1 << 30
                                                        : many  ? 1 << 26
                                                        : i % 2 ? 1 << 20
                                                                : 1 << 30);
        expect_purity(level, n, 1 + i / 3 % 2, i % 5 ? pow(10, 9 * draw_unit(&random) - 1) : 0);
    }
}
END_TEST

CHECK_MAIN("enclosure", turned_vectors, leaning_vectors, random_blocks, small_eigenvalues,
           close_eigenvalues, purities, wrong_vectors)
