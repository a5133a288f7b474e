/* SPDX-License-Identifier: Apache-2.0 */
/* Where numbers, memory and machine words end: extreme amplitudes, +-1 labels of 2^64 images, lists
 * that outgrow the memory, plans of functions that only enumeration knows. */
#include "check_main.h"

#include <math.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "ref/support.h"

static cutropy_result *run(cutropy_problem *problem, const char *cuts_text,
                           const char *quantities_text)
{
    cutropy_cuts cuts = must_cuts(cuts_text, cutropy_problem_lattice(problem));
    const cutropy_options options = ct_default_options();
    cutropy_result *result = must_solve_with(problem, &cuts, quantities_text, &options);
    cutropy_cuts_free(&cuts);
    return result;
}

/* A power of two changes no digit of a real amplitude, so it may change no digit of the result. */
START_TEST(extreme_amplitudes)
{
    const int exponents[] = {0, 90, -90, 101, -101, 300, -300, 900, -900, 1000, -990};
    cutropy_result *first = NULL;
    cutropy_lattice *lattice = must_lattice("chain:6");
    for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++) {
        double values[64];
        cutropy_problem *problem;
        for (uint64_t i = 0; i < 64; i++)
            values[i] = ldexp(ct_random_normal(3, i), exponents[k]);
        ck_assert_int_eq(
            cutropy_problem_from_values("x", lattice, CUTROPY_KIND_REAL, values, &problem),
            CUTROPY_OK);
        cutropy_result *result = run(problem, "all", "tr_rho3,renyi:3,renyi:0.5");
        for (size_t i = 0; first && i < result->record_count; i++) {
            const cutropy_record *a = &first->records[i], *b = &result->records[i];
            ck_assert(a->entropy == b->entropy && a->entropy_err == b->entropy_err);
            ck_assert(a->purity == b->purity && a->tr_rho3 == b->tr_rho3);
            ck_assert_int_eq(memcmp(a->extra, b->extra, 3 * sizeof *a->extra), 0);
        }
        if (first)
            cutropy_result_free(result);
        else
            first = result;
        cutropy_problem_free(problem);
    }
    cutropy_result_free(first);
    cutropy_lattice_free(lattice);
}
END_TEST

/* f = 1 but at two images: the state is 1 - 2^-61 of a product state, so S is far below its error.
 */
START_TEST(signs_on_64_pixels)
{
    cutropy_lattice *lattice = must_lattice("8x8");
    cutropy_problem *problem = must_problem_on("ghz:encoding=pm1", lattice);
    cutropy_result *result = run(problem, "rows,sites,0x0", "");
    ck_assert_str_eq(result->norm, "1.8446744073709552e+19");
    for (size_t i = 0; i < result->count; i++) {
        const cutropy_record *record = &result->records[result->rows[i].record];
        const int trivial = result->rows[i].na == 0;
        ck_assert_int_eq(record->guarantee,
                         trivial ? CUTROPY_GUARANTEE_EXACT : CUTROPY_GUARANTEE_FLOAT);
        ck_assert(fabs(record->entropy) <= record->entropy_err && record->entropy_err < 1e-12);
        ck_assert_int_eq(record->purity_exact.q[0] | record->purity_exact.q[1], 0);
        ck_assert(record->rank_lo <= (trivial ? 1 : 3) && record->rank_hi >= 1);
    }
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    lattice = must_lattice("chain:65");
    const uint64_t image[2] = {5, 1};
    ck_assert_int_eq(cutropy_problem_from_images("x", lattice, image, 1, &problem), CUTROPY_OK);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

static uint64_t in_use, peak;

static void *counted(size_t bytes, void *user)
{
    (void)user;
    uint64_t *memory = aligned_alloc(64, bytes + 64);
    if (!memory)
        return NULL;
    *memory = bytes;
    in_use += bytes;
    peak = in_use > peak ? in_use : peak;
    return memory + 8;
}

static void uncounted(void *memory, void *user)
{
    (void)user;
    uint64_t *start = (uint64_t *)memory - 8;
    in_use -= *start;
    free(start);
}

/* 2^49 images have label 1: the list must stop at the limit, not at the end of the machine. */
START_TEST(lists_stop_at_the_limit)
{
    const uint64_t limit = UINT64_C(64) << 20;
    cutropy_result *result;
    cutropy_options options = ct_default_options();
    cutropy_set_allocator(counted, uncounted, NULL);
    cutropy_lattice *lattice = must_lattice("chain:50");
    cutropy_problem *problem = must_problem_on("parity", lattice);
    cutropy_cuts cuts = must_cuts("half", lattice);
    options.memory_limit = limit;
    options.threads = 1;                 /* the counter above is not atomic */
    options.solver = CT_SOLVE_ENUMERATE; /* automata know this function at once */
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_EMEMORY);
    ck_assert(peak > limit / 16 && peak < limit);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    ck_assert_uint_eq(in_use, 0);
    cutropy_set_allocator(NULL, NULL, NULL);
}
END_TEST

/* Many cuts of a table keep no more than a batch, whatever their number. */
START_TEST(cuts_keep_one_batch)
{
    cutropy_result *result;
    cutropy_options options = ct_default_options();
    options.threads = 1;
    peak = 0;
    cutropy_set_allocator(counted, uncounted, NULL);
    cutropy_lattice *lattice = must_lattice("chain:20");
    cutropy_problem *problem = must_problem_on("random", lattice);
    cutropy_cuts cuts = must_cuts("pairs", lattice);
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_OK);
    ck_assert(peak < UINT64_C(20) << 20); /* 190 quotients of 256 KiB would be 48 MiB */
    cutropy_result_free(result);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    ck_assert_uint_eq(in_use, 0);
    cutropy_set_allocator(NULL, NULL, NULL);
}
END_TEST

START_TEST(a_plan_without_options)
{
    cutropy_plan *plan;
    cutropy_problem *problem = must_problem("page", NULL);
    cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
    ck_assert_int_eq(cutropy_make_plan(problem, &cuts, NULL, &plan), CUTROPY_OK);
    ck_assert_uint_eq(plan->cuts, 1);
    ck_assert_uint_gt(plan->memory_limit, 0);
    cutropy_plan_free(plan);
    cutropy_plan_free(NULL);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

static cutropy_plan plan_of(const char *problem_text, const char *lattice_text)
{
    cutropy_plan *made;
    cutropy_options options = ct_default_options();
    options.memory_limit = UINT64_C(6) << 30;
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_problem *problem = must_problem_on(problem_text, lattice);
    cutropy_cuts cuts = must_cuts("half", lattice);
    ck_assert_int_eq(cutropy_make_plan(problem, &cuts, &options, &made), CUTROPY_OK);
    const cutropy_plan plan = *made;
    cutropy_plan_free(made);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return plan;
}

START_TEST(plans_say_what_they_know)
{
    cutropy_plan plan = plan_of("inner-product", "chain:50");
    ck_assert_int_eq(plan.known, 0);
    ck_assert_int_eq(plan.fits, 1);
    ck_assert_uint_eq(plan.function_bytes, CUTROPY_UNKNOWN);
    ck_assert_uint_eq(plan.images, UINT64_C(1) << 50);
    plan = plan_of("inner-product", "chain:64");
    ck_assert_uint_eq(plan.images, CUTROPY_UNKNOWN);
    plan = plan_of("random", "chain:36");
    ck_assert_int_eq(plan.known, 1);
    ck_assert_uint_eq(plan.function_bytes, UINT64_C(1) << 33);
    ck_assert_int_eq(plan.fits, 0);
    plan = plan_of("random", "chain:35"); /* labels may be few, and then need little */
    ck_assert_uint_eq(plan.least_bytes, UINT64_C(1) << 32);
    ck_assert_int_eq(plan.fits, 1);
    plan = plan_of("page", "chain:29"); /* values need their quotient, whatever merges */
    ck_assert_uint_ge(plan.least_bytes, UINT64_C(12) << 30);
    ck_assert_int_eq(plan.fits, 0);
    plan = plan_of("page", "chain:10");
    ck_assert_int_eq(plan.known, 1);
    ck_assert_uint_eq(plan.function_bytes, 8192);
    ck_assert_uint_eq(plan.largest_matrix, 32);
    plan = plan_of("random:count=9", "chain:70");
    ck_assert_int_eq(plan.known, 1);
    ck_assert_uint_eq(plan.images, 0);
}
END_TEST

static int never_called(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage, (void)done, (void)total, (void)user;
    ck_abort_msg("a run began that cannot fit");
    return 1;
}

/* Refused at once: before the function fills memory. */
START_TEST(what_cannot_fit_does_not_begin)
{
    cutropy_result *result;
    cutropy_options options = ct_default_options();
    options.memory_limit = UINT64_C(6) << 20;
    options.progress = never_called;
    options.backend = "cpu";
    cutropy_lattice *lattice = must_lattice("chain:19");
    cutropy_problem *problem = must_problem_on("page", lattice);
    cutropy_cuts cuts = must_cuts("half", lattice);
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &result), CUTROPY_EMEMORY);
    ck_assert_ptr_null(result);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "4.0 MiB for the function and 8.0 MiB"));
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* Tens of thousands of blocks: the identities hold to a few roundings, however many levels there
 * are.
 */
START_TEST(many_small_blocks)
{
    cutropy_lattice *lattice = must_lattice("chain:40");
    cutropy_problem *problem = must_problem_on("random:count=50000", lattice);
    cutropy_result *result = run(problem, "half", "blocks");
    const cutropy_record *record = &result->records[0];
    ck_assert_int_gt(record->blocks, 40000);
    ck_assert_double_lt(record->entropy, log2(50000));
    ck_assert_double_gt(record->entropy, log2(50000) - 0.1);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

CHECK_MAIN("limits", many_small_blocks, extreme_amplitudes, signs_on_64_pixels,
           lists_stop_at_the_limit, cuts_keep_one_batch, a_plan_without_options,
           plans_say_what_they_know, what_cannot_fit_does_not_begin)
