/* Dot products in twice the working precision, many at a time: the sum over k is the outer loop, so
 * every entry has its own fixed order of additions. */
#include "certify/product2.h"

#include <stddef.h>

#include "certify/twofold.h"

#define PANEL 16 /* columns whose sums stay in registers */

/* sum[j] + slip[j] += (high + low) (b[j] + b_low[j]) for PANEL columns; low, b_low may be NULL. */
static inline void add_panel(int64_t inner, const double *high, const double *low, int64_t stride,
                             const double *b, const double *b_low, int64_t columns, double *sum,
                             double *slip)
{
    double s[PANEL], c[PANEL];
    for (int j = 0; j < PANEL; j++) {
        s[j] = sum[j];
        c[j] = slip[j];
    }
    for (int64_t k = 0; k < inner; k++) {
        const double a = high[k * stride];
        const double *row = b + k * columns;
        for (int j = 0; j < PANEL; j++) {
            double product_slip, sum_slip;
            const double product = ct_two_product(a, row[j], &product_slip);
            s[j] = ct_two_sum(s[j], product, &sum_slip);
            c[j] += sum_slip + product_slip;
        }
        if (low)
            for (int j = 0; j < PANEL; j++)
                c[j] += low[k * stride] * row[j];
        if (b_low)
            for (int j = 0; j < PANEL; j++)
                c[j] += a * b_low[k * columns + j];
    }
    for (int j = 0; j < PANEL; j++) {
        sum[j] = s[j];
        slip[j] = c[j];
    }
}

/* The same for the last columns, fewer than PANEL. */
static void add_rest(int64_t inner, const double *high, const double *low, int64_t stride,
                     const double *b, const double *b_low, int64_t columns, int64_t width,
                     double *sum, double *slip)
{
    for (int64_t k = 0; k < inner; k++)
        for (int64_t j = 0; j < width; j++) {
            double product_slip, sum_slip;
            const double a = high[k * stride], y = b[k * columns + j];
            const double product = ct_two_product(a, y, &product_slip);
            sum[j] = ct_two_sum(sum[j], product, &sum_slip);
            slip[j] += sum_slip + product_slip;
            if (low)
                slip[j] += low[k * stride] * y;
            if (b_low)
                slip[j] += a * b_low[k * columns + j];
        }
}

/* Row i of a (entries `stride` apart) times columns first .. first + PANEL - 1 of b. */
static void product_row(int64_t inner, const double *high, const double *low, int64_t stride,
                        ct_twofold b, int64_t columns, int64_t first, ct_twofold sum)
{
    const double *at = b.high + first, *low_at = b.low ? b.low + first : NULL;
    if (columns - first < PANEL)
        add_rest(inner, high, low, stride, at, low_at, columns, columns - first, sum.high, sum.low);
    else if (!low && !low_at)
        add_panel(inner, high, NULL, stride, at, NULL, columns, sum.high, sum.low);
    else
        add_panel(inner, high, low, stride, at, low_at, columns, sum.high, sum.low);
}

static ct_twofold part(ct_twofold m, int64_t offset)
{
    return (ct_twofold){.high = m.high + offset, .low = m.low ? m.low + offset : NULL};
}

void ct_product2(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, ct_twofold b,
                 ct_twofold sum)
{
    for (int64_t j = 0; j < columns; j += PANEL)
        for (int64_t i = 0; i < rows; i++) {
            const ct_twofold row = part(a, i * inner);
            product_row(inner, row.high, row.low, 1, b, columns, j, part(sum, i * columns + j));
        }
}

void ct_product2_upper(int64_t n, int64_t inner, ct_twofold a, ct_twofold b, ct_twofold sum)
{
    for (int64_t j = 0; j < n; j += PANEL)
        for (int64_t i = 0; i < n && i < j + PANEL; i++) {
            const ct_twofold column = part(a, i);
            product_row(inner, column.high, column.low, n, b, n, j, part(sum, i * n + j));
        }
}
