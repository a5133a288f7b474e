/* SPDX-License-Identifier: Apache-2.0 */
/* The bench: whether it refuses answers that differ, medians, shares that are possible, and what its tables hold. Times
 * themselves are nobody's test. */
#include <math.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/bench/bench.h"
#include "analysis/bench/bench_agree.h"
#include "engine/function/result.h"

#include "check_main.h"
#include "ref/support.h"

static const ct_bench_case cases[] = {
    {"random", "random:seed=3", {"4x3", "3x3"}, "sites,half", false, false},
    {"rows", "independent-set", {"4x4", "3x4"}, "rows", false, true},
    {"page", "page:seed=2", {"chain:10", "chain:8"}, "half", true, false}};
static const ct_bench_series series[] = {
    {"growth", "random:seed=1", "half", {"chain:6", "chain:8", "chain:10"}, 3}};
static const ct_bench_list list = {cases, series, 3, 1, true}, few = {cases, series, 3, 1, false};

static cutropy_options on_cpu(int threads)
{
    cutropy_options options = ct_default_options();
    options.threads = threads;
    options.backend = "cpu";
    return options;
}

/* A run of a problem, to be compared with others. */
static cutropy_result *run(const char *name, const char *cuts_text, int threads)
{
    cutropy_result *result;
    const cutropy_options options = on_cpu(threads);
    cutropy_lattice *lattice = must_lattice("3x3");
    cutropy_problem *problem = must_problem_on(name, lattice);
    cutropy_cuts cuts = must_cuts(cuts_text, lattice);
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_OK);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return result;
}

START_TEST(medians)
{
    double odd[] = {3, 1, 2}, even[] = {4, 1, 2, 9};
    ck_assert_double_eq(ct_bench_median(odd, 3).median, 2);
    ck_assert_double_eq(ct_bench_median(odd, 3).spread, 1);
    ck_assert_double_eq(ct_bench_median(even, 4).median, 3);
    ck_assert_double_eq(ct_bench_median(even, 4).spread, 6);
    ck_assert_double_nan(ct_bench_median(odd, 0).median);
}
END_TEST

/* Each number that may differ, by hand. */
START_TEST(disagreement_is_found)
{
    double difference;
    cutropy_result *a = run("random:seed=1", "half,sites", 1);
    cutropy_result *b = run("random:seed=1", "half,sites", 2);
    cutropy_record *record = &b->records[cutropy_result_record(b, 0)];
    const cutropy_record kept = *record;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_OK);
    record->entropy += 1e-9;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_EINTERNAL);
    ck_assert_str_eq(cutropy_error(), "b disagrees with the first way on cut 0xf: entropy");
    *record = kept;
    record->entropy += 0.5 * record->entropy_err;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_OK);
    ck_assert_double_gt(difference, 0);
    *record = kept;
    record->classes[1]++;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_EINTERNAL);
    *record = kept;
    record->rank_lo = record->rank_hi = kept.rank_hi + 1;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_EINTERNAL);
    *record = kept;
    record->purity_exact.p[0]++;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_EINTERNAL);
    *record = kept;
    record->renyi2 += 1e-9;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_EINTERNAL);
    *record = kept;
    record->done = 0;
    ck_assert_int_eq(ct_bench_agree(a, b, "b", &difference), CUTROPY_EINTERNAL);
    *record = kept;
    cutropy_result_free(a);
    cutropy_result_free(b);
}
END_TEST

static double real_of(const cutropy_sheet *sheet, size_t row, const char *name)
{
    double value = NAN, error;
    cutropy_sheet_real(sheet, row, cutropy_sheet_find(sheet, name), &value, &error);
    return value;
}

/* A shared machine may be slow at any moment, but stages are part of the whole, and nobody beats a ceiling a thousand times. */
START_TEST(a_small_bench)
{
    cutropy_bench *bench;
    cutropy_sheet *sheet;
    char text[64];
    const cutropy_options options = on_cpu(1);
    ck_assert_int_eq(ct_bench_run(&list, true, &options, &bench), CUTROPY_OK);
    ck_assert_int_eq(cutropy_bench_complete(bench), 1);
    ck_assert_str_eq(cutropy_bench_without_cuda(bench), "");
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_TIMES, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 4); /* one thread; automata for the rows */
    for (size_t row = 0; row < 4; row++) {
        ck_assert_double_gt(real_of(sheet, row, "seconds"), 0);
        ck_assert_double_gt(real_of(sheet, row, "speedup"), 0);
        ck_assert(!(real_of(sheet, row, "gram_share") >= 1000));
        ck_assert_double_le(real_of(sheet, row, "difference"), 1e-13);
    }
    ck_assert_double_gt(real_of(sheet, 0, "gram_share"), 0);
    ck_assert_double_gt(real_of(sheet, 0, "eigenvalues_share"), 0);
    ck_assert_double_eq(real_of(sheet, 0, "speedup"), 1);
    ck_assert_double_gt(real_of(sheet, 3, "proofs"), 0);
    cutropy_sheet_text(sheet, 2, cutropy_sheet_find(sheet, "solver"), text, sizeof text);
    ck_assert_str_eq(text, "frontier");
    cutropy_sheet_free(sheet);
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_CEILINGS, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), CT_CEILINGS);
    for (size_t row = 0; row < CT_CEILINGS; row++)
        ck_assert_double_gt(real_of(sheet, row, "one_thread"), 1e6);
    cutropy_sheet_free(sheet);
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_GROWTH, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 1);
    ck_assert(isfinite(real_of(sheet, 0, "exponent")));
    cutropy_sheet_free(sheet);
    cutropy_bench_free(bench);
}
END_TEST

static int stop_at(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)total;
    const int *cases_before = user;
    return !strcmp(stage, "bench") && done >= (uint64_t)*cases_before;
}

START_TEST(what_was_finished_stays)
{
    cutropy_bench *bench;
    cutropy_sheet *sheet;
    int before = 0;
    cutropy_options options = on_cpu(1);
    cutropy_options_set_progress(&options, stop_at, &before);
    ck_assert_int_eq(ct_bench_run(&few, true, &options, &bench), CUTROPY_ECANCELLED);
    ck_assert_ptr_null(bench);
    before = 1;
    ck_assert_int_eq(ct_bench_run(&few, true, &options, &bench), CUTROPY_ECANCELLED);
    ck_assert_ptr_nonnull(bench);
    ck_assert_int_eq(cutropy_bench_complete(bench), 0);
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_SUMMARY, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 1);
    ck_assert_str_eq(cutropy_sheet_partial(sheet), "1 times");
    cutropy_sheet_free(sheet);
    cutropy_bench_free(bench);
}
END_TEST

/* A way that cannot says why, and the others go on. */
START_TEST(a_way_that_cannot)
{
    static const ct_bench_case unable = {"no automaton", "random:seed=3", {"3x3", "3x3"},
                                         "half",         false,           true};
    static const ct_bench_list alone = {&unable, NULL, 1, 0, false};
    cutropy_bench *bench;
    cutropy_sheet *sheet;
    char text[256];
    const cutropy_options options = on_cpu(1);
    ck_assert_int_eq(ct_bench_run(&alone, true, &options, &bench), CUTROPY_OK);
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_SUMMARY, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 2);
    ck_assert_double_gt(real_of(sheet, 0, "seconds"), 0);
    ck_assert_double_nan(real_of(sheet, 1, "seconds"));
    ck_assert_int_gt(
        cutropy_sheet_text(sheet, 1, cutropy_sheet_find(sheet, "note"), text, sizeof text), 0);
    ck_assert_ptr_nonnull(strstr(text, "automat"));
    cutropy_sheet_free(sheet);
    cutropy_bench_free(bench);
}
END_TEST

/* Where memory ends a way says so, a series ends, and what there is stays. */
START_TEST(little_memory)
{
    static const ct_bench_case large = {"large", "random:seed=3", {"chain:22", "chain:22"},
                                        "half",  false,           false};
    static const ct_bench_series longer[] = {
        {"growth", "random:seed=1", "half", {"chain:8", "chain:10", "chain:12", "chain:22"}, 4}};
    static const ct_bench_list both = {&large, longer, 1, 1, false};
    cutropy_bench *bench;
    cutropy_sheet *sheet;
    char text[256];
    int64_t low, high;
    cutropy_options options = on_cpu(2);
    options.memory_limit = 1 << 20;
    ck_assert_int_eq(ct_bench_run(&both, true, &options, &bench), CUTROPY_OK);
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_TIMES, &sheet), CUTROPY_OK);
    ck_assert_uint_eq(cutropy_sheet_rows(sheet), 2); /* one thread, two threads */
    for (size_t row = 0; row < 2; row++) {
        ck_assert_double_nan(real_of(sheet, row, "seconds"));
        cutropy_sheet_text(sheet, row, cutropy_sheet_find(sheet, "note"), text, sizeof text);
        ck_assert_ptr_nonnull(strstr(text, "memory"));
    }
    cutropy_sheet_free(sheet);
    ck_assert_int_eq(cutropy_bench_sheet(bench, CUTROPY_BENCH_GROWTH, &sheet), CUTROPY_OK);
    ck_assert(cutropy_sheet_integer(sheet, 0, cutropy_sheet_find(sheet, "largest"), &low, &high));
    ck_assert_int_eq(low, 12);
    ck_assert(isfinite(real_of(sheet, 0, "exponent")));
    cutropy_sheet_free(sheet);
    cutropy_bench_free(bench);
}
END_TEST

START_TEST(bad_requests)
{
    cutropy_bench *bench;
    cutropy_bench_options what = CUTROPY_BENCH_OPTIONS;
    cutropy_options options = on_cpu(1);
    what.size += 8;
    ck_assert_int_eq(cutropy_bench_run(&what, &options, &bench), CUTROPY_EINPUT);
    ck_assert_ptr_null(bench);
    options.backend = "cuda:7";
    ck_assert_int_eq(ct_bench_run(&few, true, &options, &bench), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_null(bench);
    options.backend = "abacus";
    ck_assert_int_eq(ct_bench_run(&few, true, &options, &bench), CUTROPY_EINPUT);
    ck_assert_ptr_null(bench);
}
END_TEST

CHECK_MAIN("bench", medians, disagreement_is_found, a_small_bench, what_was_finished_stays,
           a_way_that_cannot, little_memory, bad_requests)
