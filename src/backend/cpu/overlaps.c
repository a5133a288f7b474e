/* SPDX-License-Identifier: Apache-2.0 */
/* Overlaps by tiles over which all sites are multiplied before the next one, in doubles or in twice the working precision, and products with
 * what is not stored: the same bits for any number of threads. */
#include "backend/cpu/overlaps.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "backend/cpu/isa.h"
#include "base/parallel.h"
#include "problem/products.h"

#define ROWS CT_OVERLAP_ROWS
#define COLUMNS CT_OVERLAP_COLUMNS
#define OFTEN                                                                                      \
    16 /* sites, after which what is next to nothing becomes zero: subnormal numbers are slow */
#define NOTHING 0x1p-500

typedef struct ct_overlap {
    const ct_products *p;
    const double *factor, *low; /* low NULL: doubles, else in twice the working precision */
    int sites;
    const int32_t *site, *term;
    int64_t rows, n;
    double *
        packed; /* COLUMNS terms at all sites, then the next ones: a tile reads two pieces of memory from end to end */
    double *g, *g_low;
} ct_overlap;

/* Of a factor. */
static size_t numbers_of(const ct_overlap *o)
{
    return (size_t)o->p->dimension * (o->p->is_complex ? 2 : 1);
}

/* Rows of numbers at a site. */
static size_t rows_of(const ct_overlap *o)
{
    return numbers_of(o) * (o->low ? 2 : 1);
}

/* The packed numbers of the terms from COLUMNS block on. */
static double *block_at(const ct_overlap *o, size_t block)
{
    return o->packed + block * (size_t)o->sites * rows_of(o) * COLUMNS;
}

/* A row of the last block repeats its last term. */
static void pack_row(const double *from, const int32_t *term, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = from[term[i]];
    for (size_t i = count; i < COLUMNS; i++)
        out[i] = out[count - 1];
}

static void pack_blocks(void *context, size_t first, size_t last, int thread)
{
    const ct_overlap *o = context;
    const size_t numbers = numbers_of(o), terms = (size_t)o->p->terms;
    (void)thread;
    for (size_t block = first; block < last; block++) {
        const int32_t *term = o->term + block * COLUMNS;
        const size_t left = (size_t)o->n - block * COLUMNS, count = left < COLUMNS ? left : COLUMNS;
        double *out = block_at(o, block);
        for (int s = 0; s < o->sites; s++)
            for (size_t k = 0; k < numbers; k++) {
                const size_t row = ((size_t)o->site[s] * numbers + k) * terms;
                pack_row(o->factor + row, term, count, out);
                out += COLUMNS;
                if (!o->low)
                    continue;
                pack_row(o->low + row, term, count, out);
                out += COLUMNS;
            }
    }
}

static void drop_nothings(double *tile, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tile[i] = fabs(tile[i]) < NOTHING ? 0 : tile[i];
}

/* One plane of real parts, or that and, `behind` planes further, one of imaginary parts. */
static void put_tile(const ct_overlap *o, int64_t row, int64_t column, const double *tile,
                     int behind, double *g)
{
    const bool pairs = o->p->is_complex;
    const double *imaginary = tile + (1 + behind) * ROWS * COLUMNS;
    for (int64_t i = 0; i < ROWS && row + i < o->rows; i++) {
        double *to = g + (pairs ? 2 : 1) * (row + i) * o->n;
        const int64_t first = column < row + i ? row + i - column : 0,
                      last = o->n - column < COLUMNS ? o->n - column : COLUMNS;
        for (int64_t j = first; j < last; j++) {
            if (pairs) {
                to[2 * (column + j)] = tile[i * COLUMNS + j];
                to[2 * (column + j) + 1] = imaginary[i * COLUMNS + j];
            } else {
                to[column + j] = tile[i * COLUMNS + j];
            }
        }
    }
}

static void tile_row(const ct_overlap *o, int64_t row)
{
    const ct_isa *isa = ct_isa_pick();
    double tile[4 * ROWS * COLUMNS] __attribute__((aligned(64)));
    const int planes = (o->p->is_complex ? 2 : 1) * (o->low ? 2 : 1);
    const size_t count = (size_t)planes * ROWS * COLUMNS, step = rows_of(o) * COLUMNS;
    for (int64_t column = row / COLUMNS * COLUMNS; column < o->n; column += COLUMNS) {
        const double *a = block_at(o, (size_t)row / COLUMNS) + row % COLUMNS,
                     *b = block_at(o, (size_t)column / COLUMNS);
        for (size_t i = 0; i < count; i++)
            tile[i] = i < ROWS * COLUMNS;
        for (int s = 0; s < o->sites; s++, a += step, b += step) {
            (o->low ? isa->overlap2_tile : isa->overlap_tile)(o->p->dimension, o->p->is_complex, a,
                                                              b, tile);
            if (s % OFTEN == OFTEN - 1)
                drop_nothings(tile, count);
        }
        put_tile(o, row, column, tile, o->low != NULL, o->g);
        if (o->low)
            put_tile(o, row, column, tile + ROWS * COLUMNS, 1, o->g_low);
    }
}

static void overlap_rows(void *context, size_t first, size_t last, int thread)
{
    (void)thread;
    for (size_t i = first; i < last; i++)
        tile_row(context, (int64_t)i * ROWS);
}

static cutropy_status find_overlaps(ct_overlap *o, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const size_t blocks = ((size_t)o->n + COLUMNS - 1) / COLUMNS;
    CT_NEW(o->packed, blocks * (size_t)o->sites * rows_of(o) * COLUMNS);
    ct_parallel_for(threads, blocks, 1, pack_blocks, o);
    ct_parallel_for(threads, (size_t)((o->rows + ROWS - 1) / ROWS), 1, overlap_rows, o);
done:
    ct_free(o->packed);
    return status;
}

cutropy_status ct_cpu_overlaps(const ct_products *p, int sites, const int32_t *site, int64_t rows,
                               int64_t n, const int32_t *term, double *g, int threads)
{
    ct_overlap o = {.p = p,
                    .factor = p->factor,
                    .sites = sites,
                    .site = site,
                    .term = term,
                    .rows = rows,
                    .n = n,
                    .g = g};
    return find_overlaps(&o, threads);
}

cutropy_status ct_cpu_overlaps2(const ct_products *p, const double *factor, const double *low,
                                int sites, const int32_t *site, int64_t rows, int64_t n,
                                const int32_t *term, double *g, double *g_low, int threads)
{
    ct_overlap o = {.p = p,
                    .factor = factor,
                    .low = low,
                    .sites = sites,
                    .site = site,
                    .term = term,
                    .rows = rows,
                    .n = n,
                    .g = g,
                    .g_low = g_low};
    return find_overlaps(&o, threads);
}

double ct_overlap2_error(const ct_products *p, int sites)
{
    const double d = p->dimension,
                 each = p->is_complex ? 1.5 * (4 * d * d + 6 * d + 20) : d * d + 3 * d + 14;
    return 1.01 * sites * each * 0x1p-106 + sites * 0x1p-499;
}

/* ---- products with what is not stored ---- */

/* Rows first .. first + rows - 1 of G, columns from `first` on. */
typedef struct ct_strip {
    int64_t rows, columns, k;
    const double *g; /* rows x columns */
    const double *x; /* columns x k */
    double *y;
} ct_strip;

#define ROWS_AT_ONCE 16
#define COLUMNS_AT_ONCE 256

static void strip_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_strip *s = context;
    (void)thread;
    for (size_t piece = first; piece < last; piece++) {
        const int64_t row = (int64_t)piece * ROWS_AT_ONCE;
        const int rows = (int)(s->rows - row < ROWS_AT_ONCE ? s->rows - row : ROWS_AT_ONCE);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, (int)s->k, (int)s->columns, 1,
                    s->g + row * s->columns, (int)s->columns, s->x, (int)s->k, 1, s->y + row * s->k,
                    (int)s->k);
    }
}

/* The columns behind the square, as rows of the lower triangle. */
static void strip_columns(void *context, size_t first, size_t last, int thread)
{
    const ct_strip *s = context;
    (void)thread;
    for (size_t piece = first; piece < last; piece++) {
        const int64_t at = s->rows + (int64_t)piece * COLUMNS_AT_ONCE;
        const int count =
            (int)(s->columns - at < COLUMNS_AT_ONCE ? s->columns - at : COLUMNS_AT_ONCE);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, count, (int)s->k, (int)s->rows, 1,
                    s->g + at, (int)s->columns, s->x, (int)s->k, 1, s->y + at * s->k, (int)s->k);
    }
}

/* The whole square, and zeros between labels. */
static void finish_strip(const ct_products *p, bool labelled, const int32_t *term, int64_t rows,
                         int64_t columns, double *g)
{
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = i; j < columns && labelled; j++)
            if (p->label[term[i]] != p->label[term[j]])
                g[i * columns + j] = 0;
        for (int64_t j = 0; j < i; j++)
            g[i * columns + j] = g[j * columns + i];
    }
}

cutropy_status ct_cpu_overlaps_times(const ct_products *p, int sites, const int32_t *site,
                                     bool labelled, int64_t n, const int32_t *term, int64_t k,
                                     const double *x, double *y, int threads)
{
    cutropy_status status = CUTROPY_OK;
    double *g = NULL;
    memset(y, 0, (size_t)(n * k) * sizeof *y);
    CT_NEW(g, n * (n < CT_OVERLAP_STRIP ? n : CT_OVERLAP_STRIP));
    for (int64_t first = 0; first < n; first += CT_OVERLAP_STRIP) {
        ct_strip s = {.rows = n - first < CT_OVERLAP_STRIP ? n - first : CT_OVERLAP_STRIP,
                      .columns = n - first,
                      .k = k,
                      .g = g,
                      .x = x + first * k,
                      .y = y + first * k};
        CT_TRY(ct_cpu_overlaps(p, sites, site, s.rows, s.columns, term + first, g, threads));
        finish_strip(p, labelled, term + first, s.rows, s.columns, g);
        ct_parallel_for(threads, (size_t)((s.rows + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE), 1,
                        strip_rows, &s);
        ct_parallel_for(threads,
                        (size_t)((s.columns - s.rows + COLUMNS_AT_ONCE - 1) / COLUMNS_AT_ONCE), 1,
                        strip_columns, &s);
    }
done:
    ct_free(g);
    return status;
}
