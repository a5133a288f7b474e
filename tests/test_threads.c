/* SPDX-License-Identifier: Apache-2.0 */
/* Tables do not depend on the number of threads, to the last byte, nor on what else runs in the
 * process. */
#include <pthread.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/sample.h"
#include "ref/support.h"

#define EXTRAS "renyi:0.5,renyi:3,schmidt_gap,log_negativity,blocks,tr_rho3,spectrum"

static char *table_of(const cutropy_problem *problem, const char *cuts_text, int threads,
                      int symmetry)
{
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    cutropy_result *result = must_run(problem, cuts.masks, cuts.count, EXTRAS, threads, symmetry);
    char *text = must_csv(result);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    return text;
}

static void expect_same(const cutropy_problem *problem, const char *cuts)
{
    static const int threads[] = {1, 2, 3, 7};
    for (int symmetry = 0; symmetry < 2; symmetry++) {
        char *expected = table_of(problem, cuts, 1, symmetry);
        ck_assert(strchr(expected, '\n') != NULL);
        for (size_t k = 0; k < 4; k++) {
            char *text = table_of(problem, cuts, threads[k], symmetry);
            ck_assert_msg(!strcmp(text, expected), "%s, %s: %d threads, symmetry %d: another table",
                          cutropy_problem_text(problem), cuts, threads[k], symmetry);
            free(text);
        }
        free(expected);
    }
}

static void expect_same_named(const char *name, const char *lattice, const char *cuts)
{
    cutropy_problem *problem = must_problem(name, lattice);
    expect_same(problem, cuts);
    cutropy_problem_free(problem);
}

START_TEST(labels)
{
    expect_same_named("random", "grid:3x3", "all");
    expect_same_named("random:seed=3", "chain:14", "half,0x1555");
    expect_same_named("random:encoding=pm1", "chain:12", "prefixes,pairs");
    expect_same_named("random:count=200", "grid:5x4", "rectangles");
    expect_same_named("loops", "links:3x3:torus", "rows,columns,sites");
    expect_same_named("majority", "chain:12", "all");
    expect_same_named("connected", "grid:4x4", "rectangles");
    expect_same_named("primes", "chain:13", "prefixes");
}
END_TEST

START_TEST(amplitudes)
{
    expect_same_named("page", "grid:3x3", "all");
    expect_same_named("page:complex=1", "chain:8", "all");
    expect_same_named("page", "chain:14", "half");
    expect_same_named("page:complex=1", "chain:12", "half,0x555");
    expect_same_named("ising", "grid:3x3:torus", "all");
    expect_same_named("mps:chi=4", "chain:11", "prefixes");
}
END_TEST

START_TEST(arrays)
{
    uint64_t state = 1;
    cutropy_lattice *lattice = must_lattice("grid:3x3");
    for (texture kind = 0; kind < TEXTURES; kind++) {
        sample s;
        sample_draw(kind, 9, &state, &s);
        cutropy_problem *problem = must_values(lattice, s.kind, s.values);
        expect_same(problem, amount(1, 0) ? "all" : "connected:3");
        cutropy_problem_free(problem);
        sample_free(&s);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- several runs at once ---- */

typedef struct job {
    const cutropy_problem *problem;
    char *text;
} job;

static void *work(void *user)
{
    job *j = user;
    for (int repeat = 0; repeat < 3; repeat++) {
        free(j->text);
        j->text = table_of(j->problem, "all", 2, 1);
    }
    return NULL;
}

START_TEST(runs_side_by_side)
{
    static const char *const names[3] = {"random", "page",
                                         "page"}; /* the last two share one problem */
    cutropy_problem *problems[3];
    char *expected[3];
    job jobs[3] = {{0}};
    pthread_t threads[3];
    for (int k = 0; k < 3; k++) {
        problems[k] = k < 2 ? must_problem(names[k], "grid:4x2") : problems[1];
        expected[k] = table_of(problems[k], "all", 1, 1);
        jobs[k].problem = problems[k];
    }
    for (int k = 0; k < 3; k++)
        ck_assert_int_eq(pthread_create(&threads[k], NULL, work, &jobs[k]), 0);
    for (int k = 0; k < 3; k++)
        ck_assert_int_eq(pthread_join(threads[k], NULL), 0);
    for (int k = 0; k < 3; k++) {
        ck_assert_str_eq(jobs[k].text, expected[k]);
        free(jobs[k].text);
        free(expected[k]);
        if (k < 2)
            cutropy_problem_free(problems[k]);
    }
}
END_TEST

CHECK_MAIN("threads", labels, amplitudes, arrays, runs_side_by_side)
