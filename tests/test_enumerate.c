/* SPDX-License-Identifier: Apache-2.0 */
/* The bit-sliced walk: every body with every instruction set against one image at a time; lists,
 * tables, prefixes, limits and stops. */
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "isa_list.h"
#include "naive_labels.h"
#include "ref/support.h"

#include "backend/cpu/walk.h"
#include "engine/function/evaluate.h"
#include "problem/problem.h"

/* Pixels: 4 and 5 (less than one word), 6, 12, 18 (whole words of 64), 8, 16 (of 256), 9, 18 (of
 * 512), and numbers between. */
static naive_case cases[] = {
    {"loops", "links:2x2", NAIVE_LINKS, 2, 2, false, naive_loops, 0, "", 0, {{0}}},
    {"loops", "links:3x3", NAIVE_LINKS, 3, 3, false, naive_loops, 0, "", 0, {{0}}},
    {"loops", "links:3x3:torus", NAIVE_LINKS, 3, 3, true, naive_loops, 0, "", 0, {{0}}},
    {"pixel-loops", "3x3", NAIVE_GRID, 3, 3, false, naive_pixel_loops, 0, "", 0, {{0}}},
    {"pixel-loops", "4x4", NAIVE_GRID, 4, 4, false, naive_pixel_loops, 0, "", 0, {{0}}},
    {"parity:odd=1", "chain:5", NAIVE_CHAIN, 5, 1, false, naive_parity, 1, "", 0, {{0}}},
    {"parity:odd=0", "chain:13", NAIVE_CHAIN, 13, 1, false, naive_parity, 0, "", 0, {{0}}},
    {"majority", "chain:6", NAIVE_CHAIN, 6, 1, false, naive_majority, 0, "", 0, {{0}}},
    {"majority", "chain:15", NAIVE_CHAIN, 15, 1, false, naive_majority, 0, "", 0, {{0}}},
    {"threshold:k=9", "chain:12", NAIVE_CHAIN, 12, 1, false, naive_threshold, 9, "", 0, {{0}}},
    {"threshold:k=12", "chain:18", NAIVE_CHAIN, 18, 1, false, naive_threshold, 12, "", 0, {{0}}},
    {"weight:k=3", "chain:8", NAIVE_CHAIN, 8, 1, false, naive_weight, 3, "", 0, {{0}}},
    {"weight:k=2", "chain:18", NAIVE_CHAIN, 18, 1, false, naive_weight, 2, "", 0, {{0}}},
    {"ghz", "chain:4", NAIVE_CHAIN, 4, 1, false, naive_ghz, 0, "", 0, {{0}}},
    {"ghz", "chain:17", NAIVE_CHAIN, 17, 1, false, naive_ghz, 0, "", 0, {{0}}},
    {"mirror", "4x4", NAIVE_GRID, 4, 4, false, naive_mirror, 0, "", 0, {{0}}},
    {"bars-stripes", "3x3", NAIVE_GRID, 3, 3, false, naive_bars_stripes, 0, "", 0, {{0}}},
    {"bars-stripes", "4x4", NAIVE_GRID, 4, 4, false, naive_bars_stripes, 0, "", 0, {{0}}},
    {"connected", "2x2", NAIVE_GRID, 2, 2, false, naive_connected, 0, "", 0, {{0}}},
    {"connected", "5x3", NAIVE_GRID, 5, 3, false, naive_connected, 0, "", 0, {{0}}},
    {"percolation", "4x4", NAIVE_GRID, 4, 4, false, naive_percolation, 0, "", 0, {{0}}},
    {"rectangle", "4x4", NAIVE_GRID, 4, 4, false, naive_rectangle, 0, "", 0, {{0}}},
    {"independent-set",
     "4x4:torus",
     NAIVE_GRID,
     4,
     4,
     true,
     naive_independent_set,
     0,
     "",
     0,
     {{0}}},
    {"independent-set", "7x2", NAIVE_GRID, 7, 2, false, naive_independent_set, 0, "", 0, {{0}}},
    {"still-life", "4x4", NAIVE_GRID, 4, 4, false, naive_still_life, 0, "", 0, {{0}}},
    {"still-life", "3x6", NAIVE_GRID, 3, 6, false, naive_still_life, 0, "", 0, {{0}}},
    {"contains", "4x4", NAIVE_GRID, 4, 4, false, naive_contains, 0, "11/11", 0, {{0}}},
    {"contains:pattern=110/011,match=lit",
     "3x4:torus",
     NAIVE_GRID,
     3,
     4,
     true,
     naive_contains,
     1,
     "110/011",
     0,
     {{0}}},
    {"inner-product", "chain:10", NAIVE_CHAIN, 10, 1, false, naive_inner_product, 0, "", 0, {{0}}},
    {"inner-product", "chain:16", NAIVE_CHAIN, 16, 1, false, naive_inner_product, 0, "", 0, {{0}}},
};
#define CASES (sizeof cases / sizeof *cases)
#define MOST (1 << 18)

/* A case with its right answer. */
typedef struct walk {
    const naive_case *c;
    cutropy_problem *problem;
    const ct_body_data *data;
    ct_body body;
    int pixels;
    size_t count, words;
    uint64_t list[MOST], table[MOST / 64];
} walk;

static walk w;

static void start_case(naive_case *c)
{
    naive_prepare(c);
    w.c = c;
    w.problem = must_problem(c->problem, c->lattice);
    w.data = w.problem->body_data;
    w.body = w.problem->body;
    ck_assert_int_ne(w.body, CT_BODY_NONE);
    w.pixels = c->pixels;
    ck_assert_int_eq(w.pixels, w.data->pixels);
    w.words = w.pixels < 6 ? 1 : (size_t)1 << (w.pixels - 6);
    w.count = 0;
    memset(w.table, 0, sizeof w.table);
    for (uint64_t s = 0; s < UINT64_C(1) << w.pixels; s++)
        if (naive_label(c, s)) {
            w.list[w.count++] = s;
            w.table[s / 64] |= UINT64_C(1) << s % 64;
        }
}

static void end_case(void)
{
    cutropy_problem_free(w.problem);
    w.problem = NULL;
}

static void check_list(const uint64_t *list, size_t count, const char *what)
{
    ck_assert_msg(count == w.count, "%s %s, %s: %zu images, should be %zu", w.c->problem,
                  w.c->lattice, what, count, w.count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(list[i] == w.list[i], "%s %s, %s: image %zu", w.c->problem, w.c->lattice,
                      what, i);
}

static void check_table(const uint64_t *table, const char *what)
{
    for (size_t k = 0; k < w.words; k++)
        ck_assert_msg(table[k] == w.table[k], "%s %s, %s: word %zu of the table", w.c->problem,
                      w.c->lattice, what, k);
}

/* The bodies that the cases use. */
START_TEST(every_body_has_a_case)
{
    bool seen[CT_BODY_COUNT] = {false};
    for (size_t i = 0; i < CASES; i++) {
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        seen[problem->body] = true;
        cutropy_problem_free(problem);
    }
    for (int body = 1; body < CT_BODY_COUNT; body++)
        ck_assert_msg(seen[body], "no case for body %d", body);
}
END_TEST

static ct_sink empty_sink(void)
{
    return (ct_sink){.limit = SIZE_MAX};
}

START_TEST(walks_of_each_instruction_set)
{
    static uint64_t table[MOST / 64 + 1];
    const ct_isa *isa;
    for (size_t i = 0; i < CASES; i += (size_t)amount(1, 3)) {
        start_case(&cases[i]);
        for (int number = 0; (isa = isa_number(number)) != NULL; number++) {
            ct_sink sink = empty_sink();
            isa->walk(w.data, w.body, 0, w.pixels, 0, &sink);
            ck_assert(!sink.overflow && !sink.no_memory);
            check_list(sink.list, sink.count, isa->name);
            ct_free(sink.list);
            memset(table, 0, sizeof table);
            table[w.words] = 42;
            sink = empty_sink();
            sink.table = table;
            isa->walk(w.data, w.body, 0, w.pixels, 0, &sink);
            check_table(table, isa->name);
            ck_assert_uint_eq(table[w.words], 42);
            ck_assert_uint_eq(sink.count, 0);
        }
        end_case();
    }
}
END_TEST

/* Prefixes ascend, have nothing below `stop`, lose no image, and lead to all of them. */
START_TEST(walks_by_prefixes)
{
    const ct_isa *isa;
    for (size_t i = 0; i < CASES; i += (size_t)amount(1, 3)) {
        start_case(&cases[i]);
        for (int number = 0; (isa = isa_number(number)) != NULL; number++)
            for (int stop = ct_walk_low(w.pixels, w.pixels, isa->shift); stop > 0;
                 stop = ct_walk_low(w.pixels, stop, isa->shift)) {
                ct_sink prefixes = empty_sink(), images = empty_sink();
                isa->walk(w.data, w.body, 0, w.pixels, stop, &prefixes);
                for (size_t p = 0; p < prefixes.count; p++) {
                    ck_assert_uint_eq(prefixes.list[p] & ((UINT64_C(1) << stop) - 1), 0);
                    ck_assert(p == 0 || prefixes.list[p] > prefixes.list[p - 1]);
                    isa->walk(w.data, w.body, prefixes.list[p], stop, 0, &images);
                }
                check_list(images.list, images.count, isa->name);
                ct_free(prefixes.list);
                ct_free(images.list);
            }
        end_case();
    }
}
END_TEST

START_TEST(parallel_walks)
{
    static uint64_t table[MOST / 64];
    for (size_t i = 0; i < CASES; i++) {
        start_case(&cases[i]);
        for (int threads = 1; threads <= 3; threads += amount(1, 2)) {
            const ct_evaluate_options options = {.threads = threads, .memory_limit = UINT64_MAX};
            uint64_t *list = NULL, count = 0;
            bool overflow = true;
            ck_assert_int_eq(
                ct_walk_list(w.data, w.body, &options, w.count, &list, &count, &overflow),
                CUTROPY_OK);
            ck_assert(!overflow);
            check_list(list, count, "list");
            ct_free(list);
            memset(table, 0, sizeof table);
            ck_assert_int_eq(ct_walk_table(w.data, w.body, &options, table), CUTROPY_OK);
            check_table(table, "table");
        }
        end_case();
    }
}
END_TEST

/* Keeps the first thread busy, so that the others take most of the work and no list alone is full.
 */
static int dawdle(const char *stage, uint64_t done, uint64_t total, void *user)
{
    uint64_t state = done + 1;
    (void)stage;
    (void)total;
    for (int i = 0; i < 1000000; i++)
        *(uint64_t *)user += draw(&state);
    return 0;
}

START_TEST(limits)
{
    uint64_t idle = 0;
    const ct_watch watch = {.report = dawdle, .user = &idle};
    const ct_isa *isa;
    start_case(&cases[8]); /* majority of 15: 2^14 images */
    for (int threads = 1; threads <= 3; threads++) {
        const ct_evaluate_options options = {
            .threads = threads, .memory_limit = UINT64_MAX, .watch = threads > 1 ? &watch : NULL};
        for (uint64_t limit = 0; limit < w.count; limit = limit ? limit * 5 : 1) {
            uint64_t *list = (uint64_t *)w.table, count = 0;
            bool overflow = false;
            ck_assert_int_eq(
                ct_walk_list(w.data, w.body, &options, limit, &list, &count, &overflow),
                CUTROPY_OK);
            ck_assert(overflow);
            ck_assert_ptr_null(list);
        }
        uint64_t *list = NULL, count = 0;
        bool overflow = false;
        ck_assert_int_eq(
            ct_walk_list(w.data, w.body, &options, w.count - 1, &list, &count, &overflow),
            CUTROPY_OK);
        ck_assert(overflow && !list);
    }
    for (int number = 0; (isa = isa_number(number)) != NULL; number++) {
        ct_sink sink = {.limit = 100};
        isa->walk(w.data, w.body, 0, w.pixels, 0, &sink);
        ck_assert(sink.overflow);
        ck_assert_uint_eq(sink.count, 100);
        ck_assert_mem_eq(sink.list, w.list, 100 * sizeof *sink.list);
        ct_free(sink.list);
    }
    end_case();
}
END_TEST

/* ---- the watch
 * ----------------------------------------------------------------------------------------------------
 */

typedef struct watching {
    int calls, stop_at;
    uint64_t last, total;
} watching;

static int watch_report(const char *stage, uint64_t done, uint64_t total, void *user)
{
    watching *me = user;
    ck_assert_str_eq(stage, "evaluate");
    ck_assert_uint_le(done, total);
    ck_assert(me->calls == 0 || (done >= me->last && total == me->total));
    me->last = done;
    me->total = total;
    return ++me->calls >= me->stop_at;
}

START_TEST(stops)
{
    static uint64_t table[MOST / 64];
    start_case(&cases[10]); /* threshold on a chain of 18 */
    for (int threads = 1; threads <= 2; threads++)
        for (int stop_at = 1; stop_at <= 5; stop_at += 2) {
            watching me = {.stop_at = stop_at};
            const ct_watch watch = {.report = watch_report, .user = &me};
            const ct_evaluate_options options = {
                .threads = threads, .memory_limit = UINT64_MAX, .watch = &watch};
            uint64_t *list = (uint64_t *)w.table, count = 0;
            bool overflow;
            const cutropy_status status =
                ct_walk_list(w.data, w.body, &options, w.count, &list, &count, &overflow);
            if (status ==
                CUTROPY_OK) { /* another thread did all the work, or what was left of it */
                ck_assert_int_gt(threads, 1);
                ck_assert_uint_eq(count, w.count);
                ct_free(list);
            } else {
                ck_assert_int_eq(status, CUTROPY_ECANCELLED);
                ck_assert_ptr_null(list);
                ck_assert_int_eq(me.calls, stop_at);
            }
            me = (watching){.stop_at = stop_at};
            memset(table, 0, sizeof table);
            if (ct_walk_table(w.data, w.body, &options, table) == CUTROPY_OK) {
                ck_assert_int_gt(threads, 1);
                check_table(table, "finished in spite of a stop");
            } else {
                ck_assert_int_eq(me.calls, stop_at);
            }
        }
    watching patient = {.stop_at = 1 << 30}; /* one thread reports every prefix */
    const ct_watch watch = {.report = watch_report, .user = &patient};
    const ct_evaluate_options options = {.threads = 1, .memory_limit = UINT64_MAX, .watch = &watch};
    memset(table, 0, sizeof table);
    ck_assert_int_eq(ct_walk_table(w.data, w.body, &options, table), CUTROPY_OK);
    check_table(table, "watched");
    ck_assert_uint_eq((uint64_t)patient.calls, patient.total);
    end_case();
}
END_TEST

START_TEST(failing_allocations)
{
    failing_allocator_start(-1);
    start_case(&cases[8]);
    const ct_evaluate_options options = {.threads = 1, .memory_limit = UINT64_MAX};
    const long live = failing_allocator_live();
    for (long k = 0;; k++) {
        uint64_t *list = NULL, count = 0;
        bool overflow;
        failing_allocator_start(k);
        const cutropy_status status =
            ct_walk_list(w.data, w.body, &options, w.count, &list, &count, &overflow);
        const bool fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        if (fired)
            ck_assert_ptr_null(list);
        else
            check_list(list, count, "list");
        ct_free(list);
        ck_assert_int_eq(failing_allocator_live(), live);
        if (!fired)
            break;
    }
    end_case();
    ck_assert_int_eq(failing_allocator_live(), 0);
}
END_TEST

/* ---- the whole operation: which storage
 * ---------------------------------------------------------------------------- */

static ct_function must_evaluate(const cutropy_problem *problem, int threads, uint64_t memory)
{
    ct_function f;
    const ct_evaluate_options options = {.threads = threads, .memory_limit = memory};
    const cutropy_status status = ct_evaluate(ct_operations_cpu(), problem, &options, NULL, &f);
    ck_assert_msg(status == CUTROPY_OK, "%s", cutropy_error());
    return f;
}

START_TEST(evaluated_functions)
{
    for (size_t i = 0; i < CASES; i++) {
        start_case(&cases[i]);
        for (int threads = 1; threads <= 2; threads++) {
            ct_function f = must_evaluate(w.problem, threads, UINT64_MAX);
            ck_assert_uint_eq(f.ones, w.count);
            if (f.storage == CT_TABLE)
                check_table(f.table, "evaluate");
            else
                check_list(f.images, f.ones, "evaluate");
            /* a list where it is much smaller than the table */
            if (w.pixels > 12)
                ck_assert_int_eq(f.storage, w.count * 8 < w.words ? CT_SUPPORT : CT_TABLE);
            ct_function_free(&f);
        }
        end_case();
    }
}
END_TEST

/* 27 pixels: the walk makes a list first, and turns to the table when the list grows longer. */
START_TEST(storage_of_larger_functions)
{
    cutropy_problem *half = must_problem("majority", "chain:27"),
                    *few = must_problem("weight:k=2", "chain:30");
    ct_function f = must_evaluate(half, 2, UINT64_MAX);
    ck_assert_int_eq(f.storage, CT_TABLE);
    ck_assert_uint_eq(f.ones, UINT64_C(1) << 26); /* an odd number of pixels has no tie */
    uint64_t state = 4;
    for (int sample = 0; sample < 100000; sample++) {
        const uint64_t s = draw_below(&state, UINT64_C(1) << 27);
        ck_assert_int_eq(f.table[s / 64] >> s % 64 & 1, __builtin_popcountll(s) > 13);
    }
    ct_function_free(&f);
    f = must_evaluate(few, 2, 1 << 20);
    ck_assert_int_eq(f.storage, CT_SUPPORT);
    ck_assert_uint_eq(f.ones, 30 * 29 / 2);
    for (uint64_t i = 0; i < f.ones; i++)
        ck_assert_int_eq(__builtin_popcountll(f.images[i]), 2);
    ct_function_free(&f);
    const ct_evaluate_options tight = {.threads = 1, .memory_limit = 1 << 20};
    ck_assert_int_eq(ct_evaluate(ct_operations_cpu(), half, &tight, NULL, &f), CUTROPY_EMEMORY);
    ck_assert(!f.table && !f.images);
    cutropy_problem_free(half);
    cutropy_problem_free(few);
}
END_TEST

CHECK_MAIN("enumerate", every_body_has_a_case, walks_of_each_instruction_set, walks_by_prefixes,
           parallel_walks, limits, stops, failing_allocations, evaluated_functions,
           storage_of_larger_functions)
