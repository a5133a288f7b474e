/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs that once showed wrong digits, with their right values: by 60-digit arithmetic from the
 * very doubles of the files. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/support.h"

#define FOLDER CUTROPY_TEST_DIR "/data/cases/"

typedef struct expected {
    const char *problem, *lattice; /* lattice NULL: that of the problem */
    uint64_t mask;
    const char *quantity; /* "entropy": the standard column */
    long double value;
    double error; /* what must be reached */
} expected;

static const expected table[] = {
    {FOLDER "ising_chain_12.npy", "chain:12", 0x3f, "entropy", 0.5720519713656613590712858L, 1e-10},
    {FOLDER "ising_chain_12.npy", "chain:12", 0x3f, "renyi:0.1", 2.2432755608851161796L, 0.05},
    {FOLDER "ising_chain_12.npy", "chain:12", 0x3f, "log_negativity", 0.83949920121251557473L,
     1e-11},
    {FOLDER "graded_8.npy", "chain:8", 0xf, "entropy", 3.46619759930646074593e-9L, 1e-11},
    {FOLDER "graded_8.npy", "chain:8", 0xf, "renyi:0.1", 0.17898128251174121581L, 0.05},
    {FOLDER "graded_8.npy", "chain:8", 0xf, "log_negativity", 2.8853903701546327619e-5L, 1e-12},
    {"rbm:scale=0.2", "grid:4x4", 0xff, "log_negativity", 0.230428185457739L, 1e-10},
    {FOLDER "rank_prime.npy", "chain:4", 0x3, "entropy", 0.89816175257610615L, 1e-12},
    {FOLDER "rank_prime.npy", "chain:4", 0x3, "log_negativity", 0.94750523954673L, 1e-12},
    {FOLDER "kernel_integer.npy", "chain:10", 0x1f, "renyi:0.1", 2.88452970553L, 1e-7},
    {FOLDER "kernel_integer.npy", "chain:10", 0x1f, "log_negativity", 1.82499648454768L, 1e-11},
    {FOLDER "kernel_real.npy", "chain:10", 0x1f, "renyi:0.02", 4.0554742L, 0.5},
    {FOLDER "kernel_real.npy", "chain:10", 0x1f, "renyi:0.05", 3.32052230626L, 0.2},
    {FOLDER "false_counterexample.npy", "chain:4", 0x3, "entropy", 3.526285347549666362682655e-11L,
     1e-12},
};

static cutropy_result *run_case(const expected *e)
{
    cutropy_problem *problem = must_problem(e->problem, e->lattice);
    const bool standard = !strcmp(e->quantity, "entropy");
    cutropy_result *result = must_run(problem, &e->mask, 1, standard ? NULL : e->quantity, 1, 0);
    cutropy_problem_free(problem);
    return result;
}

START_TEST(right_values)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const expected *e = &table[i];
        cutropy_result *result = run_case(e);
        const bool standard = !strcmp(e->quantity, "entropy");
        const cutropy_record *r = row_record(result, 0);
        const double value = standard ? r->entropy : r->extra[0],
                     error = standard ? r->entropy_err : r->extra_err[0];
        const long double slack = 1e-14L * fabsl(e->value); /* the last digit of the right value */
        ck_assert_msg(fabsl(value - e->value) <= error + slack, "%s %s: %.17g +- %.3g, not %.17Lg",
                      e->problem, e->quantity, value, error, e->value);
        ck_assert_msg(error <= e->error, "%s %s: error %g", e->problem, e->quantity, error);
        cutropy_result_free(result);
    }
}
END_TEST

/* GHZ with a tiny amplitude: the order must not be rounded on its way into the power. */
START_TEST(tiny_partner)
{
    double values[16] = {[0] = 1, [15] = 1e-140};
    const uint64_t mask = 3;
    cutropy_lattice *lattice = must_lattice("chain:4");
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, values);
    cutropy_result *result = must_run(problem, &mask, 1, "renyi:0.1", 1, 0);
    const cutropy_record *r = row_record(result, 0);
    ck_assert(fabsl(r->extra[0] - 1.602994489876620275679965e-28L) <= r->extra_err[0]);
    ck_assert(r->extra_err[0] < 1e-41);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* log(1 + k), N = 12, half */
START_TEST(logarithm)
{
    static double values[1 << 12];
    const uint64_t mask = 0x3f;
    for (int k = 0; k < 1 << 12; k++)
        values[k] = log(1 + (double)k);
    cutropy_lattice *lattice = must_lattice("chain:12");
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, values);
    cutropy_result *result = must_run(problem, &mask, 1, "log_negativity,renyi:1", 1, 0);
    const cutropy_record *r = row_record(result, 0);
    ck_assert(fabs(r->entropy - 0.003308087712732486691614) <= r->entropy_err);
    ck_assert(fabs(r->extra[0] - 0.048783992445991191669) <= r->extra_err[0]);
    ck_assert(fabs(r->extra[1] - 0.003308087712732486691614) <= r->extra_err[1]);
    ck_assert(r->extra_err[1] < 1e-12 && r->extra_err[0] < 1e-10);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* A rounded product of one real function a pixel: one Schmidt value is all that matters. */
START_TEST(rounded_product)
{
    cutropy_problem *problem = must_problem(FOLDER "product_12.npy", "chain:12");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_result *result =
        must_run(problem, cuts.masks, cuts.count,
                 "truncation:1e-20,rank:1e-10,renyi:0.1,renyi:0.5,renyi:3,renyi:inf,renyi:1", 2, 1);
    for (size_t i = 0; i < result->count; i++) {
        const cutropy_record *r = row_record(result, i);
        for (size_t q = 0; q < 2; q++) {
            ck_assert(r->extra[q] == 1);
            ck_assert(r->extra_err[q] == 0);
        }
        for (size_t q = 2; q < 7; q++) /* 0, never -1e-16 */
            ck_assert(r->extra[q] == 0);
        ck_assert(r->entropy == 0 && r->extra_err[6] < 1e-24);
        ck_assert_int_eq(r->rank_lo, 1);
    }
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* What a number of an integer matrix is worth whose determinant, or whose minors, a prime divides.
 */
static void check_prime_matrix(const int64_t entry[16], int64_t rank)
{
    const uint64_t mask = 0x3;
    cutropy_lattice *lattice = must_lattice("chain:4");
    cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_INTEGER, entry);
    cutropy_result *result = must_run(problem, &mask, 1, "spectrum,rank:0", 1, 0);
    const cutropy_record *r = row_record(result, 0);
    ck_assert_int_eq(r->rank_lo, rank);
    ck_assert_int_eq(r->rank_hi, rank);
    ck_assert(r->extra[1] == (double)rank && r->extra_err[1] == 0);
    int64_t levels = 0;
    for (size_t i = 0; i < r->spectrum_count; i++)
        levels += r->multiplicity[i];
    ck_assert_int_eq(levels, rank);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

/* [a 0 r; -1 b t; 0 -1 c] has the determinant a (b c + t) + r, made the prime 2^61 - 1 or the first
 * one above 2^58; then a row more (independent, or a sum of two), and rows added to one another. */
START_TEST(minors_at_the_prime)
{
    static const int64_t primes[] = {(INT64_C(1) << 61) - 1, (INT64_C(1) << 58) + 69};
    uint64_t state = 4;
    for (int round = 0; round < amount(400, 20); round++) {
        const int64_t p = primes[round & 1], a = 1200000 + (int64_t)draw_below(&state, 200000),
                      b = 1200000 + (int64_t)draw_below(&state, 200000), r = p % a, q = p / a,
                      t = q % b, c = q / b;
        const bool full = round & 2;
        int64_t m[16] = {a, 0, r, 0, -1, b, t, 0, 0, -1, c, 0};
        if (full)
            m[15] = 1 + round % 3;
        else
            for (int i = 0; i < 4; i++)
                m[12 + i] = m[i] - m[4 + i];
        for (int k = 0; k < 3; k++) {
            const int64_t from = (int64_t)draw_below(&state, 4), to = (from + 1 + k) % 4;
            for (int64_t i = 0; i < 4 && from != to; i++)
                m[4 * to + i] += m[4 * from + i];
        }
        check_prime_matrix(m, full ? 4 : 3);
    }
}
END_TEST

/* 30-fold 1/62 of inner-product stands in one line. */
START_TEST(equal_levels)
{
    cutropy_problem *problem = must_problem("inner-product", "chain:10");
    cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
    cutropy_result *result = must_run(problem, cuts.masks, cuts.count, "spectrum", 1, 1);
    const cutropy_record *r = row_record(result, 0);
    ck_assert_uint_eq(r->spectrum_count, 2);
    ck_assert_int_eq(r->multiplicity[0], 1);
    ck_assert_int_eq(r->multiplicity[1], 30);
    ck_assert(fabs(r->spectrum[1] - 1.0 / 62) <= r->spectrum_err[1]);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* The rounding noise of a product is no level. */
START_TEST(noise_is_no_level)
{
    cutropy_problem *problem = must_problem("logistic", "chain:8");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_result *result = must_run(problem, cuts.masks, cuts.count, "spectrum", 1, 1);
    for (size_t i = 0; i < result->count; i++) {
        const cutropy_record *r = row_record(result, i);
        for (size_t k = 0; k < r->spectrum_count; k++)
            ck_assert(r->spectrum[k] > r->spectrum_err[k]);
        ck_assert_uint_eq(r->spectrum_count, 1);
    }
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("cases", right_values, tiny_partner, logarithm, rounded_product, minors_at_the_prime,
           equal_levels, noise_is_no_level)
