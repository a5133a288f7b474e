/* SPDX-License-Identifier: Apache-2.0 */
/* lists.cu with the sorts and scans between its kernels, and gram_list.cu behind classes.cu: the
 * sparse cut matrix, its quotient and the Gram matrix of the whole of it, against plain loops. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define MOST 160

/* A list and its cut. */
static uint64_t images[MOST], masks[2];
static int64_t count;

/* What the kernels gave: rows by first occurrence, items and entries ascending. */
typedef struct side {
    int64_t rows, classes;
    uint64_t start[MOST + 1], entry_start[MOST + 1], weight[MOST];
    uint32_t row_of[MOST], item[MOST], entry[MOST];
    int32_t class_of[MOST], first[MOST];
    /* on the device */
    ct_device_classes d;
    uint64_t *d_entry_start;
    uint32_t *d_row_of, *d_entry;
} side;
static side sides[2];

static void *work;
static size_t work_bytes;

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* `wanted` different images of `pixels` pixels, ascending; few: from few halves, so that rows
 * repeat. */
static void draw_list(int pixels, int wanted, bool few, uint64_t *state)
{
    const uint64_t all = pixels == 64 ? ~UINT64_C(0) : (UINT64_C(1) << pixels) - 1;
    masks[0] = draw(state) & all;
    masks[0] = masks[0] == 0 ? 1 : masks[0] == all ? 1 : masks[0];
    masks[1] = all & ~masks[0];
    count = 0;
    for (int k = 0; k < wanted; k++) {
        uint64_t image = draw(state) & all;
        if (few) {
            const uint64_t a = draw_below(state, 40), b = draw_below(state, 8);
            image = ((a * UINT64_C(0x9e3779b97f4a7c15)) & masks[0]) |
                    ((b * UINT64_C(0xbf58476d1ce4e5b9)) & masks[1]);
        }
        bool known = false;
        for (int64_t i = 0; i < count; i++)
            known |= images[i] == image;
        if (!known)
            images[count++] = image;
    }
    qsort(images, (size_t)count, sizeof *images, by_value);
}

static void must(cudaError_t error)
{
    ck_assert_int_eq(error, cudaSuccess);
}

/* ---- through the kernels ---- */

static void number_rows(const uint64_t *d_images, int s)
{
    int64_t slots = 2;
    uint64_t rows;
    while (slots < 2 * count)
        slots *= 2;
    uint64_t *half = device_copy(NULL, (size_t)slots * 8),
             *number = device_copy(NULL, (size_t)(count + 1) * 8);
    uint32_t *first = device_copy(NULL, (size_t)slots * 4),
             *slot_of = device_copy(NULL, (size_t)count * 4);
    sides[s].d_row_of = device_copy(NULL, (size_t)count * 4);
    must(ct_launch_list_halves(d_images, count, masks[s], half, slots, first, slot_of, NULL));
    must(ct_launch_list_firsts(first, slot_of, count, number, NULL));
    must(ct_launch_scan(number, number, count + 1, work, work_bytes, NULL));
    must(ct_launch_list_numbers(first, slot_of, number, count, sides[s].d_row_of, NULL));
    host_copy(&rows, number + count, sizeof rows);
    host_copy(sides[s].row_of, sides[s].d_row_of, (size_t)count * 4);
    sides[s].rows = (int64_t)rows;
    device_free(half);
    device_free(number);
    device_free(first);
    device_free(slot_of);
}

static void sort_rows(int s)
{
    uint64_t *pair = device_copy(NULL, (size_t)count * 8),
             *sorted = device_copy(NULL, (size_t)count * 8),
             *start = device_copy(NULL, (size_t)(count + 1) * 8);
    uint32_t *item = device_copy(NULL, (size_t)count * 4);
    must(ct_launch_list_pairs(sides[s].d_row_of, sides[1 - s].d_row_of, count, pair, NULL));
    must(ct_launch_sort(pair, sorted, count, work, work_bytes, NULL));
    must(ct_launch_list_rows(sorted, count, start, item, NULL));
    host_copy(sides[s].start, start, (size_t)(sides[s].rows + 1) * 8);
    host_copy(sides[s].item, item, (size_t)count * 4);
    device_free(pair);
    device_free(sorted);
    sides[s].d.start = start;
    sides[s].d.item = item;
}

static void find_classes(int s)
{
    ct_device_classes *d = &sides[s].d;
    const size_t rows = (size_t)sides[s].rows;
    int32_t classes = 0, collided = 1;
    d->cuts = 1;
    d->rows_per_cut = sides[s].rows;
    d->slots = 4;
    while (d->slots < 4 * sides[s].rows)
        d->slots *= 2;
    d->hash = device_copy(NULL, rows * 8);
    d->key = device_copy(NULL, (size_t)d->slots * 8);
    d->slot_row = device_copy(NULL, (size_t)d->slots * 4);
    d->class_of = device_copy(NULL, rows * 4);
    d->first = device_copy(NULL, rows * 4);
    d->weight = device_copy(NULL, rows * 8);
    d->count = device_copy(NULL, 4);
    d->collided = device_copy(NULL, 4);
    must(ct_launch_classes(d, 1, 7, NULL));
    host_copy(&classes, d->count, 4);
    host_copy(&collided, d->collided, 4);
    ck_assert_int_eq(collided, 0);
    sides[s].classes = classes;
    host_copy(sides[s].class_of, d->class_of, rows * 4);
    host_copy(sides[s].first, d->first, (size_t)classes * 4);
    host_copy(sides[s].weight, d->weight, (size_t)classes * 8);
}

static void find_entries(int s)
{
    const size_t starts = (size_t)(sides[s].rows + 1);
    static const uint64_t zeros[MOST + 1];
    sides[s].d_entry_start = device_copy(zeros, starts * 8);
    sides[s].d_entry = device_copy(NULL, (size_t)count * 4);
    must(ct_launch_list_entry_counts(&sides[s].d, &sides[1 - s].d, sides[s].d_entry_start, NULL));
    must(ct_launch_scan(sides[s].d_entry_start, sides[s].d_entry_start, (int64_t)starts, work,
                        work_bytes, NULL));
    must(ct_launch_list_entries(&sides[s].d, &sides[1 - s].d, sides[s].d_entry_start,
                                sides[s].d_entry, NULL));
    host_copy(sides[s].entry_start, sides[s].d_entry_start, starts * 8);
    host_copy(sides[s].entry, sides[s].d_entry, (size_t)sides[s].entry_start[sides[s].classes] * 4);
}

static void free_side(int s)
{
    ct_device_classes *d = &sides[s].d;
    void *all[] = {(void *)d->start, (void *)d->item, d->hash,           d->key,
                   d->slot_row,      d->class_of,     d->first,          d->weight,
                   d->count,         d->collided,     sides[s].d_row_of, sides[s].d_entry_start,
                   sides[s].d_entry};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        device_free(all[i]);
}

/* ---- the definition ---- */

static bool is_listed(uint64_t image)
{
    for (int64_t i = 0; i < count; i++)
        if (images[i] == image)
            return true;
    return false;
}

/* The half of side s that row r stands for. */
static uint64_t half_of(int s, int64_t r)
{
    for (int64_t i = 0; i < count; i++)
        if (sides[s].row_of[i] == (uint32_t)r)
            return images[i] & masks[s];
    ck_abort_msg("row %lld has no image", (long long)r);
}

static void check_rows(int s)
{
    int64_t seen = 0;
    for (int64_t i = 0; i < count; i++) {
        bool is_new = true;
        for (int64_t k = 0; k < i; k++)
            if ((images[k] & masks[s]) == (images[i] & masks[s])) {
                ck_assert_uint_eq(sides[s].row_of[i], sides[s].row_of[k]);
                is_new = false;
            }
        if (is_new)
            ck_assert_int_eq(sides[s].row_of[i], seen++);
    }
    ck_assert_int_eq(sides[s].rows, seen);
    ck_assert_uint_eq(sides[s].start[0], 0);
    ck_assert_uint_eq(sides[s].start[seen], count);
    for (int64_t r = 0; r < seen; r++)
        for (uint64_t e = sides[s].start[r]; e < sides[s].start[r + 1]; e++) {
            ck_assert(is_listed(half_of(s, r) | half_of(1 - s, sides[s].item[e])));
            if (e > sides[s].start[r])
                ck_assert_uint_lt(sides[s].item[e - 1], sides[s].item[e]);
        }
}

static bool same_rows(int s, int64_t x, int64_t y)
{
    for (int64_t c = 0; c < sides[1 - s].rows; c++) {
        const uint64_t half = half_of(1 - s, c);
        if (is_listed(half_of(s, x) | half) != is_listed(half_of(s, y) | half))
            return false;
    }
    return true;
}

static void check_classes(int s)
{
    int64_t classes = 0;
    for (int64_t r = 0; r < sides[s].rows; r++) {
        int64_t c = 0;
        while (c < classes && !same_rows(s, r, sides[s].first[c]))
            c++;
        if (c == classes)
            ck_assert_int_eq(sides[s].first[classes++], r);
        ck_assert_int_eq(sides[s].class_of[r], c);
    }
    ck_assert_int_eq(sides[s].classes, classes);
}

static bool quotient_at(int s, int64_t p, int64_t q)
{
    return is_listed(half_of(s, sides[s].first[p]) | half_of(1 - s, sides[1 - s].first[q]));
}

static void check_entries(int s)
{
    for (int64_t p = 0; p < sides[s].classes; p++) {
        uint64_t e = sides[s].entry_start[p];
        for (int64_t q = 0; q < sides[1 - s].classes; q++)
            if (quotient_at(s, p, q)) {
                ck_assert_uint_lt(e, sides[s].entry_start[p + 1]);
                ck_assert_uint_eq(sides[s].entry[e++], q);
            }
        ck_assert_uint_eq(e, sides[s].entry_start[p + 1]);
    }
}

/* All classes as one block of side s, which need not be connected here. */
static void check_gram(int s)
{
    const int64_t n = sides[s].classes, ld = n + 3;
    const size_t entries = (size_t)(ld * ld);
    int32_t all[MOST];
    for (int i = 0; i < MOST; i++)
        all[i] = i;
    ct_gram_job job = {.n = n, .k = sides[1 - s].classes, .ld = ld, .side = s};
    ct_gram_batch g = {.jobs = 1, .largest_n = n, .largest_ld = ld};
    int64_t *exact = calloc(entries, 8);
    double *scaled = calloc(entries, 8);
    uint64_t sums[4];
    ck_assert(exact && scaled);
    for (int k = 0; k < 2; k++) {
        g.blocks.side[k] = sides[k].d;
        g.blocks.member[k] = device_copy(all, sizeof all);
        g.blocks.entry_start[k] = sides[k].d_entry_start;
        g.blocks.entry[k] = sides[k].d_entry;
    }
    g.job = device_copy(&job, sizeof job);
    g.exact = device_copy(exact, entries * 8);
    g.scaled = device_copy(scaled, entries * 8);
    g.sums = device_copy(NULL, sizeof sums);
    must(ct_launch_gram_lists(&g, NULL));
    host_copy(exact, g.exact, entries * 8);
    host_copy(scaled, g.scaled, entries * 8);
    host_copy(sums, g.sums, sizeof sums);
    uint64_t square = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            int64_t sum = 0;
            for (int64_t q = 0; q < sides[1 - s].classes; q++)
                if (quotient_at(s, i, q) && quotient_at(s, j, q))
                    sum += (int64_t)sides[1 - s].weight[q];
            const uint64_t m = sides[s].weight[i] * sides[s].weight[j];
            if (i <= j) { /* nobody reads below the diagonal */
                ck_assert_int_eq(exact[i * ld + j], sum);
                ck_assert(scaled[i * ld + j] == sqrt((double)sides[s].weight[i]) *
                                                    sqrt((double)sides[s].weight[j]) * (double)sum);
            }
            square += m * (uint64_t)(sum * sum);
        }
    ck_assert(sums[0] == square && sums[1] == 0);
    for (int64_t i = n; i < ld; i++)
        ck_assert(scaled[i * ld + i] < 0 && scaled[i] == 0);
    for (int k = 0; k < 2; k++)
        device_free(g.blocks.member[k]);
    device_free((void *)g.job);
    device_free(g.exact);
    device_free(g.scaled);
    device_free(g.sums);
    free(exact);
    free(scaled);
}

static void check_list(void)
{
    size_t scan = 0, sort = 0;
    must(ct_scan_space(count + 1, &scan));
    must(ct_sort_space(count, &sort));
    work_bytes = scan > sort ? scan : sort;
    work = device_copy(NULL, work_bytes);
    uint64_t *d_images = device_copy(images, (size_t)count * 8);
    memset(sides, 0, sizeof sides);
    for (int s = 0; s < 2; s++)
        number_rows(d_images, s);
    for (int s = 0; s < 2; s++) {
        sort_rows(s);
        check_rows(s);
        find_classes(s);
        check_classes(s);
    }
    for (int s = 0; s < 2; s++) {
        find_entries(s);
        check_entries(s);
    }
    for (int s = 0; s < 2; s++)
        check_gram(s);
    for (int s = 0; s < 2; s++)
        free_side(s);
    device_free(d_images);
    device_free(work);
}

START_TEST(lists)
{
    static const int pixels[] = {2, 5, 9, 33, 64};
    uint64_t state = 11;
    for (EVERY_ORDER(order))
        for (size_t k = 0; k < sizeof pixels / sizeof *pixels; k++) {
            draw_list(pixels[k], k < 2 ? 4 : amount(60, 40), k >= 3 && order % 2, &state);
            check_list();
        }
    for (EVERY_ORDER(order)) {
        draw_list(20, 140, true, &state);
        check_list();
        ck_assert_int_gt(sides[0].classes, 32); /* several tiles */
    }
    draw_list(4, 1000, false, &state); /* all sixteen */
    check_list();
    ck_assert_int_lt(sides[0].classes, sides[0].rows); /* something was merged */
}
END_TEST

CHECK_MAIN("kernel_lists", lists)
