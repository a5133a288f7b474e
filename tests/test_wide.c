/* SPDX-License-Identifier: Apache-2.0 */
/* Enumerated integers whose squares add up to 2^62 or more: Gram matrices against GMP, decimals against a Jacobi
 * iteration in Python's decimal module, multiples of small functions against those. */
#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>
#include <cutropy/range.h>
#include <cutropy/verify.h>

#include "certify/integer_block.h"
#include "check_main.h"
#include "engine/cut/gram.h"
#include "engine/function/options.h"
#include "ref/support.h"

#define QUANTITIES "tr_rho3,renyi:0.5,spectrum,schmidt_gap,rank:1e-3"

static cutropy_result *run_values(const char *lattice_name, const int64_t *values,
                                  const char *cuts_text, int digits, bool certify, int threads)
{
    cutropy_options options = ct_default_options();
    cutropy_lattice *lattice = must_lattice(lattice_name);
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, values);
    cutropy_cuts cuts = must_cuts(cuts_text, lattice);
    options.digits = digits;
    options.certify = certify;
    options.threads = threads;
    cutropy_result *result = must_solve_with(problem, &cuts, QUANTITIES, &options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return result;
}

static int64_t draw_value(uint64_t *state)
{
    switch (draw_below(state, 4)) {
    case 0:
        return INT64_MIN + (int64_t)draw_below(state, 2);
    case 1:
        return INT64_MAX - (int64_t)draw_below(state, 2);
    case 2:
        return (int64_t)draw_below(state, 5) - 2;
    default:
        return (int64_t)draw(state);
    }
}

/* a as an mpz_t */
static void set_int64(mpz_t out, int64_t a)
{
    const uint64_t size = a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
    mpz_import(out, 1, -1, sizeof size, 0, 0, &size);
    if (a < 0)
        mpz_neg(out, out);
}

START_TEST(gram)
{
    enum { ROWS = 6, COLUMNS = 9 };
    uint64_t state = 3;
    mpz_t sum, term, other, got;
    mpz_inits(sum, term, other, got, NULL);
    for (int round = 0; round < 200; round++) {
        int64_t entry[ROWS * COLUMNS], weight[COLUMNS], g[ROWS * ROWS * CT_WIDE_WORDS];
        for (int i = 0; i < ROWS * COLUMNS; i++)
            entry[i] = draw_value(&state);
        for (int i = 0; i < COLUMNS; i++)
            weight[i] = 1 + (int64_t)draw_below(&state, round % 2 ? UINT64_C(1) << 35 : 3);
        ck_assert_int_eq(ct_gram_wide(ROWS, COLUMNS, entry, weight, g, 1 + round % 2), CUTROPY_OK);
        for (int i = 0; i < ROWS; i++)
            for (int j = i; j < ROWS; j++) {
                const int64_t *words = g + (i * ROWS + j) * CT_WIDE_WORDS;
                mpz_set_ui(sum, 0);
                for (int k = 0; k < COLUMNS; k++) {
                    set_int64(term, entry[i * COLUMNS + k]);
                    set_int64(other, entry[j * COLUMNS + k]);
                    mpz_mul(term, term, other);
                    mpz_addmul_ui(sum, term, (unsigned long)weight[k]);
                }
                mpz_import(got, CT_WIDE_WORDS, -1, sizeof *words, 0, 0, words);
                if (words[CT_WIDE_WORDS - 1] < 0) {
                    mpz_set_ui(term, 1);
                    mpz_mul_2exp(term, term, 64 * CT_WIDE_WORDS);
                    mpz_sub(got, got, term);
                }
                ck_assert_int_eq(mpz_cmp(got, sum), 0);
            }
    }
    mpz_clears(sum, term, other, got, NULL);
}
END_TEST

/* H in twice the working precision and in double, of multiplicities whose roots are integers: what is missing is
 * within the error, which is about 2^-106 of H. */
START_TEST(twofold)
{
    enum { N = 4 };
    uint64_t state = 17;
    mpz_t exact, part, size;
    mpz_inits(exact, part, size, NULL);
    for (int round = 0; round < 300; round++) {
        const int shift = round % 3 ? 0 : 700; /* beyond what needs no scale */
        enum { WORDS = 16 };
        uint64_t words[N * N * WORDS] = {0}, weight[N], root[N];
        double high[N * N], low[N * N], h[N * N], error, missing = 0, all = 0;
        int64_t exponent, other;
        for (int i = 0; i < N; i++) {
            root[i] = 1 + draw_below(&state, 1 << 30);
            weight[i] = root[i] * root[i];
            for (int j = i; j < N; j++)
                for (int w = 0; w < 3; w++) {
                    uint64_t *entry = words + (i * N + j) * WORDS;
                    entry[w + shift / 64] = draw(&state) >> (w == 2 ? 2 : 0);
                }
        }
        const ct_integer_block block = {.n = N,
                                        .gram = (const int64_t *)words,
                                        .weight = weight,
                                        .words = WORDS,
                                        .weight_words = 1};
        ct_integer_block_twofold(&block, (ct_twofold){high, low}, &exponent, &error);
        ct_integer_block_double(&block, h, &other);
        ck_assert_int_eq(exponent, other);
        ck_assert(shift ? exponent > 700 : exponent == 0);
        for (int i = 0; i < N; i++)
            for (int j = i; j < N; j++) {
                mpz_import(exact, WORDS, -1, sizeof *words, 0, 0, words + (i * N + j) * WORDS);
                mpz_mul_ui(exact, exact, (unsigned long)root[i]);
                mpz_mul_ui(exact, exact, (unsigned long)root[j]);
                all += (i < j ? 2 : 1) * high[i * N + j] * high[i * N + j];
                ck_assert(high[i * N + j] == high[j * N + i] && low[i * N + j] == low[j * N + i]);
                ck_assert(h[i * N + j] == high[i * N + j]);
                for (int k = 0; k < 2; k++) { /* exact - high - low, units of 2^-400 */
                    mpz_set_d(part, ldexp(k ? low[i * N + j] : high[i * N + j], 400));
                    if (!k)
                        mpz_mul_2exp(exact, exact, 400);
                    mpz_mul_2exp(part, part, (unsigned long)exponent);
                    mpz_sub(exact, exact, part);
                }
                long power;
                const double mantissa = mpz_get_d_2exp(&power, exact),
                             rest = ldexp(mantissa, (int)(power - 400 - exponent));
                missing += (i < j ? 2 : 1) * rest * rest;
            }
        ck_assert(sqrt(missing) <= error * (1 + 1e-12));
        ck_assert(error > 0 && error <= 0x1p-104 * sqrt(all));
    }
    mpz_clears(exact, part, size, NULL);
}
END_TEST

/* 7^(11 s + 5) mod 2^64 - 2^63 for image s of six pixels */
START_TEST(decimals)
{
    const char *right = "2.2934521404355943025548613527150276941427",
               *renyi2 = "2.0839335868678819415728326063822964753198";
    int64_t values[64];
    uint64_t power = 7 * 7 * 7 * 7 * 7, step = 1;
    for (int i = 0; i < 11; i++)
        step *= 7;
    for (int s = 0; s < 64; s++, power *= step)
        values[s] = (int64_t)(power ^ UINT64_C(1) << 63);
    for (int road = 0; road < 3; road++) {
        const int digits = road == 1 ? 20 : 40;
        cutropy_result *result = run_values("2x3", values, "0x7", digits, road > 0, 1);
        char norm[64];
        int64_t low, high;
        cutropy_result_origin(result, "norm", norm, sizeof norm);
        ck_assert_str_eq(norm, "1779542666031972735493427314765414070848");
        ck_assert_int_eq(cutropy_result_guarantee(result, 0), CUTROPY_GUARANTEE_CERTIFIED);
        cutropy_result_rank(result, 0, &low, &high);
        ck_assert(low == 8 && high == 8);
        const char *entropy = cutropy_result_entropy_decimals(result, 0, 0),
                   *second = cutropy_result_renyi2_decimals(result, 0, 0);
        ck_assert(entropy && second);
        ck_assert_uint_eq(strlen(entropy), (size_t)digits + 2);
        ck_assert_int_eq(strncmp(entropy, right, digits == 20 ? 21 : 42), 0);
        ck_assert_int_eq(strncmp(second, renyi2, digits == 20 ? 21 : 42), 0);
        cutropy_result_free(result);
    }
    cutropy_result *result = run_values("2x3", values, "0x7", 0, false, 1);
    ck_assert(fabsl((long double)cutropy_result_entropy(result, 0) - strtold(right, NULL)) <=
              cutropy_result_entropy_error(result, 0));
    cutropy_result_free(result);
}
END_TEST

/* A multiple of a function is the same state: every proved table is the same, byte for byte. */
START_TEST(multiples)
{
    const int64_t factor[3] = {(INT64_C(1) << 59) + 12345, -(INT64_C(1) << 60),
                               INT64_C(1000000000000000000)};
    for (int kind = 0; kind < 2; kind++) { /* noise, and one with closed forms */
        int64_t small[64], large[64];
        uint64_t state = 11;
        for (int s = 0; s < 64; s++)
            small[s] = kind ? __builtin_popcount((unsigned)s) % 3 == 0
                            : (int64_t)draw_below(&state, 13) - 6;
        for (int road = 0; road < 3; road++) {
            const int digits = road == 2 ? 60 : 20;
            cutropy_result *one =
                run_values("2x3", small, "0x0,0x1,0x3,0x7,0xb", digits, road > 0, 1);
            char *right = must_csv(one);
            for (int k = 0; k < 3; k++) {
                for (int s = 0; s < 64; s++)
                    large[s] = small[s] * factor[k];
                cutropy_result *many =
                    run_values("2x3", large, "0x0,0x1,0x3,0x7,0xb", digits, road > 0, 1 + k % 2);
                char *got = must_csv(many);
                ck_assert_msg(!strcmp(got, right), "a multiple has another table");
                free(got);
                cutropy_result_free(many);
            }
            free(right);
            cutropy_result_free(one);
        }
    }
}
END_TEST

static void expect_row(const int64_t *values, const char *entropy, const char *purity)
{
    for (int certify = 0; certify < 2; certify++) {
        cutropy_result *result = run_values("chain:2", values, "0x1", 20, certify, 1);
        char text[200];
        ck_assert_int_eq(cutropy_result_guarantee(result, 0), CUTROPY_GUARANTEE_EXACT);
        ck_assert_str_eq(cutropy_result_entropy_decimals(result, 0, 0), entropy);
        cutropy_result_purity_fraction(result, 0, text, sizeof text);
        ck_assert_str_eq(text, purity);
        cutropy_result_free(result);
    }
}

START_TEST(extremes)
{
    const int64_t low = INT64_MIN, high = INT64_MAX;
    expect_row((int64_t[]){low, low, low, low}, "0.00000000000000000000", "1");
    expect_row((int64_t[]){low, 0, 0, low}, "1.00000000000000000000", "1/2");
    expect_row((int64_t[]){high, low, low, high},
               "0.00000000000000000000", /* the smaller eigenvalue is 2^-128 */
               "57896044618658097699231289033570592399984260587167764577877311449176381325313/"
               "57896044618658097699231289033570592400324542954088703041303792568460730433538");
}
END_TEST

static cutropy_ranges *ranges_of(const cutropy_lattice *lattice, const int64_t *values)
{
    cutropy_ranges *ranges = NULL;
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, values);
    cutropy_cuts cuts = must_cuts("rectangles", lattice);
    MUST(cutropy_ranges_run(problem, &cuts, NULL, &ranges));
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    return ranges;
}

/* A range looks at which values are alike and which are zero; a verification counts in 64 bits. */
START_TEST(analyses)
{
    int64_t small[512], large[512];
    cutropy_lattice *lattice = must_lattice("3x3");
    uint64_t state = 7;
    for (int i = 0; i < 512; i++) {
        small[i] = (int64_t)draw_below(&state, 3) * (__builtin_popcount((unsigned)i & 0x3f) % 2);
        large[i] = small[i] * (INT64_C(1) << 60);
    }
    cutropy_ranges *a = ranges_of(lattice, small), *b = ranges_of(lattice, large);
    ck_assert_uint_eq(cutropy_ranges_count(a), cutropy_ranges_count(b));
    for (size_t i = 0; i < cutropy_ranges_count(a); i++) {
        const cutropy_range *x = cutropy_ranges_row(a, i), *y = cutropy_ranges_row(b, i);
        ck_assert_int_eq(x->range, y->range);
        ck_assert_int_eq(x->range_pixels, y->range_pixels);
        ck_assert_int_eq(x->assumption1, y->assumption1);
        ck_assert_int_eq(x->classes[0], y->classes[0]);
        ck_assert(fabs(x->entropy - y->entropy) <= x->entropy_err + y->entropy_err);
    }
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, large);
    cutropy_cuts cuts = must_cuts("rows", lattice);
    cutropy_verification *verification = NULL;
    ck_assert_int_eq(cutropy_verify(problem, &cuts, NULL, &verification), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "2^62"));
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_ranges_free(a);
    cutropy_ranges_free(b);
    cutropy_lattice_free(lattice);
}
END_TEST

/* 1024 values of noise: a matrix of 32 x 32 in 32 KiB, for whose cubes there is no room in 100 KiB. */
START_TEST(memory_of_cubes)
{
    int64_t values[1024];
    uint64_t state = 5;
    for (int s = 0; s < 1024; s++)
        values[s] = (int64_t)draw(&state);
    cutropy_lattice *lattice = must_lattice("chain:10");
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, values);
    cutropy_cuts cuts = must_cuts("0x1f", lattice);
    for (int cubes = 0; cubes < 2; cubes++) {
        cutropy_options options = ct_default_options();
        cutropy_quantity *list = NULL;
        cutropy_result *result = NULL;
        options.memory_limit = 100 << 10;
        options.threads = 1;
        if (cubes)
            ck_assert_int_eq(cutropy_quantities_parse("tr_rho3", &list, &options.quantity_count),
                             CUTROPY_OK);
        options.quantities = list;
        const cutropy_status status = cutropy_run(problem, &cuts, &options, &result);
        ck_assert_int_eq(status, cubes ? CUTROPY_EMEMORY : CUTROPY_OK);
        if (cubes)
            ck_assert_msg(strstr(cutropy_error(), "dimension 32 needs 352.0 KiB but 100.0 KiB may "
                                                  "be used: about 17 fits") != NULL,
                          "%s", cutropy_error());
        cutropy_result_free(result);
        cutropy_quantities_free(list);
    }
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

CHECK_MAIN("wide", gram, twofold, decimals, multiples, extremes, analyses, memory_of_cubes)
