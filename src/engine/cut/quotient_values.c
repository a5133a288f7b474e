/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut from an array of values. */
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "engine/cut/quotient.h"

/* Entries in one piece of a gathering. */
#define PIECE 65536
/* Lowest pixels, all of A, whose rows are filled together: they share lines of the cache. */
#define MOST_TOGETHER 3

typedef struct ct_gather {
    const uint64_t *values;
    uint64_t *m;
    uint64_t mask, rest; /* pixels of A, of B */
    uint64_t columns;
    size_t words;
    int run;      /* lowest pixels, all of B: 2^run entries lie together in f and in m */
    int together; /* lowest pixels, all of A */
} ct_gather;

/* Columns first .. last - 1 of 2^together rows; from: the entries of f with pixels of A as in the
 * first of them. */
static void gather_columns(const ct_gather *g, const uint64_t *from, uint64_t *to, size_t first,
                           size_t last)
{
    const size_t words = g->words, rows = (size_t)1 << g->together;
    /* x -> (x - rest) & rest runs through the images of B in ascending order */
    uint64_t column = ct_deposit(first, g->rest);
    for (size_t c = first; c < last; c++, column = (column - g->rest) & g->rest) {
        const uint64_t *entry = from + column * words;
        if (words == 1)
            for (size_t r = 0; r < rows; r++)
                to[r * g->columns + c] = entry[r];
        else
            for (size_t r = 0; r < rows; r++)
                memcpy(to + 2 * (r * g->columns + c), entry + 2 * r, 16);
    }
}

/* The same for one row, whose first and last column are multiples of the run. */
static void gather_runs(const ct_gather *g, const uint64_t *from, uint64_t *to, size_t first,
                        size_t last)
{
    const size_t run = (size_t)1 << g->run;
    const uint64_t high = g->rest & ~ct_low_mask(g->run);
    uint64_t column = ct_deposit(first, g->rest);
    for (size_t c = first; c < last; c += run, column = (column - high) & high)
        memcpy(to + c * g->words, from + column * g->words, run * g->words * sizeof *to);
}

/* Places first .. last - 1, counted column by column through one set of rows after the other. */
static void gather_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_gather *g = context;
    (void)thread;
    for (size_t e = first; e < last;) {
        const size_t row = (e / g->columns) << g->together, column = e % g->columns;
        const size_t left = g->columns - column, count = last - e < left ? last - e : left;
        const uint64_t *from = g->values + ct_deposit(row, g->mask) * g->words;
        uint64_t *to = g->m + row * g->columns * g->words;
        if (g->run > 1)
            gather_runs(g, from, to, column, column + count);
        else
            gather_columns(g, from, to, column, column + count);
        e += count;
    }
}

cutropy_status ct_values_gather(const ct_function *f, uint64_t mask, int threads, uint64_t **m)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t entries = UINT64_C(1) << f->pixels;
    const int low = ct_low_ones(mask);
    ct_gather gather = {.values = f->values,
                        .mask = mask,
                        .rest = ct_low_mask(f->pixels) & ~mask,
                        .columns = entries >> ct_popcount(mask),
                        .words = ct_value_bytes(f->kind) / 8,
                        .together = low < MOST_TOGETHER ? low : MOST_TOGETHER};
    /* pieces begin and end with runs: both are powers of two */
    gather.run = ct_low_ones(gather.rest) < 16 ? ct_low_ones(gather.rest) : 16;
    CT_NEW(*m, entries * gather.words);
    gather.m = *m;
    ct_parallel_for(threads, entries >> gather.together, PIECE, gather_piece, &gather);
done:
    return status;
}

/* Keeps the first row and column of every class, in place: q[i][j] moves towards the front only. */
static void keep_representatives(uint64_t *m, uint64_t columns, size_t words,
                                 const ct_classes *row_classes, const ct_classes *column_classes)
{
    const int64_t ra = row_classes->count, rb = column_classes->count;
    for (int64_t i = 0; i < ra; i++)
        for (int64_t j = 0; j < rb; j++)
            memmove(m + (size_t)(i * rb + j) * words,
                    m + (row_classes->first[i] * columns + column_classes->first[j]) * words,
                    8 * words);
}

cutropy_status ct_quotient_from_values(const ct_function *f, uint64_t mask, int threads,
                                       ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    const int na = ct_popcount(mask), nb = f->pixels - na;
    const uint64_t rows = UINT64_C(1) << na, columns = UINT64_C(1) << nb;
    const int words = (int)(ct_value_bytes(f->kind) / 8);
    uint64_t *m = NULL;
    bool apart;

    out->storage = CT_Q_DENSE;
    CT_TRY(ct_values_gather(f, mask, threads, &m));
    CT_TRY(ct_classes_at_sight(m, rows, columns, words, 0, threads, &apart, &out->side[0]));
    if (!apart)
        CT_TRY(ct_classes_of_rows(m, rows, nb + 6 + (words == 2), true, false, threads,
                                  &out->side[0]));
    CT_TRY(ct_classes_at_sight(m, rows, columns, words, 1, threads, &apart, &out->side[1]));
    if (!apart)
        CT_TRY(ct_classes_of_columns(m, rows, columns, words, true, threads, &out->side[1]));
    if ((uint64_t)out->side[0].count < rows || (uint64_t)out->side[1].count < columns)
        keep_representatives(m, columns, (size_t)words, &out->side[0], &out->side[1]);
    out->dense = m;
    m = NULL;
done:
    ct_free(m);
    return status;
}
