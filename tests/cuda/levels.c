/* SPDX-License-Identifier: Apache-2.0 */
#include "levels.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "engine/function/options.h"
#include "engine/run/run.h"
#include "frontier/automaton.h"
#include "frontier/level_walk.h"
#include "frontier/strip.h"
#include "ref/support.h"

#define PLENTY (UINT64_C(1) << 30)

/* Blocks that stay whole (independent-set, connected), fall apart (pixel-loops), many words (majority), a torus. */
static const char *const automata[][2] = {{"independent-set", "grid:4x4"},
                                          {"connected", "grid:3x4"},
                                          {"pixel-loops", "grid:4x4"},
                                          {"percolation", "grid:3x4"},
                                          {"majority", "chain:70"},
                                          {"still-life", "grid:3x3"},
                                          {"contains:pattern=11", "grid:4x3"},
                                          {"percolation", "grid:3x3:torus"}};

static bool same(const void *a, const void *b, size_t count, size_t size)
{
    return !memcmp(a, b, count * size);
}

static void compare_level(const char *name, int k, const ct_level_gram *got,
                          const ct_level_gram *expected)
{
    const size_t count = (size_t)expected->count, blocks = (size_t)expected->blocks;
    ck_assert_msg(got->count == expected->count && got->blocks == expected->blocks &&
                      got->words == expected->words,
                  "%s, level %d: %d states in %d blocks of %zu words instead of %d in %d of %zu",
                  name, k, got->count, got->blocks, got->words, expected->count, expected->blocks,
                  expected->words);
    ck_assert_msg(same(got->block, expected->block, count, sizeof *got->block) &&
                      same(got->place, expected->place, count, sizeof *got->place) &&
                      same(got->size, expected->size, blocks, sizeof *got->size) &&
                      same(got->start, expected->start, blocks + 1, sizeof *got->start),
                  "%s, level %d: other blocks", name, k);
    ck_assert_msg(same(got->entry, expected->entry, expected->start[blocks] * expected->words,
                       sizeof *got->entry),
                  "%s, level %d: other entries", name, k);
}

/* The levels of `every` are read, so that those between them never come to the host. */
static void compare_walk(const char *name, const ct_reading *reading, int side, int every,
                         const ct_level_device *device)
{
    ct_level_walk walk = {.levels = &reading->side[side],
                          .counts = &reading->count[side],
                          .device = device,
                          .memory_limit = PLENTY,
                          .threads = 1};
    ct_level_gram g;
    ck_assert_int_eq(ct_level_gram_start(&g), CUTROPY_OK);
    ck_assert_int_eq(ct_level_walk_start(&walk), CUTROPY_OK);
    for (int k = walk.levels->pixels - 1; k >= 0; k--) {
        const cutropy_status status = ct_level_walk_step(&walk, k);
        ck_assert_msg(status == CUTROPY_OK, "%s, level %d: %s", name, k, cutropy_error());
        ck_assert_ptr_nonnull(walk.matrix);
        ck_assert_ptr_null(walk.g.entry);
        ck_assert_int_eq(ct_level_gram_step(walk.levels, k, PLENTY, 1, &g), CUTROPY_OK);
        if (k % every)
            continue;
        ck_assert_int_eq(ct_level_walk_read(&walk, k), CUTROPY_OK);
        compare_level(name, k, &walk.g, &g);
    }
    ct_level_gram_free(&g);
    ct_level_walk_end(&walk);
}

/* Rows of bounds of a strip without end. */
static void compare_strip(const char *name, const char *lattice, const ct_level_device *device)
{
    cutropy_problem *problem = must_problem(name, lattice);
    const ct_strip_how how[2] = {{.memory_limit = PLENTY, .threads = 1},
                                 {.memory_limit = PLENTY, .threads = 1, .device = device}};
    ct_strip *strip = NULL;
    ct_level_gram g[2];
    double gap[2];
    bool there[2];
    ck_assert_int_eq(ct_strip_open(problem, PLENTY, 1, NULL, &strip), CUTROPY_OK);
    for (int k = 0; k < 2; k++)
        ck_assert_int_eq(ct_strip_gram_start(strip, PLENTY, &g[k]), CUTROPY_OK);
    for (int row = 1; row <= 4; row++) {
        for (int k = 0; k < 2; k++)
            ck_assert_int_eq(ct_strip_gram_row(strip, &how[k], 0, 0, &g[k], &gap[k], &there[k]),
                             CUTROPY_OK);
        ck_assert(!there[0] && there[1]);
        ck_assert(gap[0] == gap[1]);
        compare_level(name, row, &g[1], &g[0]);
    }
    for (int k = 0; k < 2; k++)
        ct_level_gram_free(&g[k]);
    ct_strip_close(strip);
    cutropy_problem_free(problem);
}

void levels_compare(const ct_operations *backend)
{
    ck_assert_int_eq(setenv("CUTROPY_CUDA_LEVEL", "0", 1), 0);
    for (size_t i = 0; i < sizeof automata / sizeof *automata; i++) {
        cutropy_problem *problem = must_problem(automata[i][0], automata[i][1]);
        const ct_automaton_options how = {.memory_limit = PLENTY};
        ct_automaton *a = NULL;
        ck_assert_int_eq(ct_automaton_open(problem, false, &how, &a), CUTROPY_OK);
        compare_walk(automata[i][0], &a->reading[CT_BY_ROWS], 0, 1, backend->levels);
        compare_walk(automata[i][0], &a->reading[CT_BY_ROWS], 1, 5, backend->levels);
        ct_automaton_close(a);
        cutropy_problem_free(problem);
    }
    compare_strip("independent-set", "5xinf", backend->levels);
    compare_strip("pixel-loops", "3xinf:cylinder", backend->levels);
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_LEVEL"), 0);
}

char *levels_table(const ct_operations *backend, const char *name, const char *lattice,
                   const char *cuts_text, char *who, cutropy_status *status)
{
    cutropy_problem *problem = must_problem(name, lattice);
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL;
    char *table = NULL;
    options.threads = 2;
    options.solver = CT_SOLVE_FRONTIER;
    options.certify = !strstr(lattice, "inf");
    *status = ct_run_on(backend, problem, &cuts, &options, &result);
    if (*status == CUTROPY_OK) {
        strcpy(who, result->backend);
        table = must_csv(result);
    }
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    return table;
}

static void compare_tables(const ct_operations *backend, const char *name, const char *lattice,
                           const char *cuts, const char *expected_who)
{
    cutropy_status status;
    char who[2][48];
    char *expected = levels_table(ct_operations_cpu(), name, lattice, cuts, who[0], &status),
         *got = NULL;
    ck_assert_msg(expected != NULL, "%s: %s", name, cutropy_error());
    got = levels_table(backend, name, lattice, cuts, who[1], &status);
    ck_assert_msg(got != NULL, "%s: status %d: %s", name, (int)status, cutropy_error());
    ck_assert_msg(!strcmp(got, expected), "%s:\n%s\n%s", name, got, expected);
    ck_assert_str_eq(who[1], expected_who);
    free(expected);
    free(got);
}

void levels_tables(const ct_operations *backend)
{
    static const char *const cuts[] = {"rows", "prefixes", "half", "0x3,0x33,0x70"};
    ck_assert_int_eq(setenv("CUTROPY_CUDA_LEVEL", "0", 1), 0);
    for (size_t i = 0; i < sizeof automata / sizeof *automata; i++) {
        const bool chain = strstr(automata[i][1], "chain"), all = chain || i % 4 != 3;
        compare_tables(backend, automata[i][0], automata[i][1], chain ? "half" : cuts[i % 4],
                       all ? "cuda (Gram matrices; cuts on the cpu)"
                           : "cuda (some Gram matrices; cuts on the cpu)");
    }
    compare_tables(backend, "independent-set", "6xinf", "half",
                   "cuda (Gram matrices; cuts on the cpu)");
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_LEVEL"), 0);
}
