/* SPDX-License-Identifier: Apache-2.0 */
/* --certify through whole runs: functions of every texture against rho written out in 640-bit
 * numbers and diagonalised by Jacobi rotations (ref/slow_entropy.c, which shares no code), the
 * ground truth to 40 digits, tables that do not depend on threads, and eigenvectors that are wrong
 * on purpose. */
#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "certify/decimal.h"
#include "check_main.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "ref/sample.h"
#include "ref/slow_entropy.h"
#include "ref/support.h"

#define PIXELS 6
#define MOST 16 /* rows of the real form of a complex rho_A of three pixels */
#define QUANTITIES "schmidt_gap,renyi:inf,renyi:3,spectrum"

/* ---- the truth ---- */

/* Entry (row of A, column of B) of the cut matrix, real or imaginary part. */
static double entry(const oracle_function *f, uint64_t image, int part)
{
    if (f->integers)
        return part ? 0 : (double)f->integers[image];
    if (f->reals)
        return part ? 0 : f->reals[image];
    return f->complexes[2 * image + (uint64_t)part];
}

static uint64_t spread(uint64_t bits, uint64_t mask)
{
    uint64_t image = 0;
    for (; mask; mask &= mask - 1, bits >>= 1)
        if (bits & 1)
            image |= mask & -mask;
    return image;
}

/* The eigenvalues of M M^H as the diagonal of a [2r][2r], each twice: the real form of a complex
 * matrix. Returns 2r. */
static size_t slow_spectrum(const oracle_function *f, uint64_t mask, mpf_t *a)
{
    const uint64_t rest = ((UINT64_C(1) << f->pixels) - 1) & ~mask;
    const size_t rows = (size_t)1 << __builtin_popcountll(mask);
    const size_t columns = (size_t)1 << __builtin_popcountll(rest), n = 2 * rows;
    mpf_t x, y;
    mpf_init2(x, 640);
    mpf_init2(y, 640);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            /* [re, -im; im, re] of row i mod r against row j mod r */
            mpf_set_ui(a[i * n + j], 0);
            for (size_t c = 0; c < columns; c++)
                for (int p = 0; p < 2; p++) {
                    const uint64_t b = spread(c, rest);
                    const uint64_t s = spread(i % rows, mask) | b, t = spread(j % rows, mask) | b;
                    /* row i of the real form is (re, -im), row i + r is (im, re) */
                    const double u = i < rows ? (p ? -entry(f, s, 1) : entry(f, s, 0))
                                              : (p ? entry(f, s, 0) : entry(f, s, 1));
                    const double v = j < rows ? (p ? -entry(f, t, 1) : entry(f, t, 0))
                                              : (p ? entry(f, t, 0) : entry(f, t, 1));
                    mpf_set_d(x, u);
                    mpf_set_d(y, v);
                    mpf_mul(x, x, y);
                    mpf_add(a[i * n + j], a[i * n + j], x);
                }
        }
    slow_jacobi(a, n);
    mpf_clear(x);
    mpf_clear(y);
    return n;
}

/* What the decimals are compared with: 45 digits each. */
typedef struct truth {
    char entropy[80], renyi2[80], renyi3[80], renyi_inf[80], gap[80], largest[80];
} truth;

static void put(char *text, const mpf_t x)
{
    gmp_snprintf(text, 80, "%.45Ff", x);
}

static void find_truth(const oracle_function *f, uint64_t mask, truth *out)
{
    static mpf_t a[MOST * MOST];
    static int ready;
    mpf_t total, p, logarithm, s, square, cube, first, second;
    for (int i = 0; !ready && i < MOST * MOST; i++)
        mpf_init2(a[i], 640);
    ready = 1;
    mpf_t *const all[] = {&total, &p, &logarithm, &s, &square, &cube, &first, &second};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mpf_init2(*all[i], 640);
    const size_t n = slow_spectrum(f, mask, a);
    for (size_t i = 0; i < n; i++)
        mpf_add(total, total, a[i * n + i]);
    for (size_t i = 0; i < n; i++) {
        mpf_div(p, a[i * n + i], total);
        mpf_mul_2exp(p, p, 1); /* every eigenvalue is there twice */
        if (mpf_cmp_d(p, 1e-100) <= 0)
            continue; /* zero but for rounding; adds less than 1e-97 */
        slow_log2(logarithm, p);
        mpf_mul(logarithm, logarithm, p);
        mpf_div_2exp(logarithm, logarithm, 1);
        mpf_sub(s, s, logarithm);
        mpf_mul(logarithm, p, p);
        mpf_div_2exp(logarithm, logarithm, 1);
        mpf_add(square, square, logarithm);
        mpf_mul(logarithm, logarithm, p);
        mpf_add(cube, cube, logarithm);
        if (mpf_cmp(p, first) > 0)
            mpf_set(first, p);
    }
    int seen = 0; /* the largest is there twice: the second is the third in order */
    for (size_t i = 0; i < n; i++) {
        mpf_div(p, a[i * n + i], total);
        mpf_mul_2exp(p, p, 1);
        mpf_sub(logarithm, first, p);
        if (mpf_cmp_d(logarithm, 1e-60) < 0 && seen < 2)
            seen++;
        else if (mpf_cmp(p, second) > 0)
            mpf_set(second, p);
    }
    put(out->entropy, s);
    slow_log2(logarithm, square);
    mpf_neg(logarithm, logarithm);
    put(out->renyi2, logarithm);
    slow_log2(logarithm, cube);
    mpf_neg(logarithm, logarithm);
    mpf_div_2exp(logarithm, logarithm, 1);
    put(out->renyi3, logarithm);
    put(out->largest, first);
    slow_log2(logarithm, first);
    mpf_neg(logarithm, logarithm);
    put(out->renyi_inf, logarithm);
    mpf_sub(p, first, second);
    put(out->gap, p);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mpf_clear(*all[i]);
}

/* The text is the truth rounded to its last place. */
static void expect_decimal(const char *what, const char *text, const char *truth_text)
{
    bool agree;
    char half[32];
    ck_assert_msg(text != NULL, "%s is not proved", what);
    ck_assert(strlen(truth_text) < 78);
    snprintf(half, sizeof half, "5e-%d", ct_number_decimals(text) + 1);
    const char *radius[2] = {half, "1e-44"};
    ck_assert_int_eq(ct_numbers_agree(text, truth_text, radius, 2, &agree, NULL), CUTROPY_OK);
    ck_assert_msg(agree, "%s is %s, not %s", what, text, truth_text);
}

/* ---- runs ---- */

static cutropy_result *certify(const ct_operations *backend, const cutropy_problem *problem,
                               const uint64_t *masks, size_t count, int threads)
{
    cutropy_options options = ct_default_options();
    cutropy_quantity *quantities = NULL;
    cutropy_result *result = NULL;
    const cutropy_cuts cuts = {.words = 1, .count = count, .masks = (uint64_t *)(uintptr_t)masks};
    ck_assert_int_eq(cutropy_quantities_parse(QUANTITIES, &quantities, &options.quantity_count),
                     CUTROPY_OK);
    options.quantities = quantities;
    options.certify = 1;
    options.threads = threads;
    const cutropy_status status = backend ? ct_run_on(backend, problem, &cuts, &options, &result)
                                          : cutropy_run(problem, &cuts, &options, &result);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    cutropy_quantities_free(quantities);
    return result;
}

START_TEST(every_texture)
{
    uint64_t state = 17;
    int certified = 0, exact = 0;
    for (int round = 0; round < amount(6, 1); round++)
        for (int kind = 0; kind < TEXTURES; kind++) {
            sample s;
            truth expected;
            sample_draw((texture)kind, PIXELS, &state, &s);
            cutropy_lattice *lattice = must_lattice("chain:6");
            cutropy_problem *problem = must_values(lattice, s.kind, s.values);
            uint64_t mask = 1 + draw_below(&state, 62);
            while (__builtin_popcountll(mask) > 3)
                mask &= mask - 1;
            find_truth(&s.function, mask, &expected);
            cutropy_result *result = certify(NULL, problem, &mask, 1, 1);
            const cutropy_record *record = row_record(result, 0);
            ck_assert_msg(record->guarantee != CUTROPY_GUARANTEE_FLOAT,
                          "texture %d is not certified", kind);
            expect_decimal("S", record->exact->entropy[0], expected.entropy);
            expect_decimal("Renyi 2", record->exact->renyi2[0], expected.renyi2);
            expect_decimal("gap", record->exact->extra[0], expected.gap);
            expect_decimal("Renyi inf", record->exact->extra[2], expected.renyi_inf);
            expect_decimal("Renyi 3", record->exact->extra[4], expected.renyi3);
            ck_assert_uint_gt(record->exact->spectrum_count, 0);
            expect_decimal("largest eigenvalue", record->exact->spectrum[0], expected.largest);
            ck_assert_int_ge(record->exact->decimals[0], 18);
            exact += record->guarantee == CUTROPY_GUARANTEE_EXACT;
            certified += record->guarantee == CUTROPY_GUARANTEE_CERTIFIED;
            cutropy_result_free(result);
            cutropy_problem_free(problem);
            cutropy_lattice_free(lattice);
            sample_free(&s);
        }
    ck_assert_int_gt(certified, 4);
    ck_assert_int_gt(exact, 1);
}
END_TEST

START_TEST(threads_and_sides)
{
    static const char *const problems[] = {"random", "random:encoding=pm1", "mps:chi=2",
                                           "rbm:complex=1", "connected"};
    uint64_t masks[62];
    for (uint64_t i = 0; i < 62; i++)
        masks[i] = i + 1;
    for (size_t k = 0; k < 5; k++) {
        cutropy_problem *problem = must_problem(problems[k], "grid:3x2");
        cutropy_result *one = certify(NULL, problem, masks, 62, 1);
        char *expected = must_csv(one);
        for (int threads = 2; threads <= 3; threads++) /* 7: tests/cli/ground_truth.sh */ {
            cutropy_result *many = certify(NULL, problem, masks, 62, threads);
            char *text = must_csv(many);
            ck_assert_msg(!strcmp(text, expected), "%s: %d threads: another table", problems[k],
                          threads);
            free(text);
            cutropy_result_free(many);
        }
        free(expected);
        for (size_t i = 0; i < 62; i++) { /* S(A) = S(B), -log purity <= S <= log rank */
            const cutropy_record *record = row_record(one, i), *other = row_record(one, 61 - i);
            ck_assert_str_eq(record->exact->entropy[0], other->exact->entropy[0]);
            ck_assert(record->renyi2 <= record->entropy + 1e-15);
            ck_assert(record->entropy <= log2((double)record->rank_hi) + 1e-15);
        }
        cutropy_result_free(one);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- a backend whose eigenvectors are wrong ---- */

static int damage;

static cutropy_status wrong_vectors(int64_t n, double *a, double *values)
{
    const cutropy_status status = ct_operations_cpu()->eigenvectors(n, a, values);
    if (status != CUTROPY_OK || n < 2)
        return status;
    switch (damage) {
    case 0:
        memset(a, 0, (size_t)(n * n) * sizeof *a);
        break;
    case 1:
        a[n / 2] = NAN;
        break;
    case 2: { /* values that belong to other vectors */
        const double keep = values[0];
        values[0] = values[n - 1];
        values[n - 1] = keep;
        break;
    }
    case 3:
        for (int64_t i = 0; i < n * n; i++)
            a[i] += 1e-3 * sin((double)(i + 1));
        break;
    case 4: /* truncated */
        memset(a + n * (n / 2), 0, (size_t)(n * (n - n / 2)) * sizeof *a);
        break;
    case 5:
        memcpy(a, a + n, (size_t)n * sizeof *a);
        break;
    default:
        values[n - 1] = INFINITY;
    }
    return CUTROPY_OK;
}

START_TEST(damaged_eigenvectors)
{
    static const char *const problems[] = {"random:seed=5", "page", "page:complex=1"};
    ct_operations backend = *ct_operations_cpu();
    backend.eigenvectors = wrong_vectors;
    const uint64_t mask = 0x7;
    int refused = 0, proved = 0;
    ck_assert_int_eq(backend.start(1), CUTROPY_OK);
    for (size_t k = 0; k < 3; k++) {
        cutropy_problem *problem = must_problem(problems[k], "grid:3x3");
        cutropy_result *good = certify(NULL, problem, &mask, 1, 1);
        const char *truth_text = row_record(good, 0)->exact->entropy[0];
        for (damage = 0; damage < 7; damage++) {
            cutropy_result *result = certify(&backend, problem, &mask, 1, 1);
            const cutropy_record *record = row_record(result, 0);
            const char *text = record->exact->entropy[0];
            if (text && record->guarantee != CUTROPY_GUARANTEE_FLOAT) {
                bool agree;
                char half[32];
                snprintf(half, sizeof half, "5e-%d", record->exact->decimals[0] + 1);
                const char *radius[2] = {half, "5e-21"};
                ck_assert_int_eq(ct_numbers_agree(text, truth_text, radius, 2, &agree, NULL),
                                 CUTROPY_OK);
                ck_assert_msg(agree, "%s, damage %d: %s, not %s", problems[k], damage, text,
                              truth_text);
                proved++;
            } else {
                ck_assert_int_eq(record->guarantee, CUTROPY_GUARANTEE_FLOAT);
                refused++;
            }
            cutropy_result_free(result);
        }
        cutropy_result_free(good);
        cutropy_problem_free(problem);
    }
    ck_assert_int_ge(refused, 10);
    ck_assert_int_ge(proved, 3);
}
END_TEST

CHECK_MAIN("certify", every_texture, threads_and_sides, damaged_eigenvectors)
