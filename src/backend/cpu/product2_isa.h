/* Dot products in twice the working precision, many at a time: the sum over k is the inner loop,
 * and every entry has its own fixed order of additions, so all instruction sets give the same bits
 * (a fused multiply-add only makes an exact product cheaper). */
#include <math.h>
#include <stddef.h>

#include "base/twofold.h"

/* sum[j] + slip[j] += (high + low) (b[j] + b_low[j]) for CT_PANEL columns; low, b_low may be NULL.
 */
static inline void ct_add_panel(int64_t inner, const double *high, const double *low,
                                int64_t stride, const double *b, const double *b_low,
                                int64_t columns, double *sum, double *slip)
{
    double s[CT_PANEL], c[CT_PANEL];
    for (int j = 0; j < CT_PANEL; j++) {
        s[j] = sum[j];
        c[j] = slip[j];
    }
    for (int64_t k = 0; k < inner; k++) {
        const double a = high[k * stride];
        const double *row = b + k * columns;
        for (int j = 0; j < CT_PANEL; j++) {
            double product_slip, sum_slip;
            const double product = ct_two_product(a, row[j], &product_slip);
            s[j] = ct_two_sum(s[j], product, &sum_slip);
            c[j] += sum_slip + product_slip;
        }
        if (low)
            for (int j = 0; j < CT_PANEL; j++)
                c[j] += low[k * stride] * row[j];
        if (b_low)
            for (int j = 0; j < CT_PANEL; j++)
                c[j] += a * b_low[k * columns + j];
    }
    for (int j = 0; j < CT_PANEL; j++) {
        sum[j] = s[j];
        slip[j] = c[j];
    }
}

/* The same for the last columns, fewer than CT_PANEL. */
static void ct_add_rest(int64_t inner, const double *high, const double *low, int64_t stride,
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

/* ct_isa.product2_row */
static void CT_ISA(product2_row)(int64_t inner, const double *high, const double *low,
                                 int64_t stride, const double *b, const double *b_low,
                                 int64_t columns, int64_t width, double *sum, double *slip)
{
    if (width < CT_PANEL)
        ct_add_rest(inner, high, low, stride, b, b_low, columns, width, sum, slip);
    else if (!low && !b_low)
        ct_add_panel(inner, high, NULL, stride, b, NULL, columns, sum, slip);
    else
        ct_add_panel(inner, high, low, stride, b, b_low, columns, sum, slip);
}
