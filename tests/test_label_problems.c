/* SPDX-License-Identifier: Apache-2.0 */
/* Label problems: the bodies and generators of the library against plain definitions, for all
 * images of small lattices, all word widths and every number of unknown pixels. */
#include "bodies_run.h"
#include "check_main.h"
#include "naive_labels.h"

#include <string.h>

#include <cutropy/cutropy.h>

#include "problem/problem.h"
#include "ref/support.h"

#define GRID(x, y) "grid:" #x "x" #y, NAIVE_GRID, x, y, false
#define TORUS(x, y)                                                                                \
    .lattice = "grid:" #x "x" #y ":torus", .shape = NAIVE_GRID, .lx = x, .ly = y, .periodic = true
#define CHAIN(n) "chain:" #n, NAIVE_CHAIN, n, 1, false
#define RING(n)                                                                                    \
    .lattice = "chain:" #n ":ring", .shape = NAIVE_CHAIN, .lx = n, .ly = 1, .periodic = true
#define LINKS(x, y)                                                                                \
    .lattice = "links:" #x "x" #y, .shape = NAIVE_LINKS, .lx = x, .ly = y, .periodic = false
#define LINKS_TORUS(x, y)                                                                          \
    .lattice = "links:" #x "x" #y ":torus", .shape = NAIVE_LINKS, .lx = x, .ly = y, .periodic = true
/* The lattice last: it has commas. */
#define CONTAINS(text, match, rule, ...)                                                           \
    {                                                                                              \
        .problem = text, __VA_ARGS__, .label = naive_contains, .parameter = match, .pattern = rule \
    }
#define RANDOM(text, density, seed, ...)                                                           \
    {                                                                                              \
        .problem = text, __VA_ARGS__, .label = naive_random, .parameter = density, .pattern = seed \
    }

static const naive_case sliced_cases[] = {
    {.problem = "loops", LINKS(2, 2), .label = naive_loops},
    {.problem = "loops", LINKS(3, 3), .label = naive_loops},
    {.problem = "loops", LINKS(4, 2), .label = naive_loops},
    {.problem = "loops", LINKS_TORUS(2, 2), .label = naive_loops},
    {.problem = "loops", LINKS_TORUS(3, 2), .label = naive_loops},
    {.problem = "loops:contractible=1", LINKS_TORUS(2, 2), .label = naive_contractible},
    {.problem = "loops:contractible=1", LINKS_TORUS(2, 3), .label = naive_contractible},
    {.problem = "loops:contractible=1", LINKS_TORUS(3, 2), .label = naive_contractible},
    {.problem = "pixel-loops", GRID(4, 4), .label = naive_pixel_loops},
    {.problem = "pixel-loops", GRID(5, 3), .label = naive_pixel_loops},
    {.problem = "pixel-loops", TORUS(4, 3), .label = naive_pixel_loops},
    {.problem = "pixel-loops", TORUS(2, 4), .label = naive_pixel_loops},
    {.problem = "pixel-loops", LINKS(3, 3), .label = naive_pixel_loops},
    {.problem = "pixel-loops", RING(9), .label = naive_pixel_loops},
    {.problem = "parity", CHAIN(9), .label = naive_parity, .parameter = 0},
    {.problem = "parity:odd=1", GRID(3, 3), .label = naive_parity, .parameter = 1},
    {.problem = "majority", CHAIN(9), .label = naive_majority},
    {.problem = "majority", GRID(4, 3), .label = naive_majority},
    {.problem = "majority", CHAIN(1), .label = naive_majority},
    {.problem = "threshold:k=0", CHAIN(5), .label = naive_threshold, .parameter = 0},
    {.problem = "threshold:k=3", GRID(3, 3), .label = naive_threshold, .parameter = 3},
    {.problem = "threshold:k=12", CHAIN(12), .label = naive_threshold, .parameter = 12},
    {.problem = "weight", CHAIN(11), .label = naive_weight, .parameter = 1},
    {.problem = "weight:k=0", CHAIN(11), .label = naive_weight, .parameter = 0},
    {.problem = "weight:k=6", GRID(4, 3), .label = naive_weight, .parameter = 6},
    {.problem = "ghz", CHAIN(10), .label = naive_ghz},
    {.problem = "ghz", GRID(3, 3), .label = naive_ghz},
    {.problem = "mirror", GRID(4, 4), .label = naive_mirror},
    {.problem = "mirror", GRID(5, 2), .label = naive_mirror},
    {.problem = "mirror", CHAIN(9), .label = naive_mirror},
    {.problem = "bars-stripes", GRID(4, 4), .label = naive_bars_stripes},
    {.problem = "bars-stripes", GRID(2, 5), .label = naive_bars_stripes},
    {.problem = "bars-stripes", GRID(1, 5), .label = naive_bars_stripes},
    {.problem = "connected", GRID(4, 4), .label = naive_connected},
    {.problem = "connected", GRID(2, 6), .label = naive_connected},
    {.problem = "connected", TORUS(3, 4), .label = naive_connected},
    {.problem = "connected", TORUS(2, 2), .label = naive_connected},
    {.problem = "connected", CHAIN(10), .label = naive_connected},
    {.problem = "connected", RING(10), .label = naive_connected},
    {.problem = "connected", LINKS(3, 3), .label = naive_connected},
    {.problem = "percolation", GRID(4, 4), .label = naive_percolation},
    {.problem = "percolation", GRID(3, 5), .label = naive_percolation},
    {.problem = "percolation", GRID(5, 1), .label = naive_percolation},
    {.problem = "percolation", TORUS(4, 3), .label = naive_percolation},
    {.problem = "percolation", TORUS(3, 2), .label = naive_percolation},
    {.problem = "percolation", CHAIN(8), .label = naive_percolation},
    {.problem = "percolation", RING(8), .label = naive_percolation},
    {.problem = "rectangle", GRID(4, 4), .label = naive_rectangle},
    {.problem = "rectangle", GRID(5, 3), .label = naive_rectangle},
    {.problem = "rectangle", TORUS(3, 4), .label = naive_rectangle},
    {.problem = "rectangle", CHAIN(10), .label = naive_rectangle},
    {.problem = "independent-set", GRID(4, 4), .label = naive_independent_set},
    {.problem = "independent-set", TORUS(3, 4), .label = naive_independent_set},
    {.problem = "independent-set", RING(11), .label = naive_independent_set},
    {.problem = "independent-set", LINKS(3, 3), .label = naive_independent_set},
    {.problem = "still-life", GRID(4, 4), .label = naive_still_life},
    {.problem = "still-life", GRID(5, 3), .label = naive_still_life},
    {.problem = "still-life", GRID(1, 6), .label = naive_still_life},
    {.problem = "still-life", TORUS(4, 4), .label = naive_still_life},
    {.problem = "still-life", TORUS(4, 3), .label = naive_still_life},
    {.problem = "still-life", TORUS(2, 3), .label = naive_still_life},
    {.problem = "still-life", TORUS(1, 3), .label = naive_still_life},
    CONTAINS("contains", 0, "11/11", GRID(4, 4)),
    CONTAINS("contains:pattern=10/01", 0, "10/01", GRID(4, 3)),
    CONTAINS("contains:pattern=110/011", 0, "110/011", TORUS(4, 3)),
    CONTAINS("contains:pattern=110/011,match=lit", 1, "110/011", TORUS(3, 4)),
    CONTAINS("contains:pattern=1/1,match=lit", 1, "1/1", GRID(3, 3)),
    CONTAINS("contains:pattern=00", 0, "00", GRID(3, 3)),
    CONTAINS("contains:pattern=1001", 0, "1001", RING(9)),
    CONTAINS("contains:pattern=11", 0, "11", CHAIN(10)),
    {.problem = "inner-product", CHAIN(12), .label = naive_inner_product},
    {.problem = "inner-product", GRID(4, 2), .label = naive_inner_product},
};

static const naive_case indexed_cases[] = {
    {.problem = "primes", CHAIN(16), .label = naive_primes},
    {.problem = "primes", GRID(4, 4), .label = naive_primes},
    {.problem = "primes", CHAIN(3), .label = naive_primes},
    {.problem = "primes", CHAIN(7), .label = naive_primes},
    RANDOM("random", 512, "0", CHAIN(12)),
    RANDOM("random", 512, "0", CHAIN(5)),
    RANDOM("random:density=0.25,seed=7", 256, "7", GRID(4, 3)),
    RANDOM("random:density=1", 1024, "0", CHAIN(8)),
    RANDOM("random:seed=18446744073709551615,density=0.0009765625", 1, "18446744073709551615",
           CHAIN(13)),
};

/* The problem of a case; a null one fails the test with the message of the library. */
static void *make_bytes(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

/* Result bits of all prefixes (images of the pixels from `first` on); must not depend on the
 * unknown pixels. */
static void run_prefixes(bodies_run *run, const cutropy_problem *problem, int first,
                         uint64_t *images, uint8_t *again, uint8_t *out)
{
    size_t count = (size_t)1 << (problem->lattice->pixels - first);
    for (size_t p = 0; p < count; p++)
        images[p] = (uint64_t)p << first;
    run(problem->body, problem->body_data, first, 0x5a, images, count, out);
    run(problem->body, problem->body_data, first, 0xc3, images, count, again);
    ck_assert_int_eq(memcmp(out, again, count), 0);
}

/* An assertion of Check costs a microsecond or more, also when it holds: not once per image. */
static void check_case(const naive_case *given, bodies_run *run)
{
    naive_case c = *given;
    naive_prepare(&c);
    cutropy_problem *problem = must_problem(c.problem, c.lattice);
    size_t count = (size_t)1 << c.pixels;
    ck_assert_int_eq(problem->lattice->pixels, c.pixels);
    ck_assert_int_ne(problem->body, CT_BODY_NONE);
    uint64_t *images = make_bytes(count, sizeof *images);
    uint8_t *best = make_bytes(count, 1), *alive = make_bytes(count, 1),
            *next = make_bytes(count, 1);
    uint8_t *again = make_bytes(count, 1);

    run_prefixes(run, problem, 0, images, again, alive);
    for (size_t s = 0; s < count; s++) {
        best[s] = naive_label(&c, s);
        if (alive[s] != best[s])
            ck_abort_msg("%s %s: image %zx has label %d, not %d", c.problem, c.lattice, s, best[s],
                         alive[s]);
    }
    for (int first = 1; first <= c.pixels; first++) {
        run_prefixes(run, problem, first, images, again, next);
        for (size_t p = 0; p < count >> first; p++) {
            best[p] = best[2 * p] | best[2 * p + 1];
            if (next[p] < best[p])
                ck_abort_msg("%s %s: first %d gives up prefix %zx, which has label-1 images",
                             c.problem, c.lattice, first, p);
            if (next[p] < (alive[2 * p] | alive[2 * p + 1]))
                ck_abort_msg("%s %s: first %d, prefix %zx is not monotone", c.problem, c.lattice,
                             first, p);
        }
        memcpy(alive, next, count >> first);
    }
    free(images);
    free(best);
    free(alive);
    free(next);
    free(again);
    cutropy_problem_free(problem);
}

static void check_cases(bodies_run *run)
{
    for (size_t k = 0; k < sizeof sliced_cases / sizeof sliced_cases[0]; k++)
        check_case(&sliced_cases[k], run);
}

START_TEST(test_bodies_32)
{
    check_cases(bodies_run_32);
}
END_TEST

START_TEST(test_bodies_64)
{
    check_cases(bodies_run_64);
}
END_TEST

START_TEST(test_bodies_256)
{
    check_cases(bodies_run_256);
}
END_TEST

START_TEST(test_bodies_512)
{
    check_cases(bodies_run_512);
}
END_TEST

/* Every body has a case. */
START_TEST(test_all_bodies_covered)
{
    bool seen[CT_BODY_COUNT] = {false};
    for (size_t k = 0; k < sizeof sliced_cases / sizeof sliced_cases[0]; k++) {
        cutropy_problem *problem = must_problem(sliced_cases[k].problem, sliced_cases[k].lattice);
        seen[problem->body] = true;
        cutropy_problem_free(problem);
    }
    for (int body = 1; body < CT_BODY_COUNT; body++)
        ck_assert_msg(seen[body], "body %d has no case", body);
}
END_TEST

/* In one piece, and word by word. */
START_TEST(test_indexed)
{
    for (size_t k = 0; k < sizeof indexed_cases / sizeof indexed_cases[0]; k++) {
        naive_case c = indexed_cases[k];
        naive_prepare(&c);
        cutropy_problem *problem = must_problem(c.problem, c.lattice);
        uint64_t labels[1024], word, images = UINT64_C(1) << c.pixels;
        size_t words = (size_t)((images + 63) / 64);
        problem->fill_labels(problem, 0, words, labels);
        for (size_t w = 0; w < words; w++) {
            uint64_t expected = 0;
            for (uint64_t b = 0; b < 64 && 64 * w + b < images; b++)
                expected |= (uint64_t)naive_label(&c, 64 * w + b) << b;
            ck_assert_msg(labels[w] == expected, "%s %s: word %zu", c.problem, c.lattice, w);
            problem->fill_labels(problem, w, 1, &word);
            ck_assert_uint_eq(word, expected);
        }
        cutropy_problem_free(problem);
    }
}
END_TEST

static uint64_t count_ones(const char *text, const char *lattice)
{
    cutropy_problem *problem = must_problem(text, lattice);
    uint64_t images = UINT64_C(1) << problem->lattice->pixels, ones = 0;
    enum { CHUNK = 1 << 14 };
    static uint64_t list[CHUNK];
    static uint8_t labels[CHUNK];
    for (uint64_t start = 0; start < images; start += CHUNK) {
        uint64_t count = images - start < CHUNK ? images - start : CHUNK;
        if (problem->fill_labels) {
            problem->fill_labels(problem, start / 64, (size_t)((count + 63) / 64), list);
            for (uint64_t w = 0; w < (count + 63) / 64; w++)
                ones += (uint64_t)__builtin_popcountll(list[w]);
            continue;
        }
        for (uint64_t k = 0; k < count; k++)
            list[k] = start + k;
        bodies_run_512(problem->body, problem->body_data, 0, 0, list, (size_t)count, labels);
        for (uint64_t k = 0; k < count; k++)
            ones += labels[k];
    }
    cutropy_problem_free(problem);
    return ones;
}

/* Published counts: the ground truth table, OEIS A006506 (independent sets), A006880-like tables of
 * pi(2^k). */
START_TEST(test_known_counts)
{
    static const struct {
        const char *problem, *lattice;
        uint64_t ones;
    } known[] = {
        {"loops", "links:3x3", 16},
        {"loops", "links:2x2:torus", 32},
        {"loops", "links:3x3:torus", 1024},
        {"loops:contractible=1", "links:3x3:torus", 256},
        {"pixel-loops", "4x4", 27},
        {"majority", "chain:9", 256},
        {"parity", "chain:12", 2048},
        {"connected", "4x4", 11506},
        {"percolation", "4x4", 22193},
        {"random", "chain:8", 139},
        {"random", "chain:10", 516},
        {"random", "chain:12", 2048},
        {"primes", "chain:1", 0},
        {"primes", "chain:2", 2},
        {"primes", "chain:8", 54},
        {"primes", "chain:10", 172},
        {"primes", "chain:16", 6542},
        {"primes", "chain:20", 82025},
        {"primes", "chain:22", 295947},
        {"independent-set", "3x3", 63},
        {"independent-set", "4x4", 1234},
        {"independent-set", "chain:10", 144},
        {"independent-set", "chain:10:ring", 123},
        {"bars-stripes", "4x4", 30},
        {"rectangle", "4x4", 100},
        {"mirror", "4x4", 256},
        {"inner-product", "chain:12", 2016},
        {"contains:pattern=11", "chain:10", 880},
        {"still-life", "2x2", 2},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        uint64_t ones = count_ones(known[k].problem, known[k].lattice);
        ck_assert_msg(ones == known[k].ones, "%s %s: %llu label-1 images, not %llu",
                      known[k].problem, known[k].lattice, (unsigned long long)ones,
                      (unsigned long long)known[k].ones);
    }
}
END_TEST

/* The draws in order, repeats skipped, by the published generator. */
static void check_draws(const char *text, const char *lattice, uint64_t seed, size_t count)
{
    cutropy_problem *problem = must_problem(text, lattice);
    ct_images images = {0};
    size_t words = problem->lattice->words, found = 0;
    int rest = problem->lattice->pixels % 64;
    uint64_t mixed = naive_splitmix64(seed - UINT64_C(0x9e3779b97f4a7c15));
    ck_assert_int_eq(problem->list_images(problem, &images), CUTROPY_OK);
    ck_assert_uint_eq(images.count, count);
    for (uint64_t draw = 0; found < count; draw++) {
        uint64_t image[4];
        bool repeated = false;
        for (size_t w = 0; w < words; w++)
            image[w] = naive_splitmix64(draw * words + w + mixed);
        if (rest)
            image[words - 1] %= UINT64_C(1) << rest;
        for (size_t k = 0; k < found; k++)
            repeated = repeated || memcmp(images.words + k * words, image, words * 8) == 0;
        if (repeated)
            continue;
        ck_assert_int_eq(memcmp(images.words + found * words, image, words * 8), 0);
        found++;
    }
    cutropy_problem_free(problem);
    ct_free(images.words);
}

START_TEST(test_random_count)
{
    check_draws("random:count=100", "chain:8", 0, 100);
    check_draws("random:count=256,seed=5", "chain:8", 5, 256);
    check_draws("random:count=2", "chain:1", 0, 2);
    check_draws("random:count=300,seed=3", "chain:64", 3, 300);
    check_draws("random:count=300,seed=3", "grid:12x12", 3, 300);
}
END_TEST

/* 64 pixels: shifts and counters at the end of the word. */
START_TEST(test_64_pixels)
{
    static const struct {
        const char *problem, *lattice;
        uint64_t image;
        int label;
    } known[] = {
        {"majority", "8x8", UINT64_MAX, 1},
        {"majority", "8x8", UINT32_MAX, 0},
        {"weight:k=64", "8x8", UINT64_MAX, 1},
        {"weight:k=64", "8x8", UINT64_MAX - 1, 0},
        {"weight:k=63", "8x8", UINT64_MAX - 1, 1},
        {"connected", "8x8", UINT64_MAX, 1},
        {"connected", "8x8", UINT64_C(1) << 63 | 1, 0},
        {"percolation", "8x8", UINT64_C(0x0101010101010101), 1},
        {"percolation", "chain:64", UINT64_MAX, 1},
        {"percolation", "chain:64", UINT64_MAX >> 1, 0},
        {"rectangle", "8x8", UINT64_C(0xff) << 56, 1},
        {"rectangle", "8x8", UINT64_C(0xff) << 55, 0},
        {"contains:pattern=10000001", "8x8:torus", UINT64_C(0x80) << 8 | UINT64_C(0x01) << 8, 1},
        {"contains:pattern=10000001", "8x8:torus", UINT64_C(0x08) << 8, 0},
        {"still-life", "grid:1x64", 0, 1},
        {"still-life", "grid:1x64", UINT64_C(7) << 61, 0},
        {"loops", "links:4x4:torus", 0xf, 1},
        {"loops:contractible=1", "links:4x4:torus", 0xf, 0},
        {"mirror", "chain:64", UINT64_C(1) << 63 | 1, 1},
        {"inner-product", "chain:64", UINT64_C(1) << 63 | UINT64_C(1) << 31, 1},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        cutropy_problem *problem = must_problem(known[k].problem, known[k].lattice);
        uint8_t label = 2;
        bodies_run_64(problem->body, problem->body_data, 0, 0, &known[k].image, 1, &label);
        ck_assert_msg(label == known[k].label, "%s %s", known[k].problem, known[k].lattice);
        bodies_run_512(problem->body, problem->body_data, 64, 0x5a, &known[k].image, 1, &label);
        ck_assert_int_eq(label, 1);
        cutropy_problem_free(problem);
    }
}
END_TEST

CHECK_MAIN("label problems", test_bodies_32, test_bodies_64, test_bodies_256, test_bodies_512,
           test_all_bodies_covered, test_indexed, test_known_counts, test_random_count,
           test_64_pixels)
