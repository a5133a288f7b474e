/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of a truth table for a cut: every bit of the result against the index that order[]
 * names. */
#include <string.h>

#include "check_main.h"
#include "isa_list.h"
#include "ref/support.h"

#include "backend/operations.h"
#include "base/bits.h"

#define LARGEST 13
#define WORDS (1 << (LARGEST - 6))

static int bit_of(const uint64_t *bits, uint64_t index)
{
    return (int)(bits[index / 64] >> index % 64 & 1);
}

static uint64_t random_table(int pixels, uint64_t *state, uint64_t *table)
{
    const uint64_t words = pixels <= 6 ? 1 : UINT64_C(1) << (pixels - 6);
    for (uint64_t w = 0; w < words; w++)
        table[w] = draw(state);
    if (pixels < 6)
        table[0] &= (UINT64_C(1) << (1 << pixels)) - 1;
    return words;
}

static void check_order(int pixels, uint64_t low, const uint8_t *order)
{
    uint64_t seen = 0, lows = 0;
    const int count = __builtin_popcountll(low);
    for (int k = 0; k < pixels; k++) {
        ck_assert_uint_lt(order[k], (unsigned)pixels);
        seen |= UINT64_C(1) << order[k];
        if (k < count)
            lows |= UINT64_C(1) << order[k];
    }
    ck_assert_uint_eq(seen, (UINT64_C(1) << pixels) - 1);
    ck_assert_uint_eq(lows, low);
}

static void check_layout(int pixels, uint64_t low, int threads, uint64_t *state)
{
    uint64_t table[WORDS], before[WORDS], out[WORDS + 1];
    uint8_t order[64];
    const uint64_t words = random_table(pixels, state, table);
    memcpy(before, table, words * sizeof *table);
    memset(out, 0x5a, sizeof out);
    ct_operations_cpu()->bit_layout(table, pixels, low, out, order, threads);
    ck_assert_mem_eq(table, before, words * sizeof *table);
    ck_assert_uint_eq(out[words], UINT64_C(0x5a5a5a5a5a5a5a5a));
    check_order(pixels, low, order);
    for (uint64_t r = 0; r < UINT64_C(1) << pixels; r++) {
        uint64_t image = 0;
        for (int k = 0; k < pixels; k++)
            image |= (r >> k & 1) << order[k];
        if (bit_of(out, r) != bit_of(table, image))
            ck_abort_msg("N %d low %#lx: bit %lu is not that of image %#lx", pixels,
                         (unsigned long)low, (unsigned long)r, (unsigned long)image);
    }
    if (pixels < 6)
        ck_assert_uint_eq(out[0] >> (1 << pixels), 0);
}

START_TEST(every_mask_of_small_lattices)
{
    uint64_t state = 3;
    for (int pixels = 1; pixels <= 7; pixels++)
        for (uint64_t low = 0; low < UINT64_C(1) << pixels; low++)
            check_layout(pixels, low, 1, &state);
}
END_TEST

START_TEST(random_masks_and_threads)
{
    uint64_t state = 4;
    for (int pixels = 8; pixels <= LARGEST; pixels++) {
        const uint64_t all = (UINT64_C(1) << pixels) - 1;
        for (int threads = 1; threads <= 3; threads++) {
            check_layout(pixels, 0, threads, &state);
            check_layout(pixels, all, threads, &state);
            for (int k = 0; k < 12; k++)
                check_layout(pixels, draw(&state) & all, threads, &state);
            for (int half = 1; half < pixels; half++) /* all the highest ones go to the low end */
                check_layout(pixels, all & ~(all >> half), threads, &state);
        }
    }
}
END_TEST

START_TEST(swaps_of_each_instruction_set)
{
    uint64_t state = 5, table[WORDS], swapped[WORDS];
    const ct_isa *isa;
    for (int number = 0; (isa = isa_number(number)) != NULL; number++)
        for (int pixels = 2; pixels <= 12; pixels++)
            for (int j = 1; j < pixels; j++)
                for (int i = 0; i < j; i++) {
                    const uint64_t words = random_table(pixels, &state, table);
                    memcpy(swapped, table, words * sizeof *table);
                    /* two ranges of units, in the wrong order: units are independent */
                    const uint64_t units = words >> ((i >= 6) + (j >= 6)),
                                   cut = draw_below(&state, units + 1);
                    isa->swap_bits(swapped, cut, units, i, j);
                    isa->swap_bits(swapped, 0, cut, i, j);
                    for (uint64_t s = 0; s < UINT64_C(1) << pixels; s++) {
                        uint64_t other = s & ~(UINT64_C(1) << i | UINT64_C(1) << j);
                        other |= (s >> i & 1) << j | (s >> j & 1) << i;
                        if (bit_of(swapped, other) != bit_of(table, s))
                            ck_abort_msg("%s: N %d, swap of %d and %d", isa->name, pixels, i, j);
                    }
                }
}
END_TEST

/* Large enough that the passes are split among threads. */
START_TEST(large_tables)
{
    enum { PIXELS = 23 };
    const uint64_t words = UINT64_C(1) << (PIXELS - 6);
    uint64_t state = 6, *table = malloc(words * 8), *out = malloc(words * 8);
    uint8_t order[64];
    ck_assert(table && out);
    random_table(PIXELS, &state, table);
    for (int threads = 1; threads <= 3; threads++)
        for (int round = 0; round < 3; round++) {
            const uint64_t low = draw(&state) & ((UINT64_C(1) << PIXELS) - 1);
            ct_operations_cpu()->bit_layout(table, PIXELS, low, out, order, threads);
            check_order(PIXELS, low, order);
            for (int sample = 0; sample < 200000; sample++) {
                const uint64_t r = draw_below(&state, UINT64_C(1) << PIXELS);
                uint64_t image = 0;
                for (int k = 0; k < PIXELS; k++)
                    image |= (r >> k & 1) << order[k];
                if (bit_of(out, r) != bit_of(table, image))
                    ck_abort_msg("low %#lx, %d threads: bit %lu is wrong", (unsigned long)low,
                                 threads, (unsigned long)r);
            }
        }
    free(table);
    free(out);
}
END_TEST

CHECK_MAIN("layout", every_mask_of_small_lattices, random_masks_and_threads,
           swaps_of_each_instruction_set, large_tables)
