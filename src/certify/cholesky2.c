/* SPDX-License-Identifier: Apache-2.0 */
/* Panels of rows of u, whose products are then taken from what is left of a, which becomes smaller. */
#include "certify/cholesky2.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/twofold.h"

#define PANEL 32 /* rows of u */
#define BAND 64  /* rows of a */

typedef struct ct_factoring2 {
    int64_t n, m;         /* columns at the beginning, and of those that are left */
    ct_twofold a;         /* m x m, upper triangle */
    int32_t *index;       /* m: which columns */
    ct_twofold diagonal;  /* m, of what is left; -1: chosen */
    ct_twofold row, less; /* PANEL x m: of u, and with the other sign */
    int64_t rows;         /* of the panel so far */
} ct_factoring2;

static bool is_chosen(const ct_factoring2 *f, int64_t j)
{
    return f->diagonal.high[j] == -1;
}

/* -1: nothing is left. */
static int64_t find_pivot(const ct_factoring2 *f, double least)
{
    int64_t pivot = -1;
    for (int64_t j = 0; j < f->m; j++)
        if (f->diagonal.high[j] + f->diagonal.low[j] >
            (pivot < 0 ? least : f->diagonal.high[pivot] + f->diagonal.low[pivot]))
            pivot = j;
    return pivot;
}

/* (high + low) / root */
static double divide(double high, double low, double root, double root_low, double *rest)
{
    double slip;
    const double q = high / root, product = ct_two_product(q, root, &slip);
    return ct_two_sum(q, ((high - product) - slip + low - q * root_low) / root, rest);
}

/* Takes the square of high + low from an entry of the diagonal. */
static void take_square(const ct_factoring2 *f, int64_t j, double high, double low)
{
    double slip, rest;
    const double square = ct_two_product(high, high, &slip);
    f->diagonal.high[j] = ct_two_sum(f->diagonal.high[j], -square, &rest);
    f->diagonal.low[j] += rest - slip - 2 * high * low;
}

/* The next row of u, of column `pivot`; none where rounding left no positive number there. */
static void add_row(ct_factoring2 *f, int64_t pivot)
{
    const int64_t m = f->m, r = f->rows;
    const ct_twofold own = {f->row.high + r * m, f->row.low + r * m},
                     left = {f->less.high + pivot, f->less.low + pivot};
    double slip;
    for (int64_t j = 0; j < m; j++) {
        const int64_t at = j < pivot ? j * m + pivot : pivot * m + j;
        own.high[j] = f->a.high[at];
        own.low[j] = f->a.low[at];
    }
    ct_product2_part(1, r, m, left, 1, m, f->row, m, own, m);
    if (!(own.high[pivot] + own.low[pivot] > 0)) {
        f->diagonal.high[pivot] = f->diagonal.low[pivot] = 0;
        return;
    }
    own.high[pivot] = ct_two_sum(own.high[pivot], own.low[pivot], &own.low[pivot]);
    const double root = sqrt(own.high[pivot]), square = ct_two_product(root, root, &slip),
                 root_low = ((own.high[pivot] - square) - slip + own.low[pivot]) / (2 * root);
    for (int64_t j = 0; j < m; j++) {
        if (is_chosen(f, j))
            own.high[j] = own.low[j] = 0;
        else if (j == pivot)
            own.high[j] = ct_two_sum(root, root_low, &own.low[j]);
        else
            own.high[j] = divide(own.high[j], own.low[j], root, root_low, &own.low[j]);
        if (!is_chosen(f, j))
            take_square(f, j, own.high[j], own.low[j]);
        f->less.high[r * m + j] = -own.high[j];
        f->less.low[r * m + j] = -own.low[j];
    }
    f->diagonal.high[pivot] = -1;
    f->diagonal.low[pivot] = 0;
    f->rows++;
}

/* Without the columns that were chosen; nothing is written before it is read. */
static void keep_columns(ct_factoring2 *f)
{
    const int64_t m = f->m;
    int64_t left = 0, kept = 0;
    double *const each[] = {f->row.high, f->row.low, f->less.high, f->less.low};
    for (int64_t j = 0; j < m; j++)
        left += !is_chosen(f, j);
    for (int64_t k = 0; k < 4; k++)
        for (int64_t r = 0, to = 0; r < f->rows; r++)
            for (int64_t j = 0; j < m; j++)
                if (!is_chosen(f, j))
                    each[k][to++] = each[k][r * m + j];
    for (int64_t i = 0; i < m; i++) {
        int64_t column = kept;
        if (is_chosen(f, i))
            continue;
        for (int64_t j = i; j < m; j++)
            if (!is_chosen(f, j)) {
                f->a.high[kept * left + column] = f->a.high[i * m + j];
                f->a.low[kept * left + column++] = f->a.low[i * m + j];
            }
        f->index[kept++] = f->index[i];
    }
    f->m = left;
}

static void update_band(void *context, size_t first, size_t last, int thread)
{
    const ct_factoring2 *f = context;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        const int64_t m = f->m, i = (int64_t)band * BAND, count = m - i < BAND ? m - i : BAND;
        const ct_twofold less = {f->less.high + i, f->less.low + i},
                         row = {f->row.high + i, f->row.low + i},
                         a = {f->a.high + i * (m + 1), f->a.low + i * (m + 1)};
        ct_product2_part(count, f->rows, m - i, less, 1, m, row, m, a, m);
    }
}

/* The rows of the panel into u, columns as they were at the beginning. */
static void put_rows(const ct_factoring2 *f, int64_t rank, ct_twofold u)
{
    for (int64_t r = 0; r < f->rows; r++)
        for (int64_t j = 0; j < f->m; j++) {
            const int64_t to = (rank + r) * f->n + f->index[j];
            u.high[to] = f->row.high[r * f->m + j];
            u.low[to] = f->row.low[r * f->m + j];
        }
}

/* Columns in the order of the pivots. */
static void sort_columns(int64_t n, int64_t rank, const int32_t *order, double *u, double *room)
{
    for (int64_t k = 0; k < rank; k++) {
        memcpy(room, u + k * n, (size_t)n * sizeof *u);
        for (int64_t j = 0; j < n; j++)
            u[k * n + j] = room[order[j]];
    }
}

static void take_diagonal(ct_factoring2 *f)
{
    for (int64_t j = 0; j < f->m; j++) {
        f->diagonal.high[j] = fmax(f->a.high[j * (f->m + 1)], 0);
        f->diagonal.low[j] = f->a.low[j * (f->m + 1)];
    }
}

static cutropy_status open_factoring(int64_t n, ct_twofold a, ct_factoring2 *f)
{
    cutropy_status status = CUTROPY_OK;
    *f = (ct_factoring2){.n = n, .m = n, .a = a};
    CT_NEW(f->index, n);
    CT_NEW(f->diagonal.high, n);
    CT_NEW(f->diagonal.low, n);
    CT_NEW(f->row.high, PANEL * n);
    CT_NEW(f->row.low, PANEL * n);
    CT_NEW(f->less.high, PANEL * n);
    CT_NEW(f->less.low, PANEL * n);
    for (int64_t j = 0; j < n; j++)
        f->index[j] = (int32_t)j;
    take_diagonal(f);
done:
    return status;
}

cutropy_status ct_cholesky2(int64_t n, ct_twofold a, int threads, int32_t *order, int64_t *rank,
                            ct_twofold u)
{
    cutropy_status status = CUTROPY_OK;
    ct_factoring2 f = {0};
    double largest = 0;
    *rank = 0;
    CT_TRY(open_factoring(n, a, &f));
    for (int64_t j = 0; j < n; j++)
        largest = fmax(largest, f.diagonal.high[j]);
    memset(u.high, 0, (size_t)(n * n) * sizeof *u.high);
    memset(u.low, 0, (size_t)(n * n) * sizeof *u.low);
    for (bool more = true; more && f.m;) {
        for (f.rows = 0; more && f.rows < PANEL && f.rows < f.m;) {
            const int64_t pivot = find_pivot(&f, (double)n * 0x1p-104 * largest);
            more = pivot >= 0;
            if (!more)
                break;
            order[*rank + f.rows] = f.index[pivot];
            add_row(&f, pivot);
        }
        put_rows(&f, *rank, u);
        *rank += f.rows;
        keep_columns(&f);
        ct_parallel_for(threads, (size_t)((f.m + BAND - 1) / BAND), 1, update_band, &f);
        take_diagonal(&f);
    }
    for (int64_t j = 0; j < f.m; j++)
        order[*rank + j] = f.index[j];
    sort_columns(n, *rank, order, u.high, f.row.high);
    sort_columns(n, *rank, order, u.low, f.row.high);
done:
    ct_free(f.index);
    ct_twofold_free(&f.diagonal);
    ct_twofold_free(&f.row);
    ct_twofold_free(&f.less);
    return status;
}
