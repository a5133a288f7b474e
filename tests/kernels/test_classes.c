/* SPDX-License-Identifier: Apache-2.0 */
/* classes.cu: classes of equal rows, against comparison of all rows. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

typedef struct class_arrays {
    int32_t *class_of, *first, *count, *collided;
    uint64_t *weight;
} class_arrays;

static class_arrays arrays_new(int64_t cuts, int64_t rows)
{
    const size_t all = (size_t)(cuts * rows);
    class_arrays a = {malloc(all * 4), malloc(all * 4), malloc((size_t)cuts * 4),
                      malloc((size_t)cuts * 4), malloc(all * 8)};
    ck_assert(a.class_of && a.first && a.count && a.collided && a.weight);
    return a;
}

static void arrays_free(class_arrays *a)
{
    free(a->class_of);
    free(a->first);
    free(a->count);
    free(a->collided);
    free(a->weight);
}

static ct_device_classes device_side(const uint64_t *rows, int64_t cuts, int64_t n, int64_t words)
{
    const size_t all = (size_t)(cuts * n);
    return (ct_device_classes){.cuts = cuts,
                               .rows_per_cut = n,
                               .words = words,
                               .rows = device_copy(rows, all * (size_t)words * 8),
                               .hash = device_copy(NULL, all * 8),
                               .key = device_copy(NULL, all * 16),
                               .slot_row = device_copy(NULL, all * 8),
                               .slots = 2 * n,
                               .class_of = device_copy(NULL, all * 4),
                               .first = device_copy(NULL, all * 4),
                               .weight = device_copy(NULL, all * 8),
                               .count = device_copy(NULL, (size_t)cuts * 4),
                               .collided = device_copy(NULL, (size_t)cuts * 4)};
}

static void device_side_free(const ct_device_classes *d)
{
    void *const array[] = {(void *)d->rows, d->hash,   d->key,   d->slot_row, d->class_of,
                           d->first,        d->weight, d->count, d->collided};
    for (size_t i = 0; i < sizeof array / sizeof *array; i++)
        device_free(array[i]);
}

static void run(const ct_device_classes *d, bool drop_zero, uint64_t seed, class_arrays *got)
{
    const size_t all = (size_t)(d->cuts * d->rows_per_cut);
    ck_assert_int_eq(ct_launch_classes(d, drop_zero, seed, NULL), cudaSuccess);
    host_copy(got->class_of, d->class_of, all * 4);
    host_copy(got->first, d->first, all * 4);
    host_copy(got->weight, d->weight, all * 8);
    host_copy(got->count, d->count, (size_t)d->cuts * 4);
    host_copy(got->collided, d->collided, (size_t)d->cuts * 4);
}

/* One cut, by comparing every row with those before it. */
static void check_cut(const uint64_t *rows, int64_t n, int64_t words, bool drop_zero,
                      const int32_t *class_of, const int32_t *first, const uint64_t *weight,
                      int32_t count)
{
    int32_t classes = 0;
    uint64_t *members = calloc((size_t)n, sizeof *members);
    ck_assert(members);
    for (int64_t r = 0; r < n; r++) {
        const uint64_t *row = rows + r * words;
        bool zero = true;
        int64_t same = 0;
        for (int64_t w = 0; w < words; w++)
            zero &= row[w] == 0;
        if (drop_zero && zero) {
            ck_assert_int_eq(class_of[r], -1);
            continue;
        }
        while (memcmp(rows + same * words, row, (size_t)words * 8) != 0)
            same++;
        if (same == r) {
            ck_assert_int_eq(class_of[r], classes);
            ck_assert_int_eq(first[classes], r);
            classes++;
        }
        ck_assert_int_eq(class_of[r], class_of[same]);
        members[class_of[r]]++;
    }
    ck_assert_int_eq(count, classes);
    for (int32_t k = 0; k < classes; k++)
        ck_assert_uint_eq(weight[k], members[k]);
    free(members);
}

static void check_rows(const uint64_t *rows, int64_t cuts, int64_t n, int64_t words)
{
    const ct_device_classes d = device_side(rows, cuts, n, words);
    class_arrays got = arrays_new(cuts, n);
    for (EVERY_ORDER(order))
        for (int drop_zero = 0; drop_zero < 2; drop_zero++) {
            run(&d, drop_zero, order + 1, &got);
            for (int64_t c = 0; c < cuts; c++) {
                ck_assert_int_eq(got.collided[c], 0);
                check_cut(rows + c * n * words, n, words, drop_zero, got.class_of + c * n,
                          got.first + c * n, got.weight + c * n, got.count[c]);
            }
        }
    device_side_free(&d);
    arrays_free(&got);
}

/* Rows drawn from `kinds` ones that differ in one bit, the first of them zero; kinds = 0: zero;
 * kinds = n: all different. */
static void check_drawn(int64_t cuts, int64_t n, int64_t words, int64_t kinds)
{
    uint64_t state = (uint64_t)(1 + n + 3 * words + 7 * kinds);
    uint64_t *rows = calloc((size_t)(cuts * n * words), sizeof *rows);
    ck_assert(rows);
    for (int64_t r = 0; r < cuts * n; r++) {
        const uint64_t kind = kinds == n  ? (uint64_t)((r * 5 + 3) % n) /* n: a power of 2 */
                              : kinds > 0 ? draw_below(&state, (uint64_t)kinds)
                                          : 0;
        rows[r * words + (int64_t)(kind % (uint64_t)words)] = kind << 20;
        if (kind == 1)
            rows[r * words + words - 1] = 1;
    }
    check_rows(rows, cuts, n, words);
    free(rows);
}

START_TEST(small_cuts)
{
    static const int64_t words[] = {1, 2, 3, 32, 70};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        for (int64_t n = 2; n <= 64; n *= 8)
            for (int64_t kinds = 0; kinds <= n; kinds = kinds == 0 ? 1 : kinds < 4 ? 4 : kinds * 2)
                if (kinds <= n)
                    check_drawn(5, n, words[w], kinds);
}
END_TEST

/* Several chunks, and more classes than a block counts in shared memory. */
START_TEST(large_cuts)
{
    const int64_t n = amount(4096, 512);
    check_drawn(1, n, 1, n);
    check_drawn(1, n, 1, 1);
    check_drawn(2, n, 1, 3);
    check_drawn(1, n, 2, n / 2);
}
END_TEST

/* More chunks than a block has threads. */
START_TEST(many_chunks)
{
    check_drawn(1, 1 << 14, 1, 3);
}
END_TEST

/* ---- a collision: the hash of classes.cu, its inverse, and two rows made for one seed ---- */

#define MIX_1 UINT64_C(0xbf58476d1ce4e5b9)
#define MIX_2 UINT64_C(0x94d049bb133111eb)

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * MIX_1;
    x = (x ^ (x >> 27)) * MIX_2;
    return x ^ (x >> 31);
}

static uint64_t inverse(uint64_t odd)
{
    uint64_t x = odd;
    for (int i = 0; i < 5; i++)
        x *= 2 - odd * x;
    return x;
}

static uint64_t unmix(uint64_t x)
{
    x = (x ^ (x >> 31) ^ (x >> 62)) * inverse(MIX_2);
    x = (x ^ (x >> 27) ^ (x >> 54)) * inverse(MIX_1);
    return x ^ (x >> 30) ^ (x >> 60);
}

static uint64_t key(uint64_t seed, uint64_t w)
{
    return mix(seed * UINT64_C(0x9e3779b97f4a7c15) + w);
}

/* Row 5 of the middle cut differs from row 2 and has its hash for this seed. */
START_TEST(collision)
{
    enum { CUTS = 3, N = 16, WORDS = 2, SEED = 4 };
    uint64_t rows[CUTS][N][WORDS], state = 11;
    class_arrays got = arrays_new(CUTS, N);
    for (int c = 0; c < CUTS; c++)
        for (int r = 0; r < N; r++)
            for (int w = 0; w < WORDS; w++)
                rows[c][r][w] = draw(&state);
    rows[1][5][1] = unmix(mix(rows[1][2][0] ^ key(SEED, 0)) + mix(rows[1][2][1] ^ key(SEED, 1)) -
                          mix(rows[1][5][0] ^ key(SEED, 0))) ^
                    key(SEED, 1);
    const ct_device_classes d = device_side(rows[0][0], CUTS, N, WORDS);
    for (EVERY_ORDER(order))
        for (uint64_t seed = SEED; seed < SEED + 2; seed++) {
            run(&d, true, seed, &got);
            for (int c = 0; c < CUTS; c++) {
                ck_assert_int_eq(got.collided[c], seed == SEED && c == 1);
                if (!got.collided[c])
                    check_cut(rows[c][0], N, WORDS, true, got.class_of + c * N, got.first + c * N,
                              got.weight + c * N, got.count[c]);
            }
        }
    device_side_free(&d);
    arrays_free(&got);
}
END_TEST

CHECK_MAIN("kernel_classes", small_cuts, large_cuts, many_chunks, collision)
