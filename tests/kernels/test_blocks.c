/* SPDX-License-Identifier: Apache-2.0 */
/* blocks.cu: connected components of quotients, against labels that spread until nothing changes.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

/* `cuts` matrices of rows[0] x rows[1] entries on the host, and what the kernels before would have
 * made of them. */
typedef struct quotient {
    int64_t cuts, rows[2], words[2];
    int entry_words; /* 0: bits */
    bool all;
    uint64_t *entry[2]; /* of each side: cuts x rows x words */
    int32_t *class_of[2], *first[2], *count[2], *collided[2];
} quotient;

static void *zeros(int64_t count, size_t size)
{
    void *memory = calloc((size_t)count, size);
    ck_assert(memory);
    return memory;
}

static quotient quotient_new(int64_t cuts, int64_t rows, int64_t columns, int entry_words, bool all)
{
    quotient q = {.cuts = cuts, .rows = {rows, columns}, .entry_words = entry_words, .all = all};
    for (int s = 0; s < 2; s++) {
        const int64_t other = q.rows[1 - s];
        q.words[s] = entry_words ? other * entry_words : (other + 63) / 64;
        q.entry[s] = zeros(cuts * q.rows[s] * q.words[s], 8);
        q.class_of[s] = zeros(cuts * q.rows[s], 4);
        q.first[s] = zeros(cuts * q.rows[s], 4);
        q.count[s] = zeros(cuts, 4);
        q.collided[s] = zeros(cuts, 4);
    }
    return q;
}

static void quotient_free(quotient *q)
{
    for (int s = 0; s < 2; s++) {
        free(q->entry[s]);
        free(q->class_of[s]);
        free(q->first[s]);
        free(q->count[s]);
        free(q->collided[s]);
    }
}

static const uint64_t *row_at(const quotient *q, int s, int64_t c, int64_t r)
{
    return q->entry[s] + (c * q->rows[s] + r) * q->words[s];
}

/* Sets an entry to a value != 0; two words: sometimes only one of them. */
static void set_entry(quotient *q, int64_t c, int64_t i, int64_t j, uint64_t value)
{
    const int64_t place[2] = {i, j};
    for (int s = 0; s < 2; s++) {
        uint64_t *row = q->entry[s] + (c * q->rows[s] + place[s]) * q->words[s];
        const int64_t column = place[1 - s];
        if (!q->entry_words)
            row[column / 64] |= UINT64_C(1) << (column % 64);
        else if (q->entry_words == 1 || value % 3 == 0)
            row[column * q->entry_words] = value;
        if (q->entry_words == 2 && value % 3 != 0)
            row[2 * column + 1] = value;
    }
}

static bool has_entry(const quotient *q, int64_t c, int64_t i, int64_t j)
{
    const uint64_t *row = row_at(q, 0, c, i);
    if (!q->entry_words)
        return (row[j / 64] >> (j % 64)) & 1;
    return row[j * q->entry_words] || (q->entry_words == 2 && row[2 * j + 1]);
}

static bool is_zero(const uint64_t *row, int64_t words)
{
    for (int64_t w = 0; w < words; w++)
        if (row[w])
            return false;
    return true;
}

static void find_classes(quotient *q)
{
    for (int s = 0; s < 2; s++)
        for (int64_t c = 0; c < q->cuts; c++) {
            int32_t *class_of = q->class_of[s] + c * q->rows[s],
                    *first = q->first[s] + c * q->rows[s];
            int32_t classes = 0;
            for (int64_t r = 0; r < q->rows[s]; r++) {
                const uint64_t *row = row_at(q, s, c, r);
                int64_t same = 0;
                class_of[r] = -1;
                if (!q->all && is_zero(row, q->words[s]))
                    continue;
                while (memcmp(row_at(q, s, c, same), row, (size_t)q->words[s] * 8) != 0)
                    same++;
                if (same == r)
                    first[classes++] = (int32_t)r;
                class_of[r] = same == r ? classes - 1 : class_of[same];
            }
            q->count[s][c] = classes;
        }
}

/* ---- the device's answer ---- */

static ct_device_blocks device_blocks(const quotient *q)
{
    ct_device_blocks b = {.entry_words = q->entry_words, .all = q->all};
    for (int s = 0; s < 2; s++) {
        const size_t rows = (size_t)(q->cuts * q->rows[s]), cuts = (size_t)q->cuts;
        b.side[s] =
            (ct_device_classes){.cuts = q->cuts,
                                .rows_per_cut = q->rows[s],
                                .words = q->words[s],
                                .slots = 2 * q->rows[s],
                                .rows = device_copy(q->entry[s], rows * (size_t)q->words[s] * 8),
                                .key = device_copy(NULL, 2 * rows * 8),
                                .class_of = device_copy(q->class_of[s], rows * 4),
                                .first = device_copy(q->first[s], rows * 4),
                                .count = device_copy(q->count[s], cuts * 4),
                                .collided = device_copy(q->collided[s], cuts * 4)};
        b.block_of[s] = device_copy(NULL, rows * 4);
        b.member[s] = device_copy(NULL, rows * 4);
        b.start[s] = device_copy(NULL, (size_t)(q->cuts * (q->rows[0] + 1)) * 4);
    }
    b.parent = device_copy(NULL, (size_t)(q->cuts * (q->rows[0] + q->rows[1])) * 4);
    b.blocks = device_copy(NULL, (size_t)q->cuts * 4);
    b.begin = device_copy(NULL, (size_t)q->cuts * 8);
    return b;
}

static void device_blocks_free(const ct_device_blocks *b)
{
    for (int s = 0; s < 2; s++) {
        const ct_device_classes *d = &b->side[s];
        void *const array[] = {(void *)d->rows, d->key,         d->class_of,  d->first,   d->count,
                               d->collided,     b->block_of[s], b->member[s], b->start[s]};
        for (size_t i = 0; i < sizeof array / sizeof *array; i++)
            device_free(array[i]);
    }
    device_free(b->parent);
    device_free(b->blocks);
    device_free(b->begin);
}

typedef struct answer {
    int32_t *block_of[2], *member[2], *start[2], *blocks;
    int64_t *begin;
} answer;

static answer answer_read(const quotient *q, const ct_device_blocks *b)
{
    answer a = {.blocks = zeros(q->cuts, 4), .begin = zeros(q->cuts, 8)};
    host_copy(a.begin, b->begin, (size_t)q->cuts * 8);
    host_copy(a.blocks, b->blocks, (size_t)q->cuts * 4);
    for (int s = 0; s < 2; s++) {
        const int64_t rows = q->cuts * q->rows[s], starts = q->cuts * (q->rows[0] + 1);
        a.block_of[s] = zeros(rows, 4);
        a.member[s] = zeros(rows, 4);
        a.start[s] = zeros(starts, 4);
        host_copy(a.block_of[s], b->block_of[s], (size_t)rows * 4);
        host_copy(a.member[s], b->member[s], (size_t)rows * 4);
        host_copy(a.start[s], b->start[s], (size_t)starts * 4);
    }
    return a;
}

static void answer_free(answer *a)
{
    free(a->blocks);
    free(a->begin);
    for (int s = 0; s < 2; s++) {
        free(a->block_of[s]);
        free(a->member[s]);
        free(a->start[s]);
    }
}

/* ---- the definition ---- */

/* label[s][x]: the smallest row class that is connected with class x of side s. */
static void spread_labels(const quotient *q, int64_t c, int32_t *const *label)
{
    const int32_t *first[2] = {q->first[0] + c * q->rows[0], q->first[1] + c * q->rows[1]};
    for (int s = 0; s < 2; s++)
        for (int32_t x = 0; x < q->count[s][c]; x++)
            label[s][x] = q->all ? 0 : s ? INT32_MAX : x;
    for (bool changed = !q->all; changed;) {
        changed = false;
        for (int32_t i = 0; i < q->count[0][c]; i++)
            for (int32_t j = 0; j < q->count[1][c]; j++)
                if (label[0][i] != label[1][j] && has_entry(q, c, first[0][i], first[1][j])) {
                    const int32_t low = label[0][i] < label[1][j] ? label[0][i] : label[1][j];
                    label[0][i] = label[1][j] = low;
                    changed = true;
                }
    }
}

/* Blocks numbered by their first row class, members ascending. */
static void check_cut(const quotient *q, int64_t c, const answer *a)
{
    int32_t *label[2] = {zeros(q->rows[0], 4), zeros(q->rows[1], 4)}, blocks = 0;
    spread_labels(q, c, label);
    for (int32_t i = 0; i < q->count[0][c]; i++)
        if (label[0][i] == i) {
            for (int s = 0; s < 2; s++) {
                const int64_t base = c * q->rows[s];
                const int32_t *start = a->start[s] + a->begin[c];
                int32_t at = start[blocks];
                ck_assert_int_eq(start[0], 0);
                for (int32_t x = 0; x < q->count[s][c]; x++)
                    if (label[s][x] == i) {
                        ck_assert_int_eq(a->block_of[s][base + x], blocks);
                        ck_assert_int_eq(a->member[s][base + at++], x);
                    }
                ck_assert_int_eq(start[blocks + 1], at);
            }
            blocks++;
        }
    ck_assert_int_eq(a->blocks[c], blocks);
    ck_assert_int_eq(a->begin[c], c ? a->begin[c - 1] + a->blocks[c - 1] + 1 : 0);
    for (int s = 0; s < 2; s++) {
        ck_assert_int_eq(a->start[s][a->begin[c] + blocks], q->count[s][c]);
        free(label[s]);
    }
}

static void check(quotient *q)
{
    const ct_device_blocks b = device_blocks(q);
    for (EVERY_ORDER(order)) {
        ck_assert_int_eq(ct_launch_blocks(&b, NULL), cudaSuccess);
        answer a = answer_read(q, &b);
        for (int64_t c = 0; c < q->cuts; c++)
            if (!q->collided[0][c] && !q->collided[1][c])
                check_cut(q, c, &a);
        answer_free(&a);
    }
    device_blocks_free(&b);
    quotient_free(q);
}

/* ---- cases ---- */

/* Rows and columns of `groups` groups; an entry of one group is non-zero with probability 1 / rare.
 * Some rows and columns stay zero, some are alike. */
static quotient draw_quotient(int64_t cuts, int64_t rows, int64_t columns, int entry_words,
                              uint64_t groups, uint64_t rare)
{
    quotient q = quotient_new(cuts, rows, columns, entry_words, false);
    uint64_t state = groups + 100 * rare + (uint64_t)(rows * columns);
    int32_t *group = zeros(columns, sizeof *group);
    for (int64_t c = 0; c < cuts; c++) {
        for (int64_t j = 0; j < columns; j++)
            group[j] = (int32_t)draw_below(&state, groups);
        for (int64_t i = 0; i < rows; i++) {
            const int32_t mine = (int32_t)draw_below(&state, groups);
            for (int64_t j = 0; j < columns; j++)
                if (group[j] == mine && draw_below(&state, rare) == 0)
                    set_entry(&q, c, i, j, 1 + draw(&state) % 1000);
        }
    }
    free(group);
    find_classes(&q);
    return q;
}

START_TEST(small_quotients)
{
    for (int entry_words = 0; entry_words <= 2; entry_words++)
        for (uint64_t groups = 1; groups <= 9; groups += 4)
            for (uint64_t rare = 1; rare <= 9; rare += 4) {
                quotient q = draw_quotient(4, 2, 4, entry_words, groups, rare);
                check(&q);
                q = draw_quotient(5, 16, 32, entry_words, groups, rare);
                check(&q);
            }
}
END_TEST

/* More cuts than a thread block has threads. */
START_TEST(many_cuts)
{
    quotient q = draw_quotient(600, 2, 4, 0, 2, 2);
    check(&q);
}
END_TEST

/* Several words a row, several chunks of members, one block to many. */
START_TEST(large_quotients)
{
    const int64_t large = amount(512, 128);
    static const uint64_t groups[] = {1, 2, 40, 400}, rare[] = {2, 8, 2, 1};
    for (int g = 0; g < 4; g++)
        for (int turned = 0; turned < 2; turned++) {
            quotient q = draw_quotient(2, turned ? 64 : large, turned ? large : 64, g % 3,
                                       groups[g], rare[g]);
            check(&q);
        }
}
END_TEST

/* Rows and columns connected one after the other, in an order far from the numbers; the first step
 * is left out where two blocks are wanted. */
START_TEST(paths)
{
    for (int64_t step = 1; step < 100; step += 36)
        for (int64_t begin = 0; begin < 2; begin++) {
            quotient q = quotient_new(1, 128, 128, 0, false);
            for (int64_t i = 0; i < 128; i++) {
                set_entry(&q, 0, i * step % 128, i * (step + 2) % 128, 1);
                if (i >= begin)
                    set_entry(&q, 0, i * step % 128, (i + 1) % 128 * (step + 2) % 128, 1);
            }
            set_entry(&q, 0, 64 * step % 128, 0, 1);
            find_classes(&q);
            check(&q);
        }
}
END_TEST

/* A block for each row, so that the chunks of the lists fill their work space; then more than a
 * tile of columns. */
START_TEST(permutations)
{
    const int64_t n = 256;
    quotient q = quotient_new(1, n, n, 0, false);
    for (int64_t i = 0; i < n; i++)
        set_entry(&q, 0, i, (i * 77 + 5) % n, 1);
    find_classes(&q);
    check(&q);
    q = quotient_new(1, 4, 2048, 1, false);
    for (int64_t j = 0; j < 2048; j++)
        set_entry(&q, 0, j % 4, j, (uint64_t)(1 + j));
    /* (3, 1023) and (3, 2047), the last ones of two tiles, connect rows */
    set_entry(&q, 0, 1, 1023, 5);
    set_entry(&q, 0, 0, 2047, 5);
    find_classes(&q);
    check(&q);
}
END_TEST

/* As many rows as a list may have: a quarter of them is no multiple of a warp. */
START_TEST(any_number_of_rows)
{
    for (int64_t n = 290; n <= 310; n += 10) {
        quotient q = quotient_new(1, n, n, 1, false);
        for (int64_t i = 0; i < n; i++)
            set_entry(&q, 0, i, (i * 77 + 5) % n, 1);
        find_classes(&q);
        check(&q);
    }
}
END_TEST

START_TEST(constant_functions)
{
    quotient q = quotient_new(4, 8, 16, 0, false);
    find_classes(&q);
    check(&q);
    q = quotient_new(4, 8, 16, 0, true);
    find_classes(&q);
    check(&q);
}
END_TEST

/* Labels +-1: one block whatever the entries are. */
START_TEST(all_entries)
{
    quotient q = draw_quotient(4, 64, 32, 0, 5, 2);
    q.all = true;
    find_classes(&q);
    check(&q);
}
END_TEST

/* Nonsense in one cut; the others do not notice. */
START_TEST(collisions)
{
    for (int s = 0; s < 2; s++) {
        quotient q = draw_quotient(3, 32, 32, 0, 6, 2);
        q.collided[s][1] = 1;
        q.count[0][1] = 1;
        for (int64_t r = 0; r < 32; r++)
            q.class_of[s][32 + r] = (int32_t)(31 - r);
        check(&q);
    }
}
END_TEST

CHECK_MAIN("kernel_blocks", small_quotients, many_cuts, large_quotients, paths, permutations,
           any_number_of_rows, constant_functions, all_entries, collisions)
