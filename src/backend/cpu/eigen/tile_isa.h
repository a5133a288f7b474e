/* SPDX-License-Identifier: Apache-2.0 */
/* Tiles of CT_TILE x CT_TILE doubles, column-major: the product that does nearly all the work of
 * the band reduction, and the QR factorisation of a column of tiles. */
#include "backend/cpu/eigen/vec_isa.h"

#define CT_MICRO_ROWS                                                                              \
    3 /* vectors; with CT_MICRO_COLUMNS columns the accumulators fill the register file */
#define CT_TILE_VECS (CT_TILE / CT_VL)

/* CT_MICRO_ROWS vectors x CT_MICRO_COLUMNS of C += sum over p of L_p R_p. */
static inline void micro_tile(int count, const double *const *left, const double *const *right,
                              int64_t i, int64_t j, double *c)
{
    vec acc[CT_MICRO_COLUMNS][CT_MICRO_ROWS];
#pragma GCC unroll 8
    for (int q = 0; q < CT_MICRO_COLUMNS; q++)
#pragma GCC unroll 3
        for (int r = 0; r < CT_MICRO_ROWS; r++)
            acc[q][r] = load(c + (j + q) * CT_TILE + i + r * CT_VL);
    for (int p = 0; p < count; p++) {
        const double *l = left[p] + i, *x = right[p] + j * CT_TILE;
        for (int k = 0; k < CT_TILE; k++) {
            vec column[CT_MICRO_ROWS];
#pragma GCC unroll 3
            for (int r = 0; r < CT_MICRO_ROWS; r++)
                column[r] = load(l + k * CT_TILE + r * CT_VL);
#pragma GCC unroll 8
            for (int q = 0; q < CT_MICRO_COLUMNS; q++) {
                const vec s = splat(x[q * CT_TILE + k]);
#pragma GCC unroll 3
                for (int r = 0; r < CT_MICRO_ROWS; r++)
                    acc[q][r] = CT_FMA(column[r], s, acc[q][r]);
            }
        }
    }
#pragma GCC unroll 8
    for (int q = 0; q < CT_MICRO_COLUMNS; q++)
#pragma GCC unroll 3
        for (int r = 0; r < CT_MICRO_ROWS; r++)
            store(c + (j + q) * CT_TILE + i + r * CT_VL, acc[q][r]);
}

static inline void prefetch(const double *from, int64_t count)
{
    for (int64_t i = 0; i < count; i += 8)
        __builtin_prefetch(from + i, 0, 2);
}

static void tile_multiply(int count, const double *const *left, const double *const *right,
                          double *c, int next_count, const double *const *next)
{
    enum { MICRO_TILES = CT_TILE_VECS / CT_MICRO_ROWS * (CT_TILE / CT_MICRO_COLUMNS) };
    const int64_t share = CT_TILE_SIZE / MICRO_TILES;
    int64_t at = 0;
    for (int64_t i = 0; i < CT_TILE; i += CT_MICRO_ROWS * CT_VL)
        for (int64_t j = 0; j < CT_TILE; j += CT_MICRO_COLUMNS) {
            for (int q = 0; q < next_count; q++)
                prefetch(next[q] + at, share);
            micro_tile(count, left, right, i, j, c);
            at += share;
        }
}

/* The tiles below the first: every column c > j loses f[c] v_j, then dots[c] = (column j + 1) .
 * (column c). j = -1: only the dots. */
static void panel_pass(int64_t tiles, double *panel, int j, const double *f, double *dots)
{
    vec acc[CT_TILE];
    for (int c = 0; c < CT_TILE; c++)
        acc[c] = splat(0.0);
    for (int64_t t = 1; t < tiles; t++) {
        double *tile = panel + t * CT_TILE * CT_TILE;
        vec v[CT_TILE_VECS], x[CT_TILE_VECS];
        double *pivot = tile + (j + 1) * CT_TILE;
        const vec s = splat(-f[j + 1]);
        vec total = acc[j + 1];
        for (int k = 0; k < CT_TILE_VECS; k++) {
            v[k] = j < 0 ? splat(0.0) : load(tile + j * CT_TILE + k * CT_VL);
            x[k] = CT_FMA(s, v[k], load(pivot + k * CT_VL));
            store(pivot + k * CT_VL, x[k]);
            total = CT_FMA(x[k], x[k], total);
        }
        acc[j + 1] = total;
        for (int c = j + 2; c < CT_TILE; c++) {
            double *column = tile + c * CT_TILE;
            const vec g = splat(-f[c]);
            vec a = acc[c];
            for (int k = 0; k < CT_TILE_VECS; k++) {
                const vec y = CT_FMA(g, v[k], load(column + k * CT_VL));
                store(column + k * CT_VL, y);
                a = CT_FMA(x[k], y, a);
            }
            acc[c] = a;
        }
    }
    for (int c = j + 1; c < CT_TILE; c++)
        dots[c] = sum(acc[c]);
}

/* The same for the first tile, where column j starts at row j. */
static void panel_top(double *top, const double *v0, int j, const double *f, double *dots)
{
    for (int c = j + 1; c < CT_TILE; c++) {
        double *column = top + c * CT_TILE, total = 0.0;
        const double *x = top + (j + 1) * CT_TILE;
        if (j >= 0)
            for (int i = j; i < CT_TILE; i++)
                column[i] -= f[c] * v0[j * CT_TILE + i];
        for (int i = j + 2; i < CT_TILE; i++)
            total += x[i] * column[i];
        dots[c] += total;
    }
}

static void clear_column(int64_t tiles, double *panel, double *v0, int j)
{
    memset(v0 + j * CT_TILE, 0, CT_TILE * sizeof *v0);
    for (int64_t t = 1; t < tiles; t++)
        memset(panel + t * CT_TILE * CT_TILE + j * CT_TILE, 0, CT_TILE * sizeof *v0);
}

/* Householder QR. The product with the next column's vector rides on the update by the current one:
 * below the pivot that vector is the column itself. */
static void panel_factor(int64_t tiles, double *panel, double *v0, double *tau)
{
    double f[CT_TILE + 1] = {0.0}, dots[CT_TILE + 1] = {0.0};
    panel_pass(tiles, panel, -1, f, dots);
    panel_top(panel, v0, -1, f, dots);
    for (int j = 0; j < CT_TILE; j++) {
        double *column = panel + j * CT_TILE;
        const double alpha = column[j], rest = dots[j];
        memset(f, 0, sizeof f);
        tau[j] = 0.0;
        if (!(rest > CT_NEGLIGIBLE)) {
            clear_column(tiles, panel, v0, j);
        } else {
            const double norm2 = alpha * alpha + rest, norm = sqrt(norm2);
            const double beta = alpha > 0.0 ? -norm : norm;
            memset(v0 + j * CT_TILE, 0, (size_t)j * sizeof *v0);
            memcpy(v0 + j * CT_TILE + j, column + j, (size_t)(CT_TILE - j) * sizeof *v0);
            v0[j * CT_TILE + j] = alpha - beta;
            column[j] = beta;
            tau[j] = 1.0 / (norm2 + fabs(alpha) * norm);
            for (int c = j + 1; c < CT_TILE; c++)
                f[c] = tau[j] * (dots[c] + (alpha - beta) * panel[c * CT_TILE + j]);
        }
        if (j + 1 < CT_TILE) {
            panel_pass(tiles, panel, j, f, dots);
            panel_top(panel, v0, j, f, dots);
        }
    }
}
