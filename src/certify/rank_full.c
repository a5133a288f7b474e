/* SPDX-License-Identifier: Apache-2.0 */
/* Gauss-Jordan elimination by panels of rows. The columns stay where they are: each row of a panel
 * gets a pivot column, the panel is brought to the identity there, and one matrix product clears
 * these columns below it.
 *
 * Everything is exact in double precision, whatever the order of additions: residues are integers
 * with |x| <= p / 2 + 1, p < 2^24, and no sum has more than PANEL products and one residue, so all
 * partial sums stay below (PANEL + 1) 2^46.01 < 2^52. */
#include "certify/rank_full.h"

#include "backend/cpu/product.h"
#include "certify/residue.h"

#define PANEL 32

typedef struct ct_elimination {
    int64_t rows, columns;
    double *m;            /* rows x columns */
    double *product;      /* rows x columns */
    double *factor;       /* rows x PANEL */
    int64_t pivot[PANEL]; /* columns */
} ct_elimination;

static void subtract(int64_t columns, double factor, const double *row, double *from)
{
    for (int64_t c = 0; factor != 0 && c < columns; c++)
        from[c] -= factor * row[c];
}

/* Row i of the panel is free of the pivots before it and gets its own; false: the row is zero. */
static bool find_pivot(ct_elimination *e, double *panel, int64_t i)
{
    double *row = panel + i * e->columns;
    int64_t c = 0;
    for (int64_t k = 0; k < i; k++)
        subtract(e->columns, ct_residue(row[e->pivot[k]]), panel + k * e->columns, row);
    for (int64_t k = 0; k < e->columns; k++)
        row[k] = ct_residue(row[k]);
    while (c < e->columns && row[c] == 0)
        c++;
    if (c == e->columns)
        return false;
    e->pivot[i] = c;
    const double scale = ct_residue_inverse(row[c]);
    for (int64_t k = 0; k < e->columns; k++)
        row[k] = ct_residue(row[k] * scale);
    return true;
}

/* The panel becomes the identity in its pivot columns. */
static bool reduce_panel(ct_elimination *e, double *panel, int64_t height)
{
    for (int64_t i = 0; i < height; i++)
        if (!find_pivot(e, panel, i))
            return false;
    for (int64_t i = height - 2; i >= 0; i--) {
        double *row = panel + i * e->columns;
        double factor[PANEL];
        for (int64_t k = i + 1; k < height; k++)
            factor[k] = row[e->pivot[k]];
        for (int64_t k = i + 1; k < height; k++)
            subtract(e->columns, factor[k], panel + k * e->columns, row);
        for (int64_t k = 0; k < e->columns; k++)
            row[k] = ct_residue(row[k]);
    }
    return true;
}

/* Clears the pivot columns of the panel in the rows below it. */
static void clear_below(ct_elimination *e, int64_t first, int64_t height)
{
    const int64_t below = e->rows - first - height;
    double *rest = e->m + (first + height) * e->columns;
    for (int64_t i = 0; i < below; i++)
        for (int64_t k = 0; k < height; k++)
            e->factor[i * height + k] = rest[i * e->columns + e->pivot[k]];
    if (below)
        ct_cpu_product(below, e->columns, height, e->factor, height, e->m + first * e->columns,
                       e->columns, false, e->product, e->columns);
    for (int64_t at = 0; at < below * e->columns; at++)
        rest[at] = ct_residue(rest[at] - e->product[at]);
}

cutropy_status ct_rank_full(int64_t rows, int64_t columns, const int64_t *entry, bool *full)
{
    cutropy_status status = CUTROPY_OK;
    const bool turned = rows > columns;
    ct_elimination e = {.rows = turned ? columns : rows, .columns = turned ? rows : columns};
    *full = false;
    CT_NEW(e.m, e.rows * e.columns);
    CT_NEW(e.product, e.rows * e.columns);
    CT_NEW(e.factor, e.rows * PANEL);
    for (int64_t i = 0; i < e.rows; i++)
        for (int64_t j = 0; j < e.columns; j++)
            e.m[i * e.columns + j] =
                ct_residue((double)((turned ? entry[j * columns + i] : entry[i * columns + j]) %
                                    CT_RANK_FULL_PRIME));
    *full = true;
    for (int64_t i = 0; *full && i < e.rows; i += PANEL) {
        const int64_t height = e.rows - i < PANEL ? e.rows - i : PANEL;
        *full = reduce_panel(&e, e.m + i * e.columns, height);
        if (*full)
            clear_below(&e, i, height);
    }
done:
    ct_free(e.m);
    ct_free(e.product);
    ct_free(e.factor);
    return status;
}
