/* SPDX-License-Identifier: Apache-2.0 */
/* One cut that fails does not end a run: the others are the same as without it, the row says
 * `failed`, and the run returns the status of the failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/run/run.h"
#include "ref/support.h"

/* The eigenvalues of the CPU, but for matrices of one dimension. */
static int64_t planted;

static cutropy_status picky_eigenvalues(size_t count, const ct_eigen_job *jobs,
                                        const ct_watch *watch, int threads)
{
    for (size_t i = 0; i < count; i++)
        if (jobs[i].n == planted)
            return ct_fail(CUTROPY_ENUMERIC, "a planted failure");
    return ct_operations_cpu()->eigenvalues(count, jobs, watch, threads);
}

static const ct_operations *picky(int64_t n)
{
    static ct_operations operations;
    operations = *ct_operations_cpu();
    operations.eigenvalues = picky_eigenvalues;
    ck_assert_int_eq(operations.start(1), CUTROPY_OK);
    planted = n;
    return &operations;
}

static char *table_text(const cutropy_result *result, cutropy_format format)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(cutropy_write(result, format, CUTROPY_BASE_BITS, file), CUTROPY_OK);
    fclose(file);
    return text;
}

/* Records that are done are those of `expected`; the number of failed ones. */
static size_t count_failed(const cutropy_result *got, const cutropy_result *expected,
                           cutropy_status status, const char *why)
{
    size_t failed = 0;
    ck_assert_uint_eq(got->record_count, expected->record_count);
    for (size_t i = 0; i < got->record_count; i++) {
        const cutropy_record *a = &got->records[i], *b = &expected->records[i];
        ck_assert_msg(a->done != (a->failed != 0), "record %zu has no end, or two", i);
        if (a->failed) {
            ck_assert_int_eq(a->failed, (int)status);
            ck_assert_msg(strstr(a->failure, why) != NULL, "%s", a->failure);
            failed++;
            continue;
        }
        ck_assert(a->entropy == b->entropy && a->entropy_err == b->entropy_err);
        ck_assert(a->rank_lo == b->rank_lo && a->purity == b->purity);
        ck_assert_ptr_null(a->failure);
    }
    return failed;
}

START_TEST(eigenvalues_that_fail)
{
    cutropy_problem *problem = must_problem("random", "chain:9");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *expected = must_solve(problem, &cuts, &options);
    for (int threads = 1; threads <= 3; threads++)
        for (int certify = 0; certify < 2; certify++) {
            cutropy_result *result = NULL;
            options.threads = threads;
            options.certify = certify;
            const cutropy_status status = ct_run_on(picky(16), problem, &cuts, &options, &result);
            ck_assert_int_eq(status, CUTROPY_ENUMERIC);
            ck_assert_msg(strstr(cutropy_error(), "different cuts failed: a planted failure") !=
                              NULL,
                          "%s", cutropy_error());
            ck_assert_ptr_nonnull(result);
            ck_assert(!result->complete);
            size_t failed = 0, four = 0;
            for (size_t i = 0; i < result->record_count; i++)
                failed += result->records[i].failed != 0;
            if (!certify)
                ck_assert_uint_eq(
                    count_failed(result, expected, CUTROPY_ENUMERIC, "a planted failure"), failed);
            for (size_t row = 0; row < result->count; row++) {
                cutropy_status why;
                const char *failure = cutropy_result_failure(result, row, &why);
                if (failure)
                    ck_assert_str_eq(failure, "a planted failure");
                ck_assert_int_eq(why, failure ? CUTROPY_ENUMERIC : CUTROPY_OK);
                ck_assert(cutropy_result_done(result, row) == !failure);
                four += result->rows[row].na == 4 && failure;
            }
            ck_assert_msg(four > 50, "%zu cuts of four pixels failed", four);
            cutropy_result_free(result);
        }
    cutropy_result_free(expected);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* Nothing is left where all fail, and the message is that of the failure. */
START_TEST(all_fail)
{
    cutropy_problem *problem = must_problem("random", "chain:8");
    cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *result = NULL;
    ck_assert_int_eq(ct_run_on(picky(16), problem, &cuts, &options, &result), CUTROPY_ENUMERIC);
    ck_assert_str_eq(cutropy_error(), "a planted failure");
    ck_assert_ptr_null(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* Cuts whose matrices do not fit keep their status. */
START_TEST(too_large)
{
    cutropy_problem *problem = must_problem("random", "chain:14");
    cutropy_cuts cuts = must_cuts("prefixes", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *expected = NULL, *result = NULL;
    expected = must_solve(problem, &cuts, &options);
    options.memory_limit = 100000; /* 128 x 128 numbers are more */
    options.threads = 1;
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(result);
    ck_assert_uint_eq(count_failed(result, expected, CUTROPY_EMEMORY, "a Gram matrix of dimension"),
                      1);
    char *csv = table_text(result, CUTROPY_FORMAT_CSV),
         *json = table_text(result, CUTROPY_FORMAT_JSON);
    const char *row = strstr(csv, "\n0x7f,");
    ck_assert_msg(row && !strncmp(row, "\n0x7f,7,1,,,failed,,,,,,,\n", 26), "%s", csv);
    ck_assert_ptr_nonnull(strstr(json, "\"failures\""));
    ck_assert_ptr_nonnull(strstr(json, "\"cut\": \"0x7f\""));
    ck_assert_ptr_nonnull(strstr(json, "a Gram matrix of dimension"));
    free(csv);
    free(json);
    csv = table_text(expected, CUTROPY_FORMAT_CSV);
    ck_assert_ptr_null(strstr(csv, "failed"));
    free(csv);
    cutropy_result_free(expected);
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("failures", eigenvalues_that_fail, all_fail, too_large)
