/* SPDX-License-Identifier: Apache-2.0 */
/* What cutropy_run does with masks, options and callers that are unusual. */
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "ref/support.h"

static cutropy_status run_masks(const cutropy_problem *problem, uint64_t *masks, size_t count,
                                const cutropy_options *options, cutropy_result **result)
{
    cutropy_cuts cuts = {1, count, masks};
    *result = (cutropy_result *)&cuts; /* must be overwritten */
    return cutropy_run(problem, &cuts, options, result);
}

START_TEST(refused)
{
    cutropy_problem *problem = must_problem("random", "chain:5");
    cutropy_options options = ct_default_options();
    cutropy_result *result;
    uint64_t outside[2] = {0x3, 0x23}, inside[1] = {0x3};
    ck_assert_int_eq(run_masks(problem, inside, 0, &options, &result), CUTROPY_EINPUT);
    ck_assert_ptr_null(result);
    ck_assert_msg(run_masks(problem, outside, 2, &options, &result) == CUTROPY_EINPUT,
                  "a mask outside the lattice");
    ck_assert_ptr_null(result);
    options.backend = "no such backend";
    ck_assert_int_eq(run_masks(problem, inside, 1, &options, &result), CUTROPY_EINPUT);
    ck_assert_ptr_null(result);
    cutropy_problem_free(problem);
}
END_TEST

/* Repeated masks and complements are rows of their own. */
START_TEST(repeated_masks)
{
    cutropy_problem *problem = must_problem("random", "chain:6");
    const uint64_t masks[4] = {5, 0x3a, 5, 0x3a};
    cutropy_result *result = must_run(problem, masks, 4, NULL, 1, 1);
    ck_assert_uint_eq(result->record_count, 1);
    for (size_t row = 0; row < 4; row++) {
        ck_assert_int_eq(result->rows[row].na, row % 2 ? 4 : 2);
        ck_assert_int_eq(row_classes(result, row, 0), row_classes(result, 0, (int)row % 2));
    }
    cutropy_result_free(result);
    cutropy_problem_free(problem);
}
END_TEST

typedef struct patience {
    int calls, limit;
} patience;

static int give_up(const char *stage, uint64_t done, uint64_t total, void *user)
{
    patience *p = user;
    ck_assert(!strcmp(stage, "evaluate") || !strcmp(stage, "cuts"));
    ck_assert_uint_le(done, total);
    return ++p->calls >= p->limit;
}

/* Every line of the part stands in the whole, in the same order, after a comment that says it is a
 * part. */
static void expect_part(const char *part, const char *whole)
{
    if (*part == '#')
        part += strcspn(part, "\n") + 1;
    while (*part) {
        size_t length = strcspn(part, "\n") + 1;
        while (*whole && strncmp(part, whole, length))
            whole += strcspn(whole, "\n") + 1;
        ck_assert_msg(*whole, "a line that the full table lacks: %.*s", (int)length, part);
        part += length;
    }
}

START_TEST(cancelled)
{
    cutropy_problem *problem = must_problem("random", "grid:4x3");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_result *all = must_run(problem, cuts.masks, cuts.count, NULL, 1, 1);
    char *whole = must_csv(all);
    for (int limit = 1; limit <= 4; limit++)
        for (int threads = 1; threads <= 2; threads++) {
            patience p = {0, limit};
            cutropy_options options = ct_default_options();
            cutropy_result *result = NULL;
            options.threads = threads;
            options.progress = give_up;
            options.user = &p;
            cutropy_status status = cutropy_run(problem, &cuts, &options, &result);
            ck_assert_msg(status == CUTROPY_ECANCELLED || status == CUTROPY_OK, "status %d",
                          (int)status);
            if (result) {
                ck_assert_int_eq(result->complete, status == CUTROPY_OK);
                char *part = must_csv(result);
                expect_part(part, whole);
                free(part);
            }
            cutropy_result_free(result);
        }
    free(whole);
    cutropy_result_free(all);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* More threads than any machine starts: refused or cut down, the numbers stay. */
START_TEST(many_threads)
{
    cutropy_problem *problem = must_problem("random", "chain:8");
    uint64_t mask = 0xf;
    cutropy_result *one = must_run(problem, &mask, 1, NULL, 1, 1), *many = NULL;
    cutropy_options options = ct_default_options();
    options.threads = 100000;
    cutropy_status status = run_masks(problem, &mask, 1, &options, &many);
    if (status == CUTROPY_OK)
        ck_assert(row_record(many, 0)->entropy == row_record(one, 0)->entropy);
    else
        ck_assert_int_eq(status, CUTROPY_EINPUT);
    cutropy_result_free(one);
    cutropy_result_free(many);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("run_arguments", refused, repeated_masks, cancelled, many_threads)
