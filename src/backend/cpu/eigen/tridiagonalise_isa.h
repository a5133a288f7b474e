/* SPDX-License-Identifier: Apache-2.0 */
/* Householder tridiagonalisation in one pass over the triangle for each step.
 *
 * Step k reflects row k onto its first two entries: x = row +- |row| e_1, H = 1 - x x^T / h, h =
 * x.x / 2 (the EISPACK form, without scaling x). Then p = A x / h, w = p - (x.p / 2h) x and A := A
 * - x w^T - w x^T. The update by (v, w) of step k and the product A x of step k + 1 share one pass:
 * four fused multiply-adds for each vector of A that is loaded and stored, so a matrix that fits
 * the second-level cache is bound by arithmetic.
 *
 * Layout: upper triangle by rows, aligned at the end, so every active row is a run of full vectors;
 * blocks of CT_BLOCK x CT_BLOCK on the diagonal are stored whole. Entries of vectors that are no
 * longer active are zero. */
#include "backend/cpu/eigen/vec_isa.h"

/* The mirror image of the part of a row that the diagonal block keeps below the diagonal. */
static void fill_diagonal_blocks(int64_t order, double *a)
{
    for (int64_t b = 0; b < order; b += CT_BLOCK)
        for (int64_t i = b; i < b + CT_BLOCK; i++)
            for (int64_t j = b; j < i; j++)
                a[i * order + j] = a[j * order + i];
}

/* Rows i .. i + CT_ROWS - 1 of the pass: A -= v w^T + w v^T, total[r] = row . x, y += row^T x. */
static inline void pass_rows(int64_t order, double *a, int64_t i, int64_t diagonal, const double *v,
                             const double *w, const double *x, double *y, vec *total)
{
    vec nv[CT_ROWS], nw[CT_ROWS], xr[CT_ROWS], acc[CT_ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < CT_ROWS; r++) {
        nv[r] = splat(-v[i + r]);
        nw[r] = splat(-w[i + r]);
        xr[r] = splat(x[i + r]);
        acc[r] = splat(0.0);
    }
    double *row = a + i * order;
    for (int64_t j = diagonal; j < diagonal + CT_BLOCK; j += CT_VL) {
        const vec vj = load(v + j), wj = load(w + j), xj = load(x + j);
#pragma GCC unroll 8
        for (int r = 0; r < CT_ROWS; r++) {
            vec t = load(row + r * order + j);
            t = CT_FMA(nv[r], wj, t);
            t = CT_FMA(nw[r], vj, t);
            store(row + r * order + j, t);
            acc[r] = CT_FMA(t, xj, acc[r]);
        }
    }
    for (int64_t j = diagonal + CT_BLOCK; j < order; j += CT_VL) {
        const vec vj = load(v + j), wj = load(w + j), xj = load(x + j);
        vec yj = load(y + j);
#pragma GCC unroll 8
        for (int r = 0; r < CT_ROWS; r++) {
            vec t = load(row + r * order + j);
            t = CT_FMA(nv[r], wj, t);
            t = CT_FMA(nw[r], vj, t);
            store(row + r * order + j, t);
            acc[r] = CT_FMA(t, xj, acc[r]);
            yj = CT_FMA(t, xr[r], yj);
        }
        store(y + j, yj);
    }
#pragma GCC unroll 8
    for (int r = 0; r < CT_ROWS; r++)
        total[r] = acc[r];
}

/* A -= v w^T + w v^T and y = A x for the rows from `first` on. */
static void pass(int64_t order, double *a, int64_t first, const double *v, const double *w,
                 const double *x, double *y)
{
    const int64_t start = first / CT_BLOCK * CT_BLOCK;
    memset(y + start, 0, (size_t)(order - start) * sizeof *y);
    for (int64_t b = start; b < order; b += CT_BLOCK) {
        vec total[CT_BLOCK];
        for (int r = 0; r < CT_BLOCK; r += CT_ROWS) {
            if (b + r + CT_ROWS > first)
                pass_rows(order, a, b + r, b, v, w, x, y, total + r);
            else
                for (int k = r; k < r + CT_ROWS; k++)
                    total[k] = splat(0.0);
        }
        for (int r = 0; r < CT_BLOCK; r += CT_VL)
            store(y + b + r, load(y + b + r) + sums(total + r));
    }
}

/* j, j + 1, ... */
static inline ivec row_numbers(int64_t j)
{
    static const int64_t first[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    ivec numbers;
    memcpy(&numbers, first, sizeof numbers);
    return numbers + isplat(j);
}

/* Row k, brought up to date, is reflected: x gets the vector (zero up to k), *e the off-diagonal
 * entry. Returns h, or 0 when there is nothing to reflect. */
static double reflect_row(int64_t order, const double *row, int64_t k, const double *v,
                          const double *w, double *x, double *d, double *e)
{
    const int64_t start = (k + 1) / CT_BLOCK * CT_BLOCK;
    const vec nv = splat(-v[k]), nw = splat(-w[k]);
    *d = row[k] - 2.0 * v[k] * w[k];
    const double alpha = row[k + 1] - v[k] * w[k + 1] - w[k] * v[k + 1];
    vec squares = splat(0.0);
    for (int64_t j = start; j < start + CT_BLOCK; j += CT_VL) {
        const vec t = CT_FMA(nw, load(v + j), CT_FMA(nv, load(w + j), load(row + j)));
        const vec behind = choose(row_numbers(j) > isplat(k + 1), t, splat(0.0));
        store(x + j, behind);
        squares = CT_FMA(behind, behind, squares);
    }
    for (int64_t j = start + CT_BLOCK; j < order; j += CT_VL) {
        const vec t = CT_FMA(nw, load(v + j), CT_FMA(nv, load(w + j), load(row + j)));
        store(x + j, t);
        squares = CT_FMA(t, t, squares);
    }
    const double rest = sum(squares);
    if (!(rest > CT_NEGLIGIBLE)) {
        *e = alpha;
        memset(x + start, 0, (size_t)(order - start) * sizeof *x);
        return 0.0;
    }
    const double norm2 = alpha * alpha + rest, norm = sqrt(norm2);
    *e = alpha > 0.0 ? -norm : norm;
    x[k + 1] = alpha - *e;
    return norm2 + fabs(alpha) * norm;
}

/* w = (y - (x.y / 2h) x) / h in place of y. */
static void finish_update(int64_t order, int64_t k, const double *x, double *y, double h)
{
    const int64_t start = (k + 1) / CT_BLOCK * CT_BLOCK;
    if (h == 0.0) {
        memset(y + start, 0, (size_t)(order - start) * sizeof *y);
        return;
    }
    const double inverse = 1.0 / h;
    vec acc = splat(0.0);
    for (int64_t j = start; j < order; j += CT_VL)
        acc = CT_FMA(load(x + j), load(y + j), acc);
    const vec g = splat(-0.5 * sum(acc) * inverse), f = splat(inverse);
    for (int64_t j = start; j < start + CT_BLOCK; j += CT_VL) {
        const vec t = CT_FMA(g, load(x + j), load(y + j)) * f;
        store(y + j, choose(row_numbers(j) > isplat(k), t, splat(0.0)));
    }
    for (int64_t j = start + CT_BLOCK; j < order; j += CT_VL)
        store(y + j, CT_FMA(g, load(x + j), load(y + j)) * f);
}

static void tridiagonalise(int64_t n, double *a, double *vectors, double *d, double *e,
                           double *reflections, double *h)
{
    const int64_t order = ct_eigen_order(n), front = order - n;
    double *v = vectors, *w = v + order, *x = w + order, *y = x + order;
    memset(vectors, 0, (size_t)(4 * order) * sizeof *vectors);
    fill_diagonal_blocks(order, a);
    int64_t k = front;
    for (; k + 2 < order; k++) {
        const double half = reflect_row(order, a + k * order, k, v, w, x, d, e);
        if (reflections) {
            memcpy(reflections + (k - front) * order, x, (size_t)order * sizeof *x);
            memset(reflections + (k - front) * order, 0, (size_t)(k + 1) * sizeof *x);
            h[k - front] = half;
        }
        pass(order, a, k + 1, v, w, x, y);
        finish_update(order, k, x, y, half);
        double *t = v;
        v = x;
        x = t;
        t = w;
        w = y;
        y = t;
        d += CT_EIGEN_LANES;
        e += CT_EIGEN_LANES;
    }
    const double *row = a + k * order;
    *d = row[k] - 2.0 * v[k] * w[k];
    *e = row[k + 1] - v[k] * w[k + 1] - w[k] * v[k + 1];
    k++;
    d += CT_EIGEN_LANES;
    *d = a[k * order + k] - 2.0 * v[k] * w[k];
}
