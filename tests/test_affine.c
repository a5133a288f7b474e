/* SPDX-License-Identifier: Apache-2.0 */
/* Linear equations against enumeration on every cut, against closed forms beyond it, and what is refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/state/state.h"
#include "failing_allocator.h"
#include "frontier/affine.h"
#include "ref/support.h"

static cutropy_options *options_of(const char *solver, const char *digits, const char *quantities)
{
    cutropy_options *options =
        must_options("solver", solver, "digits", digits, "quantities", quantities, NULL);
    return options;
}

static cutropy_result *run(const char *problem, const char *lattice, const char *cuts,
                           const cutropy_options *options)
{
    cutropy_problem *p = must_problem(problem, lattice);
    cutropy_cuts list = must_cuts(cuts, cutropy_problem_lattice(p));
    cutropy_result *result = must_solve(p, &list, options);
    cutropy_cuts_free(&list);
    cutropy_problem_free(p);
    return result;
}

static const char *const quantities =
    "renyi:0,renyi:0.5,renyi:3,renyi:inf,schmidt_gap,log_negativity,blocks,tr_rho3,spectrum,"
    "rank:0,rank:0.5,discarded_weight:0,discarded_weight:1,discarded_weight:3,discarded_weight:100,"
    "truncation:0,truncation:0.1,truncation:0.5,truncation:0.9";

static const char *const small[][2] = {
    {"loops", "links:3x3"},
    {"loops", "links:2x2:torus"},
    {"loops", "links:4x2"},
    {"loops:contractible=1", "links:2x2:torus"},
    {"loops", "links:3x2:torus"},
    {"loops:contractible=1", "links:2x3:torus"},
    {"parity", "chain:7"},
    {"parity:odd=1", "2x3"},
    {"ghz", "chain:6"},
    {"ghz", "2x2"},
    {"mirror", "3x3"},
    {"mirror", "4x2"},
};

/* Proved decimals are the same texts; the road of the rank alone differs. */
START_TEST(every_cut_is_that_of_enumeration)
{
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i += (size_t)amount(1, 2)) {
        cutropy_sheet *sheet[2] = {NULL};
        cutropy_result *result[2];
        static const char *const solvers[] = {"affine", "enumerate"};
        for (int k = 0; k < 2; k++) {
            cutropy_options *options = options_of(solvers[k], "25", quantities);
            result[k] = run(small[i][0], small[i][1], "all,0x0", options);
            cutropy_options_free(options);
        }
        for (int nats = 0; nats < 2; nats++) {
            for (int k = 0; k < 2; k++)
                ck_assert_int_eq(cutropy_result_sheet(result[k], (cutropy_base)nats, &sheet[k]),
                                 CUTROPY_OK);
            const size_t rows = cutropy_sheet_rows(sheet[0]);
            ck_assert_uint_eq(rows, cutropy_sheet_rows(sheet[1]));
            for (size_t row = 0; row < rows; row++)
                for (int c = 0; c < cutropy_sheet_columns(sheet[0]); c++) {
                    char text[2][400];
                    if (!strcmp(cutropy_sheet_name(sheet[0], c), "rank_proof"))
                        continue;
                    for (int k = 0; k < 2; k++)
                        cutropy_sheet_text(sheet[k], row, c, text[k], sizeof text[k]);
                    ck_assert_msg(!strcmp(text[0], text[1]), "%s %s, row %zu, %s: %s and %s",
                                  small[i][0], small[i][1], row, cutropy_sheet_name(sheet[0], c),
                                  text[0], text[1]);
                }
            for (int k = 0; k < 2; k++)
                cutropy_sheet_free(sheet[k]);
        }
        for (int k = 0; k < 2; k++)
            cutropy_result_free(result[k]);
    }
}
END_TEST

/* Without decimals: the numbers have no error, and those of enumeration are within theirs. */
START_TEST(numbers_have_no_error)
{
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        cutropy_options *affine = options_of("affine", "none", quantities),
                        *enumerate = options_of("enumerate", "none", quantities);
        cutropy_result *a = run(small[i][0], small[i][1], "all", affine),
                       *b = run(small[i][0], small[i][1], "all", enumerate);
        for (size_t row = 0; row < cutropy_result_rows(a); row++) {
            const cutropy_record *x = row_record(a, row), *y = row_record(b, row);
            char purity[2][80];
            ck_assert_double_eq(x->entropy_err, 0);
            ck_assert_double_le(fabs(x->entropy - y->entropy), y->entropy_err);
            ck_assert_int_eq(x->guarantee, CUTROPY_GUARANTEE_EXACT);
            ck_assert_int_eq(x->rank_lo, y->rank_lo);
            ck_assert_int_eq(x->rank_hi, y->rank_hi);
            ck_assert_int_eq(x->blocks, y->blocks);
            ck_assert_int_eq(x->classes[0], y->classes[0]);
            ck_assert_int_eq(x->classes[1], y->classes[1]);
            cutropy_result_purity_fraction(a, row, purity[0], 80);
            cutropy_result_purity_fraction(b, row, purity[1], 80);
            ck_assert_str_eq(purity[0], purity[1]);
            for (size_t k = 0; k < a->quantity_count; k++) {
                ck_assert_double_le(x->extra_err[k], 0x1p-53);
                ck_assert_double_le(fabs(x->extra[k] - y->extra[k]),
                                    x->extra_err[k] + y->extra_err[k]);
            }
        }
        cutropy_result_free(a);
        cutropy_result_free(b);
        cutropy_options_free(affine);
        cutropy_options_free(enumerate);
    }
}
END_TEST

/* 2^power as decimal digits. */
static char *power_of_two(int power)
{
    char *digits = calloc((size_t)power + 2, 1), *text = calloc((size_t)power + 2, 1);
    size_t count = 1;
    digits[0] = 1;
    for (int i = 0; i < power; i++) {
        int carry = 0;
        for (size_t d = 0; d < count; d++) {
            carry += 2 * digits[d];
            digits[d] = (char)(carry % 10);
            carry /= 10;
        }
        if (carry)
            digits[count++] = (char)carry;
    }
    for (size_t d = 0; d < count; d++)
        text[d] = (char)('0' + digits[count - 1 - d]);
    free(digits);
    return text;
}

/* Rows of an L x L torus: 2 L vertices where links of both sides meet, one bit is topological. */
START_TEST(a_large_torus)
{
    cutropy_problem *problem = must_problem("loops", "links:45x45:torus");
    cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(problem));
    cutropy_options *options = options_of("affine", "30", quantities);
    cutropy_result *result = NULL;
    cutropy_state *state = must_state(problem, options);
    char *norm = power_of_two(4050 - 2024), *level = power_of_two(89), expected[64];
    ck_assert_str_eq(cutropy_state_norm(state),
                     norm); /* of 2025 stars one follows from the others */
    ck_assert_msg(!cutropy_state_run(state, &cuts, options, &result), "%s", cutropy_error());
    snprintf(expected, sizeof expected, "1/%s", level);
    for (size_t row = 0; row < cutropy_result_rows(result); row++) {
        char purity[80];
        int64_t low, high;
        ck_assert_double_eq(cutropy_result_entropy(result, row), 2 * 45 - 1);
        ck_assert_str_eq(cutropy_result_entropy_decimals(result, row, 0),
                         "89.000000000000000000000000000000");
        /* 89 log 2 */
        ck_assert_str_eq(cutropy_result_entropy_decimals(result, row, 1),
                         "61.690099069835132538133658809778");
        cutropy_result_purity_fraction(result, row, purity, sizeof purity);
        ck_assert_str_eq(purity, expected);
        cutropy_result_rank(result, row, &low, &high);
        ck_assert_int_eq(low, -1); /* 2^89 */
        ck_assert_int_eq(high, -1);
        ck_assert_int_eq(cutropy_result_classes(result, row, 0), -1);
    }
    free(norm);
    free(level);
    cutropy_result_free(result);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* floor(EPS 2^bits) of the exact double, by shifts. */
static int64_t part_of(double epsilon, int bits)
{
    int exponent;
    const __int128 mantissa = (__int128)ldexp(frexp(epsilon, &exponent), 53);
    const int shift = bits + exponent - 53;
    return (int64_t)(shift >= 0 ? mantissa << shift : shift > -64 ? mantissa >> -shift : 0);
}

/* Integers beyond 53 bits: exact, or an empty cell where no double has them. */
START_TEST(truncation_is_exact_or_empty)
{
    static const double epsilon[] = {0,       1e-300, 1e-17, 1e-10,
                                     0x1p-40, 0.1,    0.5,   0x1.fffffffffffffp-1};
    cutropy_options *options =
        options_of("affine", "none",
                   "truncation:0,truncation:1e-300,truncation:1e-17,truncation:1e-10,"
                   "truncation:9.094947017729282379150390625e-13,truncation:0.1,truncation:0.5,"
                   "truncation:0.99999999999999988897769753748,rank:0.5,blocks");
    int empty = 0;
    for (int bits = 52; bits <= 63; bits++) {
        char lattice[16];
        snprintf(lattice, sizeof lattice, "%dx1", 2 * bits);
        cutropy_result *result = run("mirror", lattice, "half", options);
        const cutropy_record *record = row_record(result, 0);
        ck_assert_double_eq(record->entropy, bits);
        for (size_t k = 0; k < 10; k++) {
            const int64_t right =
                bits > 62 ? -1 : (INT64_C(1) << bits) - (k < 8 ? part_of(epsilon[k], bits) : 0);
            const bool has_double = (int64_t)(double)right == right;
            ck_assert_double_eq(record->extra_err[k], 0);
            ck_assert_msg(record->extra[k] == (has_double ? (double)right : -1),
                          "S = %d, quantity %zu: %.0f, not %lld", bits, k, record->extra[k],
                          (long long)right);
            empty += !has_double;
        }
        cutropy_result_free(result);
    }
    ck_assert_int_ge(empty, 10);
    cutropy_options_free(options);
}
END_TEST

/* auto takes equations beyond 40 pixels, also where automata would do. Two open paths of three links: each link is free, seen from outside. */
START_TEST(automatic_and_any_cut)
{
    static const struct {
        const char *problem, *lattice, *cut;
        double entropy;
    } known[] = {{"loops", "links:6x6:torus", "rows", 11},
                 {"parity", "chain:1000", "half", 1},
                 {"ghz", "chain:500", "half", 1},
                 {"mirror", "20x20", "columns", 20},
                 {"mirror", "64x64", "half", 0},
                 {"mirror", "120x1", "half", 60},
                 {"parity", "8x8", "{0,9,18}", 1},
                 {"loops", "links:8x8:torus", "{0,1,2,8,9,10}", 6}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        cutropy_result *result = run(known[i].problem, known[i].lattice, known[i].cut, NULL);
        ck_assert_double_eq(cutropy_result_entropy(result, 0), known[i].entropy);
        ck_assert_str_eq(result->storage, "equations");
        cutropy_result_free(result);
    }
}
END_TEST

/* At once, too. */
START_TEST(plans)
{
    static const char *const solvers[] = {"auto", "affine"};
    for (int k = 0; k < 2; k++) {
        cutropy_options *options = options_of(solvers[k], "none", "");
        cutropy_problem *problem = must_problem("mirror", "64x64");
        cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
        cutropy_plan *plan = NULL;
        ck_assert_int_eq(cutropy_make_plan(problem, &cuts, options, &plan), CUTROPY_OK);
        ck_assert_str_eq(plan->storage, "equations");
        ck_assert(plan->fits && plan->known && !plan->images && !plan->largest_matrix);
        ck_assert(plan->function_bytes >= 64 * 64 * 8 && plan->function_bytes < 1 << 20);
        cutropy_plan_free(plan);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(problem);
        cutropy_options_free(options);
    }
}
END_TEST

START_TEST(refused)
{
    static const struct {
        const char *problem, *lattice, *solver, *word;
        cutropy_status status;
    } cases[] = {
        {"random", "chain:8", "affine", "no system of linear equations", CUTROPY_EUNSUPPORTED},
        {"parity:encoding=pm1", "chain:8", "affine", "labels 0 and 1", CUTROPY_EUNSUPPORTED},
        {"connected", "3x3", "affine", "solver affine", CUTROPY_EUNSUPPORTED},
        {"loops", "links:8x8", "enumerate", "at most 64", CUTROPY_EINPUT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        cutropy_options *options = options_of(cases[i].solver, "none", "");
        cutropy_state *state = NULL;
        ck_assert_int_eq(cutropy_state_open(problem, options, &state), cases[i].status);
        ck_assert_msg(strstr(cutropy_error(), cases[i].word) != NULL, "%s", cutropy_error());
        ck_assert_ptr_null(state);
        cutropy_options_free(options);
        cutropy_problem_free(problem);
    }
    cutropy_problem *problem = must_problem("loops", "links:3x3");
    cutropy_options *options = options_of("affine", "none", "");
    int8_t value;
    uint64_t image;
    cutropy_state *state = must_state(problem, options);
    ck_assert_int_eq(cutropy_state_values(state, 0, 1, &value), CUTROPY_EUNSUPPORTED);
    ck_assert_int_eq(cutropy_state_images(state, 0, 1, &image), CUTROPY_EUNSUPPORTED);
    ck_assert_uint_eq(cutropy_state_ones(state), 16);
    cutropy_state_free(state);
    cutropy_options_free(options);
    cutropy_problem_free(problem);
}
END_TEST

/* f alone decides: loops on a ring of links and ghz are the same equations. */
START_TEST(checksums)
{
    static const char *const others[][2] = {{"loops", "links:3x3"},
                                            {"loops", "links:3x3:torus"},
                                            {"loops:contractible=1", "links:3x3:torus"},
                                            {"parity", "chain:12"},
                                            {"parity:odd=1", "chain:12"},
                                            {"ghz", "chain:12"},
                                            {"mirror", "4x3"}};
    uint64_t seen[7];
    for (size_t i = 0; i < 7; i++) {
        cutropy_problem *problem = must_problem(others[i][0], others[i][1]);
        ct_affine *affine = NULL;
        ck_assert_int_eq(ct_affine_open(problem, &affine), CUTROPY_OK);
        seen[i] = affine->checksum;
        for (size_t j = 0; j < i; j++)
            ck_assert_uint_ne(seen[i], seen[j]);
        ct_affine_close(affine);
        cutropy_problem_free(problem);
    }
    cutropy_problem *one = must_problem("mirror", "2x1"), *two = must_problem("ghz", "2x1");
    ct_affine *a = NULL, *b = NULL;
    ck_assert_int_eq(ct_affine_open(one, &a), CUTROPY_OK);
    ck_assert_int_eq(ct_affine_open(two, &b), CUTROPY_OK);
    ck_assert_uint_eq(a->checksum, b->checksum);
    ct_affine_close(a);
    ct_affine_close(b);
    cutropy_problem_free(one);
    cutropy_problem_free(two);
}
END_TEST

START_TEST(failing_allocations)
{
    failing_allocator_start(-1);
    cutropy_problem *problem = must_problem("loops:contractible=1", "links:3x3:torus");
    cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(problem));
    cutropy_options *options = options_of("affine", "20", "spectrum,tr_rho3,schmidt_gap");
    ck_assert_int_eq(cutropy_options_set(options, "threads", "1"), CUTROPY_OK);
    const long live = failing_allocator_live();
    bool fired = true;
    for (long k = 0; fired; k++) {
        cutropy_result *result = NULL;
        failing_allocator_start(k);
        const cutropy_status status = cutropy_run(problem, &cuts, options, &result);
        fired = failing_allocator_stop();
        ck_assert(status == CUTROPY_OK || (fired && status == CUTROPY_EMEMORY));
        cutropy_result_free(result);
        ck_assert_int_eq(failing_allocator_live(), live);
    }
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

CHECK_MAIN("affine", every_cut_is_that_of_enumeration, numbers_have_no_error, a_large_torus,
           truncation_is_exact_or_empty, automatic_and_any_cut, plans, refused, checksums,
           failing_allocations)
