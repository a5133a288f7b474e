/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrix of a level from the cells of its cut: for each state the set of columns with which it makes an image of
 * label 1, so an entry is the number of images in which two sets agree. */
#include <string.h>

#include "base/parallel.h"
#include "frontier/level_gram.h"
#include "frontier/reverse.h"

/* Are the sets found as those of columns, from behind level k, or as those of states, from before it? */
static bool from_behind(const ct_level_product *p, ct_cells_size *size)
{
    const int pixels = p->levels->pixels;
    const ct_cells_size behind = ct_cells_measure(p->levels, p->others, p->k),
                        before = ct_cells_measure(p->others, p->levels, pixels - p->k);
    *size = behind.bits < before.bits ? behind : before;
    return behind.bits < before.bits;
}

static size_t triangle(const ct_level_product *p)
{
    const size_t n = (size_t)p->levels->count[p->k];
    return n * (n + 1) / 2;
}

double ct_level_product_work(const ct_level_product *p, uint64_t *bytes)
{
    const int pixels = p->levels->pixels;
    const int32_t columns = p->others->count[pixels - p->k];
    ct_cells_size cells;
    (void)from_behind(p, &cells);
    const uint64_t sets = 8 * (uint64_t)p->levels->count[p->k] * ct_set_words(columns),
                   matrix = 8 * triangle(p) * p->weights->words;
    *bytes = cells.bytes > matrix ? sets + cells.bytes : sets + matrix;
    return cells.bits + (double)triangle(p) * columns / 4; /* a column has half of the states */
}

/* out[i]: the set of j of which the set has i. */
static void turn_sets(const uint64_t *set, int32_t sets, int32_t members, uint64_t *out)
{
    const size_t words = ct_set_words(members), out_words = ct_set_words(sets);
    memset(out, 0, (size_t)members * out_words * sizeof *out);
    for (int32_t j = 0; j < sets; j++)
        for (size_t w = 0; w < words; w++)
            for (uint64_t rest = set[(size_t)j * words + w]; rest; rest &= rest - 1)
                out[(64 * w + (size_t)ct_lowest(rest)) * out_words + (size_t)j / 64] |= UINT64_C(1)
                                                                                        << j % 64;
}

/* Of each state the set of its columns; free *out with ct_free. */
static cutropy_status find_sets(const ct_level_product *p, uint64_t **out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = p->levels->pixels;
    const int32_t rows = p->levels->count[p->k], columns = p->others->count[pixels - p->k];
    ct_cells_size size;
    uint64_t *cells = NULL;
    if (!from_behind(p, &size))
        return ct_cells(p->others, p->levels, pixels - p->k, out);
    CT_TRY(ct_cells(p->levels, p->others, p->k, &cells));
    CT_NEW(*out, (size_t)rows * ct_set_words(columns));
    turn_sets(cells, columns, rows, *out);
done:
    ct_free(cells);
    return status;
}

typedef struct ct_multiplying {
    const ct_level_product *product;
    const uint64_t *set;
    ct_level_gram *g;
} ct_multiplying;

static void multiply_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_multiplying *m = context;
    const ct_level_product *p = m->product;
    const int32_t n = m->g->count, columns = p->others->count[p->levels->pixels - p->k];
    const size_t words = m->g->words, set_words = ct_set_words(columns);
    const uint64_t *weight = p->weights->count[p->levels->pixels - p->k];
    (void)thread;
    for (size_t i = first; i < last; i++)
        for (int32_t j = (int32_t)i; j < n; j++) {
            const uint64_t *a = m->set + i * set_words, *b = m->set + (size_t)j * set_words;
            uint64_t *entry =
                m->g->entry + (size_t)(ct_level_gram_entry(m->g, 0, (int32_t)i, j) - m->g->entry);
            for (size_t w = 0; w < set_words; w++)
                for (uint64_t rest = a[w] & b[w]; rest; rest &= rest - 1)
                    (void)ct_words_add(entry, weight + (64 * w + (size_t)ct_lowest(rest)) * words,
                                       words); /* at most <f|f> */
        }
}

/* All states in one block, every entry 0. */
static cutropy_status start_block(const ct_level_product *p, ct_level_gram *g)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = p->levels->count[p->k];
    *g = (ct_level_gram){.count = n, .blocks = 1, .words = p->weights->words};
    CT_NEW_ZERO(g->block, n);
    CT_NEW(g->place, n);
    for (int32_t i = 0; i < n; i++)
        g->place[i] = i;
    CT_NEW(g->size, 1);
    g->size[0] = n;
    CT_NEW_ZERO(g->start, 2);
    g->start[1] = triangle(p);
    CT_NEW_ZERO(g->entry, triangle(p) * g->words);
done:
    return status;
}

cutropy_status ct_level_product_make(const ct_level_product *p, uint64_t memory_limit, int threads,
                                     ct_level_gram *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_multiplying m = {.product = p, .g = out};
    uint64_t *set = NULL, bytes;
    *out = (ct_level_gram){0};
    (void)ct_level_product_work(p, &bytes);
    if (bytes > memory_limit)
        return ct_fail(
            CUTROPY_EMEMORY,
            "a cut of %d x %d classes needs %s but %s may be used (--memory raises the limit)",
            p->levels->count[p->k], p->others->count[p->levels->pixels - p->k], CT_BYTES(bytes),
            CT_BYTES(memory_limit));
    CT_TRY(find_sets(p, &set));
    CT_TRY(start_block(p, out));
    m.set = set;
    ct_parallel_for(threads, (size_t)out->count, 1, multiply_rows, &m);
    CT_TRY(ct_level_gram_split(out));
done:
    ct_free(set);
    if (status != CUTROPY_OK)
        ct_level_gram_free(out);
    return status;
}
