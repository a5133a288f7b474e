/* SPDX-License-Identifier: Apache-2.0 */
/* Band -> tridiagonal by chasing bulges with Householder reflections of length CT_TILE (Murata and
 * Horikoshi; LAPACK dsytrd_sb2st).
 *
 * Lower band storage with room for the bulges: entry (i, j), i >= j, at band[i + CT_BAND_STRIDE *
 * j]. CT_BAND_STRIDE is a multiple of 8, so all columns of a block are aligned alike, and a column
 * has unused room behind its 2 CT_TILE entries, where vectors that overlap the diagonal may write.
 * Rows and columns behind the matrix are zero, so all blocks have full size. */
#include "backend/cpu/eigen/vec_isa.h"

/* v, tau with (I - tau v v^T) column = (beta, 0, ..., 0), which replaces the column. Returns tau
 * (0: v = 0). */
static double chase_reflect(double *column, double *v)
{
    const double alpha = column[0];
    vec squares = splat(0.0);
    column[0] = 0.0;
    for (int k = 0; k < CT_TILE_VECS; k++) {
        const vec x = load_loose(column + k * CT_VL);
        store(v + k * CT_VL, x);
        squares = CT_FMA(x, x, squares);
        store_loose(column + k * CT_VL, splat(0.0));
    }
    const double rest = sum(squares);
    column[0] = alpha;
    if (!(rest > CT_NEGLIGIBLE)) {
        memset(v, 0, CT_TILE * sizeof *v);
        return 0.0;
    }
    const double norm2 = alpha * alpha + rest, norm = sqrt(norm2);
    column[0] = alpha > 0.0 ? -norm : norm;
    v[0] = alpha - column[0];
    return 1.0 / (norm2 + fabs(alpha) * norm);
}

/* y = D v from the lower triangle of the diagonal block at d. */
static void diagonal_product(const double *d, const double *v, double *y)
{
    static const double row_number[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    vec row, yk[CT_TILE_VECS];
    memcpy(&row, row_number, sizeof row);
    for (int k = 0; k < CT_TILE_VECS; k++)
        yk[k] = splat(0.0);
#pragma GCC unroll 1
    for (int g = 0; g < CT_TILE_VECS; g++) {
        vec dots[CT_VL], vg = load(v + g * CT_VL), yg = splat(0.0);
        for (int q = 0; q < CT_VL; q++) {
            const int j = g * CT_VL + q;
            const vec column = load_loose(d + j * CT_BAND_STRIDE + g * CT_VL), zero = splat(0.0);
            const vec lower = choose(row >= splat(q), column, zero),
                      strict = choose(row > splat(q), column, zero);
            yg = CT_FMA(lower, splat(v[j]), yg);
            dots[q] = strict * vg;
        }
        for (int k = g + 1; k < CT_TILE_VECS; k++) {
            const vec vk = load(v + k * CT_VL);
            vec t = yk[k];
            for (int q = 0; q < CT_VL; q++) {
                const vec column = load_loose(d + (g * CT_VL + q) * CT_BAND_STRIDE + k * CT_VL);
                t = CT_FMA(column, splat(v[g * CT_VL + q]), t);
                dots[q] = CT_FMA(column, vk, dots[q]);
            }
            yk[k] = t;
        }
        store(y + g * CT_VL, yk[g] + (yg + sums(dots)));
    }
}

/* D = H D H, H = I - tau v v^T. */
static void chase_diagonal(double *d, const double *v, double tau)
{
    double y[CT_TILE] __attribute__((aligned(64)));
    diagonal_product(d, v, y);
    vec acc = splat(0.0);
    for (int k = 0; k < CT_TILE_VECS; k++)
        acc = CT_FMA(load(v + k * CT_VL), load(y + k * CT_VL), acc);
    const vec g = splat(-0.5 * tau * sum(acc)), f = splat(tau);
    for (int k = 0; k < CT_TILE_VECS; k++)
        store(y + k * CT_VL, f * CT_FMA(g, load(v + k * CT_VL), load(y + k * CT_VL)));
    for (int q = 0; q < CT_TILE; q++) {
        const vec nv = splat(-v[q]), nw = splat(-y[q]);
        double *column = d + q * CT_BAND_STRIDE;
        for (int k = q / CT_VL; k < CT_TILE_VECS; k++) {
            vec t = load_loose(column + k * CT_VL);
            t = CT_FMA(nv, load(y + k * CT_VL), t);
            t = CT_FMA(nw, load(v + k * CT_VL), t);
            store_loose(column + k * CT_VL, t);
        }
    }
}

/* B = B H, then the reflection of its first column (new v, tau) from the left. */
static double chase_below(double *b, double *v, double tau)
{
    double x[CT_TILE] __attribute__((aligned(64)));
    vec u[CT_TILE_VECS], w[CT_TILE_VECS];
    for (int k = 0; k < CT_TILE_VECS; k++)
        u[k] = splat(0.0);
    for (int j = 0; j < CT_TILE; j++)
        for (int k = 0; k < CT_TILE_VECS; k++)
            u[k] = CT_FMA(load_loose(b + j * CT_BAND_STRIDE + k * CT_VL), splat(v[j]), u[k]);
    for (int k = 0; k < CT_TILE_VECS; k++) {
        u[k] *= splat(-tau);
        store_loose(b + k * CT_VL, CT_FMA(u[k], splat(v[0]), load_loose(b + k * CT_VL)));
    }
    memcpy(x, v, sizeof x);
    tau = chase_reflect(b, v);
    for (int k = 0; k < CT_TILE_VECS; k++)
        w[k] = load(v + k * CT_VL);
    for (int j = 1; j < CT_TILE; j++) {
        double *column = b + j * CT_BAND_STRIDE;
        const vec s = splat(x[j]);
        vec t[CT_TILE_VECS], dot = splat(0.0);
        for (int k = 0; k < CT_TILE_VECS; k++) {
            t[k] = CT_FMA(u[k], s, load_loose(column + k * CT_VL));
            dot = CT_FMA(t[k], w[k], dot);
        }
        const vec g = splat(-tau * sum(dot));
        for (int k = 0; k < CT_TILE_VECS; k++)
            store_loose(column + k * CT_VL, CT_FMA(g, w[k], t[k]));
    }
    return tau;
}

/* One hop of a sweep at the diagonal block (r, r). */
static double chase_hop(double *band, int64_t r, double *v, double tau)
{
    double *d = band + r + CT_BAND_STRIDE * r;
    chase_diagonal(d, v, tau);
    return chase_below(d + CT_TILE, v, tau);
}
