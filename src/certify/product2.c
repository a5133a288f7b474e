/* Products of matrices in twice the working precision, panel by panel; the kernel is the CPU
 * backend's. */
#include "certify/product2.h"

#include <stddef.h>

#include "backend/cpu/isa.h"

/* Row i of a (entries `stride` apart) times the next panel of columns of b. */
static void product_row(int64_t inner, const double *high, const double *low, int64_t stride,
                        ct_twofold b, int64_t columns, int64_t first, ct_twofold sum)
{
    const int64_t left = columns - first;
    ct_isa_pick()->product2_row(inner, high, low, stride, b.high + first,
                                b.low ? b.low + first : NULL, columns,
                                left < CT_PANEL ? left : CT_PANEL, sum.high, sum.low);
}

static ct_twofold part(ct_twofold m, int64_t offset)
{
    return (ct_twofold){.high = m.high + offset, .low = m.low ? m.low + offset : NULL};
}

void ct_product2(int64_t rows, int64_t inner, int64_t columns, ct_twofold a, ct_twofold b,
                 ct_twofold sum)
{
    for (int64_t j = 0; j < columns; j += CT_PANEL)
        for (int64_t i = 0; i < rows; i++) {
            const ct_twofold row = part(a, i * inner);
            product_row(inner, row.high, row.low, 1, b, columns, j, part(sum, i * columns + j));
        }
}

void ct_product2_upper(int64_t n, int64_t inner, ct_twofold a, ct_twofold b, ct_twofold sum)
{
    for (int64_t j = 0; j < n; j += CT_PANEL)
        for (int64_t i = 0; i < n && i < j + CT_PANEL; i++) {
            const ct_twofold column = part(a, i);
            product_row(inner, column.high, column.low, n, b, n, j, part(sum, i * n + j));
        }
}
