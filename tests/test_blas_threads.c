/* SPDX-License-Identifier: Apache-2.0 */
/* The number of threads of OpenBLAS belongs to the program: one while the library computes, and what it
 * was afterwards, whatever happens in between. */
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"

#define BEFORE 2

static cutropy_lattice *lattice;
static cutropy_problem *problem;
static cutropy_cuts cuts;
static int seen;

static void must(cutropy_status status)
{
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
}

static void open_all(void)
{
    must(cutropy_lattice_parse("chain:8", &lattice));
    must(cutropy_problem_parse("random", lattice, &problem));
    must(cutropy_cuts_parse("prefixes", lattice, &cuts));
    openblas_set_num_threads(BEFORE);
    ck_assert_int_eq(openblas_get_num_threads(), BEFORE);
}

static void close_all(void)
{
    ck_assert_int_eq(openblas_get_num_threads(), BEFORE);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

/* Once with the partial result, once without. */
static void look(const void *partial, void *user)
{
    (void)partial;
    (void)user;
    seen = openblas_get_num_threads();
}

START_TEST(a_run)
{
    cutropy_options *options = NULL;
    cutropy_result *result = NULL;
    open_all();
    must(cutropy_options_create(&options));
    cutropy_options_set_shown(options, look, NULL);
    must(cutropy_run(problem, &cuts, options, &result));
    ck_assert_int_eq(seen, 1);
    ck_assert_int_eq(openblas_get_num_threads(), BEFORE);
    cutropy_result_free(result);
    cutropy_options_free(options);
    close_all();
}
END_TEST

START_TEST(interleaved_states)
{
    cutropy_state *state[2] = {NULL, NULL};
    cutropy_result *result = NULL;
    open_all();
    must(cutropy_state_open(problem, NULL, &state[0]));
    ck_assert_int_eq(openblas_get_num_threads(), 1);
    must(cutropy_state_open(problem, NULL, &state[1]));
    cutropy_state_free(state[0]);
    ck_assert_int_eq(openblas_get_num_threads(), 1);
    must(cutropy_run(problem, &cuts, NULL, &result));
    cutropy_result_free(result);
    ck_assert_int_eq(openblas_get_num_threads(), 1);
    must(cutropy_state_run(state[1], &cuts, NULL, &result));
    cutropy_result_free(result);
    cutropy_state_free(state[1]);
    cutropy_state_free(NULL);
    close_all();
}
END_TEST

/* What the program sets while a state is open is its last word. */
START_TEST(another_number)
{
    cutropy_state *state = NULL;
    open_all();
    must(cutropy_state_open(problem, NULL, &state));
    openblas_set_num_threads(3);
    cutropy_state_free(state);
    ck_assert_int_eq(openblas_get_num_threads(), 3);
    openblas_set_num_threads(BEFORE);
    close_all();
}
END_TEST

static void expect_failure(const cutropy_problem *of, const char *key, const char *value,
                           cutropy_status expected)
{
    cutropy_options *options = NULL;
    cutropy_result *result = NULL;
    cutropy_state *state = NULL;
    must(cutropy_options_create(&options));
    if (key)
        must(cutropy_options_set(options, key, value));
    ck_assert_int_eq(cutropy_run(of, &cuts, options, &result), expected);
    ck_assert_ptr_null(result);
    ck_assert_int_eq(openblas_get_num_threads(), BEFORE);
    ck_assert_int_eq(cutropy_state_open(of, options, &state), expected);
    ck_assert_ptr_null(state);
    ck_assert_int_eq(openblas_get_num_threads(), BEFORE);
    cutropy_options_free(options);
}

static int never(uint64_t image, void *user)
{
    (void)image;
    (void)user;
    return 0;
}

START_TEST(failures)
{
    cutropy_problem *empty = NULL;
    const char *text = getenv("CUTROPY_ISA");
    char *before = text ? strdup(text) : NULL;
    open_all();
    must(cutropy_problem_from_labels("never", lattice, never, NULL, &empty));
    expect_failure(empty, NULL, NULL, CUTROPY_EINPUT);
    expect_failure(problem, "backend", "abacus", CUTROPY_EINPUT);
    setenv("CUTROPY_ISA", "abacus", 1);
    expect_failure(problem, NULL, NULL, CUTROPY_EINPUT);
    if (before)
        setenv("CUTROPY_ISA", before, 1);
    else
        unsetenv("CUTROPY_ISA");
    free(before);
    cutropy_problem_free(empty);
    close_all();
}
END_TEST

START_TEST(analyses)
{
    cutropy_ranges *ranges = NULL;
    open_all();
    must(cutropy_ranges_run(problem, &cuts, NULL, &ranges));
    cutropy_ranges_free(ranges);
    close_all();
}
END_TEST

CHECK_MAIN("blas_threads", a_run, interleaved_states, another_number, failures, analyses)
