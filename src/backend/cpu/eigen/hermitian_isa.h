/* SPDX-License-Identifier: Apache-2.0 */
/* tridiagonalise_isa.h for complex Hermitian matrices: real and imaginary parts lie in planes of their own.
 *
 * Row k is the conjugate of a column c, of which H = I - x x^H / h leaves beta e_1: x = c - beta e_1, beta = -|c| times the
 * phase of c_1, h = x^H x / 2. Then p = A x / h, w = p - (x^H p / 2h) x, and A := A - x w^H - w x^H. Off the
 * diagonal only moduli matter. Sixteen fused multiply-adds for each pair of vectors of A. */
#include "backend/cpu/eigen/vec_isa.h"

#define CT_PAIR_ROWS (CT_ROWS / 2) /* matrix rows that a pass holds in registers */

static void fill_hermitian_blocks(int64_t order, double *a)
{
    double *imaginary = a + order * order;
    for (int64_t b = 0; b < order; b += CT_BLOCK)
        for (int64_t i = b; i < b + CT_BLOCK; i++)
            for (int64_t j = b; j < i; j++) {
                a[i * order + j] = a[j * order + i];
                imaginary[i * order + j] = -imaginary[j * order + i];
            }
}

/* Numbers j .. of a vector or row whose imaginary parts lie `plane` doubles behind its real ones, and number i in all
 * elements. */
static inline cvec planes_at(const double *x, int64_t plane, int64_t j)
{
    return (cvec){load(x + j), load(x + plane + j)};
}

static inline void put_planes(double *x, int64_t plane, int64_t j, cvec value)
{
    store(x + j, value.re);
    store(x + plane + j, value.im);
}

static inline cvec every(const double *x, int64_t plane, int64_t i, double sign)
{
    return csplat(sign * x[i], sign * x[plane + i]);
}

/* Rows i .. i + CT_PAIR_ROWS - 1 of the pass: A -= v w^H + w v^H, (re, im)[r] = row . x, y += row^H x. */
static inline void hermitian_rows(int64_t order, double *a, int64_t i, int64_t diagonal,
                                  const double *v, const double *w, const double *x, double *y,
                                  vec *re, vec *im)
{
    const int64_t plane = order * order;
    cvec nv[CT_PAIR_ROWS], nw[CT_PAIR_ROWS], xr[CT_PAIR_ROWS], acc[CT_PAIR_ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < CT_PAIR_ROWS; r++) {
        nv[r] = every(v, order, i + r, -1.0);
        nw[r] = every(w, order, i + r, -1.0);
        xr[r] = every(x, order, i + r, 1.0);
        acc[r] = csplat(0.0, 0.0);
    }
    double *row = a + i * order;
    for (int64_t j = diagonal; j < diagonal + CT_BLOCK; j += CT_VL) {
        const cvec vj = planes_at(v, order, j), wj = planes_at(w, order, j),
                   xj = planes_at(x, order, j);
#pragma GCC unroll 8
        for (int r = 0; r < CT_PAIR_ROWS; r++) {
            cvec t = planes_at(row + r * order, plane, j);
            t = cfma_conj(wj, nv[r], t);
            t = cfma_conj(vj, nw[r], t);
            put_planes(row + r * order, plane, j, t);
            acc[r] = cfma(t, xj, acc[r]);
        }
    }
    for (int64_t j = diagonal + CT_BLOCK; j < order; j += CT_VL) {
        const cvec vj = planes_at(v, order, j), wj = planes_at(w, order, j),
                   xj = planes_at(x, order, j);
        cvec yj = planes_at(y, order, j);
#pragma GCC unroll 8
        for (int r = 0; r < CT_PAIR_ROWS; r++) {
            cvec t = planes_at(row + r * order, plane, j);
            t = cfma_conj(wj, nv[r], t);
            t = cfma_conj(vj, nw[r], t);
            put_planes(row + r * order, plane, j, t);
            acc[r] = cfma(t, xj, acc[r]);
            yj = cfma_conj(t, xr[r], yj);
        }
        put_planes(y, order, j, yj);
    }
#pragma GCC unroll 8
    for (int r = 0; r < CT_PAIR_ROWS; r++) {
        re[r] = acc[r].re;
        im[r] = acc[r].im;
    }
}

/* A -= v w^H + w v^H and y = A x for the rows from `first` on. */
static void hermitian_pass(int64_t order, double *a, int64_t first, const double *v,
                           const double *w, const double *x, double *y)
{
    const int64_t start = first / CT_BLOCK * CT_BLOCK;
    memset(y + start, 0, (size_t)(order - start) * sizeof *y);
    memset(y + order + start, 0, (size_t)(order - start) * sizeof *y);
    for (int64_t b = start; b < order; b += CT_BLOCK) {
        vec re[CT_BLOCK], im[CT_BLOCK];
        for (int r = 0; r < CT_BLOCK; r += CT_PAIR_ROWS) {
            if (b + r + CT_PAIR_ROWS > first)
                hermitian_rows(order, a, b + r, b, v, w, x, y, re + r, im + r);
            else
                for (int k = r; k < r + CT_PAIR_ROWS; k++)
                    re[k] = im[k] = splat(0.0);
        }
        for (int r = 0; r < CT_BLOCK; r += CT_VL) {
            store(y + b + r, load(y + b + r) + sums(re + r));
            store(y + order + b + r, load(y + order + b + r) + sums(im + r));
        }
    }
}

/* What the last update leaves at place j of row k. */
static inline cnumber updated(int64_t order, const double *row, int64_t k, int64_t j,
                              const double *v, const double *w)
{
    const double *vi = v + order, *wi = w + order;
    return (cnumber){row[j] - (v[k] * w[j] + vi[k] * wi[j]) - (w[k] * v[j] + wi[k] * vi[j]),
                     row[order * order + j] - (vi[k] * w[j] - v[k] * wi[j]) -
                         (wi[k] * v[j] - w[k] * vi[j])};
}

/* Row k, brought up to date, is reflected: x gets the vector (zero up to k), *e the modulus of the off-diagonal entry.
 * Returns 1 / h, or 0 when there is nothing to reflect. */
static double reflect_hermitian_row(int64_t order, const double *row, int64_t k, const double *v,
                                    const double *w, double *x, double *d, double *e)
{
    const int64_t start = (k + 1) / CT_BLOCK * CT_BLOCK, plane = order * order;
    const cvec nv = every(v, order, k, -1.0), nw = every(w, order, k, -1.0);
    *d = updated(order, row, k, k, v, w).re;
    const cnumber alpha = updated(order, row, k, k + 1, v, w);
    vec squares = splat(0.0);
    for (int64_t j = start; j < order; j += CT_VL) {
        cvec t = cfma_conj(planes_at(w, order, j), nv, planes_at(row, plane, j));
        t = cfma_conj(planes_at(v, order, j), nw, t);
        if (j < start + CT_BLOCK) {
            const ivec behind = row_numbers(j) > isplat(k + 1);
            t = (cvec){choose(behind, t.re, splat(0.0)), choose(behind, t.im, splat(0.0))};
        }
        put_planes(x, order, j, (cvec){t.re, -t.im});
        squares = CT_FMA(t.re, t.re, CT_FMA(t.im, t.im, squares));
    }
    const double rest = sum(squares);
    if (!(rest > CT_NEGLIGIBLE)) {
        *e = hypot(alpha.re, alpha.im);
        memset(x + start, 0, (size_t)(order - start) * sizeof *x);
        memset(x + order + start, 0, (size_t)(order - start) * sizeof *x);
        return 0.0;
    }
    cnumber beta, first;
    (void)reflection((cnumber){alpha.re, -alpha.im}, rest, &beta, &first);
    *e = sqrt(alpha.re * alpha.re + alpha.im * alpha.im + rest);
    x[k + 1] = first.re;
    x[order + k + 1] = first.im;
    /* of x itself, so that I - x x^H / h is unitary however x rounded */
    return 2.0 / (first.re * first.re + first.im * first.im + rest);
}

/* w = (y - (x^H y / 2h) x) / h in place of y. */
static void finish_hermitian_update(int64_t order, int64_t k, const double *x, double *y,
                                    double inverse)
{
    const int64_t start = (k + 1) / CT_BLOCK * CT_BLOCK;
    vec acc = splat(0.0); /* x^H y is real */
    for (int64_t j = start; j < order; j += CT_VL)
        acc =
            CT_FMA(load(x + j), load(y + j), CT_FMA(load(x + order + j), load(y + order + j), acc));
    const vec g = splat(-0.5 * sum(acc) * inverse), f = splat(inverse);
    for (int64_t j = start; j < order; j += CT_VL)
        for (int64_t at = j; at <= order + j; at += order) {
            const vec t = CT_FMA(g, load(x + at), load(y + at)) * f;
            store(y + at, choose(row_numbers(j) > isplat(k), t, splat(0.0)));
        }
}

static void tridiagonalise_complex(int64_t n, double *a, double *vectors, double *d, double *e)
{
    const int64_t order = ct_eigen_order(n);
    double *v = vectors, *w = v + 2 * order, *x = w + 2 * order, *y = x + 2 * order;
    int64_t k = order - n;
    memset(vectors, 0, (size_t)(8 * order) * sizeof *vectors);
    fill_hermitian_blocks(order, a);
    for (; k + 2 < order; k++) {
        const double inverse = reflect_hermitian_row(order, a + k * order, k, v, w, x, d, e);
        hermitian_pass(order, a, k + 1, v, w, x, y);
        finish_hermitian_update(order, k, x, y, inverse);
        double *t = v;
        v = x;
        x = t;
        t = w;
        w = y;
        y = t;
        d += CT_EIGEN_LANES;
        e += CT_EIGEN_LANES;
    }
    const cnumber last = updated(order, a + k * order, k, k + 1, v, w);
    *d = updated(order, a + k * order, k, k, v, w).re;
    *e = hypot(last.re, last.im);
    d += CT_EIGEN_LANES;
    *d = updated(order, a + (k + 1) * order, k + 1, k + 1, v, w).re;
}
