/* SPDX-License-Identifier: Apache-2.0 */
/* Products of matrices in twice the working precision, panel by panel; the kernel is the CPU
 * backend's. */
#include "certify/product2.h"

#include <math.h>

#include "backend/cpu/isa.h"
#include "base/parallel.h"
#include "base/twofold.h"

cutropy_status ct_twofold_new(int64_t n, ct_twofold *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_twofold){0};
    CT_NEW_ZERO(out->high, n * n);
    CT_NEW_ZERO(out->low, n * n);
done:
    return status;
}

cutropy_status ct_pairs_new(int64_t count, ct_twofold *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(out->high, count);
    CT_NEW(out->low, count);
done:
    return status;
}

void ct_twofold_free(ct_twofold *matrix)
{
    ct_free(matrix->high);
    ct_free(matrix->low);
    *matrix = (ct_twofold){0};
}

#define CHUNK 256 /* rows of b that are packed at once: 32 KiB with the panel */

/* A panel of b, entries side by side, so that it stays in the nearest cache while all rows of a
 * pass. */
typedef struct ct_packed {
    int64_t inner, width;
    bool has_low;
    double high[CHUNK * CT_PANEL], low[CHUNK * CT_PANEL];
} ct_packed;

static void pack(ct_twofold b, int64_t columns, int64_t first, int64_t width, int64_t k0,
                 int64_t inner, ct_packed *out)
{
    out->inner = inner;
    out->width = width;
    out->has_low = b.low != NULL;
    for (int64_t k = 0; k < inner; k++)
        for (int64_t j = 0; j < width; j++) {
            const int64_t from = (k0 + k) * columns + first + j;
            out->high[k * CT_PANEL + j] = b.high[from];
            if (b.low)
                out->low[k * CT_PANEL + j] = b.low[from];
        }
}

/* One row of a (entries `stride` apart) times the panel. */
static void product_row(const ct_isa *isa, const double *high, const double *low, int64_t stride,
                        const ct_packed *panel, double *sum, double *slip)
{
    isa->product2_row(panel->inner, high, low, stride, panel->high,
                      panel->has_low ? panel->low : NULL, CT_PANEL, panel->width, sum, slip);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

double ct_product2_error(double inner)
{
    return (14.1 * (fmin(inner, CT_PIECE) + 2) + 8.1 * ceil(inner / CT_PIECE)) * CT_UNIT_ROUNDOFF *
           CT_UNIT_ROUNDOFF;
}

void ct_product2_part(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, int64_t row_step,
                      int64_t step, ct_twofold b, int64_t ldb, ct_twofold sum, int64_t ldc)
{
    const ct_isa *isa = ct_isa_pick();
    ct_packed panel;
    for (int64_t j = 0; j < columns; j += CT_PANEL)
        for (int64_t k = 0; k < inner; k += CHUNK) {
            pack(b, ldb, j, least(columns - j, CT_PANEL), k, least(inner - k, CHUNK), &panel);
            for (int64_t i = 0; i < rows; i++) {
                const int64_t at = i * row_step + k * step;
                product_row(isa, a.high + at, a.low ? a.low + at : NULL, step, &panel,
                            sum.high + i * ldc + j, sum.low + i * ldc + j);
            }
        }
}

#define BAND 64 /* rows that a thread takes */

typedef struct ct_bands {
    int64_t rows, inner, columns; /* upper: of a^T b, rows = columns */
    bool upper;
    ct_twofold a, b, sum;
} ct_bands;

static ct_twofold behind(ct_twofold m, int64_t at)
{
    return (ct_twofold){m.high + at, m.low ? m.low + at : NULL};
}

static void product_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_bands *p = context;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        const int64_t i = (int64_t)band * BAND, rows = least(p->rows - i, BAND), n = p->columns;
        if (p->upper) /* from the diagonal on */
            ct_product2_part(rows, p->inner, n - i, behind(p->a, i), 1, n, behind(p->b, i), n,
                             behind(p->sum, i * (n + 1)), n);
        else
            ct_product2_part(rows, p->inner, n, behind(p->a, i * p->inner), p->inner, 1, p->b, n,
                             behind(p->sum, i * n), n);
    }
}

void ct_product2(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, ct_twofold b,
                 ct_twofold sum, int threads)
{
    ct_bands p = {rows, inner, columns, false, a, b, sum};
    ct_parallel_for(threads, (size_t)((rows + BAND - 1) / BAND), 1, product_bands, &p);
}

void ct_product2_upper(int64_t n, int64_t inner, ct_twofold a, ct_twofold b, ct_twofold sum,
                       int threads)
{
    ct_bands p = {n, inner, n, true, a, b, sum};
    ct_parallel_for(threads, (size_t)((n + BAND - 1) / BAND), 1, product_bands, &p);
}
