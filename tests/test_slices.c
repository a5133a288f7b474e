/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of theorem B from exact slices against the same sums of exact rational numbers: every
 * error is within what block_terms.h promises. The vectors lie on a grid that the slices keep, so
 * that both know the same basis. */
#include <lapacke.h>
#include <math.h>

#include "base/base.h"
#include "certify/block_slices.h"
#include "certify/flint.h"
#include "check_main.h"

#if __FLINT_RELEASE >= 30000
#include <flint/arb_mat.h>
#else
#include <arb_mat.h>
#endif

#define MOST 130
#define BITS 300

typedef struct sample {
    int64_t n;
    double g[MOST * MOST], weight[MOST], v[MOST * MOST], values[MOST];
} sample;

static sample s;
static double f[MOST * MOST], w[MOST * MOST], lambda[MOST], norm[MOST], rho[MOST];

static ct_block_terms room(void)
{
    return (ct_block_terms){.f = f, .w = w, .lambda = lambda, .norm = norm, .rho = rho};
}

/* G of random rows, weights 4^0 .. 4^most; eigenvectors rounded to multiples of 2^-52, so that
 * D^-1/2 v is exact. */
static void make_sample(uint64_t seed, int64_t n, int most, int64_t entry)
{
    static int64_t row[MOST][MOST];
    uint64_t counter = 0;
    s.n = n;
    for (int64_t i = 0; i < n; i++) {
        s.weight[i] = ldexp(1, 2 * (int)(ct_random(seed, counter++) % (uint64_t)(most + 1)));
        for (int64_t c = 0; c < n; c++)
            row[i][c] = (int64_t)(ct_random(seed, counter++) % (uint64_t)entry);
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            int64_t sum = 0;
            for (int64_t c = 0; c < n; c++)
                sum += row[i][c] * row[j][c];
            s.g[i * n + j] = (double)sum;
            s.v[i * n + j] = sqrt(s.weight[i] * s.weight[j]) * (double)sum;
        }
    ck_assert_int_eq(LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (int)n, s.v, (int)n, s.values), 0);
    for (int64_t i = 0; i < n * n; i++)
        s.v[i] = ldexp(nearbyint(ldexp(s.v[i], 52)), -52);
}

static bool run(ct_block_terms *terms)
{
    const ct_block_gram gram = {.n = s.n, .g = {.high = s.g}, .weight = s.weight};
    bool served;
    *terms = room();
    ck_assert_int_eq(ct_block_slices(&gram, s.v, s.values, terms, NULL, &served), CUTROPY_OK);
    return served;
}

/* |x - exact| */
static double distance(double x, const arb_t exact)
{
    arb_t d;
    arb_init(d);
    arb_set_d(d, x);
    arb_sub(d, d, exact, BITS);
    arb_abs(d, d);
    arb_get_ubound_arf(arb_midref(d), d, BITS);
    const double result = arf_get_d(arb_midref(d), ARF_RND_UP);
    arb_clear(d);
    return result;
}

/* y, D y and r as exact balls; row j: vector j */
static void exact_vectors(const ct_block_terms *t, arb_mat_t y, arb_mat_t r)
{
    const int64_t n = s.n;
    arb_mat_t dg;
    arb_t x;
    arb_init(x);
    arb_mat_init(dg, n, n);
    for (int64_t j = 0; j < n; j++)
        for (int64_t k = 0; k < n; k++) {
            arb_set_d(arb_mat_entry(y, j, k), s.v[j * n + k] / sqrt(s.weight[k]));
            arb_set_d(arb_mat_entry(dg, j, k), s.weight[j] * s.g[j * n + k]);
        }
    arb_mat_mul(r, y, dg, BITS);
    for (int64_t j = 0; j < n; j++)
        for (int64_t k = 0; k < n; k++) {
            arb_set_d(x, t->lambda[j]);
            arb_submul(arb_mat_entry(r, j, k), x, arb_mat_entry(y, j, k), BITS);
        }
    arb_mat_clear(dg);
    arb_clear(x);
}

/* out = a D b^T */
static void overlap(arb_mat_t out, const arb_mat_t a, const arb_mat_t b)
{
    arb_mat_t turned;
    arb_mat_init(turned, s.n, s.n);
    for (int64_t k = 0; k < s.n; k++)
        for (int64_t j = 0; j < s.n; j++)
            arb_mul_ui(arb_mat_entry(turned, k, j), arb_mat_entry(b, j, k), (ulong)s.weight[k],
                       BITS);
    arb_mat_mul(out, a, turned, BITS);
    arb_mat_clear(turned);
}

static void check_sample(void)
{
    const int64_t n = s.n;
    const double u = 0x1p-53, gamma = 1.001 * (double)(n + 8) * u;
    ct_block_terms t;
    arb_mat_t y, r, k, wanted, square;
    arb_t x;
    ck_assert(run(&t));
    arb_init(x);
    arb_mat_init(y, n, n);
    arb_mat_init(r, n, n);
    arb_mat_init(k, n, n);
    arb_mat_init(wanted, n, n);
    arb_mat_init(square, n, n);
    exact_vectors(&t, y, r);
    overlap(k, y, y);
    overlap(wanted, y, r);
    overlap(square, r, r);
    for (int64_t j = 0; j < n; j++) {
        arb_sqrt(x, arb_mat_entry(k, j, j), BITS);
        ck_assert_double_le(distance(t.norm[j], x), 2.5 * u * t.norm[j]);
        arb_sqrt(x, arb_mat_entry(square, j, j), BITS);
        ck_assert_double_ge(t.rho[j] * t.norm[j] * (1 + 0x1p-30) +
                                t.residual_error * (t.size + fabs(t.lambda[j])),
                            arf_get_d(arb_midref(x), ARF_RND_UP));
        for (int64_t i = 0; i <= j; i++) {
            const double wij = t.w[i * n + j], fij = t.f[i * n + j];
            arb_mul(x, arb_mat_entry(k, i, i), arb_mat_entry(k, j, j), BITS);
            arb_rsqrt(x, x, BITS);
            arb_mul(arb_mat_entry(wanted, i, j), arb_mat_entry(wanted, i, j), x, BITS);
            ck_assert_double_le(distance(wij, arb_mat_entry(wanted, i, j)),
                                gamma * t.rho[j] + t.residual_error * (t.size + fabs(t.lambda[j])) +
                                    8 * u * fabs(wij));
            if (i == j)
                continue;
            arb_mul(arb_mat_entry(k, i, j), arb_mat_entry(k, i, j), x, BITS);
            ck_assert_double_le(distance(fij, arb_mat_entry(k, i, j)),
                                t.overlap_error + 8 * u * fabs(fij));
        }
    }
    ck_assert_double_le(t.overlap_error, 0x1p-54);
    ck_assert_double_le(t.residual_error, 200 * u * u);
    arb_clear(x);
    arb_mat_clear(y);
    arb_mat_clear(r);
    arb_mat_clear(k);
    arb_mat_clear(wanted);
    arb_mat_clear(square);
}

START_TEST(against_exact_numbers)
{
    const int64_t sizes[] = {3, 4, 7, 16, 33, 63, 64, 65, 130};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int most = 0; most < 6; most += 5)
            for (int64_t entry = 2; entry < 100; entry *= 29) {
                make_sample(k, sizes[k], most, entry);
                check_sample();
            }
}
END_TEST

/* Vectors that no one would call a basis: the terms are still what they are. */
START_TEST(leaning_and_turned)
{
    for (uint64_t seed = 0; seed < 12; seed++) {
        const int64_t n = 5 + 11 * (int64_t)(seed % 7);
        make_sample(seed, n, 3, 3);
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < n; k++)
                s.v[j * n + k] += ldexp(nearbyint(ldexp(s.v[(j + 1) % n * n + k], 40)),
                                        -45 - 4 * (int)(seed % 3));
        s.values[0] = seed % 2 ? 0 : 0x1p-300;
        check_sample();
    }
}
END_TEST

/* Where the slices end: sizes of numbers at which products would be rounded. */
START_TEST(refuses_what_it_cannot_do_exactly)
{
    ct_block_terms t;
    make_sample(1, 20, 1, 2);
    ck_assert(run(&t));
    s.g[3] += 0.5; /* no integer */
    ck_assert(!run(&t));
    make_sample(1, 20, 1, 2);
    s.g[7] = NAN;
    ck_assert(!run(&t));
    make_sample(1, 20, 1, 2);
    s.g[7] = 0x1p27; /* too few bits are left for the vectors */
    ck_assert(!run(&t));
    make_sample(1, 20, 1, 2);
    s.weight[5] = 0x1p50;
    ck_assert(!run(&t));
    make_sample(1, 20, 1, 2);
    const ct_block_gram twofold = {.n = s.n, .g = {.high = s.g, .low = s.v}, .weight = s.weight};
    bool served;
    ck_assert_int_eq(ct_block_slices(&twofold, s.v, s.values, &t, NULL, &served), CUTROPY_OK);
    ck_assert(!served);
}
END_TEST

/* Served, and nothing that could be taken for a basis. */
START_TEST(bad_vectors)
{
    ct_block_terms t;
    const double bad[] = {NAN, INFINITY, 1e300, 1e30, 2};
    for (int k = 0; k < 5; k++) {
        make_sample(1, 20, 1, 2);
        s.v[33] = bad[k];
        ck_assert(run(&t));
        ck_assert(!(t.norm[0] > 0.5));
    }
}
END_TEST

CHECK_MAIN("slices", against_exact_numbers, leaning_and_turned, refuses_what_it_cannot_do_exactly,
           bad_vectors)
