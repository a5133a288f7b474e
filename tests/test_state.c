/* SPDX-License-Identifier: Apache-2.0 */
/* The state: one evaluation, many runs that are those of cutropy_run, and its numbers against the
 * ones that were given and the oracle. */
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "ref/sample.h"
#include "ref/support.h"

/* ---- runs ---- */

typedef struct request {
    const char *cuts, *quantities;
    int threads, symmetry, digits, certify;
} request;

/* A run of the state (NULL: of the problem) as the text of its table. */
static char *table_of(cutropy_state *state, const cutropy_problem *problem, const request *r,
                      cutropy_result **out)
{
    cutropy_options options = ct_default_options();
    cutropy_quantity *list = NULL;
    cutropy_cuts cuts = must_cuts(r->cuts, cutropy_problem_lattice(problem));
    if (r->quantities)
        ck_assert_int_eq(cutropy_quantities_parse(r->quantities, &list, &options.quantity_count),
                         CUTROPY_OK);
    options.quantities = list;
    options.threads = r->threads;
    options.use_symmetry = r->symmetry;
    options.digits = r->digits;
    options.certify = r->certify;
    if (r->digits ||
        r->certify) /* an open state has enumerated `ising` and `mps`, whose proofs a run alone takes from automata */
        options.solver = CT_SOLVE_ENUMERATE;
    const cutropy_status status = state ? cutropy_state_run(state, &cuts, &options, out)
                                        : cutropy_run(problem, &cuts, &options, out);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    cutropy_quantities_free(list);
    cutropy_cuts_free(&cuts);
    return must_csv(*out);
}

START_TEST(many_runs_of_one_state)
{
    static const char *const functions[][2] = {{"connected", "grid:4x4"},
                                               {"random:density=0.4", "chain:9"},
                                               {"random:density=0.01", "chain:14"},
                                               {"ising", "grid:3x3"},
                                               {"mps", "chain:8"}};
    static const request requests[] = {{"half", NULL, 1, 1, 0, 0},
                                       {"prefixes,pairs", "renyi:0.5,spectrum,tr_rho3", 2, 1, 0, 0},
                                       {"pairs", "mutual_information", 3, 0, 0, 0},
                                       {"sites,0x0", NULL, 1, 1, 30, 0},
                                       {"prefixes", "renyi:3", 2, 1, 0, 1}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        cutropy_problem *problem = must_problem(functions[i][0], functions[i][1]);
        cutropy_state *state = must_state(problem, NULL);
        for (size_t k = 0; k < sizeof requests / sizeof requests[0]; k++) {
            cutropy_result *one, *other;
            char *text = table_of(state, problem, &requests[k], &one),
                 *expected = table_of(NULL, problem, &requests[k], &other);
            ck_assert_str_eq(text, expected);
            ck_assert(one->symmetries == other->symmetries);
            ck_assert_uint_eq(one->record_count, other->record_count);
            ck_assert_str_eq(one->norm, cutropy_state_norm(state));
            ck_assert_str_eq(one->norm, other->norm);
            ck_assert_str_eq(one->storage, other->storage);
            ck_assert_uint_eq(other->checksum, cutropy_state_checksum(state));
            ck_assert_uint_eq(other->ones, cutropy_state_ones(state));
            ck_assert_int_eq(other->kind, cutropy_state_kind(state));
            ck_assert_uint_eq(one->timing_count, other->timing_count);
            ck_assert_str_eq(one->timings[0].stage, "evaluate");
            ck_assert_msg((one->timings[0].seconds > 0) == (k == 0),
                          "run %zu has the time of the evaluation", k);
            free(text);
            free(expected);
            cutropy_result_free(one);
            cutropy_result_free(other);
        }
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* A refused run leaves the state as it was. */
START_TEST(refused_runs)
{
    cutropy_problem *problem = must_problem("random", "chain:5");
    cutropy_options options = ct_default_options();
    cutropy_state *state = (cutropy_state *)&options; /* must be overwritten */
    cutropy_result *result = (cutropy_result *)&options;
    uint64_t masks[2] = {0x3, 0x23};
    cutropy_cuts none = {1, 0, masks}, outside = {1, 2, masks}, wide = {2, 1, masks},
                 inside = {1, 1, masks};
    options.threads = -1;
    ck_assert_int_eq(cutropy_state_open(problem, &options, &state), CUTROPY_EINPUT);
    ck_assert_ptr_null(state);
    options.threads = 0;
    options.backend = "no such backend";
    ck_assert_int_eq(cutropy_state_open(problem, &options, &state), CUTROPY_EINPUT);
    ck_assert_ptr_null(state);
    state = must_state(problem, NULL);
    options.backend = NULL;
    options.digits = -1;
    ck_assert_int_eq(cutropy_state_run(state, &inside, &options, &result), CUTROPY_EINPUT);
    ck_assert_ptr_null(result);
    ck_assert_int_eq(cutropy_state_run(state, &none, NULL, &result), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_state_run(state, &outside, NULL, &result), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_state_run(state, &wide, NULL, &result), CUTROPY_EINPUT);
    ck_assert_ptr_null(result);
    ck_assert_int_eq(cutropy_state_run(state, &inside, NULL, &result), CUTROPY_OK);
    ck_assert(result->complete);
    cutropy_result_free(result);
    cutropy_state_free(state);
    cutropy_state_free(NULL);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(stopped_runs)
{
    cutropy_problem *problem = must_problem("random", "chain:8");
    cutropy_options options = ct_default_options();
    cutropy_state *state = must_state(problem, NULL);
    cutropy_result *result;
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    options.progress = stop_at_once;
    options.threads = 1;
    ck_assert_int_eq(cutropy_state_run(state, &cuts, &options, &result), CUTROPY_ECANCELLED);
    ck_assert(result && !result->complete);
    cutropy_result_free(result);
    ck_assert_int_eq(cutropy_state_run(state, &cuts, NULL, &result), CUTROPY_OK);
    ck_assert(result->complete);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

/* Asks to stop as soon as the run calls, and keeps what it was told. */
typedef struct called {
    char stage[32];
    uint64_t done, total;
    int times;
} called;

static int stop_first(const char *stage, uint64_t done, uint64_t total, void *user)
{
    called *first = user;
    if (!first->times++) {
        snprintf(first->stage, sizeof first->stage, "%s", stage);
        first->done = done;
        first->total = total;
    }
    return 1;
}

static void stopped_first(const char *lattice, called *first)
{
    cutropy_problem *problem = must_problem("random", lattice);
    cutropy_options options = ct_default_options();
    cutropy_state *state = must_state(problem, NULL);
    cutropy_result *result;
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    *first = (called){0};
    options.progress = stop_first;
    options.user = first;
    options.threads = 1;
    ck_assert_int_eq(cutropy_state_run(state, &cuts, &options, &result), CUTROPY_ECANCELLED);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}

/* Nobody waits until half a million cuts are merged, or until the first batch of them is finished. */
START_TEST(stops_are_heard_early)
{
    called first;
    stopped_first("4x4", &first);
    ck_assert_str_eq(first.stage, "symmetry");
    ck_assert_uint_lt(first.done, 5000);
    ck_assert_uint_eq(first.total, (1 << 15) - 1);
    stopped_first("chain:8", &first);
    ck_assert_str_eq(first.stage, "cuts");
    ck_assert_uint_eq(first.done, 0);
}
END_TEST

/* ---- values ---- */

/* All values at once, and some from the middle. */
static void *values_of(const cutropy_state *state)
{
    const uint64_t count = UINT64_C(1) << cutropy_state_lattice(state)->pixels, first = count / 3;
    const size_t bytes = bytes_of_value(cutropy_state_kind(state));
    char *all = malloc(count * bytes), *some = malloc(count * bytes);
    ck_assert(all && some);
    ck_assert_int_eq(cutropy_state_values(state, 0, count, all), CUTROPY_OK);
    ck_assert_int_eq(cutropy_state_values(state, first, count / 2, some), CUTROPY_OK);
    ck_assert(!memcmp(some, all + first * bytes, count / 2 * bytes));
    ck_assert_int_eq(cutropy_state_values(state, count, 0, some), CUTROPY_OK);
    ck_assert_int_eq(cutropy_state_values(state, count - 1, 2, some), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_state_values(state, count, 1, some), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_state_values(state, 1, UINT64_MAX, some), CUTROPY_EINPUT);
    free(some);
    return all;
}

START_TEST(values_that_were_given)
{
    uint64_t random = 23;
    for (int kind = 0; kind < TEXTURES; kind++)
        for (int pixels = 1; pixels <= 14; pixels += pixels < 6 ? 1 : 4) {
            sample s;
            cutropy_lattice *lattice;
            char name[24];
            if (pixels < 4 && kind != HALF_LABELS && kind != REALS)
                continue;
            sample_draw((texture)kind, pixels, &random, &s);
            snprintf(name, sizeof name, "chain:%d", pixels);
            lattice = must_lattice(name);
            cutropy_problem *problem = must_values(lattice, s.kind, s.values);
            cutropy_state *state = must_state(problem, NULL);
            char *values = values_of(state);
            const uint64_t count = UINT64_C(1) << pixels;
            if (s.kind == CUTROPY_KIND_LABEL || s.kind == CUTROPY_KIND_INTEGER)
                ck_assert(!memcmp(values, s.values, count * bytes_of_value(s.kind)));
            for (uint64_t i = 0; s.numbers && i < count * bytes_of_value(s.kind) / 8; i++)
                ck_assert(((double *)(void *)values)[i] == s.numbers[i]);
            free(values);
            cutropy_state_free(state);
            cutropy_problem_free(problem);
            cutropy_lattice_free(lattice);
            sample_free(&s);
        }
}
END_TEST

/* Amplitudes near both ends of the doubles are stored scaled, and come back as they were. */
START_TEST(extreme_values)
{
    const double given[3][4] = {{0x1p-900, 0x1.8p-880, 0, -0x1p-901},
                                {0x1p900, 0x1.8p1000, 1, -3},
                                {0x1p1000, 0x1p-1000, 0x1p-1060, 0}};
    cutropy_lattice *lattice = must_lattice("chain:2");
    for (int i = 0; i < 3; i++) {
        cutropy_problem *problem = must_values(lattice, CUTROPY_KIND_REAL, given[i]);
        cutropy_state *state = must_state(problem, NULL);
        double *values = values_of(state);
        for (int k = 0; k < 4; k++)
            ck_assert(values[k] == given[i][k]);
        free(values);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* The entropy of the values is the one of the run, for built-in problems of every kind. */
START_TEST(values_of_problems)
{
    static const char *const names[] = {"connected",
                                        "random:density=0.02",
                                        "majority",
                                        "ising",
                                        "random:encoding=pm1",
                                        "cnn",
                                        "rbm",
                                        "mps"};
    cutropy_lattice *lattice = must_lattice("grid:3x3");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cutropy_problem *problem;
        if (cutropy_problem_parse(names[i], lattice, &problem) != CUTROPY_OK)
            continue; /* not on this lattice */
        cutropy_state *state = must_state(problem, NULL);
        const uint64_t mask = 0x1f;
        cutropy_cuts cut = {1, 1, (uint64_t *)(uintptr_t)&mask};
        cutropy_result *result;
        ck_assert_int_eq(cutropy_state_run(state, &cut, NULL, &result), CUTROPY_OK);
        void *values = values_of(state);
        int64_t *integers = malloc(512 * sizeof *integers);
        uint64_t images[512], ones = cutropy_state_ones(state), seen = 0;
        oracle_function f = {.pixels = 9};
        switch (cutropy_state_kind(state)) {
        case CUTROPY_KIND_LABEL:
            ck_assert_int_eq(cutropy_state_images(state, 0, ones, images), CUTROPY_OK);
            for (uint64_t s = 0; s < 512; s++) {
                integers[s] = ((int8_t *)values)[s];
                const int lit = seen < ones && images[seen] == s;
                seen += (uint64_t)lit;
                if (strstr(names[i], "pm1"))
                    ck_assert_int_eq(integers[s], lit ? -1 : 1);
                else
                    ck_assert_int_eq(integers[s], lit);
            }
            ck_assert_uint_eq(seen, ones);
            f.integers = integers;
            break;
        case CUTROPY_KIND_INTEGER:
            f.integers = values;
            break;
        case CUTROPY_KIND_REAL:
            f.reals = values;
            break;
        default:
            f.complexes = values;
        }
        oracle_answer answer;
        oracle_solve(&f, mask, &answer);
        const cutropy_record *record = row_record(result, 0);
        ck_assert(fabs(record->entropy - (double)answer.entropy) <= record->entropy_err + 1e-12);
        ck_assert(fabs(strtod(cutropy_state_norm(state), NULL) / (double)answer.norm - 1) < 1e-14);
        oracle_free(&answer);
        free(integers);
        free(values);
        cutropy_result_free(result);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- images ---- */

/* Every window of places, from a list and from a table. */
START_TEST(images_by_place)
{
    static const char *const names[] = {"random:density=0.001", "random:density=0.3"};
    for (int k = 0; k < 2; k++) {
        cutropy_problem *problem = must_problem(names[k], "chain:14");
        cutropy_state *state = must_state(problem, NULL);
        const uint64_t ones = cutropy_state_ones(state);
        int8_t *values = values_of(state);
        uint64_t *all = malloc((ones + 1) * sizeof *all), *some = malloc((ones + 1) * sizeof *some);
        uint64_t count = 0;
        ck_assert(all && some && ones > 3);
        for (uint64_t s = 0; s < 1 << 14; s++)
            if (values[s])
                all[count++] = s;
        ck_assert_uint_eq(count, ones);
        for (uint64_t first = 0; first <= ones; first += 1 + ones / 50)
            for (uint64_t n = 0; n <= ones - first; n += 1 + ones / 20) {
                ck_assert_int_eq(cutropy_state_images(state, first, n, some), CUTROPY_OK);
                ck_assert(!memcmp(some, all + first, n * sizeof *all));
            }
        ck_assert_int_eq(cutropy_state_images(state, 1, ones, some), CUTROPY_EINPUT);
        ck_assert_int_eq(cutropy_state_images(state, ones + 1, 0, some), CUTROPY_EINPUT);
        ck_assert_int_eq(cutropy_state_images(state, 1, UINT64_MAX, some), CUTROPY_EINPUT);
        free(values);
        free(all);
        free(some);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* A list on more than 64 pixels: images in order, without repetitions, and no numbers for them. */
START_TEST(long_images)
{
    cutropy_lattice *lattice = must_lattice("grid:9x9");
    const uint64_t given[5][2] = {{7, 3}, {9, 0}, {7, 3}, {UINT64_MAX, 0}, {0, 0x1ffff}},
                   sorted[4][2] = {{9, 0}, {UINT64_MAX, 0}, {7, 3}, {0, 0x1ffff}};
    uint64_t images[4][2];
    int8_t value;
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_images("long", lattice, given[0], 5, &problem),
                     CUTROPY_OK);
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_uint_eq(cutropy_state_ones(state), 4);
    ck_assert_str_eq(cutropy_state_norm(state), "4");
    ck_assert_uint_eq(cutropy_state_lattice(state)->words, 2);
    ck_assert_int_eq(cutropy_state_images(state, 0, 4, images[0]), CUTROPY_OK);
    ck_assert(!memcmp(images, sorted, sizeof sorted));
    ck_assert_int_eq(cutropy_state_images(state, 2, 1, images[0]), CUTROPY_OK);
    ck_assert(!memcmp(images[0], sorted[2], sizeof sorted[2]));
    ck_assert_int_eq(cutropy_state_values(state, 0, 1, &value), CUTROPY_EUNSUPPORTED);
    const request rows = {"rows,sites", "tr_rho3", 2, 1, 0, 0};
    cutropy_result *one, *other;
    char *text = table_of(state, problem, &rows, &one),
         *expected = table_of(NULL, problem, &rows, &other);
    ck_assert_str_eq(text, expected);
    free(text);
    free(expected);
    cutropy_result_free(one);
    cutropy_result_free(other);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* 64 pixels: the last image is the largest number of a word. */
START_TEST(last_images)
{
    cutropy_lattice *lattice = must_lattice("chain:64");
    const uint64_t given[3] = {UINT64_MAX, 5, UINT64_MAX - 3};
    int8_t values[8];
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_images("last", lattice, given, 3, &problem), CUTROPY_OK);
    cutropy_state *state = must_state(problem, NULL);
    ck_assert_int_eq(cutropy_state_values(state, UINT64_MAX - 7, 8, values), CUTROPY_OK);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(values[i], i == 4 || i == 7);
    ck_assert_int_eq(cutropy_state_values(state, UINT64_MAX - 7, 9, values), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_state_values(state, 0, 8, values), CUTROPY_OK);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(values[i], i == 5);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(no_images_of_numbers)
{
    cutropy_problem *problem = must_problem("mps", "chain:4");
    cutropy_state *state = must_state(problem, NULL);
    uint64_t image;
    ck_assert_int_eq(cutropy_state_images(state, 0, 1, &image), CUTROPY_EUNSUPPORTED);
    ck_assert_uint_eq(cutropy_state_ones(state), 0);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("state", many_runs_of_one_state, refused_runs, stopped_runs, stops_are_heard_early,
           values_that_were_given, extreme_values, values_of_problems, images_by_place, long_images,
           last_images, no_images_of_numbers)
