/* SPDX-License-Identifier: Apache-2.0 */
/* The CUDA driver over the fake run time: every kind of function, any number of devices, little
 * memory, and everything that can fail. */
#include <math.h>
#include <string.h>

#include <cutropy/cutropy.h>

#ifdef PLAIN_KERNELS
#include "../failing_allocator.h"
#endif
#include "backend/cuda/cuda.h"
#include "backend/cuda/device.h"
#include "backend/cuda/memory.h"
#include "cases.h"
#include "check_main.h"
#include "emulation.h"
#include "evaluations.h"
#include "engine/run/run.h"
#include "engine/solver/product_cut.h"
#include "engine/solver/product_half.h"
#include "fake.h"
#include "levels.h"
#include "problem/problem.h"
#include "problem/products.h"
#include "ref/support.h"
#ifdef PLAIN_KERNELS
#include "plain_kernels.h"
#endif
#ifdef PLAIN_LIBRARIES
#include "plain_libraries.h"
#endif

/* `plain` with plain kernels, `emulated` with emulated ones, which are slow, and in small tests. */
static int times(int plain, int emulated)
{
#ifdef PLAIN_KERNELS
    return amount(plain, emulated);
#else
    (void)plain;
    return emulated;
#endif
}

/* Lanes and blocks of emulated kernels. */
static void other_order(int order)
{
    ct_emulation_order((uint64_t)order % CT_EMULATION_ORDERS);
}

static const ct_operations *cuda(void)
{
    static ct_operations backend;
    backend = *ct_operations_cpu();
    ck_assert_int_eq(backend.start(1), CUTROPY_OK);
    ct_cuda_fill(&backend);
    return &backend;
}

static void use_devices(int count, size_t bytes)
{
    ct_fake_defer(0, 0);
    ct_fake_devices(count, bytes);
    ck_assert_int_eq(ct_devices_choose(count > 1 ? CT_CUDA_ALL : 0), CUTROPY_OK);
    ck_assert_int_eq(ct_devices_chosen(), count);
}

START_TEST(evaluations)
{
    use_devices(1, (size_t)1 << 24);
    evaluations_compare(cuda(), false);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(lists)
{
    for (int devices = 1; devices <= times(2, 1); devices++) {
        use_devices(devices, (size_t)1 << 21);
        cases_lists(cuda());
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
}
END_TEST

START_TEST(named)
{
    for (int devices = 1; devices <= times(3, 1); devices++) {
        use_devices(devices, (size_t)1 << 28);
        cases_named(cuda());
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
}
END_TEST

START_TEST(proved)
{
    use_devices(2, (size_t)1 << 28);
    cases_proved(cuda());
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(arrays)
{
    use_devices(1, (size_t)1 << 28);
    for (int pixels = 2; pixels <= times(7, amount(7, 5)); pixels++) {
        other_order(pixels);
        cases_arrays(cuda(), pixels, pixels == 7 ? times(3, 1) : 1);
    }
    use_devices(3, (size_t)1 << 28);
    cases_arrays(cuda(), times(6, 5), 1);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(many_blocks)
{
    static const cutropy_kind kinds[] = {CUTROPY_KIND_INTEGER, CUTROPY_KIND_REAL,
                                         CUTROPY_KIND_COMPLEX};
    for (int k = 0; k < 3; k++)
        for (int width = 1; width <= 40; width = width < 5 ? width + amount(1, 2) : 2 * width) {
            use_devices(2, (size_t)1 << 26);
            other_order(width);
            cases_many_blocks(cuda(), width < 8 ? 4 : k == 0 ? times(6, 5) : 5, width, kinds[k]);
            ck_assert_int_eq(ct_fake_live(1), 0);
        }
}
END_TEST

/* Work that waits until somebody synchronises finds what is read too early. */
START_TEST(deferred)
{
    for (uint64_t seed = 1; seed <= (uint64_t)times(6, 2); seed++) {
        use_devices(1 + (int)(seed % 3), (size_t)1 << 28);
        ct_fake_defer(1, seed);
        cases_arrays(cuda(), times(6, 5), 1);
        cases_compare_named(cuda(), "random", "grid:3x3", times(1, 0) ? "all" : "sites,rows");
        ct_fake_defer(0, 0);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
}
END_TEST

/* Gram matrices of automata: on time, late, in every order, with guarded arrays. */
START_TEST(levels)
{
    for (int run = 0; run < 3; run++) {
        use_devices(1, (size_t)1 << 26);
        other_order(run);
        ct_fake_defer(run > 0, (uint64_t)run);
        ck_assert_int_eq(setenv("CUTROPY_CUDA_GUARDED", run == 2 ? "1" : "0", 1), 0);
        levels_compare(cuda());
        if (run == 2)
            levels_tables(cuda());
        ct_fake_defer(0, 0);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_GUARDED"), 0);
}
END_TEST

#ifdef PLAIN_KERNELS
/* A device that runs out of memory at any call, or that is lost, and ever smaller ones: the table of the CPU, or a status. */
static void check_levels_run(const char *expected, int *all, int *some, int *none)
{
    char who[48];
    cutropy_status status;
    char *got = levels_table(cuda(), "pixel-loops", "grid:4x4", "rows", who, &status);
    ck_assert_int_eq(ct_fake_live(1), 0);
    if (!got) {
        ck_assert_msg(status == CUTROPY_EDEVICE, "status %d: %s", (int)status, cutropy_error());
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "device 0"));
        return;
    }
    ck_assert_str_eq(got, expected);
    *all += !strcmp(who, "cuda (Gram matrices; cuts on the cpu)");
    *some += !strcmp(who, "cuda (some Gram matrices; cuts on the cpu)");
    *none += !strcmp(who, "cuda (cuts on the cpu)");
    free(got);
}

START_TEST(levels_fail)
{
    int all = 0, some = 0, none = 0, fine = 0;
    char who[48];
    cutropy_status status;
    char *expected =
        levels_table(ct_operations_cpu(), "pixel-loops", "grid:4x4", "rows", who, &status);
    ck_assert_ptr_nonnull(expected);
    ck_assert_int_eq(setenv("CUTROPY_CUDA_LEVEL", "0", 1), 0);
    for (size_t bytes = (size_t)1 << 20; bytes > 4096; bytes -= bytes / 8) {
        use_devices(1, bytes);
        check_levels_run(expected, &all, &some, &none);
    }
    ck_assert(all && some && none);
    for (int lost = 0; lost < 2; lost++)
        for (long k = 0;; k += 1 + k / amount(60, 20)) {
            use_devices(1, (size_t)1 << 22);
            ct_fake_fail(k, lost);
            check_levels_run(expected, &fine, &fine, &fine);
            if (!ct_fake_failed()) {
                ck_assert_int_gt(k, 50);
                break;
            }
        }
    for (int how = 1; how <= 2; how++) {
        use_devices(1, (size_t)1 << 22);
        plain_kernels_spoil_levels(how);
        ck_assert_ptr_null(levels_table(cuda(), "pixel-loops", "grid:4x4", "rows", who, &status));
        plain_kernels_spoil_levels(0);
        ck_assert_int_eq(status, CUTROPY_EINTERNAL);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), how == 1 ? "another trace" : "joins states"));
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_LEVEL"), 0);
    free(expected);
}
END_TEST

/* The same numbers from ever smaller devices: first all cuts, then some, then none. */
START_TEST(little_memory)
{
    cutropy_problem *problem = must_problem("random", amount(1, 0) ? "chain:10" : "chain:9");
    cutropy_cuts cuts = must_cuts("all", cutropy_problem_lattice(problem));
    cutropy_result *expected = NULL;
    int all = 0, some = 0, none = 0;
    ck_assert_int_eq(cases_run(ct_operations_cpu(), problem, &cuts, NULL, NULL, &expected),
                     CUTROPY_OK);
    for (size_t bytes = (size_t)1 << 26; bytes > 4096; bytes -= bytes / 8) {
        cutropy_result *result = NULL;
        use_devices(1, bytes);
        const cutropy_status status = cases_run(cuda(), problem, &cuts, NULL, NULL, &result);
        ck_assert_msg(status == CUTROPY_OK, "%zu bytes: %s", bytes, cutropy_error());
        ck_assert_int_eq(ct_fake_live(1), 0);
        ck_assert_uint_le(ct_fake_peak(0), bytes);
        ck_assert_uint_eq(cases_same_records("random", result, expected), expected->record_count);
        all += !strcmp(result->backend, "cuda");
        some += !strcmp(result->backend, "cuda (some cuts on the cpu)");
        none += !strcmp(result->backend, "cuda (cuts on the cpu)");
        cutropy_result_free(result);
    }
    ck_assert_int_gt(all, 5);
    ck_assert_int_gt(some, 0);
    ck_assert_int_gt(none, 0);
    cutropy_result_free(expected);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

#endif

/* ---- what can fail ---- */

typedef struct trial {
    const cutropy_problem *problem;
    cutropy_cuts cuts;
    cutropy_result *expected;
} trial;

static trial trial_open(const char *name, const char *lattice, const char *cuts)
{
    trial t = {.problem = must_problem(name, lattice)};
    t.cuts = must_cuts(cuts, cutropy_problem_lattice(t.problem));
    ck_assert_int_eq(cases_run(ct_operations_cpu(), t.problem, &t.cuts, NULL, NULL, &t.expected),
                     CUTROPY_OK);
    return t;
}

static void trial_close(trial *t)
{
    cutropy_result_free(t->expected);
    cutropy_cuts_free(&t->cuts);
    cutropy_problem_free((cutropy_problem *)t->problem);
}

#ifdef PLAIN_KERNELS
/* A failed call gives a status with its reason and no result, or smaller batches and the right
 * numbers. */
static void check_failed_call(const trial *t, const char *failed, cutropy_status status,
                              const cutropy_result *result)
{
    ck_assert_msg(ct_fake_live(1) == 0, "%s failed: something was not freed", failed);
    if (status == CUTROPY_OK) {
        ck_assert_uint_eq(cases_same_records(failed, result, t->expected),
                          t->expected->record_count);
        return;
    }
    ck_assert(!result || (!result->complete && status == CUTROPY_EMEMORY));
    ck_assert_msg(status == CUTROPY_EMEMORY || status == CUTROPY_EDEVICE,
                  "%s failed: status %d: %s", failed, (int)status, cutropy_error());
    ck_assert_msg(strstr(cutropy_error(), "device ") != NULL, "%s failed: '%s'", failed,
                  cutropy_error());
}

static void sweep_calls(const char *name, const char *lattice, const char *cuts, int devices)
{
    trial t = trial_open(name, lattice, cuts);
    for (int lost = 0; lost < 2; lost++)
        for (long k = 0;; k += 1 + k / amount(60, 20)) {
            cutropy_result *result = NULL;
            use_devices(devices, (size_t)1 << 21);
            ct_fake_fail(k, lost);
            const cutropy_status status =
                cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
            const char *failed = ct_fake_failed();
            if (!failed) {
                ck_assert_int_eq(status, CUTROPY_OK);
                ck_assert_int_gt(k, 50);
                cutropy_result_free(result);
                break;
            }
            check_failed_call(&t, failed, status, result);
            cutropy_result_free(result);
        }
    trial_close(&t);
}

START_TEST(failing_calls)
{
    sweep_calls("random", "chain:6", "all", 1);
    sweep_calls("page:complex=1", "chain:6", "all", 1);
    sweep_calls("random:encoding=pm1", "chain:5", "all", 2);
    sweep_calls("ghz", "chain:13", "half,0x3", 1);
    sweep_calls("data:images=digits,first=8", "grid:8x8", "half,0xff", 1);
}
END_TEST

START_TEST(failing_allocations)
{
    trial t = trial_open("random", "chain:6", "all");
    for (long k = 0;; k++) {
        cutropy_result *result = NULL;
        use_devices(2, (size_t)1 << 24);
        failing_allocator_start(k);
        const long before = failing_allocator_live();
        const cutropy_status status = cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(ct_fake_live(1), 0);
        if (fired) {
            ck_assert_msg(status == CUTROPY_EMEMORY, "allocation %ld: status %d: %s", k,
                          (int)status, cutropy_error());
            ck_assert(!result || !result->complete); /* cuts that were finished before */
        } else {
            ck_assert_int_eq(status, CUTROPY_OK);
        }
        cutropy_result_free(result);
        ck_assert_int_eq(failing_allocator_live(), before);
        if (!fired)
            break;
    }
    trial_close(&t);
}
END_TEST

#endif

static void check_gave_up(cutropy_status status, const cutropy_result *result)
{
    ck_assert_int_eq(status, CUTROPY_ENUMERIC);
    ck_assert_msg(strstr(cutropy_error(), "did not converge") != NULL, "%s", cutropy_error());
    ck_assert_ptr_null(result);
    ck_assert_int_eq(ct_fake_live(1), 0);
}

static void spoil_library(bool on)
{
#ifdef PLAIN_LIBRARIES
    plain_libraries_give_up(on);
#else
    ct_fake_fail_info(on ? 0 : -1, 0, 7);
#endif
}

/* ---- the eigenvalues slot ---- */

#define LARGE 50 /* above CT_CUDA_LARGE of this build */

/* A real and a complex large matrix between two small ones; differences from the CPU's eigenvalues
 * are returned in *apart. */
static cutropy_status solve_four(double *apart)
{
    static double a[2][4][2 * LARGE * LARGE], values[2][4][LARGE];
    static const int64_t n[4] = {3, LARGE, LARGE, 5};
    uint64_t state = 11;
    ct_eigen_job jobs[2][4];
    for (int j = 0; j < 4; j++) {
        for (size_t e = 0; e < 2 * LARGE * LARGE; e++)
            a[0][j][e] = a[1][j][e] = draw_unit(&state) - 0.5;
        for (int64_t i = 0; i < n[j] && j == 2; i++) /* a real diagonal */
            a[0][j][2 * (i * n[j] + i) + 1] = a[1][j][2 * (i * n[j] + i) + 1] = 0;
        for (int s = 0; s < 2; s++)
            jobs[s][j] = (ct_eigen_job){
                .n = n[j], .is_complex = j == 2, .a = a[s][j], .values = values[s][j]};
    }
    const cutropy_status status = cuda()->eigenvalues(4, jobs[0], NULL, 2);
    ck_assert_int_eq(ct_operations_cpu()->eigenvalues(4, jobs[1], NULL, 2), CUTROPY_OK);
    *apart = 0;
    for (int j = 0; j < 4; j++)
        for (int64_t i = 0; i < n[j]; i++)
            *apart = fmax(*apart, fabs(values[0][j][i] - values[1][j][i]));
    return status;
}

/* What happens when any call fails, on the road that CUTROPY_CUDA_WIDE = most chooses. */
static void sweep_large(const char *most)
{
    double apart;
    ck_assert_int_eq(setenv("CUTROPY_CUDA_WIDE", most, 1), 0);
    for (long k = -1;; k += times(1, amount(3, 8))) { /* the plain kernels let every call fail */
        use_devices(1, (size_t)1 << 26);
        ct_fake_fail(k, 0);
        const cutropy_status status = solve_four(&apart);
        const char *failed = k < 0 ? "nothing" : ct_fake_failed();
        ck_assert_msg(ct_fake_live(1) == 0, "%s failed: something was not freed", failed);
        if (k < 0 || !failed) {
            ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
            ck_assert(apart <= 1e-13);
        } else if (status != CUTROPY_OK) {
            ck_assert(status == CUTROPY_EMEMORY || status == CUTROPY_EDEVICE);
        }
        if (!failed)
            break;
    }
}

START_TEST(large_matrices)
{
    double apart;
#ifdef PLAIN_KERNELS
    sweep_large("50");
#endif
    sweep_large("49"); /* the libraries' */
    use_devices(1, (size_t)1 << 26);
    spoil_library(true);
    ck_assert_int_eq(solve_four(&apart), CUTROPY_ENUMERIC);
    spoil_library(false);
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_WIDE"), 0);
    use_devices(1, 8192); /* too small for them: the CPU's */
    ck_assert_int_eq(solve_four(&apart), CUTROPY_OK);
    ck_assert(apart == 0);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

/* CUTROPY_CUDA_WIDE leaves large matrices to cuSOLVER, or says that it cannot be read. The calls of the run time are those of
 * the road: our own has an array that is cleared. */
START_TEST(switched)
{
    static const char *const wrong[] = {"x", "-1", "65537", "50 "};
    double apart = 1;
    long calls[2];
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        use_devices(1, (size_t)1 << 26);
        ck_assert_int_eq(setenv("CUTROPY_CUDA_WIDE", wrong[k], 1), 0);
        ck_assert_int_eq(solve_four(&apart), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "CUTROPY_CUDA_WIDE is '"));
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    for (int own = 0; own < 2; own++) {
        const long launched = ct_emulation_launched("wide_round_kernel");
        use_devices(1, (size_t)1 << 26);
        ck_assert_int_eq(setenv("CUTROPY_CUDA_WIDE", own ? "50" : "49", 1), 0);
        ct_fake_fail(-1, 0); /* counts anew */
        ck_assert_int_eq(solve_four(&apart), CUTROPY_OK);
        ck_assert(apart <= 1e-13);
        calls[own] = ct_fake_calls();
#ifndef PLAIN_KERNELS
        ck_assert_int_eq(ct_emulation_launched("wide_round_kernel") > launched, own);
#else
        (void)launched;
#endif
    }
    ck_assert_int_ne(calls[0], calls[1]);
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_WIDE"), 0);
}
END_TEST

/* Between start and stop the handles are made once. */
START_TEST(handles_stay)
{
    double apart = 0;
    long calls[2];
    ck_assert_int_eq(setenv("CUTROPY_CUDA_WIDE", "49", 1), 0); /* the libraries' */
    use_devices(1, (size_t)1 << 26);
    ck_assert_int_eq(cuda()->start(1), CUTROPY_OK);
    ck_assert_int_eq(cuda()->start(1), CUTROPY_OK);
    for (int i = 0; i < 2; i++) {
        ct_fake_fail(-1, 0); /* counts anew */
        ck_assert_int_eq(solve_four(&apart), CUTROPY_OK);
        calls[i] = ct_fake_calls();
    }
    ck_assert_int_lt(calls[1], calls[0]);
    cuda()->stop();
    const int live = ct_fake_live(0);
    ck_assert_int_gt(live, 0);
    ct_fake_fail(3, 0); /* what failed is not used again */
    ck_assert_int_ne(solve_four(&apart), CUTROPY_OK);
    (void)ct_fake_failed();
    ck_assert_int_eq(ct_fake_live(1), 0);
    ck_assert_int_eq(solve_four(&apart), CUTROPY_OK);
    ck_assert_int_eq(ct_fake_live(0), live);
    cuda()->stop();
    ck_assert_int_eq(ct_fake_live(1), 0);
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_WIDE"), 0);
}
END_TEST

START_TEST(products)
{
    for (int devices = 1; devices <= 2; devices++) {
        use_devices(devices, (size_t)1 << 26);
        cases_products(cuda(), 24);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
}
END_TEST

/* What bounds are made of, against the CPU's: rank, sums of squares, trace; every eigenvalue. */
static void check_found(const ct_products *p, const uint64_t *mask, const ct_product_side side[2],
                        const ct_product_found *found)
{
    ct_product_cut cut;
    ct_half half[2];
    ck_assert_int_eq(found->status, CUTROPY_OK);
    for (int s = 0; s < 2; s++) {
        half[s] =
            (ct_half){.p = p, .operations = ct_operations_cpu(), .side = &side[s], .threads = 1};
        ck_assert_int_eq(ct_half_make(&half[s]), CUTROPY_OK);
        const double spread = 1.01 * sqrt(found->half[s].spread_square),
                     lost = sqrt(found->half[s].lost_square);
        ck_assert(fabs(spread - half[s].spread) <= 1e-12 * spread);
        ck_assert_int_le(llabs((long long)(found->half[s].rank - half[s].rank)), 2);
        ck_assert((lost > 0) == (found->half[s].rank < side[s].count));
        ck_assert(lost <= (double)p->terms * (double)side[s].count * 0x1p-52);
    }
    const ct_half_found *h = found->half;
    ck_assert_int_eq(found->few, h[0].rank <= h[1].rank ? 0 : 1);
    double trace = 0, square = 0;
    for (int64_t i = 0; i < h[found->few].rank; i++) {
        trace += found->values[i];
        square += found->values[i] * found->values[i];
        ck_assert(i == 0 || found->values[i] >= found->values[i - 1]);
    }
    ck_assert(fabs(trace - found->trace) <= 1e-12 * trace);
    ck_assert(fabs(square - found->square) <= 1e-12 * square);
    ck_assert_int_eq(ct_product_cut_make(p, mask, ct_operations_cpu(), 1, &cut), CUTROPY_OK);
    ck_assert(fabs(trace - cut.rho.trace) <= 1e-12 * trace);
    ck_assert(fabs(square - cut.rho.square) <= 1e-12 * square);
    ct_product_cut_free(&cut);
    ct_half_free(&half[0]);
    ct_half_free(&half[1]);
}

/* Cuts of other ranks and sizes side by side, in batches of any size; devices that are too small leave all to the CPU. */
START_TEST(product_cuts)
{
    static const uint64_t masks[] = {0xff, 0xffff, 0x7fffffff, 0x3c, 0xffffffff00000000, 0x3};
    enum { CUTS = sizeof masks / sizeof *masks };
    for (int k = 0; k < 2; k++) {
        cutropy_problem *problem =
            must_problem(k ? "data:images=digits,first=20,theta=0.3,map=phase,label=real"
                           : "data:images=digits,first=31,theta=0.3,label=real",
                         "grid:8x8");
        const ct_products *p = problem->products;
        ct_product_side side[2 * CUTS];
        int served = 0, left = 0;
        for (int i = 0; i < 2 * CUTS; i++)
            ck_assert_int_eq(ct_product_side_find(p, &masks[i / 2], i % 2 == 0, &side[i]),
                             CUTROPY_OK);
        for (size_t bytes = (size_t)1 << 24; bytes >= (size_t)1 << 15; bytes /= 8) {
            ct_product_found found[CUTS];
            use_devices(1, bytes);
            ct_fake_defer(1, bytes);
            ck_assert_int_eq(cuda()->product_cuts(p, CUTS, side, found), CUTROPY_OK);
            for (int i = 0; i < CUTS; i++) {
                if (found[i].status == CUTROPY_OK)
                    check_found(p, &masks[i], side + 2 * i, &found[i]);
                else
                    ck_assert_int_eq(found[i].status, CUTROPY_EUNSUPPORTED);
                served += found[i].status == CUTROPY_OK;
                left += found[i].status != CUTROPY_OK;
                ct_free(found[i].values);
            }
            ck_assert_int_eq(ct_fake_live(1), 0);
        }
        ck_assert(served >= CUTS && left > 0);
        ct_fake_defer(0, 0);
        for (int i = 0; i < 2 * CUTS; i++)
            ct_product_side_free(&side[i]);
        cutropy_problem_free(problem);
    }
}
END_TEST

#define TERMS 50

/* Overlaps of a state in strips, all of it; false: another status than CUTROPY_OK. */
static bool same_overlaps(const ct_operations *who, const ct_products *p)
{
    static double g[2][2 * TERMS * TERMS];
    static int32_t term[TERMS], site[64];
    const size_t parts = p->is_complex ? 2 : 1;
    cutropy_status status = CUTROPY_OK;
    for (int i = 0; i < TERMS; i++)
        term[i] = (i * 7 + 1) % TERMS;
    for (int s = 0; s < 40; s++)
        site[s] = s;
    for (int64_t rows = 30; rows <= TERMS && status == CUTROPY_OK; rows += 20) {
        ck_assert_int_eq(ct_operations_cpu()->overlaps(p, 40, site, rows, TERMS, term, g[0], 1),
                         CUTROPY_OK);
        status = who->overlaps(p, 40, site, rows, TERMS, term, g[1], 1);
        for (int64_t i = 0; i < rows && status == CUTROPY_OK; i++)
            ck_assert(!memcmp(g[0] + parts * (size_t)(i * TERMS + i),
                              g[1] + parts * (size_t)(i * TERMS + i),
                              parts * (size_t)(TERMS - i) * sizeof(double)));
    }
    if (status != CUTROPY_OK)
        ck_assert_int_eq(status, CUTROPY_EDEVICE);
    return status == CUTROPY_OK;
}

/* The bits of the CPU from any device, and from the CPU where there is no room; factors stay between start and stop. */
START_TEST(overlaps)
{
    cutropy_problem *problem[2] = {
        must_problem("data:images=digits,first=50,theta=0.3", "grid:8x8"),
        must_problem("data:images=digits,first=50,theta=0.3,map=phase", "grid:8x8")};
    for (long k = 0;; k++) {
        use_devices(1, (size_t)1 << 24);
        ct_fake_defer(1, (uint64_t)k);
        ct_fake_fail(k, 0);
        const bool right = same_overlaps(cuda(), problem[k % 2]->products);
        const char *failed = ct_fake_failed();
        ck_assert_msg(ct_fake_live(1) == 0, "%s failed: something was not freed", failed);
        ct_fake_defer(0, 0);
        if (!failed) {
            ck_assert(right);
            break;
        }
    }
    for (size_t bytes = (size_t)1 << 24; bytes >= 4096; bytes /= 4) {
        use_devices(1, bytes);
        ck_assert_int_eq(cuda()->start(1), CUTROPY_OK);
        ck_assert_int_eq(ct_fake_live(0), 0);
        for (int k = 0; k < 4; k++)
            ck_assert(same_overlaps(cuda(), problem[k % 2]->products));
        if (bytes == (size_t)1 << 24)
            ck_assert_int_eq(ct_fake_live(0), 2); /* stream, factors */
        cuda()->stop();
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    cutropy_problem_free(problem[0]);
    cutropy_problem_free(problem[1]);
}
END_TEST

/* ---- guarded memory ---- */

/* One block does not tell what lies behind an array, allocations do; both give out the same. Nothing is as large as the block, for
 * the sake of tools that need room beside every allocation. */
START_TEST(guards)
{
    for (int on = 0; on < 2; on++) {
        ct_region whole, part;
        use_devices(1, (size_t)1 << 20);
        ck_assert_int_eq(setenv("CUTROPY_CUDA_GUARDED", on ? "1" : "0", 1), 0);
        ck_assert_int_eq(ct_region_open(0, 4 << 20, 600 << 10, &whole), CUTROPY_OK);
        ck_assert_uint_eq(whole.size, 1 << 20);
        ct_region_close(&whole);
        ck_assert_int_eq(ct_region_open(0, 4 << 20, 2 << 20, &whole), CUTROPY_EMEMORY);
        ck_assert_int_eq(ct_region_open(0, 4096, 4096, &whole), CUTROPY_OK);
        ck_assert_uint_eq(ct_fake_peak(0), on ? 0 : 1 << 20);
        part = ct_region_part(&whole, 2048, 2048);
        char *first = ct_region_take(&part, 100), *second = ct_region_take(&part, 8);
        ck_assert(ct_fake_is_device(first, 100) && ct_fake_is_device(second, 8));
        ck_assert_int_eq(ct_fake_is_device(first, 101), !on);
        ck_assert_int_eq(ct_fake_is_device(first - 1, 1), !on);
        ck_assert_uint_eq(part.used, 512);
        ct_region_rewind(&part, 256);
        ck_assert_int_eq(ct_fake_is_device(second, 8), !on);
        ck_assert_ptr_null(ct_region_take(&part, 2048));
        ct_region_rewind(&part, 0);
        ck_assert_ptr_nonnull(ct_region_take(&part, 2048));
        ct_region_rewind(&part, 0);
        ct_region_close(&whole);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
}
END_TEST

/* Every kind of function with guarded arrays, on time and late. */
START_TEST(guarded)
{
    ck_assert_int_eq(setenv("CUTROPY_CUDA_GUARDED", "1", 1), 0);
    for (int late = 0; late < 2; late++) {
        use_devices(1, (size_t)1 << 27);
        ct_fake_defer(late, 5);
        for (int pixels = 2; pixels <= times(7, 5); pixels += amount(1, 3))
            cases_arrays(cuda(), pixels, 1);
        cases_many_blocks(cuda(), 4, 3, CUTROPY_KIND_REAL);
        ct_fake_defer(0, 0);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    use_devices(1, (size_t)1 << 24);
    cases_lists(cuda());
    evaluations_compare(cuda(), false);
    ck_assert_int_eq(ct_fake_live(1), 0);
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_GUARDED"), 0);
}
END_TEST

#ifdef PLAIN_KERNELS
/* ---- stopping ---- */

static int stop_soon(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)total;
    return !strcmp(stage, "cuts") && done && ++*(int *)user > 0;
}

START_TEST(stopped)
{
    trial t = trial_open("random", "chain:11", "all");
    cutropy_result *result = NULL;
    int reports = 0;
    use_devices(2, (size_t)1 << 22); /* many batches */
    const cutropy_status status =
        cases_run(cuda(), t.problem, &t.cuts, stop_soon, &reports, &result);
    ck_assert_int_eq(status, CUTROPY_ECANCELLED);
    ck_assert_int_eq(ct_fake_live(1), 0);
    ck_assert_ptr_nonnull(result);
    const size_t done = cases_same_records("random", result, t.expected);
    ck_assert_uint_gt(done, 0);
    ck_assert_uint_lt(done, result->record_count);
    cutropy_result_free(result);
    trial_close(&t);
}
END_TEST

START_TEST(collisions)
{
    trial t = trial_open("random", "chain:8", "all");
    for (int times = 0; times <= 20; times++) {
        cutropy_result *result = NULL;
        use_devices(1, (size_t)1 << 24);
        plain_kernels_collide(times);
        const cutropy_status status = cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
        ck_assert_int_eq(ct_fake_live(1), 0);
        if (status == CUTROPY_OK) {
            ck_assert_uint_eq(cases_same_records("random", result, t.expected),
                              t.expected->record_count);
        } else {
            ck_assert_int_gt(times, 6); /* two sides, four tries */
            ck_assert_int_eq(status, CUTROPY_EINTERNAL);
            ck_assert_ptr_null(result);
        }
        if (times == 20)
            ck_assert_int_eq(status, CUTROPY_EINTERNAL);
        cutropy_result_free(result);
    }
    plain_kernels_collide(0);
    trial_close(&t);
}
END_TEST

START_TEST(small_blocks_give_up)
{
    trial t = trial_open("random", "chain:8", "half");
    cutropy_result *result = NULL;
    use_devices(1, (size_t)1 << 26);
    plain_kernels_give_up(1);
    const cutropy_status status = cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
    plain_kernels_give_up(0);
    check_gave_up(status, result);
    trial_close(&t);
}
END_TEST

/* An eigenvalue of the padding that is among the others is noticed. */
START_TEST(padding_out_of_order)
{
    cutropy_result *result = NULL;
    trial t = trial_open("majority", "chain:9", "0xf"); /* 5 classes, a matrix of 8 */
    use_devices(1, (size_t)1 << 26);
    plain_kernels_lose(1);
    const cutropy_status status = cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
    plain_kernels_lose(0);
    ck_assert_int_eq(status, CUTROPY_ENUMERIC);
    ck_assert_msg(strstr(cutropy_error(), "apart from its padding") != NULL, "%s", cutropy_error());
    ck_assert_ptr_null(result);
    ck_assert_int_eq(ct_fake_live(1), 0);
    trial_close(&t);
}
END_TEST
#endif

/* The library reports a block that it could not solve. */
START_TEST(large_blocks_give_up)
{
    trial t = trial_open("random", "chain:12", "half");
    cutropy_result *result = NULL;
    use_devices(1, (size_t)1 << 26);
    spoil_library(true);
    const cutropy_status status = cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
    spoil_library(false);
    check_gave_up(status, result);
    trial_close(&t);
}
END_TEST

#ifdef PLAIN_LIBRARIES
/* A library that has no memory for many matrices gets fewer; one that wants too much work space is
 * refused with a reason. */
START_TEST(little_work_space)
{
    trial t = trial_open("random", "chain:12", "0x3f,0x7e,0xfc,0x1f8,0x555,0xaaf,0x3f0,0x7e0");
    for (int64_t most = 1; most <= 3; most++) {
        cutropy_result *result = NULL;
        use_devices(1, (size_t)1 << 26);
        plain_libraries_limit(most, 1);
        ck_assert_int_eq(cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result), CUTROPY_OK);
        ck_assert_uint_eq(cases_same_records("random", result, t.expected),
                          t.expected->record_count);
        cutropy_result_free(result);
    }
    for (uint64_t factor = 16; factor <= UINT64_C(1) << 20; factor *= 16) {
        cutropy_result *result = NULL;
        use_devices(1, (size_t)1 << 26);
        plain_libraries_limit(0, factor);
        const cutropy_status status = cases_run(cuda(), t.problem, &t.cuts, NULL, NULL, &result);
        if (factor <= 256)
            ck_assert_int_eq(status, CUTROPY_OK);
        if (factor == UINT64_C(1) << 20) {
            ck_assert_int_eq(status, CUTROPY_EMEMORY);
            ck_assert_msg(strstr(cutropy_error(), "needs") != NULL, "%s", cutropy_error());
        }
        cutropy_result_free(result);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    plain_libraries_limit(0, 1);
    trial_close(&t);
}
END_TEST
#endif

#ifdef PLAIN_LIBRARIES
#define WITH_LIBRARIES little_work_space,
#else
#define WITH_LIBRARIES
#endif

#ifdef PLAIN_KERNELS
CHECK_MAIN("cuda_driver", collisions, small_blocks_give_up, padding_out_of_order,
           WITH_LIBRARIES evaluations, lists, named, proved, arrays, many_blocks, deferred, levels,
           levels_fail, little_memory, failing_calls, failing_allocations, large_matrices, switched,
           handles_stay, products, product_cuts, overlaps, guards, guarded, stopped,
           large_blocks_give_up)
#else
/* The tests before have reached all kernels that the driver uses. */
START_TEST(every_kernel)
{
    static const char *const kernels[] = {EMULATED_KERNELS};
    for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++)
        ck_assert_msg(ct_emulation_launched(kernels[k]) > 0, "%s was not launched", kernels[k]);
}
END_TEST

CHECK_MAIN("cuda_driver_emulated", evaluations, lists, named, proved, arrays, many_blocks, deferred,
           levels, large_matrices, switched, handles_stay, products, product_cuts, overlaps, guards,
           guarded, large_blocks_give_up, every_kernel)
#endif
