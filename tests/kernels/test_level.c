/* SPDX-License-Identifier: Apache-2.0 */
/* level.cu: random levels, random successors, in blocks, against dense matrices and carries digit by digit. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"

#define STATES 90 /* several chunks of a warp where the kernel is small */
#define WORDS 4

/* Dense, symmetric: entry[i][j], of other blocks 0. */
typedef struct level {
    int count, words;
    int block[STATES]; /* ascending */
    int64_t start[STATES + 1];
    uint64_t entry[STATES][STATES][WORDS];
} level;

static uint64_t state;

static uint64_t random_below(uint64_t bound)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % bound;
}

/* Blocks of up to `largest` states. */
static void make_blocks(level *l, int count, int words, int largest)
{
    *l = (level){.count = count, .words = words};
    for (int i = 0, left = 0, block = -1; i < count; i++, left--) {
        if (!left) {
            left = 1 + (int)random_below((uint64_t)largest);
            block++;
        }
        l->block[i] = block;
    }
    for (int i = 0; i < count; i++) {
        int end = i;
        while (end < count && l->block[end] == l->block[i])
            end++;
        l->start[i + 1] = l->start[i] + end - i;
    }
}

/* Entries of a level: many words all ones, so that carries go far, and half of them zero. */
static void make_entries(level *l, bool bounds)
{
    for (int i = 0; i < l->count; i++)
        for (int j = i; j < l->count && l->block[j] == l->block[i]; j++) {
            const bool zero = i != j && random_below(2);
            for (int w = 0; w < l->words; w++) {
                uint64_t word = random_below(3) ? random_below(1000) : ~UINT64_C(0);
                if (bounds) {
                    const double value = (double)random_below(1000) / 7;
                    memcpy(&word, &value, sizeof word);
                } else if (w == l->words - 1) {
                    word >>= 1; /* sums fit */
                }
                l->entry[i][j][w] = l->entry[j][i][w] = zero ? 0 : word;
            }
        }
}

/* Schoolbook, in digits of 8 bits. */
static void add(const uint64_t *a, int a_words, const uint64_t *b, int b_words, uint64_t *out,
                int words)
{
    unsigned carry = 0;
    for (int d = 0; d < 8 * words; d++) {
        const int w = d / 8, shift = d % 8 * 8;
        carry += (unsigned)(w < a_words ? a[w] >> shift & 255 : 0) +
                 (unsigned)(w < b_words ? b[w] >> shift & 255 : 0);
        out[w] = (shift ? out[w] : 0) | (uint64_t)(carry & 255) << shift;
        carry >>= 8;
    }
}

static void define(const level *old, int32_t (*to)[STATES], bool bounds, level *now)
{
    static const uint64_t nothing[WORDS];
    for (int i = 0; i < now->count; i++)
        for (int j = 0; j < now->count; j++) {
            const uint64_t *term[2] = {nothing, nothing};
            for (int bit = 0; bit < 2 && now->block[i] == now->block[j]; bit++)
                if (to[bit][i] >= 0 && to[bit][j] >= 0)
                    term[bit] = old->entry[to[bit][i]][to[bit][j]];
            if (!bounds) {
                add(term[0], old->words, term[1], old->words, now->entry[i][j], now->words);
                continue;
            }
            for (int w = 0; w < 2; w++) {
                double x, y;
                memcpy(&x, &term[0][w], sizeof x);
                memcpy(&y, &term[1][w], sizeof y);
                x += y;
                memcpy(&now->entry[i][j][w], &x, sizeof x);
            }
        }
}

static uint64_t *packed(const level *l)
{
    uint64_t *out = malloc((size_t)(l->start[l->count] * l->words) * sizeof *out), *next = out;
    ck_assert(out);
    for (int i = 0; i < l->count; i++)
        for (int j = i; j < i + l->start[i + 1] - l->start[i]; j++, next += l->words)
            memcpy(next, l->entry[i][j], (size_t)l->words * sizeof *next);
    return out;
}

/* By relabelling until nothing changes: the smallest state that entries join each to. */
static void define_sets(const level *l, int32_t *set)
{
    for (int i = 0; i < l->count; i++)
        set[i] = i;
    for (bool changes = true; changes;) {
        changes = false;
        for (int i = 0; i < l->count; i++)
            for (int j = 0; j < l->count; j++)
                for (int w = 0; w < l->words; w++)
                    if (l->entry[i][j][w] && set[j] < set[i]) {
                        set[i] = set[j];
                        changes = true;
                    }
    }
}

static void check_out(const level *now, const uint64_t *expected, const uint64_t *entry,
                      const uint64_t *diagonal, const int32_t *parent)
{
    int32_t set[STATES];
    const size_t words = (size_t)now->words;
    ck_assert(!memcmp(entry, expected, (size_t)now->start[now->count] * words * sizeof *entry));
    define_sets(now, set);
    for (int i = 0; i < now->count; i++) {
        int32_t root = i;
        ck_assert(
            !memcmp(diagonal + (size_t)i * words, now->entry[i][i], words * sizeof *diagonal));
        while (parent[root] != root) {
            ck_assert(parent[root] >= 0 && parent[root] < root);
            root = parent[root];
        }
        ck_assert_int_eq(root, set[i]);
    }
}

static void check(const level *old, int32_t (*to)[STATES], bool bounds, level *now)
{
    int32_t single[STATES], parent[STATES];
    uint64_t diagonal[STATES * WORDS];
    define(old, to, bounds, now);
    const size_t count = (size_t)now->count, entries = (size_t)now->start[count],
                 words = (size_t)now->words;
    uint64_t *given = packed(old), *expected = packed(now), *entry = malloc(entries * words * 8);
    ck_assert(entry);
    for (int i = 0; i < now->count; i++)
        single[i] = i;
    for (EVERY_ORDER(order)) {
        int64_t *start = device_copy(now->start, (count + 1) * sizeof *start),
                *old_start = device_copy(old->start, (size_t)(old->count + 1) * sizeof *old_start);
        int32_t *device_to[2] = {device_copy(to[0], count * sizeof(int32_t)),
                                 device_copy(to[1], count * sizeof(int32_t))},
                *device_parent = device_copy(single, count * sizeof(int32_t));
        uint64_t *old_entry = device_copy(given, (size_t)(old->start[old->count] * old->words) * 8),
                 *device_entry = device_copy(NULL, entries * words * 8),
                 *device_diagonal = device_copy(NULL, count * words * 8);
        const ct_device_level d = {.count = now->count,
                                   .start = start,
                                   .to = {device_to[0], device_to[1]},
                                   .old_start = old_start,
                                   .old_entry = old_entry,
                                   .old_words = old->words,
                                   .words = now->words,
                                   .bounds = bounds,
                                   .entry = device_entry,
                                   .diagonal = device_diagonal,
                                   .parent = device_parent};
        ck_assert_int_eq(ct_launch_level(&d, (int64_t)entries, NULL), cudaSuccess);
        host_copy(entry, device_entry, entries * words * 8);
        host_copy(diagonal, device_diagonal, count * words * 8);
        host_copy(parent, device_parent, count * sizeof *parent);
        check_out(now, expected, entry, diagonal, parent);
        device_free(start);
        device_free(old_start);
        device_free(device_to[0]);
        device_free(device_to[1]);
        device_free(device_parent);
        device_free(old_entry);
        device_free(device_entry);
        device_free(device_diagonal);
    }
    free(given);
    free(expected);
    free(entry);
}

/* Both levels in blocks of up to so many states; dead: one of so many successors. */
static void random_step(int old_count, int old_words, int count, int words, int largest,
                        uint64_t dead, bool bounds)
{
    static level old, now;
    static int32_t to[2][STATES];
    make_blocks(&old, old_count, old_words, largest);
    make_entries(&old, bounds);
    make_blocks(&now, count, words, largest);
    for (int bit = 0; bit < 2; bit++)
        for (int i = 0; i < count; i++)
            to[bit][i] = random_below(dead) ? (int32_t)random_below((uint64_t)old_count) : -1;
    check(&old, to, bounds, &now);
}

START_TEST(integers)
{
    state = 1;
    random_step(1, 1, 1, 1, 1, 2, false);
    random_step(1, 1, 3, 1, 3, 4, false);
    for (int words = 1; words <= 3; words++)
        for (int more = -1; more <= 1; more++) /* words may be won or lost */
            if (words + more)
                random_step(40, words, 50, words + more, 50, 5, false);
    random_step(STATES, 2, STATES, 2, STATES, 9, false);
}
END_TEST

START_TEST(blocks)
{
    state = 2;
    for (int largest = 1; largest <= 27; largest *= 3)
        random_step(60, 1, 80, 2, largest, 5, false);
}
END_TEST

START_TEST(bounds)
{
    state = 3;
    random_step(20, 2, 30, 2, 30, 5, true);
    random_step(50, 2, 70, 2, 9, 5, true);
}
END_TEST

/* A chain that only neighbours join, and two that nothing does: the sets are found across rows, chunks and blocks of threads. */
START_TEST(chains)
{
    static level old, now;
    static int32_t to[2][STATES];
    make_blocks(&old, STATES, 1, 1);
    for (int i = 0; i < STATES; i++)
        old.entry[i][i][0] = 1;
    now = (level){.count = STATES, .words = 2}; /* the second one is zero */
    for (int i = 0; i < STATES; i++)
        now.start[i + 1] = now.start[i] + STATES - i;
    for (int cut = 0; cut < 2; cut++) {
        for (int i = 0; i < STATES; i++) { /* i and i + 1 share a successor by the bit i % 2 */
            to[0][i] = i / 2;
            to[1][i] = (i + 1) / 2 + 40;
        }
        if (cut)
            to[1][50] = -1;
        check(&old, to, false, &now);
    }
}
END_TEST

CHECK_MAIN("kernel_level", integers, blocks, bounds, chains)
