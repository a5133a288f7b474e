/* SPDX-License-Identifier: Apache-2.0 */
/* Places and images with label 1 are in bijection, counts are those of the OEIS, and a draw is exactly the place that its bits say. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "analysis/export/sample.h"
#include "base/base.h"
#include "check_main.h"
#include "failing_allocator.h"
#include "naive_labels.h"
#include "ref/support.h"

typedef struct opened {
    cutropy_problem *problem;
    cutropy_state *state;
    cutropy_sampler *sampler;
} opened;

static opened must_open(const char *problem, const char *lattice, const char *solver)
{
    opened o = {.problem = must_problem(problem, lattice)};
    cutropy_options *options = must_options("solver", solver, NULL);
    ck_assert_msg(!cutropy_state_open_levels(o.problem, options, &o.state), "%s", cutropy_error());
    ck_assert_msg(!cutropy_sampler_open(o.state, NULL, &o.sampler), "%s", cutropy_error());
    cutropy_options_free(options);
    return o;
}

static void close_all(opened *o)
{
    cutropy_sampler_free(o->sampler);
    cutropy_state_free(o->state);
    cutropy_problem_free(o->problem);
}

static uint64_t image_at(const cutropy_sampler *s, uint64_t place)
{
    char text[24];
    uint64_t image;
    snprintf(text, sizeof text, "%llu", (unsigned long long)place);
    ck_assert_msg(!cutropy_sampler_image(s, text, &image), "%s", cutropy_error());
    return image;
}

static naive_case cases[] = {
    {"connected", "3x4", NAIVE_GRID, 3, 4, .label = naive_connected},
    {"percolation", "4x3", NAIVE_GRID, 4, 3, .label = naive_percolation},
    {"independent-set", "3x3", NAIVE_GRID, 3, 3, .label = naive_independent_set},
    {"loops", "links:3x3", NAIVE_LINKS, 3, 3, .label = naive_loops},
    {"primes", "chain:10", NAIVE_CHAIN, 10, 1, .label = naive_primes},
    {"parity:encoding=pm1", "chain:7", NAIVE_CHAIN, 7, 1, .label = naive_parity},
    {"weight:k=3", "chain:9", NAIVE_CHAIN, 9, 1, .label = naive_weight, .parameter = 3},
};

/* The images of all places: each label-1 image once, in the order in which pixel 0 counts most. */
static void check_places(naive_case *c, const char *solver)
{
    opened o = must_open(c->problem, c->lattice, solver);
    uint64_t place = 0;
    char count[24];
    for (uint64_t r = 0; r < UINT64_C(1) << c->pixels; r++) {
        uint64_t image = 0;
        for (int k = 0; k < c->pixels; k++)
            image |= (r >> (c->pixels - 1 - k) & 1) << k;
        if (naive_label(c, image))
            ck_assert_uint_eq(image_at(o.sampler, place++), image);
    }
    snprintf(count, sizeof count, "%llu", (unsigned long long)place);
    ck_assert_str_eq(cutropy_sampler_count(o.sampler), count);
    uint64_t image;
    ck_assert_int_eq(cutropy_sampler_image(o.sampler, count, &image), CUTROPY_EINPUT);
    close_all(&o);
}

START_TEST(places_are_images)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        naive_prepare(&cases[i]);
        check_places(&cases[i], "enumerate");
        if (i < 3)
            check_places(&cases[i], "frontier");
        if (i == 3)
            check_places(&cases[i], "affine");
    }
}
END_TEST

/* The same places and draws as those of levels; on a large torus every vertex has an even number of lit links, and their number is
 * 2^(vertices + 1). */
START_TEST(linear_equations)
{
    static const char *const both[][2] = {
        {"loops", "links:3x2:torus"}, {"loops:contractible=1", "links:2x3:torus"},
        {"parity:odd=1", "chain:9"},  {"mirror", "4x3"},
        {"ghz", "chain:1"},           {"ghz", "chain:8"}};
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
        opened a = must_open(both[i][0], both[i][1], "affine"),
               b = must_open(both[i][0], both[i][1], "enumerate");
        ck_assert_str_eq(cutropy_sampler_count(a.sampler), cutropy_sampler_count(b.sampler));
        for (uint64_t k = 0; k < strtoull(cutropy_sampler_count(a.sampler), NULL, 10); k++)
            ck_assert_uint_eq(image_at(a.sampler, k), image_at(b.sampler, k));
        uint64_t draws[2][20];
        cutropy_sampler_draw(a.sampler, 3, 0, 20, draws[0]);
        cutropy_sampler_draw(b.sampler, 3, 0, 20, draws[1]);
        ck_assert_mem_eq(draws[0], draws[1], sizeof draws[0]);
        close_all(&a);
        close_all(&b);
    }
    opened o = must_open("loops", "links:8x8:torus", "auto");
    uint64_t images[50][2];
    int lit = 0;
    ck_assert_str_eq(cutropy_sampler_count(o.sampler), "36893488147419103232");
    cutropy_sampler_draw(o.sampler, 5, 0, 50, &images[0][0]);
    for (int k = 0; k < 50; k++)
        for (int v = 0; v < 64; v++) {
            const int x = v % 8, y = v / 8, left = (x + 7) % 8 + 8 * y, up = x + 8 * ((y + 7) % 8);
            const int even = (int)((images[k][0] >> v ^ images[k][0] >> left ^ images[k][1] >> v ^
                                    images[k][1] >> up) &
                                   1);
            ck_assert_int_eq(even, 0);
            lit += (int)(images[k][0] >> v & 1);
        }
    ck_assert_int_gt(lit, 50 * 24); /* half of 50 x 64, and 28 standard deviations away */
    ck_assert_int_lt(lit, 50 * 40);
    close_all(&o);
}
END_TEST

/* The bits of a draw, again: rejected until they are below the count. */
START_TEST(draws_are_uniform_places)
{
    opened o = must_open("independent-set", "3x3", "auto"); /* 63 of them: 6 bits */
    const uint64_t count = strtoull(cutropy_sampler_count(o.sampler), NULL, 10);
    uint64_t seen = 0, rejected = 0;
    ck_assert_uint_eq(count, 63);
    for (uint64_t draw = 0; draw < 2000; draw++) {
        const uint64_t key = ct_random(7, draw);
        uint64_t counter = 0, image, place;
        while ((place = ct_random(key, counter++) & 63) >= count)
            rejected++;
        cutropy_sampler_draw(o.sampler, 7, draw, 1, &image);
        ck_assert_uint_eq(image, image_at(o.sampler, place));
        seen |= UINT64_C(1) << place;
    }
    ck_assert_uint_eq(seen, (UINT64_C(1) << 63) - 1);
    ck_assert_uint_gt(rejected, 0);
    uint64_t some[10], other;
    cutropy_sampler_draw(o.sampler, 7, 100, 10, some);
    cutropy_sampler_draw(o.sampler, 7, 104, 1, &other);
    ck_assert_uint_eq(some[4], other);
    close_all(&o);
}
END_TEST

/* OEIS A006506; C(64, 32); 2^32. */
START_TEST(counts_beyond_enumeration)
{
    static const char *const known[][3] = {{"independent-set", "2x2", "7"},
                                           {"independent-set", "3x3", "63"},
                                           {"independent-set", "4x4", "1234"},
                                           {"independent-set", "5x5", "55447"},
                                           {"independent-set", "6x6", "5598861"},
                                           {"independent-set", "7x7", "1280128950"},
                                           {"independent-set", "8x8", "660647962955"},
                                           {"weight:k=32", "chain:64", "1832624140942590534"},
                                           {"mirror", "8x8", "4294967296"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        opened o = must_open(known[i][0], known[i][1], "frontier");
        ck_assert_str_eq(cutropy_sampler_count(o.sampler), known[i][2]);
        close_all(&o);
    }
}
END_TEST

/* All images but those that a list leaves out: 70 pixels, numbers of two words. */
START_TEST(numbers_of_several_words)
{
    const int pixels = 70;
    ct_levels levels = {.pixels = pixels};
    int64_t one = 1;
    int32_t count[71];
    int32_t(*next[70])[2];
    int32_t same[70][1][2];
    for (int k = 0; k <= pixels; k++)
        count[k] = 1;
    for (int k = 0; k < pixels; k++) {
        same[k][0][0] = same[k][0][1] = 0;
        next[k] = same[k];
    }
    same[69][0][1] = -1; /* the last pixel is dark: 2^69 */
    levels.count = count;
    levels.next = next;
    /* what a state of such a function would hold */
    cutropy_lattice *lattice = must_lattice("chain:70");
    const uint64_t zero[2] = {0, 0};
    cutropy_problem *problem = NULL;
    cutropy_sampler *sampler = NULL;
    ck_assert_int_eq(cutropy_problem_from_images("dark", lattice, zero, 1, &problem), CUTROPY_OK);
    cutropy_state *state = must_levels(problem, NULL);
    ck_assert_int_eq(cutropy_sampler_open(state, NULL, &sampler), CUTROPY_OK);
    ck_assert_str_eq(cutropy_sampler_count(sampler), "1");
    const ct_diagram own = sampler->diagram;
    uint64_t **completion = sampler->completion, *total = sampler->total, numbers[71][2];
    uint64_t *rows[71];
    for (int k = 0; k <= pixels; k++) {
        const int bits = k < 70 ? 69 - k : 0; /* 2^(69 - k) */
        numbers[k][0] = bits < 64 ? UINT64_C(1) << bits : 0;
        numbers[k][1] = bits < 64 ? 0 : UINT64_C(1) << (bits - 64);
        rows[k] = numbers[k];
    }
    sampler->diagram.levels = levels;
    sampler->diagram.value = &one;
    sampler->completion = rows;
    sampler->total = numbers[0];
    uint64_t image[2];
    /* place p: bit 68 - k of p is pixel k */
    ck_assert_int_eq(cutropy_sampler_image(sampler, "590295810358705651711", image), CUTROPY_OK);
    ck_assert(image[0] == UINT64_MAX && image[1] == 0x1f);
    ck_assert_int_eq(cutropy_sampler_image(sampler, "295147905179352825856", image), CUTROPY_OK);
    ck_assert(image[0] == 1 && image[1] == 0);
    ck_assert_int_eq(cutropy_sampler_image(sampler, "590295810358705651712", image),
                     CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_sampler_image(sampler, "18446744073709551617", image), CUTROPY_OK);
    ck_assert(image[0] == 0x10 && image[1] == 0x10); /* 2^64 + 1 */
    for (uint64_t draw = 0; draw < 50; draw++) {
        const uint64_t key = ct_random(1, draw), low = ct_random(key, 0),
                       high = ct_random(key, 1) & 0x3f;
        cutropy_sampler_draw(sampler, 1, draw, 1, image);
        if (high >= 32) /* rejected */
            continue;
        for (int k = 0; k < 69; k++) {
            const int bit = 68 - k;
            ck_assert_int_eq((int)(image[k / 64] >> k % 64 & 1),
                             (int)((bit < 64 ? low >> bit : high >> (bit - 64)) & 1));
        }
    }
    sampler->diagram = own;
    sampler->completion = completion;
    sampler->total = total;
    cutropy_sampler_free(sampler);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- files ---- */

static char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 65536);
    *size = fread(bytes, 1, 65535, file);
    fclose(file);
    return bytes;
}

START_TEST(files_are_read_again)
{
    static const char *const formats[] = {"text", "pictures", "pbm", "npy"};
    char path[] = "sample_XXXXXX";
    close(mkstemp(path));
    opened o = must_open("connected", "4x3", "auto");
    uint64_t drawn[64];
    cutropy_sampler_draw(o.sampler, 5, 0, 64, drawn);
    for (size_t i = 0; i < 4; i++) {
        char text[80];
        MUST(cutropy_sampler_save(o.sampler, 5, 64, formats[i], path, NULL));
        snprintf(text, sizeof text, "file:path=%s,format=images", path);
        cutropy_problem *problem = must_problem(text, "4x3");
        cutropy_state *again = must_state(problem, NULL);
        const uint64_t ones = cutropy_state_ones(again);
        uint64_t *images = calloc(ones, sizeof *images);
        ck_assert_int_eq(cutropy_state_images(again, 0, ones, images), CUTROPY_OK);
        for (size_t k = 0; k < 64; k++) {
            bool there = false;
            for (uint64_t j = 0; j < ones; j++)
                there = there || images[j] == drawn[k];
            ck_assert(there);
        }
        free(images);
        cutropy_state_free(again);
        cutropy_problem_free(problem);
    }
    size_t size;
    ck_assert_int_eq(cutropy_sampler_save(o.sampler, 5, 1, "text", path, NULL), CUTROPY_OK);
    char *bytes = read_all(path, &size);
    ck_assert_uint_eq(size, 13);
    for (size_t k = 0; k < 12; k++)
        ck_assert_int_eq(bytes[k], '0' + (int)(drawn[0] >> k & 1));
    free(bytes);
    ck_assert_int_eq(cutropy_sampler_save(o.sampler, 5, 1, "gif", path, NULL), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_sampler_save(o.sampler, 5, 1, "text", "no-such-folder/x", NULL),
                     CUTROPY_EIO);
    close_all(&o);
    o = must_open("loops", "links:3x3", "auto");
    ck_assert_int_eq(cutropy_sampler_save(o.sampler, 5, 1, "pbm", path, NULL), CUTROPY_EINPUT);
    close_all(&o);
    remove(path);
}
END_TEST

START_TEST(refused)
{
    opened o = must_open("weight:k=2", "chain:6", "auto");
    uint64_t image;
    static const char *const bad[] = {"", "-1", "15", "1e0", " 1", "99999999999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(cutropy_sampler_image(o.sampler, bad[i], &image), CUTROPY_EINPUT);
    close_all(&o);
    cutropy_problem *problem = must_problem("ising", "chain:5");
    cutropy_sampler *sampler = NULL;
    cutropy_state *state = must_levels(problem, NULL);
    ck_assert_int_eq(cutropy_sampler_open(state, NULL, &sampler), CUTROPY_EUNSUPPORTED);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    problem = must_problem("threshold:k=0,encoding=pm1", "chain:5"); /* every label is 1 */
    state = must_levels(problem, NULL);
    ck_assert_int_eq(cutropy_sampler_open(state, NULL, &sampler), CUTROPY_OK);
    ck_assert_str_eq(cutropy_sampler_count(sampler), "32");
    cutropy_sampler_free(sampler);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    problem = must_problem("random:density=0,encoding=pm1", "chain:5"); /* none is */
    state = must_levels(problem, NULL);
    ck_assert_int_eq(cutropy_sampler_open(state, NULL, &sampler), CUTROPY_EINPUT);
    ck_assert_ptr_null(sampler);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

static void sweep(const char *name, const char *lattice)
{
    failing_allocator_start(-1);
    cutropy_problem *problem = must_problem(name, lattice);
    cutropy_state *state = must_levels(problem, NULL);
    const long live = failing_allocator_live();
    bool fired = true;
    for (long k = 0; fired; k++) {
        cutropy_sampler *sampler = NULL;
        failing_allocator_start(k);
        cutropy_status status = cutropy_sampler_open(state, NULL, &sampler);
        if (!status)
            status = cutropy_sampler_save(sampler, 0, 3, "text", "/dev/null", NULL);
        fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        cutropy_sampler_free(sampler);
        ck_assert_int_eq(failing_allocator_live(), live);
    }
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    ck_assert_int_eq(failing_allocator_live(), 0);
}

START_TEST(failing_allocations)
{
    sweep("connected", "3x3");
    sweep("loops", "links:5x6"); /* equations */
}
END_TEST

CHECK_MAIN("sample", places_are_images, linear_equations, draws_are_uniform_places,
           counts_beyond_enumeration, numbers_of_several_words, files_are_read_again, refused,
           failing_allocations)
