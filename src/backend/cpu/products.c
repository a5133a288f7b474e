/* SPDX-License-Identifier: Apache-2.0 */
/* Cholesky factors (LAPACK's xPSTRF where there must be pivots), and products by strips of rows: the same bits for any number of threads. */
#include "backend/cpu/products.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "backend/cpu/product.h"

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
    bool good = false;
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
