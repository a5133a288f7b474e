/* SPDX-License-Identifier: Apache-2.0 */
/* Solver frontier through the public interface: against enumeration where both can, and against values that other
 * programs found where only it can (tests/data/frontier.csv). */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"

/* What a test runs. */
typedef struct task {
    cutropy_lattice *lattice;
    cutropy_problem *problem;
    cutropy_cuts cuts;
    cutropy_options *options;
} task;

static task start(const char *problem, const char *lattice, const char *cuts, const char *solver)
{
    task t;
    ck_assert_int_eq(cutropy_lattice_parse(lattice, &t.lattice), CUTROPY_OK);
    ck_assert_msg(!cutropy_problem_parse(problem, t.lattice, &t.problem), "%s", cutropy_error());
    ck_assert_msg(!cutropy_cuts_parse(cuts, t.lattice, &t.cuts), "%s", cutropy_error());
    ck_assert_int_eq(cutropy_options_create(&t.options), CUTROPY_OK);
    ck_assert_int_eq(cutropy_options_set(t.options, "solver", solver), CUTROPY_OK);
    ck_assert_int_eq(cutropy_options_set(t.options, "threads", "2"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_options_set(t.options, "backend", "cpu"), CUTROPY_OK);
    return t;
}

static void finish(task *t)
{
    cutropy_options_free(t->options);
    cutropy_cuts_free(&t->cuts);
    cutropy_problem_free(t->problem);
    cutropy_lattice_free(t->lattice);
}

static cutropy_result *run(const task *t)
{
    cutropy_result *result = NULL;
    ck_assert_msg(!cutropy_run(t->problem, &t->cuts, t->options, &result), "%s", cutropy_error());
    return result;
}

static const char *origin(const cutropy_result *r, const char *key)
{
    static char text[64];
    cutropy_result_origin(r, key, text, sizeof text);
    return text;
}

static const char *fraction(const cutropy_result *r, size_t row, char text[512])
{
    ck_assert_uint_lt(cutropy_result_purity_fraction(r, row, text, 512), 512);
    return text;
}

/* ---- where both can ---- */

static void same_rows(const char *name, const cutropy_result *a, const cutropy_result *b)
{
    char text[2][512];
    ck_assert_uint_eq(cutropy_result_rows(a), cutropy_result_rows(b));
    for (size_t i = 0; i < cutropy_result_rows(a); i++) {
        int64_t rank[4];
        bool good = true;
        cutropy_result_rank(a, i, &rank[0], &rank[1]);
        cutropy_result_rank(b, i, &rank[2], &rank[3]);
        for (int side = 0; side < 2; side++)
            good = good && cutropy_result_classes(a, i, side) == cutropy_result_classes(b, i, side);
        good = good && rank[0] == rank[2] && rank[1] == rank[3];
        good = good && !strcmp(fraction(a, i, text[0]), fraction(b, i, text[1]));
        good = good && fabs(cutropy_result_entropy(a, i) - cutropy_result_entropy(b, i)) <=
                           cutropy_result_entropy_error(a, i) + cutropy_result_entropy_error(b, i);
        good = good && cutropy_result_guarantee(a, i) == cutropy_result_guarantee(b, i);
        for (size_t k = 0; k < cutropy_result_quantities(a); k++) { /* blocks, Tr rho^3, the gap */
            const double x = cutropy_result_quantity(a, i, k), y = cutropy_result_quantity(b, i, k),
                         e = cutropy_result_quantity_error(a, i, k) +
                             cutropy_result_quantity_error(b, i, k);
            good = good && fabs(x - y) <= e;
        }
        ck_assert_msg(good, "%s, row %zu", name, i);
    }
}

START_TEST(both_solvers_say_the_same)
{
    static const char *const cases[][3] = {
        {"independent-set", "grid:5x4", "rows,columns,prefixes,half"},
        {"independent-set", "grid:4x4:torus", "rows,columns,prefixes,rectangles"},
        {"connected", "grid:4x4:torus", "rows,columns,prefixes,rectangles"},
        {"percolation", "grid:4x4:torus", "rows,columns,rectangles"},
        {"pixel-loops", "grid:4x4:torus", "rows,columns,prefixes,rectangles"},
        {"still-life", "grid:4x4:torus", "rows,columns,prefixes,rectangles"},
        {"connected", "chain:14:ring", "prefixes,{0,1,5,6}"},
        {"independent-set", "grid:3x4", "all"},
        {"pixel-loops", "grid:4x4", "rectangles,pairs"},
        {"connected", "grid:3x4", "all"},
        {"connected", "grid:5x4", "rectangles"},
        {"percolation", "grid:4x3", "all"},
        {"percolation", "grid:5x4", "columns"},
        {"mirror", "grid:4x3", "all"},
        {"mirror", "grid:4x4", "columns"},
        {"contains:pattern=110/011", "grid:4x3", "all"},
        {"contains:pattern=1011", "chain:10", "all"},
        {"rectangle", "grid:4x3", "all"},
        {"bars-stripes", "grid:4x3", "all"},
        {"bars-stripes", "grid:4x4", "rectangles"},
        {"still-life", "grid:4x3", "all"},
        {"still-life", "grid:4x4", "rectangles"},
        {"independent-set", "chain:17:ring", "prefixes"},
        {"pixel-loops", "grid:5x5", "rows,columns,prefixes"},
        {"connected", "grid:4x5", "rows,columns,prefixes"},
        {"percolation", "grid:5x4", "rows,prefixes"},
        {"mirror", "grid:5x4", "rows,prefixes"},
        {"contains:pattern=110/011", "grid:4x5", "rows,prefixes"},
        {"contains:pattern=1011", "chain:16", "prefixes"},
        {"rectangle", "grid:5x5", "rows,columns,prefixes"},
        {"bars-stripes", "grid:4x5", "rows,columns,prefixes"},
        {"still-life", "grid:5x4", "rows,columns,prefixes"},
        {"parity", "chain:11", "all"},
        {"majority", "grid:3x3", "all"},
        {"threshold:k=4", "links:2x3", "all"},
        {"weight:k=3", "chain:10", "sites,pairs,half"},
        {"ghz", "chain:9", "all"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += (size_t)amount(1, 4)) {
        cutropy_result *result[2];
        for (int frontier = 0; frontier < 2; frontier++) {
            task t =
                start(cases[i][0], cases[i][1], cases[i][2], frontier ? "frontier" : "enumerate");
            ck_assert_int_eq(
                cutropy_options_set(t.options, "quantities", "blocks,tr_rho3,schmidt_gap"),
                CUTROPY_OK);
            result[frontier] = run(&t);
            finish(&t);
        }
        same_rows(cases[i][0], result[0], result[1]);
        char norm[64];
        snprintf(norm, sizeof norm, "%s", origin(result[0], "norm"));
        ck_assert_str_eq(origin(result[1], "norm"), norm);
        ck_assert_str_eq(origin(result[1], "storage"), "automaton");
        for (int frontier = 0; frontier < 2; frontier++)
            cutropy_result_free(result[frontier]);
    }
}
END_TEST

START_TEST(proofs_and_small_values_too)
{
    static const char *const keys[][2] = {
        {"certify", "yes"},
        {"digits", "30"},
        {"quantities", "spectrum,log_negativity,truncation:1e-9"}};
    static const char *const problems[] = {"pixel-loops", "connected"}; /* blocks; halves */
    for (size_t i = 0; i < 2 * sizeof keys / sizeof keys[0]; i++) {
        const char *const *key = keys[i / 2];
        cutropy_result *result[2];
        for (int frontier = 0; frontier < 2; frontier++) {
            task t =
                start(problems[i % 2], "grid:4x4", "rows,prefixes,x>0&x<3&y>0&y<3,{0,5,6,9,15}",
                      frontier ? "frontier" : "enumerate");
            ck_assert_int_eq(cutropy_options_set(t.options, key[0], key[1]), CUTROPY_OK);
            result[frontier] = run(&t);
            finish(&t);
        }
        for (size_t row = 0; row < cutropy_result_rows(result[0]) && i < 4; row++)
            ck_assert_str_eq(cutropy_result_entropy_decimals(result[0], row, 0),
                             cutropy_result_entropy_decimals(result[1], row, 0));
        same_rows(key[0], result[0], result[1]);
        for (int frontier = 0; frontier < 2; frontier++)
            cutropy_result_free(result[frontier]);
    }
}
END_TEST

/* ---- where only automata can ---- */

typedef struct known {
    char problem[24], lattice[16], cut[20], entropy[64], rank[12], classes[2][12], trusted[8],
        purity[512];
} known;

/* The next line of values; false: the end. */
static bool next_known(FILE *file, known *k)
{
    char line[1024], *field[10], *rest = line;
    do {
        if (!fgets(line, sizeof line, file))
            return false;
    } while (*line == '#' || !strncmp(line, "problem,", 8));
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < 10; i++)
        field[i] = strsep(&rest, ",");
    snprintf(k->problem, sizeof k->problem, "%s", field[0]);
    snprintf(k->lattice, sizeof k->lattice, "%s", field[1]);
    snprintf(k->cut, sizeof k->cut, "%s", field[2]);
    snprintf(k->entropy, sizeof k->entropy, "%s", field[3]);
    snprintf(k->rank, sizeof k->rank, "%s", field[4]);
    for (int side = 0; side < 2; side++)
        snprintf(k->classes[side], sizeof k->classes[side], "%s", field[5 + side]);
    snprintf(k->trusted, sizeof k->trusted, "%s", field[7]);
    snprintf(k->purity, sizeof k->purity, "%s", field[9] ? field[9] : "");
    return true;
}

static void check_known(const known *k, const cutropy_result *r, size_t row)
{
    const double off = fabs(cutropy_result_entropy(r, row) - strtod(k->entropy, NULL)),
                 allowed =
                     cutropy_result_entropy_error(r, row) + pow(10, -atof(k->trusted)) + 1e-15;
    int64_t lo, hi;
    char text[512];
    ck_assert_msg(off <= allowed, "%s %s %s: %g off", k->problem, k->lattice, k->cut, off);
    cutropy_result_rank(r, row, &lo, &hi);
    if (*k->rank)
        ck_assert_msg(lo <= atoll(k->rank) && atoll(k->rank) <= hi, "%s %s %s: rank", k->problem,
                      k->lattice, k->cut);
    for (int side = 0; side < 2; side++)
        if (*k->classes[side])
            ck_assert_int_eq(cutropy_result_classes(r, row, side), atoll(k->classes[side]));
    if (*k->purity)
        ck_assert_str_eq(fraction(r, row, text), k->purity);
}

/* Seconds instead of moments: CUTROPY_TEST_LARGE asks for these. */
static bool is_heavy(const known *k, bool small)
{
    int width;
    if (!strcmp(k->cut, "0x3e3e3e3e3e00"))
        return true;
    if (sscanf(k->lattice, "grid:%dx", &width) != 1)
        return small;
    return width > (small                                    ? 6
                    : !strcmp(k->problem, "rectangle")       ? 16
                    : !strcmp(k->problem, "independent-set") ? 12
                                                             : 8);
}

static bool is_region(const known *k)
{
    return !strncmp(k->cut, "0x", 2);
}

/* One run for all rows of a lattice that are known, and for each region. */
START_TEST(known_values)
{
    FILE *file = fopen(CUTROPY_TEST_DIR "/data/frontier.csv", "r");
    const bool small = getenv("CUTROPY_TEST_SMALL") != NULL,
               large = getenv("CUTROPY_TEST_LARGE") != NULL;
    char last[64] = "";
    cutropy_result *result = NULL;
    known k;
    int checked = 0;
    ck_assert_ptr_nonnull(file);
    while (next_known(file, &k)) {
        char name[64];
        snprintf(name, sizeof name, "%s %s", k.problem, k.lattice);
        if (!large && is_heavy(&k, small))
            continue;
        if (strcmp(name, last) || is_region(&k)) {
            task t = start(k.problem, k.lattice,
                           is_region(&k)       ? k.cut
                           : *k.lattice == 'g' ? "rows"
                                               : "prefixes",
                           "frontier");
            cutropy_result_free(result);
            result = run(&t);
            finish(&t);
            strcpy(last, is_region(&k) ? "" : name);
        }
        check_known(&k, result, is_region(&k) ? 0 : (size_t)atoi(strchr(k.cut, ':') + 1) - 1);
        checked++;
    }
    ck_assert_int_ge(checked, large ? 239 : small ? 40 : 189);
    cutropy_result_free(result);
    fclose(file);
}
END_TEST

/* ---- what is chosen, and what is refused ---- */

/* Whatever the number of images with label 1, which another machine may have the memory for. */
START_TEST(chosen_beyond_truth_tables)
{
    static const struct {
        const char *problem, *lattice, *cuts, *storage;
    } cases[] = {{"independent-set", "grid:8x8", "half", "automaton"},
                 {"independent-set", "grid:5x5", "half", "support"},
                 {"rectangle", "grid:8x8", "half", "automaton"},
                 {"weight:k=2", "chain:64", "half", "automaton"},
                 {"rectangle", "grid:8x8", "0x5", "support"},
                 {"connected", "grid:6x6", "0x6", "automaton"},
                 {"pixel-loops", "grid:8x8", "x<3&y<3", "automaton"},
                 {"connected", "grid:5x13", "0x6", "automaton"},
                 {"rectangle", "grid:6x5", "half", "support"},
                 {"connected", "grid:6x6", "half", "automaton"},
                 {"majority", "chain:60", "sites", "automaton"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        task t = start(cases[i].problem, cases[i].lattice, cases[i].cuts, "auto");
        cutropy_result *r = run(&t);
        ck_assert_str_eq(origin(r, "storage"), cases[i].storage);
        cutropy_result_free(r);
        finish(&t);
    }
}
END_TEST

static void refuse(task *t, cutropy_status wanted, const char *message)
{
    cutropy_result *result = NULL;
    ck_assert_int_eq(cutropy_run(t->problem, &t->cuts, t->options, &result), wanted);
    ck_assert_msg(strstr(cutropy_error(), message), "%s", cutropy_error());
    ck_assert_ptr_null(result);
    finish(t);
}

/* By columns alone, and then by rows: one function. */
START_TEST(columns_need_no_rows)
{
    static const char *const cuts[] = {"columns", "rows", "0x6"};
    char sum[64] = "";
    cutropy_plan *plan;
    for (int i = 0; i < 3; i++) {
        task t = start("independent-set", "grid:12x4", cuts[i], "frontier");
        cutropy_result *r = run(&t);
        ck_assert_int_eq(cutropy_make_plan(t.problem, &t.cuts, t.options, &plan), CUTROPY_OK);
        ck_assert(i > 0 || plan->states < 2000); /* 21 levels of rows have more each */
        cutropy_plan_free(plan);
        ck_assert(i == 0 || !strcmp(sum, origin(r, "checksum")));
        snprintf(sum, sizeof sum, "%s", origin(r, "checksum"));
        cutropy_result_free(r);
        finish(&t);
    }
}
END_TEST

/* Regions of a lattice with lines of 30 pixels, along which there would be millions of states, and of its transpose: parts of a line, in
 * both corners and the middle, and the ends of the lattice. */
START_TEST(long_lines_are_not_read_along)
{
    static const char *const cuts[2] = {"0x9249,0x24924,x=1&y<9&y>5,y<2,y>=28,x<2&y<2,y<28&x<3",
                                        "0x3f,y=2&x<6,y=1&x<9&x>5,x<2,x>=28,x<2&y<2,x<28&y<3"};
    static const char *const problems[] = {"connected", "independent-set", "rectangle"};
    for (int p = 0; p < 3; p++) {
        double entropy[2][7];
        for (int wide = 0; wide < 2; wide++) {
            task t = start(problems[p], wide ? "grid:30x3" : "grid:3x30", cuts[wide], "auto");
            cutropy_plan *plan;
            ck_assert_int_eq(cutropy_make_plan(t.problem, &t.cuts, t.options, &plan), CUTROPY_OK);
            ck_assert(plan->states < 60000);
            cutropy_plan_free(plan);
            cutropy_result *r = run(&t);
            for (size_t i = 0; i < 7; i++)
                entropy[wide][i] = cutropy_result_entropy(r, i);
            cutropy_result_free(r);
            finish(&t);
        }
        for (int i = 0; i < 7; i++)
            ck_assert_double_eq_tol(entropy[0][i], entropy[1][i], 1e-11);
        ck_assert_double_eq_tol(entropy[0][3], entropy[0][4],
                                1e-11); /* one is the other's mirror */
        ck_assert_double_eq_tol(entropy[0][3], entropy[0][6], 1e-11); /* its complement */
    }
    /* a line along the lattice fails alone: the others have their numbers */
    cutropy_result *r = NULL;
    task t = start("connected", "grid:30x3", "rows,{0-2}", "auto");
    ck_assert_int_eq(cutropy_options_set(t.options, "memory", "20M"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_run(t.problem, &t.cuts, t.options, &r), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(r);
    ck_assert_double_eq_tol(cutropy_result_entropy(r, 2), 1.301035919, 1e-4); /* of 12x3 */
    cutropy_result_free(r);
    finish(&t);
}
END_TEST

START_TEST(what_it_cannot_is_refused)
{
    task t = start("connected", "grid:4x4", "rows,0x3", "frontier");
    cutropy_result *result = run(&t);
    cutropy_result_free(result);
    finish(&t);
    t = start("connected", "grid:8x8", "x>1&x<6&y>1&y<6", "frontier");
    ck_assert_int_eq(cutropy_options_set(t.options, "memory", "10M"), CUTROPY_OK);
    refuse(&t, CUTROPY_EMEMORY, "that reads region A first");
    t = start("connected:encoding=pm1", "grid:4x4:torus", "rows", "frontier");
    refuse(&t, CUTROPY_EUNSUPPORTED, "no frontier automaton on grid:4x4:torus");
    t = start("connected:encoding=pm1", "grid:5x13:torus", "0x5", "auto");
    refuse(&t, CUTROPY_EINPUT, "65 pixels; at most 64 can be enumerated");
    t = start("still-life", "grid:7x7:torus", "half", "auto"); /* neither fits */
    ck_assert_int_eq(cutropy_options_set(t.options, "memory", "1M"), CUTROPY_OK);
    refuse(&t, CUTROPY_EMEMORY, "--solver frontier");
    t = start("random", "grid:4x4", "rows", "frontier");
    refuse(&t, CUTROPY_EUNSUPPORTED, "no frontier automaton");
    t = start("contains:pattern=111/111/111", "grid:8x8", "rows", "frontier");
    ck_assert_int_eq(cutropy_options_set(t.options, "memory", "10M"), CUTROPY_OK);
    refuse(&t, CUTROPY_EMEMORY, "--memory");
}
END_TEST

START_TEST(images_are_not_there)
{
    task t = start("connected", "grid:4x4", "rows", "frontier");
    cutropy_state *state = NULL;
    cutropy_ranges *ranges = NULL;
    int8_t value;
    uint64_t image;
    ck_assert_int_eq(cutropy_state_open(t.problem, t.options, &state), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_state_ones(state), 11506);
    ck_assert_int_eq(cutropy_state_values(state, 0, 1, &value), CUTROPY_EUNSUPPORTED);
    ck_assert_int_eq(cutropy_state_images(state, 0, 1, &image), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "solver enumerate"));
    ck_assert_int_eq(cutropy_ranges_run(t.problem, &t.cuts, t.options, &ranges), CUTROPY_OK);
    cutropy_ranges_free(ranges); /* which pairs of states have */
    cutropy_result *result = NULL;
    ck_assert_int_eq(cutropy_options_set(t.options, "solver", "enumerate"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_state_run(state, &t.cuts, t.options, &result), CUTROPY_EUNSUPPORTED);
    ck_assert_int_eq(cutropy_options_set(t.options, "solver", "auto"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_state_run(state, &t.cuts, t.options, &result), CUTROPY_OK);
    cutropy_result_free(result);
    cutropy_state_free(state);
    finish(&t);
}
END_TEST

/* States of all levels by hand: chain:3 with one lit pixel at most read so far, 1 2 2 1. */
START_TEST(plans_are_those_of_the_automata)
{
    static const struct {
        const char *problem, *lattice, *cuts, *solver;
        uint64_t states, largest, distinct;
    } cases[] = {{"weight:k=1", "chain:3", "prefixes", "frontier", 6, 2, 2},
                 {"connected", "grid:8x8", "rows", "auto", 0, 836, 7},
                 {"independent-set", "grid:12x12", "half", "auto", 0, 377, 1},
                 {"connected", "grid:8x8", "x>2&x<6&y>2&y<6", "auto", 0, 380, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        task t = start(cases[i].problem, cases[i].lattice, cases[i].cuts, cases[i].solver);
        cutropy_plan *plan = NULL;
        MUST(cutropy_make_plan(t.problem, &t.cuts, t.options, &plan));
        ck_assert_str_eq(plan->storage, "automaton");
        ck_assert(cases[i].states ? plan->states == cases[i].states : plan->states > 1000);
        ck_assert_uint_eq(plan->largest_matrix, cases[i].largest);
        ck_assert_uint_eq(plan->distinct_cuts, cases[i].distinct);
        ck_assert_uint_eq(plan->images, 0);
        ck_assert(plan->fits && plan->workspace_bytes > 8 * cases[i].largest);
        cutropy_plan_free(plan);
        finish(&t);
    }
    task t = start("connected", "grid:8x8", "x>1&x<6&y>1&y<6", "frontier");
    cutropy_plan *plan;
    ck_assert_int_eq(cutropy_options_set(t.options, "memory", "10M"), CUTROPY_OK);
    ck_assert_int_eq(cutropy_make_plan(t.problem, &t.cuts, t.options, &plan), CUTROPY_EMEMORY);
    ck_assert_ptr_null(plan);
    finish(&t);
}
END_TEST

START_TEST(it_can_be_stopped)
{
    task t = start("connected", "grid:8x8", "rows", "frontier");
    cutropy_options_set_progress(t.options, stop_at_once, NULL);
    refuse(&t, CUTROPY_ECANCELLED, "stopped");
}
END_TEST

/* Levels, Gram matrices, halves, answers, with and without proofs: whatever is refused, nothing is lost. Steps grow, as the
 * same places come again for every cut. */
START_TEST(allocations_fail)
{
    for (int certify = 0; certify < 2; certify++) {
        bool fired = true;
        for (long k = 0; fired; k += 1 + k / 40) {
            cutropy_result *result = NULL;
            failing_allocator_start(-1);
            task t = start("connected", "grid:4x4", "0xff", "frontier");
            ck_assert_int_eq(cutropy_options_set(t.options, "threads", "1"), CUTROPY_OK);
            ck_assert_int_eq(cutropy_options_set(t.options, "certify", certify ? "yes" : "no"),
                             CUTROPY_OK);
            failing_allocator_start(k);
            const cutropy_status status = cutropy_run(t.problem, &t.cuts, t.options, &result);
            fired = failing_allocator_stop();
            ck_assert_msg(status == CUTROPY_OK || (fired && status == CUTROPY_EMEMORY), "%ld: %s",
                          k, cutropy_error());
            cutropy_result_free(result);
            finish(&t);
            ck_assert_int_eq(failing_allocator_live(), 0);
        }
    }
}
END_TEST

CHECK_MAIN("frontier", both_solvers_say_the_same, proofs_and_small_values_too, known_values,
           chosen_beyond_truth_tables, columns_need_no_rows, long_lines_are_not_read_along,
           what_it_cannot_is_refused, images_are_not_there, plans_are_those_of_the_automata,
           it_can_be_stopped, allocations_fail)
