/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of equal rows and columns against a comparison of everything with everything, also where
 * the hashes are made to collide. */
#include <string.h>

#include "check_main.h"
#include "failing_allocator.h"
#include "ref/support.h"

#include "engine/cut/classes.h"

#define MOST 6000

/* Rows (or columns) as lists of words, classified naively. */
typedef struct naive {
    int64_t count, weight[MOST], first[MOST];
    int32_t of_row[MOST];
} naive;

static naive expected;

static void classify(const uint64_t *unit, size_t words, int64_t count, bool drop_zero, naive *out)
{
    out->count = 0;
    for (int64_t r = 0; r < count; r++) {
        const uint64_t *row = unit + (size_t)r * words;
        bool zero = true;
        int64_t c = 0;
        for (size_t w = 0; w < words; w++)
            zero = zero && !row[w];
        out->of_row[r] = -1;
        if (zero && drop_zero)
            continue;
        while (c < out->count && memcmp(unit + (size_t)out->first[c] * words, row, 8 * words))
            c++;
        if (c == out->count) {
            out->weight[c] = 0;
            out->first[c] = r;
            out->count++;
        }
        out->weight[c]++;
        out->of_row[r] = (int32_t)c;
    }
}

static void compare(const ct_classes *found, int64_t rows, bool want_map)
{
    ck_assert_int_eq(found->count, expected.count);
    for (int64_t c = 0; c < expected.count; c++) {
        ck_assert_int_eq((int64_t)found->weight[c], expected.weight[c]);
        ck_assert_int_eq((int64_t)found->first[c], expected.first[c]);
    }
    ck_assert_int_eq(found->of_row != NULL, want_map);
    for (int64_t r = 0; want_map && r < rows; r++)
        ck_assert_int_eq(found->of_row[r], expected.of_row[r]);
}

/* Row r is one of `kinds` random rows, the first of which is zero. */
static void random_rows(int shift, int64_t rows, uint64_t kinds, uint64_t *state, uint64_t *bits,
                        uint64_t *unit)
{
    const int row_bits = 1 << shift;
    const size_t words = row_bits > 64 ? (size_t)row_bits / 64 : 1;
    uint64_t *kind = calloc(kinds * words, sizeof *kind);
    ck_assert_ptr_nonnull(kind);
    for (uint64_t k = words; k < kinds * words; k++)
        kind[k] = draw_below(state, 3) ? draw(state) : 0;
    for (uint64_t k = 0; row_bits < 64 && k < kinds; k++)
        kind[k] &= (UINT64_C(1) << row_bits) - 1;
    memset(bits, 0, ((size_t)rows * (size_t)row_bits / 64 + 1) * sizeof *bits);
    for (int64_t r = 0; r < rows; r++) {
        memcpy(unit + (size_t)r * words, kind + draw_below(state, kinds) * words, 8 * words);
        for (int b = 0; b < row_bits; b++) {
            const size_t place = (size_t)r * (size_t)row_bits + (size_t)b;
            bits[place / 64] |= (unit[(size_t)r * words + (size_t)b / 64] >> b % 64 & 1)
                                << place % 64;
        }
    }
    free(kind);
}

static void check_rows(int shift, int64_t rows, uint64_t kinds, uint64_t *state)
{
    const size_t words = shift > 6 ? (size_t)1 << (shift - 6) : 1;
    uint64_t *bits = calloc((size_t)rows * words + 1, sizeof *bits);
    uint64_t *unit = calloc((size_t)rows * words, sizeof *unit);
    ck_assert(bits && unit);
    random_rows(shift, rows, kinds, state, bits, unit);
    for (int options = 0; options < 4; options++) {
        const bool drop_zero = options & 1, want_map = options & 2;
        ct_classes found;
        classify(unit, words, rows, drop_zero, &expected);
        ck_assert_int_eq(ct_classes_of_rows(bits, (uint64_t)rows, shift, drop_zero, want_map,
                                            1 + options % 3, &found),
                         CUTROPY_OK);
        compare(&found, rows, want_map);
        ct_classes_free(&found);
    }
    free(bits);
    free(unit);
}

START_TEST(rows_of_every_length)
{
    uint64_t state = 1;
    for (int shift = 0; shift <= 9; shift++)
        for (int64_t rows = 1; rows <= 150; rows += 1 + (int64_t)draw_below(&state, 5))
            check_rows(shift, rows, 1 + draw_below(&state, 40), &state);
}
END_TEST

START_TEST(many_classes)
{
    uint64_t state = 2;
    for (int shift = 5; shift <= 8; shift += amount(1, 3)) {
        check_rows(shift, 2000, 100000, &state);
        check_rows(shift, 1500, 300, &state);
    }
    check_rows(7, 5000, 100000, &state); /* beyond 64, 256, 1024 and 4096 classes */
    ck_assert_int_gt(expected.count, 4096);
}
END_TEST

/* Short rows in large numbers: without a map they are counted by pattern. */
START_TEST(many_short_rows)
{
    static const int log_rows[] = {12, 13, 12, 13, 20}; /* enough for a histogram */
    uint64_t state = 21;
    for (int shift = 0; shift <= 4; shift += amount(1, 2))
        for (int sparse = shift == 4; sparse < 2; sparse++) {
            /* not a power of two: the length need not be one */
            const uint64_t rows = (UINT64_C(1) << log_rows[shift]) + (sparse ? 64 : 1);
            const uint64_t patterns = UINT64_C(1) << (1 << shift);
            uint64_t *bits = calloc((rows << shift) / 64 + 1, 8);
            uint64_t *weight = calloc(patterns, 8), *first = calloc(patterns, 8);
            ck_assert(bits && weight && first);
            for (uint64_t r = 0; r < rows; r++) {
                uint64_t row = draw_below(&state, patterns);
                if (sparse && draw_below(&state, 8))
                    row = 0;
                if (r + 1 == rows && patterns > 2)
                    row = patterns - 2; /* the last row counts, too */
                bits[(r << shift) / 64] |= row << (r << shift) % 64;
                if (!weight[row]++)
                    first[row] = r;
            }
            for (int drop_zero = 0; drop_zero < 2; drop_zero++)
                for (int threads = 1; threads <= 3; threads += amount(1, 2)) {
                    ct_classes found;
                    uint64_t total = 0, before = 0;
                    ck_assert_int_eq(
                        ct_classes_of_rows(bits, rows, shift, drop_zero, false, threads, &found),
                        CUTROPY_OK);
                    for (int64_t c = 0; c < found.count; c++) {
                        const uint64_t at = found.first[c] << shift,
                                       row = bits[at / 64] >> at % 64 & (patterns - 1);
                        ck_assert_uint_eq(found.first[c], first[row]);
                        ck_assert_uint_eq(found.weight[c], weight[row]);
                        ck_assert(c == 0 || found.first[c] > before);
                        before = found.first[c];
                        total += found.weight[c];
                    }
                    ck_assert_uint_eq(total, rows - (drop_zero ? weight[0] : 0));
                    ck_assert_ptr_null(found.of_row);
                    ct_classes_free(&found);
                }
            free(bits);
            free(weight);
            free(first);
        }
}
END_TEST

START_TEST(only_zero_rows)
{
    const uint64_t zero[64] = {0};
    for (int shift = 0; shift <= 9; shift++) {
        ct_classes found;
        ck_assert_int_eq(ct_classes_of_rows(zero, 4, shift, true, true, 1, &found), CUTROPY_OK);
        ck_assert_int_eq(found.count, 0);
        for (int r = 0; r < 4; r++)
            ck_assert_int_eq(found.of_row[r], -1);
        ct_classes_free(&found);
        ck_assert_int_eq(ct_classes_of_rows(zero, 4, shift, false, true, 1, &found), CUTROPY_OK);
        ck_assert_int_eq(found.count, 1);
        ck_assert_uint_eq(found.weight[0], 4);
        ct_classes_free(&found);
    }
}
END_TEST

/* ---- rows whose hashes collide ---- */

#define FACTOR UINT64_C(0x9fb21c651e98df25)

static uint64_t lane(uint64_t start, uint64_t word)
{
    const uint64_t h = (start ^ word) * FACTOR;
    return h ^ h >> 32;
}

/* The word that gives lane(start, word) = h. */
static uint64_t lane_word(uint64_t start, uint64_t h)
{
    uint64_t inverse = FACTOR; /* Newton: every step doubles the right bits */
    for (int i = 0; i < 6; i++)
        inverse *= 2 - FACTOR * inverse;
    return ((h ^ h >> 32) * inverse) ^ start;
}

/* Two different rows of four words with the same hash: the sum h2 + mix(h3) is kept. Should the
 * hash change, they are still two different rows. */
START_TEST(colliding_rows_stay_apart)
{
    uint64_t state = 11, rows[4 * 200];
    for (int pair = 0; pair < 100; pair++) {
        uint64_t *one = rows + 8 * pair, *two = one + 4;
        for (int w = 0; w < 4; w++)
            one[w] = draw(&state);
        memcpy(two, one, 4 * sizeof *two);
        two[3] = draw(&state);
        const uint64_t sum = lane(3, one[2]) + ct_mix64(lane(4, one[3]));
        two[2] = lane_word(3, sum - ct_mix64(lane(4, two[3])));
        ck_assert_uint_eq(lane(3, two[2]) + ct_mix64(lane(4, two[3])), sum);
    }
    ct_classes found;
    ck_assert_int_eq(ct_classes_of_rows(rows, 200, 8, true, true, 2, &found), CUTROPY_OK);
    ck_assert_int_eq(found.count, 200);
    for (int r = 0; r < 200; r++)
        ck_assert_int_eq(found.of_row[r], r);
    ct_classes_free(&found);
}
END_TEST

/* ---- columns ---- */

/* entries: rows x columns x words; the columns one after the other in unit. */
static void check_columns(const uint64_t *entries, int64_t rows, int64_t columns, int words)
{
    const size_t length = (size_t)(rows * words);
    uint64_t *unit = calloc(length * (size_t)columns, sizeof *unit);
    ck_assert_ptr_nonnull(unit);
    for (int64_t c = 0; c < columns; c++)
        for (int64_t r = 0; r < rows; r++)
            for (int k = 0; k < words; k++)
                unit[(size_t)c * length + (size_t)(r * words + k)] =
                    entries[(r * columns + c) * words + k];
    for (int drop_zero = 0; drop_zero < 2; drop_zero++) {
        ct_classes found;
        classify(unit, length, columns, drop_zero, &expected);
        ck_assert_int_eq(ct_classes_of_columns(entries, (uint64_t)rows, (uint64_t)columns, words,
                                               drop_zero, 2, &found),
                         CUTROPY_OK);
        compare(&found, columns, true);
        ct_classes_free(&found);
    }
    free(unit);
}

START_TEST(columns_of_one_and_two_words)
{
    uint64_t state = 3, entries[24 * 130 * 2];
    for (int words = 1; words <= 2; words++)
        for (int round = 0; round < 60; round++) {
            const int64_t rows = 1 + (int64_t)draw_below(&state, 24),
                          columns = 1 + (int64_t)draw_below(&state, 130);
            const uint64_t kinds = 1 + draw_below(&state, 100), seed = draw(&state);
            for (int64_t c = 0; c < columns; c++) {
                const uint64_t kind = draw_below(&state, kinds);
                for (int64_t x = 0; x < rows * words; x++) {
                    const uint64_t value = ct_random(seed + kind, (uint64_t)x);
                    const int64_t r = x / words, k = x % words;
                    /* few different words, so that columns differ in single ones */
                    entries[(r * columns + c) * words + k] = kind ? value % 3 : 0;
                }
            }
            check_columns(entries, rows, columns, words);
        }
}
END_TEST

/* Equal under the first hash, whose key is that of attempt 0; the comparison must send the search
 * on. */
START_TEST(colliding_columns_stay_apart)
{
    const uint64_t key = ct_random(0, 0);
    uint64_t state = 12, entries[2 * 60];
    for (int pair = 0; pair < 30; pair++) {
        uint64_t *top = entries + 2 * pair, *below = top + 60, hash[2];
        for (int c = 0; c < 2; c++) {
            top[c] = draw(&state);
            hash[c] = ct_mix64(top[c] ^ key);
        }
        below[0] = draw(&state);
        below[1] = (hash[0] * 3 + (below[0] ^ key) - hash[1] * 3) ^ key;
    }
    check_columns(entries, 2, 60, 1);
    ck_assert_int_eq(expected.count, 60);
    check_columns(entries, 1, 60, 2); /* the same words as entries of two words */
}
END_TEST

/* Rows and columns that their first entries tell apart: said of exactly those whose first words
 * differ and are not zero. */
START_TEST(apart_at_sight)
{
    enum { MANY = 70000 };
    uint64_t state = 11, *entries = malloc(2 * MANY * 2 * sizeof *entries);
    ck_assert(entries);
    for (int round = 0; round < 120; round += amount(1, 5)) {
        const int side = round % 2, words = 1 + round / 2 % 2;
        const uint64_t few = 1 + draw_below(&state, 400), count = round >= 112 ? MANY : few,
                       rows = side == 0 ? count : 2, columns = side == 0 ? 2 : count,
                       step = (side == 0 ? columns : 1) * (uint64_t)words;
        for (uint64_t x = 0; x < rows * columns * (uint64_t)words; x++)
            entries[x] = draw(&state) | 1;
        const int flaw =
            round / 4 % 4; /* none, a zero, a repeated word, a word that differs elsewhere */
        const uint64_t at = draw_below(&state, count), other = draw_below(&state, count);
        if (flaw == 1)
            entries[at * step] = 0;
        if (flaw == 2)
            entries[at * step] = entries[other * step];
        if (flaw == 3)
            entries[at * step] ^= UINT64_C(1) << 63;
        bool apart;
        ct_classes found;
        ck_assert_int_eq(
            ct_classes_at_sight(entries, rows, columns, words, side, 2, &apart, &found),
            CUTROPY_OK);
        ck_assert_int_eq(apart, flaw == 0 || flaw == 3 || (flaw == 2 && at == other));
        ck_assert_int_eq(found.count, apart ? (int64_t)count : 0);
        for (uint64_t i = 0; apart && i < count; i++) {
            ck_assert_uint_eq(found.weight[i], 1);
            ck_assert_uint_eq(found.first[i], i);
            ck_assert(side == 0 || found.of_row[i] == (int32_t)i);
        }
        ct_classes_free(&found);
    }
    free(entries);
}
END_TEST

/* Different words, but so many in one bucket that its table would be large: nothing is said. */
START_TEST(crowded_buckets)
{
    enum { COUNT = 1 << 16, CROWD = 300 };
    uint64_t state = 12, *word = malloc(COUNT * sizeof *word);
    ck_assert(word);
    for (int crowd = 0; crowd < 2; crowd++) {
        bool differ;
        for (uint64_t i = 0; i < COUNT; i++)
            do
                word[i] = draw(&state);
            while (crowd && i < CROWD && ct_mix64(word[i]) >> 54);
        ck_assert_int_eq(ct_differ_at_sight(word, COUNT, 1, 2, &differ), CUTROPY_OK);
        ck_assert_int_eq(differ, !crowd);
    }
    free(word);
}
END_TEST

START_TEST(failing_allocations)
{
    uint64_t state = 5, bits[4 * 300];
    for (int i = 0; i < 4 * 300; i++)
        bits[i] = draw(&state);
    for (int road = 0; road < 2; road++)
        for (long k = 0;; k++) {
            ct_classes found;
            failing_allocator_start(k);
            const cutropy_status status =
                road ? ct_classes_of_columns(bits, 4, 300, 1, true, 1, &found)
                     : ct_classes_of_rows(bits, 300, 8, true, true, 1, &found);
            const bool fired = failing_allocator_stop();
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            if (!fired)
                ck_assert_int_eq(found.count, 300);
            else
                ck_assert(!found.weight && !found.first && !found.of_row);
            ct_classes_free(&found);
            ck_assert_int_eq(failing_allocator_live(), 0);
            if (!fired)
                break;
        }
}
END_TEST

/* Keys in buckets, and rows of 32 and 64 bits that outgrow the table, against the hash table of
 * rows of two words, an independent algorithm; enough keys for columns in buckets too. */
static void same_classes(const ct_classes *found, const ct_classes *wanted, size_t rows)
{
    const size_t bytes = (size_t)wanted->count * sizeof *wanted->weight;
    ck_assert_int_eq(found->count, wanted->count);
    if (found->of_row)
        ck_assert_int_eq(memcmp(found->of_row, wanted->of_row, rows * sizeof *found->of_row), 0);
    ck_assert_int_eq(bytes ? memcmp(found->first, wanted->first, bytes) : 0, 0);
    ck_assert_int_eq(bytes ? memcmp(found->weight, wanted->weight, bytes) : 0, 0);
}

START_TEST(many_keys)
{
    enum { COUNT = 100000 };
    static uint64_t key[COUNT], pair[2 * COUNT], half[COUNT / 2];
    for (int different = 1; different <= COUNT; different *= 10)
        for (int drop_zero = 0; drop_zero < 2; drop_zero++) {
            memset(half, 0, sizeof half);
            for (uint64_t i = 0; i < COUNT; i++) {
                uint64_t value = ct_random(5, i) % (uint64_t)different;
                key[i] = value ? ct_mix64(value) & UINT32_MAX : 0;
                pair[2 * i] = key[i];
                half[i / 2] |= key[i] << 32 * (i % 2);
            }
            ct_classes wanted, found[5];
            ck_assert_int_eq(ct_classes_of_rows(pair, COUNT, 7, drop_zero, true, 1, &wanted),
                             CUTROPY_OK);
            ck_assert_int_eq(ct_classes_of_keys(key, COUNT, drop_zero, 3, &found[0]), CUTROPY_OK);
            ck_assert_int_eq(ct_classes_of_columns(key, 1, COUNT, 1, drop_zero, 2, &found[1]),
                             CUTROPY_OK);
            ck_assert_int_eq(ct_classes_of_rows(key, COUNT, 6, drop_zero, true, 2, &found[2]),
                             CUTROPY_OK);
            ck_assert_int_eq(ct_classes_of_rows(half, COUNT, 5, drop_zero, true, 2, &found[3]),
                             CUTROPY_OK);
            ck_assert_int_eq(ct_classes_of_rows(half, COUNT, 5, drop_zero, false, 1, &found[4]),
                             CUTROPY_OK);
            ck_assert_ptr_null(found[4].of_row);
            for (int k = 0; k < 5; k++) {
                same_classes(&found[k], &wanted, COUNT);
                ct_classes_free(&found[k]);
            }
            ct_classes_free(&wanted);
        }
}
END_TEST

CHECK_MAIN("classes", many_keys, rows_of_every_length, many_classes, many_short_rows,
           only_zero_rows, colliding_rows_stay_apart, columns_of_one_and_two_words,
           colliding_columns_stay_apart, apart_at_sight, crowded_buckets, failing_allocations)
