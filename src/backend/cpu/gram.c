/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices by products of rows over fixed tiles.
 *
 * The parallel loop is over tiles of rows and slices of columns whose size does not depend on the
 * number of threads, and slices are added in order, so that every bit is reproducible. BLAS would
 * leave the order of summation open: a sum of k nearly equal terms may round by k u of itself. */
#include "backend/cpu/gram.h"

#include <string.h>

#include "backend/cpu/isa.h"
#include "base/parallel.h"

#define TILE CT_MOST_ROWS   /* rows of a tile */
#define SLICE CT_GRAM_SLICE /* columns of a slice */

/* A product over tiles: h (n x n, upper triangle of tiles) = sum over slices of product(i0, ni, j0,
 * nj, k0, nk). */
typedef struct ct_tiles {
    int64_t n, k;
    int64_t tiles, slices;
    size_t number;   /* doubles per entry: 1 real, 2 complex */
    double *partial; /* slices x n x n entries; slice 0 is h itself */
} ct_tiles;

static cutropy_status tiles_start(ct_tiles *t, int64_t n, int64_t k, size_t number, double *h)
{
    *t = (ct_tiles){.n = n,
                    .k = k,
                    .tiles = (n + TILE - 1) / TILE,
                    .slices = (k + SLICE - 1) / SLICE,
                    .number = number};
    if (t->slices <= 1) {
        t->partial = h;
        return CUTROPY_OK;
    }
    t->partial = ct_alloc((size_t)t->slices, (size_t)(n * n) * number * sizeof(double));
    return t->partial
               ? CUTROPY_OK
               : ct_fail_memory("gram", (size_t)(t->slices * n * n) * number * sizeof(double));
}

/* Adds the slices in order into h. */
static void add_slices(const ct_tiles *t, double *h)
{
    const size_t row = (size_t)t->n * t->number, size = (size_t)t->n * row;
    if (t->partial == h)
        return;
    for (size_t i = 0; i < (size_t)t->n; i++)
        for (size_t at = i * row + i * t->number; at < (i + 1) * row; at++) {
            h[at] = t->partial[at];
            for (size_t s = 1; s < (size_t)t->slices; s++)
                h[at] += t->partial[s * size + at];
        }
}

/* Tile (i, j) of slice s. */
typedef struct ct_tile {
    int64_t i0, j0, k0;
    int ni, nj;
    int64_t nk;
    double *c;
} ct_tile;

static int shorter(int64_t left, int64_t size)
{
    return (int)(left < size ? left : size);
}

/* Task number -> tile of the upper triangle; false: below it. */
static bool tile_of(const ct_tiles *t, int64_t task, ct_tile *out)
{
    const int64_t pairs = t->tiles * t->tiles, s = task / pairs, i = task % pairs / t->tiles,
                  j = task % t->tiles;
    *out = (ct_tile){.i0 = i * TILE, .j0 = j * TILE, .k0 = s * SLICE};
    out->ni = shorter(t->n - out->i0, TILE);
    out->nj = shorter(t->n - out->j0, TILE);
    out->nk = shorter(t->k - out->k0, SLICE);
    out->c = t->partial + (size_t)t->number * (size_t)(s * t->n * t->n + out->i0 * t->n + out->j0);
    return j >= i;
}

typedef struct ct_product {
    const ct_tiles *t;
    const ct_isa *isa;
    ct_row_view a, b;
    double *room; /* of each thread */
    size_t room_size;
} ct_product;

/* Rows from row i on, numbers from column k on. */
static ct_row_view view_from(const ct_row_view *x, int parts, int64_t i, int64_t k)
{
    if (x->cut)
        return (ct_row_view){.at = x->at + parts * (int64_t)ct_deposit((uint64_t)k, x->cut->rest),
                             .cut = x->cut,
                             .row = x->row + i};
    return (ct_row_view){.at = x->at + i * x->ld + parts * k, .ld = x->ld};
}

static void multiply_tiles(void *context, size_t first, size_t last, int thread)
{
    const ct_product *p = context;
    const ct_tiles *t = p->t;
    const int parts = (int)t->number;
    double *room = p->room + (size_t)thread * p->room_size;
    for (size_t task = first; task < last; task++) {
        ct_tile x;
        if (!tile_of(t, (int64_t)task, &x))
            continue;
        const ct_row_view a = view_from(&p->a, parts, x.i0, x.k0),
                          b = view_from(&p->b, parts, x.j0, x.k0);
        p->isa->products_of_rows(parts, x.i0 == x.j0, x.ni, &a, x.nj, &b, parts * x.nk, x.c,
                                 parts * t->n, room);
    }
}

/* h = a b^H, upper triangle, for n rows of k numbers of `parts` doubles. */
static cutropy_status multiply(int64_t n, int64_t k, int parts, const ct_row_view *a,
                               const ct_row_view *b, double *h, int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_tiles t = {0};
    ct_product p = {.t = &t, .isa = ct_isa_pick(), .a = *a, .b = *b};
    const int rows = shorter(n, TILE);
    p.room_size = ((size_t)ct_rows_room(parts, rows, rows, parts * shorter(k, SLICE)) + 7) / 8 * 8;
    CT_TRY(tiles_start(&t, n, k, (size_t)parts, h));
    CT_NEW(p.room, (size_t)threads * p.room_size);
    ct_parallel_for(threads, (size_t)(t.tiles * t.tiles * t.slices), 1, multiply_tiles, &p);
    add_slices(&t, h);
done:
    ct_free(p.room);
    if (t.partial != h)
        ct_free(t.partial);
    return status;
}

static int64_t pieces(int64_t count, int64_t size)
{
    return (count + size - 1) / size;
}

/* Additions that a term of one of `count` sums, added one by one, takes part in. */
static int64_t additions(int64_t count, int64_t most)
{
    return (count < most ? count : most) - 1;
}

/* How many roundings a product of two numbers of rows of m takes part in: its own and the sum of a
 * lane, chunks, lanes (2; 4 or 8 have fewer in all), stretches, groups, slices. */
static int64_t roundings(int64_t m, int64_t slice)
{
    const int64_t lane = pieces(m < CT_STRETCH ? m : CT_STRETCH, 2);
    return 1 + additions(lane, CT_CHUNK) + additions(pieces(lane, CT_CHUNK), lane) + 1 +
           additions(pieces(m, CT_STRETCH), CT_GROUP / CT_STRETCH) +
           additions(pieces(m, CT_GROUP), slice / CT_GROUP) + additions(pieces(m, slice), m);
}

double ct_gram_error(int64_t k, bool is_complex)
{
    /* 1.415: both parts of a complex entry; the last digit: terms of second order */
    return is_complex ? 1.415 * (double)roundings(2 * k, 2 * SLICE)
                      : 1.001 * (double)roundings(k, SLICE);
}

cutropy_status ct_gram_real(int64_t n, int64_t k, const double *q, double *h, int threads)
{
    const ct_row_view rows = {.at = q, .ld = k};
    return multiply(n, k, 1, &rows, &rows, h, threads);
}

cutropy_status ct_gram_complex(int64_t n, int64_t k, const double *q, double *h, int threads)
{
    const ct_row_view rows = {.at = q, .ld = 2 * k};
    return multiply(n, k, 2, &rows, &rows, h, threads);
}

static ct_cut_view view_cut(uint64_t mask, uint64_t rest, int parts)
{
    const uint64_t columns = UINT64_C(1) << ct_popcount(rest),
                   most = CT_STRETCH / (uint64_t)parts;             /* columns of a stretch */
    const int run = shorter(ct_low_ones(rest), parts == 2 ? 2 : 3); /* a line of the cache */
    ct_cut_view cut = {.unit = parts << run,
                       .together = 1 << shorter(ct_low_ones(mask), parts == 2 ? 1 : 2),
                       .rest = rest};
    for (uint64_t u = 0; u << run < (columns < most ? columns : most); u++)
        cut.unit_at[u] = parts * (int64_t)ct_deposit(u << run, rest);
    return cut;
}

cutropy_status ct_gram_cut(const ct_function *f, uint64_t mask, double *h, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const int parts = (int)(ct_value_bytes(f->kind) / sizeof *h);
    const uint64_t rest = ct_low_mask(f->pixels) & ~mask;
    const int64_t n = INT64_C(1) << ct_popcount(mask), k = INT64_C(1) << ct_popcount(rest);
    const ct_cut_view cut = view_cut(mask, rest, parts);
    int64_t *row = NULL;
    CT_NEW(row, n);
    for (int64_t i = 0; i < n; i++)
        row[i] = parts * (int64_t)ct_deposit((uint64_t)i, mask);
    const ct_row_view rows = {.at = f->values, .cut = &cut, .row = row};
    CT_TRY(multiply(n, k, parts, &rows, &rows, h, threads));
done:
    ct_free(row);
    return status;
}

/* The largest diagonal entry: by Cauchy-Schwarz it bounds every partial sum of every entry. */
static ct_u128 largest_norm(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                            const int64_t *weight)
{
    ct_u128 largest = 0;
    for (int64_t i = 0; i < n; i++) {
        ct_u128 sum = 0;
        for (int64_t c = 0; c < k; c++)
            sum += (ct_u128)weight[c] * (ct_u128)((ct_i128)q[i * ld + c] * q[i * ld + c]);
        largest = sum > largest ? sum : largest;
    }
    return largest;
}

typedef struct ct_integers {
    int64_t n, k, ld;
    const int64_t *q, *weight;
    int64_t *g;
} ct_integers;

static void integer_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_integers *x = context;
    (void)thread;
    for (int64_t i = (int64_t)first; i < (int64_t)last; i++)
        for (int64_t j = i; j < x->n; j++) {
            int64_t sum = 0;
            for (int64_t c = 0; c < x->k; c++)
                sum += x->weight[c] * x->q[i * x->ld + c] * x->q[j * x->ld + c];
            x->g[i * x->n + j] = sum;
        }
}

static void integer_loop(int64_t n, int64_t k, const int64_t *q, int64_t ld, const int64_t *weight,
                         int64_t *g, int threads)
{
    ct_integers x = {.n = n, .k = k, .ld = ld, .q = q, .weight = weight, .g = g};
    ct_parallel_for(threads, (size_t)n, 1, integer_rows, &x);
}

/* Below 2^53 every partial sum is an integer that double holds exactly, in any order of summation.
 */
static cutropy_status integer_by_doubles(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                                         const int64_t *weight, int64_t *g, int threads)
{
    cutropy_status status = CUTROPY_OK;
    double *left = NULL, *right = NULL, *h = NULL;
    CT_NEW(left, n * k);
    CT_NEW(right, n * k);
    CT_NEW(h, n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < k; c++) {
            left[i * k + c] = (double)(q[i * ld + c] * weight[c]);
            right[i * k + c] = (double)q[i * ld + c];
        }
    const ct_row_view rows = {.at = left, .ld = k}, others = {.at = right, .ld = k};
    CT_TRY(multiply(n, k, 1, &rows, &others, h, threads));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++)
            g[i * n + j] = (int64_t)h[i * n + j];
done:
    ct_free(left);
    ct_free(right);
    ct_free(h);
    return status;
}

cutropy_status ct_gram_integer(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                               const int64_t *weight, int64_t *g, int threads)
{
    if (n >= 16 && k >= 16 && largest_norm(n, k, q, ld, weight) < (ct_u128)1 << 53)
        return integer_by_doubles(n, k, q, ld, weight, g, threads);
    integer_loop(n, k, q, ld, weight, g, threads);
    return CUTROPY_OK;
}
