/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut from an array of values. */
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "engine/quotient.h"

/* Entries in one piece of a gathering. */
#define PIECE 65536

typedef struct ct_gather {
    const uint64_t *values;
    uint64_t *m;
    uint64_t mask, rest; /* pixels of A, of B */
    uint64_t columns;
    size_t words;
} ct_gather;

/* Entries first .. last - 1 of the matrix, row by row. */
static void gather_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_gather *g = context;
    (void)thread;
    for (size_t e = first; e < last;) {
        const uint64_t row = ct_deposit(e / g->columns, g->mask);
        const size_t in_row = e % g->columns, left = g->columns - in_row;
        const size_t end = last - e < left ? last : e + left;
        /* x -> (x - rest) & rest runs through the images of B in ascending order */
        uint64_t column = ct_deposit(in_row, g->rest);
        if (g->words == 1)
            for (; e < end; e++, column = (column - g->rest) & g->rest)
                g->m[e] = g->values[row | column];
        else
            for (; e < end; e++, column = (column - g->rest) & g->rest)
                memcpy(g->m + 2 * e, g->values + 2 * (row | column), 16);
    }
}

cutropy_status ct_values_gather(const ct_function *f, uint64_t mask, int threads, uint64_t **m)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t entries = UINT64_C(1) << f->pixels;
    ct_gather gather = {.values = f->values,
                        .mask = mask,
                        .rest = ct_low_mask(f->pixels) & ~mask,
                        .columns = entries >> ct_popcount(mask),
                        .words = ct_value_bytes(f->kind) / 8};
    CT_NEW(*m, entries * gather.words);
    gather.m = *m;
    ct_parallel_for(threads, entries, PIECE, gather_piece, &gather);
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

    out->storage = CT_Q_DENSE;
    CT_TRY(ct_values_gather(f, mask, threads, &m));
    CT_TRY(ct_classes_of_rows(m, rows, nb + 6 + (words == 2), true, false, threads, &out->side[0]));
    CT_TRY(ct_classes_of_columns(m, rows, columns, words, true, threads, &out->side[1]));
    if ((uint64_t)out->side[0].count < rows || (uint64_t)out->side[1].count < columns)
        keep_representatives(m, columns, (size_t)words, &out->side[0], &out->side[1]);
    out->dense = m;
    m = NULL;
done:
    ct_free(m);
    return status;
}
