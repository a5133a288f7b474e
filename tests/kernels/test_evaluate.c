/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation on a device: enumerate.cu and amplitudes.cu with their driver
 * (src/backend/cuda/search.c, amplitudes.c) in small pieces. Labels against one image at a time,
 * amplitudes against the CPU's evaluators bit by bit; little memory, stops, failing calls. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "fake.h"
#include "kernel_support.h"
#include "naive_labels.h"
#include "ref/support.h"

#include "backend/cuda/device.h"
#include "backend/cuda/evaluate.h"
#include "problem/problem.h"

/* Every body; 6 to 13 pixels: whole levels of 5 and what is left. */
static naive_case cases[] = {
    {"loops", "links:3x3", NAIVE_LINKS, 3, 3, false, naive_loops, 0, "", 0, {{0}}},
    {"pixel-loops", "4x3", NAIVE_GRID, 4, 3, false, naive_pixel_loops, 0, "", 0, {{0}}},
    {"parity:odd=1", "chain:11", NAIVE_CHAIN, 11, 1, false, naive_parity, 1, "", 0, {{0}}},
    {"majority", "chain:10", NAIVE_CHAIN, 10, 1, false, naive_majority, 0, "", 0, {{0}}},
    {"threshold:k=9", "chain:12", NAIVE_CHAIN, 12, 1, false, naive_threshold, 9, "", 0, {{0}}},
    {"weight:k=3", "chain:13", NAIVE_CHAIN, 13, 1, false, naive_weight, 3, "", 0, {{0}}},
    {"ghz", "chain:7", NAIVE_CHAIN, 7, 1, false, naive_ghz, 0, "", 0, {{0}}},
    {"mirror", "3x4", NAIVE_GRID, 3, 4, false, naive_mirror, 0, "", 0, {{0}}},
    {"bars-stripes", "3x3", NAIVE_GRID, 3, 3, false, naive_bars_stripes, 0, "", 0, {{0}}},
    {"connected", "4x3", NAIVE_GRID, 4, 3, false, naive_connected, 0, "", 0, {{0}}},
    {"percolation", "3x4", NAIVE_GRID, 3, 4, false, naive_percolation, 0, "", 0, {{0}}},
    {"rectangle", "3x4", NAIVE_GRID, 3, 4, false, naive_rectangle, 0, "", 0, {{0}}},
    {"independent-set", "5x2", NAIVE_GRID, 5, 2, false, naive_independent_set, 0, "", 0, {{0}}},
    {"still-life", "3x4", NAIVE_GRID, 3, 4, false, naive_still_life, 0, "", 0, {{0}}},
    {"contains", "3x3", NAIVE_GRID, 3, 3, false, naive_contains, 0, "11/11", 0, {{0}}},
    {"inner-product", "chain:6", NAIVE_CHAIN, 6, 1, false, naive_inner_product, 0, "", 0, {{0}}},
};
#define CASES (sizeof cases / sizeof *cases)
#define MOST (1 << 13)

static const struct {
    const char *problem, *lattice;
} amplitudes[] = {
    {"ising", "3x3"},
    {"ising:beta=0.3,h=0.2", "chain:10:ring"},
    {"logistic", "chain:10"},
    {"logistic:link=sigmoid", "chain:7"},
    {"mps:chi=3", "chain:10"},
    {"mps:chi=5,complex=1", "chain:9"},
    {"mps:chi=2", "chain:6"},
    {"rbm:hidden=3", "chain:10"},
    {"rbm:hidden=2,complex=1", "chain:9"},
    {"rbm:hidden=0", "chain:6"},
    {"cnn:channels=2", "3x3"},
    {"cnn:channels=2,activation=quadratic,pooling=mean", "3x3"},
    {"cnn:channels=2,activation=linear,pooling=product,poolings=2", "chain:8"},
    {"cnn:layers=2,poolings=0", "chain:7"},
    {"mlp:activation=relu", "chain:9"},
};
#define AMPLITUDES (sizeof amplitudes / sizeof *amplitudes)

static void use_device(size_t bytes)
{
    ct_fake_defer(0, 0);
    ct_fake_devices(1, bytes);
    ck_assert_int_eq(ct_devices_choose(0), CUTROPY_OK);
}

static ct_evaluate_options all_memory(void)
{
    return (ct_evaluate_options){.threads = 1, .memory_limit = UINT64_MAX};
}

/* ---- labels ---- */

static void check_labels(naive_case *c)
{
    static uint64_t table[MOST / 64];
    naive_prepare(c);
    cutropy_problem *problem = must_problem(c->problem, c->lattice);
    const ct_evaluate_options options = all_memory();
    uint64_t *images = NULL, count = 0, expected = 0;
    bool overflow = true;
    ck_assert_int_eq(ct_cuda_list_images(problem, &options, MOST, &images, &count, &overflow),
                     CUTROPY_OK);
    ck_assert(!overflow);
    memset(table, 0, sizeof table);
    ck_assert_int_eq(ct_cuda_fill_table(problem, &options, table), CUTROPY_OK);
    for (uint64_t s = 0; s < UINT64_C(1) << c->pixels; s++) {
        const bool label = naive_label(c, s);
        ck_assert_msg((table[s / 64] >> s % 64 & 1) == label, "%s: image %llu", c->problem,
                      (unsigned long long)s);
        if (!label)
            continue;
        ck_assert_msg(expected < count && images[expected] == s, "%s: image %llu of the list",
                      c->problem, (unsigned long long)s);
        expected++;
    }
    ck_assert_uint_eq(count, expected);
    ct_free(images);
    /* one image too many */
    ck_assert_int_eq(ct_cuda_list_images(problem, &options, count - 1, &images, &count, &overflow),
                     CUTROPY_OK);
    ck_assert(overflow && !images);
    cutropy_problem_free(problem);
    ck_assert_int_eq(ct_fake_live(1), 0);
}

START_TEST(every_body)
{
    bool seen[CT_BODY_COUNT] = {false};
    for (size_t i = 0; i < CASES; i++) {
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        seen[problem->body] = true;
        cutropy_problem_free(problem);
        ct_emulation_order(i % CT_EMULATION_ORDERS);
        use_device((size_t)1 << 24);
        check_labels(&cases[i]);
    }
    for (int body = CT_BODY_NONE + 1; body < CT_BODY_COUNT; body++)
        ck_assert_msg(seen[body], "body %d has no case", body);
}
END_TEST

START_TEST(random_labels)
{
    static uint64_t table[MOST / 64];
    for (EVERY_ORDER(order)) {
        naive_case c = {"random:density=0.3125,seed=7",
                        "chain:12",
                        NAIVE_CHAIN,
                        12,
                        1,
                        false,
                        naive_random,
                        320,
                        "7",
                        0,
                        {{0}}};
        use_device((size_t)1 << 24);
        naive_prepare(&c);
        cutropy_problem *problem = must_problem(c.problem, c.lattice);
        const ct_evaluate_options options = all_memory();
        ck_assert_int_eq(ct_cuda_fill_table(problem, &options, table), CUTROPY_OK);
        for (uint64_t s = 0; s < 1 << 12; s++)
            ck_assert((table[s / 64] >> s % 64 & 1) == naive_label(&c, s));
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- amplitudes ---- */

static void check_values(const char *name, const char *lattice, bool on_device)
{
    cutropy_problem *problem = must_problem(name, lattice);
    const ct_evaluate_options options = all_memory();
    const size_t numbers =
        ((size_t)1 << problem->lattice->pixels) * (problem->kind == CUTROPY_KIND_COMPLEX ? 2 : 1);
    double *expected = calloc(numbers, sizeof *expected), *got = calloc(numbers, sizeof *got);
    ck_assert(expected && got);
    ck_assert_int_eq(ct_operations_cpu()->fill_values(problem, &options, expected), CUTROPY_OK);
    ct_fake_fail(-1, 0);
    ck_assert_int_eq(ct_cuda_fill_values(problem, &options, got), CUTROPY_OK);
    ck_assert_msg((ct_fake_calls() > 0) == on_device, "%s: %ld calls", name, ct_fake_calls());
    for (size_t i = 0; i < numbers; i++)
        ck_assert_msg(!memcmp(&got[i], &expected[i], sizeof *got), "%s: number %zu: %a, not %a",
                      name, i, got[i], expected[i]);
    free(expected);
    free(got);
    cutropy_problem_free(problem);
    ck_assert_int_eq(ct_fake_live(1), 0);
}

START_TEST(same_bits)
{
    for (size_t i = 0; i < AMPLITUDES; i++) {
        use_device((size_t)1 << 24);
        ct_emulation_order(i % CT_EMULATION_ORDERS);
        check_values(amplitudes[i].problem, amplitudes[i].lattice, true);
    }
    for (EVERY_ORDER(order)) {
        use_device((size_t)1 << 24);
        ct_fake_defer(1, order + 1);
        check_values("mps:chi=3,complex=1", "chain:9", true);
        ct_fake_defer(0, 0);
    }
}
END_TEST

/* What needs a function of the C library, and what is small. */
START_TEST(served_by_the_cpu)
{
    use_device((size_t)1 << 24);
    check_values("page", "chain:8", false);
    check_values("cnn:activation=tanh", "3x3", false);
    check_values("logistic", "chain:5", false);
}
END_TEST

/* ---- little memory, stops, failures ---- */

START_TEST(little_memory)
{
    static uint64_t table[MOST / 64], full[MOST / 64];
    static double values[MOST], expected[MOST];
    cutropy_problem *majority = must_problem("majority", "chain:13"),
                    *rbm = must_problem("rbm:hidden=2", "chain:13");
    const ct_evaluate_options options = all_memory();
    int on_device = 0, on_cpu = 0;
    memset(full, 0, sizeof full);
    ck_assert_int_eq(ct_operations_cpu()->fill_table(majority, &options, full), CUTROPY_OK);
    ck_assert_int_eq(ct_operations_cpu()->fill_values(rbm, &options, expected), CUTROPY_OK);
    for (size_t bytes = (size_t)1 << 17; bytes > 512; bytes /= 2) {
        use_device(bytes);
        memset(table, 0, sizeof table);
        ck_assert_int_eq(ct_cuda_fill_table(majority, &options, table), CUTROPY_OK);
        ck_assert(!memcmp(table, full, sizeof full));
        ck_assert_int_eq(ct_cuda_fill_values(rbm, &options, values), CUTROPY_OK);
        ck_assert(!memcmp(values, expected, sizeof values));
        ck_assert_uint_le(ct_fake_peak(0), bytes);
        on_device += ct_fake_peak(0) > 0;
        on_cpu += ct_fake_peak(0) == 0;
    }
    ck_assert_int_gt(on_device, 1);
    ck_assert_int_gt(on_cpu, 1);
    cutropy_problem_free(majority);
    cutropy_problem_free(rbm);
}
END_TEST

static uint64_t asked, last_done;

static int stop_at(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ck_assert_str_eq(stage, "evaluate");
    ck_assert_uint_le(done, total);
    ck_assert_uint_ge(done, last_done);
    last_done = done;
    return ++asked >= *(const uint64_t *)user;
}

START_TEST(stops)
{
    static uint64_t table[MOST / 64];
    static double values[MOST];
    cutropy_problem *majority = must_problem("majority", "chain:13"),
                    *ising = must_problem("ising", "chain:13");
    for (uint64_t stop = 1; stop <= 6; stop++) {
        const ct_watch watch = {.report = stop_at, .user = &stop};
        const ct_evaluate_options options = {
            .threads = 1, .memory_limit = UINT64_MAX, .watch = &watch};
        uint64_t *images = NULL, count;
        bool overflow;
        use_device((size_t)1 << 24);
        asked = last_done = 0;
        ck_assert_int_eq(ct_cuda_fill_table(majority, &options, table), CUTROPY_ECANCELLED);
        asked = last_done = 0;
        ck_assert_int_eq(ct_cuda_list_images(majority, &options, MOST, &images, &count, &overflow),
                         CUTROPY_ECANCELLED);
        ck_assert_ptr_null(images);
        asked = last_done = 0;
        ck_assert_int_eq(ct_cuda_fill_values(ising, &options, values), CUTROPY_ECANCELLED);
        ck_assert_int_eq(ct_fake_live(1), 0);
    }
    cutropy_problem_free(majority);
    cutropy_problem_free(ising);
}
END_TEST

/* One road: a list, a table, random labels, and amplitudes of `name`. */
static cutropy_status evaluate(const cutropy_problem *problem, bool list, void *memory)
{
    const ct_evaluate_options options = all_memory();
    uint64_t *images = NULL, count;
    bool overflow;
    if (problem->kind != CUTROPY_KIND_LABEL)
        return ct_cuda_fill_values(problem, &options, memory);
    if (!list)
        return ct_cuda_fill_table(problem, &options, memory);
    const cutropy_status status =
        ct_cuda_list_images(problem, &options, MOST, &images, &count, &overflow);
    ck_assert(status == CUTROPY_OK || !images);
    ct_free(images);
    return status;
}

static void sweep(const char *name, const char *lattice, bool list)
{
    static double memory[2 * MOST];
    cutropy_problem *problem = must_problem(name, lattice);
    for (int lost = 0; lost < 2; lost++)
        for (long k = 0;; k++) {
            use_device((size_t)1 << 24);
            memset(memory, 0, sizeof memory);
            ct_fake_defer(lost, 3);
            ct_fake_fail(k, lost);
            const cutropy_status status = evaluate(problem, list, memory);
            const char *failed = ct_fake_failed();
            ct_fake_defer(0, 0);
            ck_assert_msg(ct_fake_live(1) == 0, "%s: %s failed: not freed", name, failed);
            if (!failed) {
                ck_assert_int_eq(status, CUTROPY_OK);
                ck_assert_int_gt(k, 6);
                break;
            }
            /* what closes may fail without harm */
            ck_assert_msg(status == CUTROPY_EDEVICE || status == CUTROPY_EMEMORY ||
                              status == CUTROPY_OK,
                          "%s: %s failed: status %d", name, failed, (int)status);
            if (status == CUTROPY_OK)
                ck_assert_msg(strstr(failed, "Free") || strstr(failed, "Destroy") ||
                                  strstr(failed, "Synchronize"),
                              "%s: %s failed unseen", name, failed);
        }
    for (long k = 0;; k++) {
        use_device((size_t)1 << 24);
        memset(memory, 0, sizeof memory);
        failing_allocator_start(k);
        const cutropy_status status = evaluate(problem, list, memory);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        ck_assert_int_eq(ct_fake_live(1), 0);
        if (!fired)
            break;
    }
    cutropy_problem_free(problem);
}

START_TEST(failures)
{
    sweep("pixel-loops", "3x3", true);
    sweep("majority", "chain:7", false);
    sweep("random", "chain:7", false);
    sweep("ising", "chain:7", false);
    sweep("mps:chi=2", "chain:7", false);
    sweep("rbm:hidden=1,complex=1", "chain:7", false);
    sweep("cnn:channels=1", "chain:7", false);
}
END_TEST

/* The device does again, from the beginning, what the CPU has begun. */
static int out_of_time(const char *stage, uint64_t done, uint64_t total, void *user)
{
    const struct timespec moment = {.tv_nsec = 3000000};
    (void)stage;
    (void)done;
    (void)total;
    (void)user;
    nanosleep(&moment, NULL);
    return 0;
}

static void check_escalation(void)
{
    static uint64_t table[MOST / 64];
    cutropy_problem *problem = must_problem("majority", "chain:13");
    const ct_watch watch = {.report = out_of_time};
    const ct_evaluate_options options = {.threads = 1, .memory_limit = UINT64_MAX, .watch = &watch};
    use_device((size_t)1 << 24);
    ck_assert_int_eq(setenv("CUTROPY_CUDA_HEAD_START", "1", 1), 0);
    memset(table, 0, sizeof table);
    ct_fake_fail(-1, 0);
    ck_assert_int_eq(ct_cuda_fill_table(problem, &options, table), CUTROPY_OK);
    ck_assert_int_gt(ct_fake_calls(), 0);
    for (uint64_t s = 0; s < 1 << 13; s++)
        ck_assert_int_eq(table[s / 64] >> s % 64 & 1, __builtin_popcountll(s) > 6);
    use_device(512); /* too small for anything: the CPU again, with a clean table */
    memset(table, 0, sizeof table);
    ck_assert_int_eq(ct_cuda_fill_table(problem, &options, table), CUTROPY_OK);
    for (uint64_t s = 0; s < 1 << 13; s++)
        ck_assert_int_eq(table[s / 64] >> s % 64 & 1, __builtin_popcountll(s) > 6);
    cutropy_problem_free(problem);
}

/* With time the CPU ends what it began; a wrong time is refused. */
START_TEST(head_start)
{
    static uint64_t table[MOST / 64];
    cutropy_problem *problem = must_problem("majority", "chain:13");
    const ct_evaluate_options options = all_memory();
    use_device((size_t)1 << 24);
    ck_assert_int_eq(setenv("CUTROPY_CUDA_HEAD_START", "3600000", 1), 0);
    ct_fake_fail(-1, 0);
    ck_assert_int_eq(ct_cuda_fill_table(problem, &options, table), CUTROPY_OK);
    ck_assert_int_eq(ct_fake_calls(), 0);
    for (uint64_t s = 0; s < 1 << 13; s++)
        ck_assert_int_eq(table[s / 64] >> s % 64 & 1, __builtin_popcountll(s) > 6);
    check_escalation();
    static const char *const wrong[] = {"-1", "3600001", "soon", "1.5"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        ck_assert_int_eq(setenv("CUTROPY_CUDA_HEAD_START", wrong[k], 1), 0);
        ck_assert_int_eq(ct_cuda_fill_table(problem, &options, table), CUTROPY_EINPUT);
        ck_assert(strstr(cutropy_error(), "3600000 milliseconds") != NULL);
    }
    ck_assert_int_eq(unsetenv("CUTROPY_CUDA_HEAD_START"), 0);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("kernel_evaluate", head_start, every_body, random_labels, same_bits, served_by_the_cpu,
           little_memory, stops, failures)
