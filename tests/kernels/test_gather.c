/* SPDX-License-Identifier: Apache-2.0 */
/* gather.cu: rows of cut matrices, entry by entry. */
#include <stdbool.h>
#include <stdlib.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define MOST_CUTS 80

/* Bit k of index at the k-th set pixel of mask. */
static uint64_t image_of(uint64_t index, uint64_t mask)
{
    uint64_t image = 0;
    for (int pixel = 0, k = 0; pixel < 64; pixel++)
        if ((mask >> pixel) & 1)
            image |= ((index >> k++) & 1) << pixel;
    return image;
}

typedef struct gather_case {
    int pixels, na, side, entry_words; /* 0: bits */
    const uint64_t *function, *mask;
    int64_t cuts;
} gather_case;

static int64_t row_words(const gather_case *c)
{
    const int n_columns = c->side ? c->na : c->pixels - c->na;
    return c->entry_words ? INT64_C(1) << n_columns << (c->entry_words - 1)
                          : INT64_C(1) << (n_columns > 6 ? n_columns - 6 : 0);
}

/* The rows, by the definition. */
static void expect_rows(const gather_case *c, uint64_t *rows)
{
    const uint64_t all = (UINT64_C(1) << c->pixels) - 1;
    const int n_rows = c->side ? c->pixels - c->na : c->na;
    const int64_t words = row_words(c);
    for (int64_t i = 0; i < c->cuts << n_rows; i++) {
        const uint64_t a = c->mask[i >> n_rows], mine = c->side ? all & ~a : a;
        const uint64_t base = image_of((uint64_t)i & ((UINT64_C(1) << n_rows) - 1), mine);
        uint64_t *row = rows + i * words;
        for (int64_t w = 0; w < words; w++)
            row[w] = 0;
        for (uint64_t k = 0; k < UINT64_C(1) << (c->pixels - n_rows); k++) {
            const uint64_t s = base | image_of(k, all & ~mine);
            if (!c->entry_words)
                row[k / 64] |= ((c->function[s / 64] >> (s % 64)) & 1) << (k % 64);
            for (int w = 0; w < c->entry_words; w++)
                row[k * (uint64_t)c->entry_words + (uint64_t)w] =
                    c->function[s * (uint64_t)c->entry_words + (uint64_t)w];
        }
    }
}

static void check_case(const gather_case *c)
{
    const int n_rows = c->side ? c->pixels - c->na : c->na;
    const size_t bytes = (size_t)((c->cuts << n_rows) * row_words(c)) * 8;
    const size_t function_bytes = c->entry_words  ? (size_t)c->entry_words * 8 << c->pixels
                                  : c->pixels < 6 ? 8
                                                  : (size_t)8 << (c->pixels - 6);
    uint64_t *expected = malloc(bytes), *got = malloc(bytes);
    uint64_t *function = device_copy(c->function, function_bytes),
             *mask = device_copy(c->mask, (size_t)c->cuts * 8), *rows = device_copy(NULL, bytes);
    ck_assert(expected && got);
    expect_rows(c, expected);
    for (EVERY_ORDER(order)) {
        ck_assert_int_eq(cudaMemset(rows, 0xa5, bytes), cudaSuccess);
        ck_assert_int_eq(c->entry_words
                             ? ct_launch_gather_values(function, c->entry_words, c->pixels, mask,
                                                       c->cuts, c->na, c->side, rows, NULL)
                             : ct_launch_gather_bits(function, c->pixels, mask, c->cuts, c->na,
                                                     c->side, rows, NULL),
                         cudaSuccess);
        host_copy(got, rows, bytes);
        for (size_t i = 0; i < bytes / 8; i++)
            ck_assert_msg(got[i] == expected[i],
                          "%d pixels, %d in A, side %d, %d words an entry: word %zu", c->pixels,
                          c->na, c->side, c->entry_words, i);
    }
    device_free(function);
    device_free(mask);
    device_free(rows);
    free(expected);
    free(got);
}

static void check_masks(int pixels, int na, const uint64_t *mask, int64_t cuts, int entry_words)
{
    static uint64_t function[1 << 15];
    uint64_t state = 7 + (uint64_t)pixels;
    for (size_t i = 0; i < sizeof function / sizeof *function; i++)
        function[i] = draw(&state);
    for (int side = 0; side < 2; side++)
        check_case(&(gather_case){pixels, na, side, entry_words, function, mask, cuts});
}

static int ones(uint64_t x)
{
    return __builtin_popcountll(x);
}

/* Every mask, all of one size in a batch. */
static void check_lattice(int pixels, int entry_words)
{
    for (int na = 1; na < pixels; na++) {
        uint64_t mask[MOST_CUTS];
        int64_t cuts = 0;
        for (uint64_t m = 0; m < UINT64_C(1) << pixels; m++)
            if (ones(m) == na)
                mask[cuts++] = m;
        check_masks(pixels, na, mask, cuts, entry_words);
    }
}

START_TEST(bits_of_all_masks)
{
    for (int pixels = 2; pixels <= amount(8, 7); pixels++)
        check_lattice(pixels, 0);
}
END_TEST

START_TEST(values_of_all_masks)
{
    for (int pixels = 2; pixels <= amount(6, 5); pixels++)
        for (int entry_words = 1; entry_words <= 2; entry_words++)
            check_lattice(pixels, entry_words);
}
END_TEST

/* A mask of na pixels, `low` of the six lowest among them. */
static uint64_t draw_mask(uint64_t *state, int pixels, int na, int low)
{
    for (;;) {
        const uint64_t mask = draw(state) & ((UINT64_C(1) << pixels) - 1);
        if (ones(mask) == na && ones(mask & 63) == low)
            return mask;
    }
}

/* Tiles of every kind in one batch: 0 to 6 of the low pixels in A. */
START_TEST(bits_of_large_lattices)
{
    uint64_t state = 1;
    for (int pixels = 12; pixels <= amount(14, 12); pixels++)
        for (int na = 6; na <= pixels - 6; na++) {
            uint64_t mask[14];
            for (int i = 0; i < 14; i++)
                mask[i] = draw_mask(&state, pixels, na, i % 7);
            check_masks(pixels, na, mask, amount(14, 7), 0);
        }
}
END_TEST

/* One cut that several thread blocks share, and more columns than a tile has. */
START_TEST(bits_of_one_cut)
{
    uint64_t state = 2;
    for (int low = 0; low <= 6; low++) {
        const uint64_t mask = draw_mask(&state, amount(17, 13), 6, low);
        check_masks(amount(17, 13), 6, &mask, 1, 0);
    }
}
END_TEST

START_TEST(values_of_large_lattices)
{
    uint64_t state = 3, mask[3];
    for (int entry_words = 1; entry_words <= 2; entry_words++) {
        for (int i = 0; i < 3; i++)
            mask[i] = draw_mask(&state, 11, 4, i + 1);
        check_masks(11, 4, mask, 3, entry_words);
    }
}
END_TEST

START_TEST(too_many_pixels)
{
    ck_assert_int_eq(ct_launch_gather_bits(NULL, CT_GATHER_PIXELS + 1, NULL, 1, 1, 0, NULL, NULL),
                     cudaErrorInvalidValue);
    ck_assert_int_eq(
        ct_launch_gather_values(NULL, 1, CT_GATHER_PIXELS + 1, NULL, 1, 1, 0, NULL, NULL),
        cudaErrorInvalidValue);
}
END_TEST

CHECK_MAIN("kernel_gather", bits_of_all_masks, values_of_all_masks, bits_of_large_lattices,
           bits_of_one_cut, values_of_large_lattices, too_many_pixels)
