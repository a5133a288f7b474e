/* SPDX-License-Identifier: Apache-2.0 */
/* Overlaps by tiles over which all sites are multiplied before the next one, Cholesky factors (LAPACK's xPSTRF where there must be pivots), and products by strips of rows: the
 * same bits for any number of threads. */
#include "backend/cpu/products.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "backend/cpu/isa.h"
#include "backend/cpu/product.h"
#include "problem/products.h"

/* ---- overlaps ---- */

#define ROWS CT_OVERLAP_ROWS
#define COLUMNS CT_OVERLAP_COLUMNS
#define OFTEN                                                                                      \
    16 /* sites, after which what is next to nothing becomes zero: subnormal numbers are slow */
#define NOTHING 0x1p-500

typedef struct ct_overlap {
    const ct_products *p;
    int sites;
    const int32_t *site, *term;
    int64_t rows, n;
    double *
        packed; /* COLUMNS terms at all sites, then the next ones: a tile reads two pieces of memory from end to end */
    double *g;
} ct_overlap;

static size_t numbers_of(const ct_overlap *o)
{
    return (size_t)o->p->dimension * (o->p->is_complex ? 2 : 1);
}

/* The packed numbers of the terms from COLUMNS block on. */
static double *block_at(const ct_overlap *o, size_t block)
{
    return o->packed + block * (size_t)o->sites * numbers_of(o) * COLUMNS;
}

/* The room that is left in the last block repeats the last term. */
static void pack_blocks(void *context, size_t first, size_t last, int thread)
{
    const ct_overlap *o = context;
    (void)thread;
    for (size_t block = first; block < last; block++) {
        const int32_t *term = o->term + block * COLUMNS;
        const size_t left = (size_t)o->n - block * COLUMNS, count = left < COLUMNS ? left : COLUMNS;
        double *out = block_at(o, block);
        for (int s = 0; s < o->sites; s++) {
            const double *from = ct_products_row(o->p, o->site[s], 0, 0);
            for (size_t k = 0; k < numbers_of(o); k++, from += o->p->terms, out += COLUMNS) {
                for (size_t i = 0; i < count; i++)
                    out[i] = from[term[i]];
                for (size_t i = count; i < COLUMNS; i++)
                    out[i] = out[count - 1];
            }
        }
    }
}

static void drop_nothings(double *tile, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(tile[i]) < NOTHING)
            tile[i] = 0;
}

static void put_tile(const ct_overlap *o, int64_t row, int64_t column, const double *tile)
{
    const bool pairs = o->p->is_complex;
    for (int64_t i = 0; i < ROWS && row + i < o->rows; i++) {
        double *to = o->g + (pairs ? 2 : 1) * (row + i) * o->n;
        const int64_t first = column < row + i ? row + i - column : 0,
                      last = o->n - column < COLUMNS ? o->n - column : COLUMNS;
        for (int64_t j = first; j < last; j++) {
            if (pairs) {
                to[2 * (column + j)] = tile[i * COLUMNS + j];
                to[2 * (column + j) + 1] = tile[(ROWS + i) * COLUMNS + j];
            } else {
                to[column + j] = tile[i * COLUMNS + j];
            }
        }
    }
}

static void tile_row(const ct_overlap *o, int64_t row)
{
    const ct_isa *isa = ct_isa_pick();
    double tile[2 * ROWS * COLUMNS] __attribute__((aligned(64)));
    const size_t count = (o->p->is_complex ? 2 : 1) * ROWS * COLUMNS,
                 step = numbers_of(o) * COLUMNS;
    for (int64_t column = row / COLUMNS * COLUMNS; column < o->n; column += COLUMNS) {
        const double *a = block_at(o, (size_t)row / COLUMNS) + row % COLUMNS,
                     *b = block_at(o, (size_t)column / COLUMNS);
        for (size_t i = 0; i < count; i++)
            tile[i] = i < ROWS * COLUMNS;
        for (int s = 0; s < o->sites; s++, a += step, b += step) {
            isa->overlap_tile(o->p->dimension, o->p->is_complex, a, b, tile);
            if (s % OFTEN == OFTEN - 1)
                drop_nothings(tile, count);
        }
        put_tile(o, row, column, tile);
    }
}

static void overlap_rows(void *context, size_t first, size_t last, int thread)
{
    (void)thread;
    for (size_t i = first; i < last; i++)
        tile_row(context, (int64_t)i * ROWS);
}

cutropy_status ct_cpu_overlaps(const ct_products *p, int sites, const int32_t *site, int64_t rows,
                               int64_t n, const int32_t *term, double *g, int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_overlap o = {
        .p = p, .sites = sites, .site = site, .term = term, .rows = rows, .n = n, .g = g};
    const size_t blocks = ((size_t)n + COLUMNS - 1) / COLUMNS;
    CT_NEW(o.packed, blocks * (size_t)sites * numbers_of(&o) * COLUMNS);
    ct_parallel_for(threads, blocks, 1, pack_blocks, &o);
    ct_parallel_for(threads, (size_t)((rows + ROWS - 1) / ROWS), 1, overlap_rows, &o);
done:
    ct_free(o.packed);
    return status;
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

/* ---- Cholesky ---- */

static cutropy_status factor(int64_t n, bool is_complex, double *a, int32_t *order, int64_t *rank)
{
    cutropy_status status = CUTROPY_OK;
    double *work = NULL;
    lapack_int *pivot = NULL, found = 0;
    CT_NEW(work, 2 * n);
    CT_NEW(pivot, n);
    const lapack_int info = is_complex
                                ? LAPACKE_zpstrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n,
                                                      (lapack_complex_double *)(void *)a,
                                                      (lapack_int)n, pivot, &found, -1, work)
                                : LAPACKE_dpstrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a,
                                                      (lapack_int)n, pivot, &found, -1, work);
    if (info < 0 || found < 1) /* info 1: the rank is not full */
        CT_TRY(ct_fail(CUTROPY_ENUMERIC,
                       "%s returned %d and rank %d for a matrix of dimension %lld",
                       is_complex ? "zpstrf" : "dpstrf", (int)info, (int)found, (long long)n));
    for (int64_t i = 0; i < n; i++)
        order[i] = (int32_t)(pivot[i] - 1);
    *rank = found;
done:
    ct_free(work);
    ct_free(pivot);
    return status;
}

#define PANEL 48 /* rows */

/* Rows of L^T from `first` on, by those before; false: a pivot is no larger than `least`. turned: PANEL x n. */
static bool factor_panel(int64_t n, int64_t first, int64_t rows, double least, double *a,
                         double *turned, double *product)
{
    const int64_t width = n - first;
    if (first) {
        for (int64_t k = 0; k < first; k++)
            for (int64_t i = 0; i < rows; i++)
                turned[i * first + k] = a[k * n + first + i];
        ct_cpu_product(rows, width, first, turned, first, a + first, n, false, product, width);
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = i; j < width; j++)
                a[(first + i) * n + first + j] -= product[i * width + j];
    }
    for (int64_t k = first; k < first + rows; k++) {
        double *row = a + k * n;
        if (!(row[k] > least))
            return false;
        const double root = sqrt(row[k]);
        for (int64_t j = k; j < n; j++)
            row[j] /= root;
        for (int64_t i = k + 1; i < first + rows; i++)
            for (int64_t j = i; j < n; j++)
                a[i * n + j] -= row[i] * row[j];
    }
    return true;
}

/* Without pivots, panel by panel; *good: all pivots were large enough, else a is lost. */
static cutropy_status factor_real(int64_t n, double *a, bool *good)
{
    cutropy_status status = CUTROPY_OK;
    double *turned = NULL, *product = NULL, most = 0;
    CT_NEW(turned, PANEL * n);
    CT_NEW(product, PANEL * n);
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, a[i * n + i]);
    const double least = (double)n * 0x1p-53 * most;
    *good = true;
    for (int64_t first = 0; first < n && *good; first += PANEL)
        *good = factor_panel(n, first, n - first < PANEL ? n - first : PANEL, least, a, turned,
                             product);
done:
    ct_free(turned);
    ct_free(product);
    return status;
}

/* That first, which is faster, and pivots where it ends early. */
static cutropy_status factor_either(int64_t n, double *a, int32_t *order, int64_t *rank)
{
    cutropy_status status = CUTROPY_OK;
    double *copy = NULL;
    bool good;
    CT_NEW(copy, n * n);
    memcpy(copy, a, (size_t)(n * n) * sizeof *a);
    CT_TRY(factor_real(n, a, &good));
    *rank = n;
    for (int64_t i = 0; i < n; i++)
        order[i] = (int32_t)i;
    if (!good) {
        memcpy(a, copy, (size_t)(n * n) * sizeof *a);
        CT_TRY(factor(n, false, a, order, rank));
    }
done:
    ct_free(copy);
    return status;
}

cutropy_status ct_cpu_cholesky(int64_t n, bool is_complex, double *a, int32_t *order, int64_t *rank)
{
    const size_t parts = is_complex ? 2 : 1;
    if (n > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED, "Cholesky factors of %lld rows", (long long)n);
    const cutropy_status status =
        is_complex ? factor(n, true, a, order, rank) : factor_either(n, a, order, rank);
    if (status != CUTROPY_OK)
        return status;
    for (int64_t k = 0; k < *rank; k++)
        memset(a + parts * (size_t)(k * n), 0, parts * (size_t)k * sizeof *a);
    return CUTROPY_OK;
}

/* ---- products ---- */

#define STRIP 128 /* rows */

typedef struct ct_multiply {
    bool is_complex;
    int64_t rows, columns, inner;
    const double *a, *b;
    double *c;
} ct_multiply;

static void multiply_strip(void *context, size_t first, size_t last, int thread)
{
    const ct_multiply *m = context;
    const double one[2] = {1, 0}, zero[2] = {0, 0};
    (void)thread;
    for (size_t strip = first; strip < last; strip++) {
        const int64_t row = (int64_t)strip * STRIP;
        const int rows = (int)(m->rows - row < STRIP ? m->rows - row : STRIP);
        if (m->is_complex)
            cblas_zgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, (int)m->columns,
                        (int)m->inner, one, m->a + 2 * row * m->inner, (int)m->inner, m->b,
                        (int)m->inner, zero, m->c + 2 * row * m->columns, (int)m->columns);
        else
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, (int)m->columns,
                        (int)m->inner, 1, m->a + row * m->inner, (int)m->inner, m->b, (int)m->inner,
                        0, m->c + row * m->columns, (int)m->columns);
    }
}

void ct_cpu_rows_by_rows(bool is_complex, int64_t rows, int64_t columns, int64_t inner,
                         const double *a, const double *b, double *c, int threads)
{
    ct_multiply m = {is_complex, rows, columns, inner, a, b, c};
    ct_parallel_for(threads, (size_t)((rows + STRIP - 1) / STRIP), 1, multiply_strip, &m);
}

/* ---- r k r^H ---- */

#define BAND 96 /* rows */

typedef struct ct_congruence {
    bool is_complex;
    int64_t rows, n;
    const double *r, *k;
    const int64_t *height;
    double *h;
    double *room; /* threads x BAND x (BAND + n) */
} ct_congruence;

/* The first column that is not zero in all rows from `row` on. */
static int64_t first_column(const ct_congruence *c, int64_t row)
{
    int64_t low = 0, high = c->n;
    while (c->height && low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (c->height[middle] > row)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* c = a b, turned: c = a b^H */
static void multiply(const ct_congruence *w, bool turned, int64_t rows, int64_t columns,
                     int64_t inner, const double *a, const double *b, double *c, int64_t width)
{
    const double one[2] = {1, 0}, zero[2] = {0, 0};
    if (w->is_complex)
        cblas_zgemm(CblasRowMajor, CblasNoTrans, turned ? CblasConjTrans : CblasNoTrans, (int)rows,
                    (int)columns, (int)inner, one, a, (int)w->n, b, (int)w->n, zero, c, (int)width);
    else
        ct_cpu_product(rows, columns, inner, a, w->n, b, w->n, turned, c, width);
}

/* c += square, BAND numbers a row. */
static void add_square(const ct_congruence *w, int64_t rows, int64_t columns, const double *square,
                       double *c)
{
    const int64_t parts = w->is_complex ? 2 : 1;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < parts * columns; j++)
            c[parts * i * w->rows + j] += square[parts * i * BAND + j];
}

static void congruence_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_congruence *c = context;
    const int64_t parts = c->is_complex ? 2 : 1;
    double *square = c->room + parts * thread * BAND * (BAND + c->n);
    double *x = square + parts * BAND * BAND; /* rows of r k */
    for (size_t band = first; band < last; band++) {
        const int64_t row = (int64_t)band * BAND,
                      rows = c->rows - row < BAND ? c->rows - row : BAND,
                      from = first_column(c, row);
        if (from == c->n)
            continue;
        multiply(c, false, rows, c->n, c->n - from, c->r + parts * (row * c->n + from),
                 c->k + parts * from * c->n, x, c->n);
        for (int64_t at = row; at < c->rows; at += BAND) {
            const int64_t columns = c->rows - at < BAND ? c->rows - at : BAND,
                          inner = first_column(c, at);
            if (inner == c->n)
                break;
            multiply(c, true, rows, columns, c->n - inner, x + parts * inner,
                     c->r + parts * (at * c->n + inner), square, BAND);
            add_square(c, rows, columns, square, c->h + parts * (row * c->rows + at));
        }
    }
}

cutropy_status ct_cpu_congruence(bool is_complex, int64_t rows, int64_t n, const double *r,
                                 const int64_t *height, const double *k, double *h, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const size_t bands = (size_t)((rows + BAND - 1) / BAND);
    ct_congruence c = {is_complex, rows, n, r, k, height, h, NULL};
    CT_NEW(c.room, threads * BAND * (BAND + n) * (is_complex ? 2 : 1));
    ct_parallel_for(threads, bands, 1, congruence_bands, &c);
done:
    ct_free(c.room);
    return status;
}
