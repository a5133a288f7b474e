/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels of tile_isa.h and chase_isa.h for complex numbers: real and imaginary parts lie in
 * planes of their own, so that every vector holds numbers of one kind.
 *
 * A reflection is I - tau v v^H with real tau: v = x - beta e_1, beta = -|x| times the phase of
 * x_1. */
#include "backend/cpu/eigen/vec_isa.h"

/* The phase of a number whose square is less does not matter beside a norm above 2^-300. */
#define CT_PHASELESS 0x1p-800

typedef struct cvec {
    vec re, im;
} cvec;

typedef struct cnumber {
    double re, im;
} cnumber;

static inline cvec csplat(double re, double im)
{
    return (cvec){splat(re), splat(im)};
}

/* c + a b */
static inline cvec cfma(cvec a, cvec b, cvec c)
{
    c.re = CT_FMA(a.re, b.re, CT_FMA(-a.im, b.im, c.re));
    c.im = CT_FMA(a.re, b.im, CT_FMA(a.im, b.re, c.im));
    return c;
}

/* c + conj(a) b */
static inline cvec cfma_conj(cvec a, cvec b, cvec c)
{
    c.re = CT_FMA(a.re, b.re, CT_FMA(a.im, b.im, c.re));
    c.im = CT_FMA(a.re, b.im, CT_FMA(-a.im, b.re, c.im));
    return c;
}

/* beta and the first number of v for a first number alpha and the sum of squares of the rest; returns
 * tau. */
static double reflection(cnumber alpha, double rest, cnumber *beta, cnumber *first)
{
    const double square = alpha.re * alpha.re + alpha.im * alpha.im, modulus = sqrt(square);
    const double norm2 = square + rest, norm = sqrt(norm2);
    const int has_phase = square > CT_PHASELESS;
    const double scale = has_phase ? -norm / modulus : 0.0;
    *beta = has_phase ? (cnumber){scale * alpha.re, scale * alpha.im} : (cnumber){-norm, 0.0};
    *first = (cnumber){alpha.re - beta->re, alpha.im - beta->im};
    return 1.0 / (norm2 + modulus * norm);
}

/* ---- tiles ---- */

#define CT_COMPLEX_TILE (2 * CT_TILE_SIZE)

/* Numbers of a tile += g v. */
static inline cvec complex_update(cvec g, cvec v, double *at)
{
    const cvec y = cfma(g, v, (cvec){load(at), load(at + CT_TILE_SIZE)});
    store(at, y.re);
    store(at + CT_TILE_SIZE, y.im);
    return y;
}

/* panel_pass of complex numbers; dots[c] = (column j + 1)^H (column c). */
static void complex_pass(int64_t tiles, double *panel, int j, const cnumber *f, cnumber *dots)
{
    cvec acc[CT_TILE];
    for (int c = 0; c < CT_TILE; c++)
        acc[c] = csplat(0.0, 0.0);
    for (int64_t t = 1; t < tiles; t++) {
        double *tile = panel + t * CT_COMPLEX_TILE;
        cvec v[CT_TILE_VECS], x[CT_TILE_VECS];
        for (int k = 0; k < CT_TILE_VECS; k++) {
            const double *from = tile + j * CT_TILE + k * CT_VL;
            v[k] = j < 0 ? csplat(0.0, 0.0) : (cvec){load(from), load(from + CT_TILE_SIZE)};
        }
        const cvec s = csplat(-f[j + 1].re, -f[j + 1].im);
        cvec total = acc[j + 1];
        for (int k = 0; k < CT_TILE_VECS; k++) {
            x[k] = complex_update(s, v[k], tile + (j + 1) * CT_TILE + k * CT_VL);
            total = cfma_conj(x[k], x[k], total);
        }
        acc[j + 1] = total;
        for (int c = j + 2; c < CT_TILE; c++) {
            const cvec g = csplat(-f[c].re, -f[c].im);
            cvec a = acc[c];
            for (int k = 0; k < CT_TILE_VECS; k++)
                a = cfma_conj(x[k], complex_update(g, v[k], tile + c * CT_TILE + k * CT_VL), a);
            acc[c] = a;
        }
    }
    for (int c = j + 1; c < CT_TILE; c++)
        dots[c] = (cnumber){sum(acc[c].re), sum(acc[c].im)};
}

static void complex_top(double *top, const double *v0, int j, const cnumber *f, cnumber *dots)
{
    const double *v = v0 + j * CT_TILE, *x = top + (j + 1) * CT_TILE;
    for (int c = j + 1; c < CT_TILE; c++) {
        double *re = top + c * CT_TILE, *im = re + CT_TILE_SIZE;
        cnumber total = {0.0, 0.0};
        if (j >= 0)
            for (int i = j; i < CT_TILE; i++) {
                const double vr = v[i], vi = v[CT_TILE_SIZE + i];
                re[i] -= f[c].re * vr - f[c].im * vi;
                im[i] -= f[c].re * vi + f[c].im * vr;
            }
        for (int i = j + 2; i < CT_TILE; i++) {
            const double xr = x[i], xi = x[CT_TILE_SIZE + i];
            total.re += xr * re[i] + xi * im[i];
            total.im += xr * im[i] - xi * re[i];
        }
        dots[c].re += total.re;
        dots[c].im += total.im;
    }
}

static void clear_complex_column(int64_t tiles, double *panel, double *v0, int j)
{
    for (int part = 0; part < 2; part++) {
        memset(v0 + part * CT_TILE_SIZE + j * CT_TILE, 0, CT_TILE * sizeof *v0);
        for (int64_t t = 1; t < tiles; t++)
            memset(panel + (2 * t + part) * CT_TILE_SIZE + j * CT_TILE, 0, CT_TILE * sizeof *v0);
    }
}

static void panel_factor_complex(int64_t tiles, double *panel, double *v0, double *tau)
{
    cnumber f[CT_TILE + 1] = {{0.0, 0.0}}, dots[CT_TILE + 1] = {{0.0, 0.0}};
    complex_pass(tiles, panel, -1, f, dots);
    complex_top(panel, v0, -1, f, dots);
    for (int j = 0; j < CT_TILE; j++) {
        double *re = panel + j * CT_TILE, *im = re + CT_TILE_SIZE;
        memset(f, 0, sizeof f);
        tau[j] = 0.0;
        if (!(dots[j].re > CT_NEGLIGIBLE)) {
            clear_complex_column(tiles, panel, v0, j);
        } else {
            double *to = v0 + j * CT_TILE;
            cnumber beta, first;
            tau[j] = reflection((cnumber){re[j], im[j]}, dots[j].re, &beta, &first);
            for (int part = 0; part < 2; part++) {
                memset(to + part * CT_TILE_SIZE, 0, (size_t)j * sizeof *to);
                memcpy(to + part * CT_TILE_SIZE + j, (part ? im : re) + j,
                       (size_t)(CT_TILE - j) * sizeof *to);
            }
            to[j] = first.re;
            to[CT_TILE_SIZE + j] = first.im;
            re[j] = beta.re;
            im[j] = beta.im;
            for (int c = j + 1; c < CT_TILE; c++) {
                const double yr = panel[c * CT_TILE + j],
                             yi = panel[CT_TILE_SIZE + c * CT_TILE + j];
                f[c].re = tau[j] * (dots[c].re + (first.re * yr + first.im * yi));
                f[c].im = tau[j] * (dots[c].im + (first.re * yi - first.im * yr));
            }
        }
        if (j + 1 < CT_TILE) {
            complex_pass(tiles, panel, j, f, dots);
            complex_top(panel, v0, j, f, dots);
        }
    }
}

/* ---- bulges ---- */

static inline cvec load_complex(const double *re, const double *im)
{
    return (cvec){load_loose(re), load_loose(im)};
}

static inline void store_complex(double *re, double *im, cvec x)
{
    store_loose(re, x.re);
    store_loose(im, x.im);
}

/* Numbers k * CT_VL .. of v, and number j of it in all elements. */
static inline cvec part_of(const double *v, int k)
{
    return (cvec){load(v + k * CT_VL), load(v + CT_TILE + k * CT_VL)};
}

static inline cvec number_of(const double *v, int j)
{
    return csplat(v[j], v[CT_TILE + j]);
}

static double chase_reflect_complex(double *column, double *imaginary, double *v)
{
    const cnumber alpha = {column[0], imaginary[0]};
    cnumber beta, first;
    vec squares = splat(0.0);
    column[0] = imaginary[0] = 0.0;
    for (int k = 0; k < CT_TILE_VECS; k++) {
        const cvec x = load_complex(column + k * CT_VL, imaginary + k * CT_VL);
        store(v + k * CT_VL, x.re);
        store(v + CT_TILE + k * CT_VL, x.im);
        squares = CT_FMA(x.re, x.re, CT_FMA(x.im, x.im, squares));
        store_complex(column + k * CT_VL, imaginary + k * CT_VL, csplat(0.0, 0.0));
    }
    const double rest = sum(squares);
    column[0] = alpha.re;
    imaginary[0] = alpha.im;
    if (!(rest > CT_NEGLIGIBLE)) {
        memset(v, 0, 2 * CT_TILE * sizeof *v);
        return 0.0;
    }
    const double tau = reflection(alpha, rest, &beta, &first);
    column[0] = beta.re;
    imaginary[0] = beta.im;
    v[0] = first.re;
    v[CT_TILE] = first.im;
    return tau;
}

/* y = D v from the lower triangle of the Hermitian block at d; the imaginary parts of its diagonal
 * are not read. */
static void complex_diagonal_product(const double *d, const double *di, const double *v, double *y)
{
    static const double row_number[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    vec row;
    cvec yk[CT_TILE_VECS];
    memcpy(&row, row_number, sizeof row);
    for (int k = 0; k < CT_TILE_VECS; k++)
        yk[k] = csplat(0.0, 0.0);
#pragma GCC unroll 1
    for (int g = 0; g < CT_TILE_VECS; g++) {
        vec re[CT_VL], im[CT_VL];
        const cvec vg = part_of(v, g);
        cvec yg = csplat(0.0, 0.0);
        for (int q = 0; q < CT_VL; q++) {
            const int at = (g * CT_VL + q) * CT_BAND_STRIDE + g * CT_VL;
            const cvec x = load_complex(d + at, di + at), zero = csplat(0.0, 0.0);
            const ivec strict = row > splat(q), lower = row >= splat(q);
            const cvec below = {choose(strict, x.re, zero.re), choose(strict, x.im, zero.im)};
            yg = cfma((cvec){choose(lower, x.re, zero.re), below.im}, number_of(v, g * CT_VL + q),
                      yg);
            const cvec dot = cfma_conj(below, vg, zero);
            re[q] = dot.re;
            im[q] = dot.im;
        }
        for (int k = g + 1; k < CT_TILE_VECS; k++) {
            const cvec vk = part_of(v, k);
            cvec t = yk[k];
            for (int q = 0; q < CT_VL; q++) {
                const int at = (g * CT_VL + q) * CT_BAND_STRIDE + k * CT_VL;
                const cvec x = load_complex(d + at, di + at);
                t = cfma(x, number_of(v, g * CT_VL + q), t);
                const cvec dot = cfma_conj(x, vk, (cvec){re[q], im[q]});
                re[q] = dot.re;
                im[q] = dot.im;
            }
            yk[k] = t;
        }
        store(y + g * CT_VL, yk[g].re + (yg.re + sums(re)));
        store(y + CT_TILE + g * CT_VL, yk[g].im + (yg.im + sums(im)));
    }
}

/* D = H D H, H = I - tau v v^H. */
static void complex_chase_diagonal(double *d, double *di, const double *v, double tau)
{
    double y[2 * CT_TILE] __attribute__((aligned(64)));
    complex_diagonal_product(d, di, v, y);
    vec acc = splat(0.0); /* v^H y is real */
    for (int k = 0; k < CT_TILE_VECS; k++) {
        const cvec vk = part_of(v, k), yk = part_of(y, k);
        acc = CT_FMA(vk.re, yk.re, CT_FMA(vk.im, yk.im, acc));
    }
    const vec g = splat(-0.5 * tau * sum(acc)), f = splat(tau);
    for (int k = 0; k < 2 * CT_TILE_VECS; k++)
        store(y + k * CT_VL, f * CT_FMA(g, load(v + k * CT_VL), load(y + k * CT_VL)));
    for (int q = 0; q < CT_TILE; q++) {
        const cvec nv = csplat(-v[q], v[CT_TILE + q]), nw = csplat(-y[q], y[CT_TILE + q]);
        double *re = d + q * CT_BAND_STRIDE, *im = di + q * CT_BAND_STRIDE;
        for (int k = q / CT_VL; k < CT_TILE_VECS; k++) {
            cvec t = load_complex(re + k * CT_VL, im + k * CT_VL);
            t = cfma(nv, part_of(y, k), t);
            t = cfma(nw, part_of(v, k), t);
            store_complex(re + k * CT_VL, im + k * CT_VL, t);
        }
    }
}

/* B = B H, then the reflection of its first column (new v, tau) from the left. */
static double complex_chase_below(double *b, double *bi, double *v, double tau)
{
    double x[2 * CT_TILE] __attribute__((aligned(64)));
    cvec u[CT_TILE_VECS], w[CT_TILE_VECS];
    for (int k = 0; k < CT_TILE_VECS; k++)
        u[k] = csplat(0.0, 0.0);
    for (int j = 0; j < CT_TILE; j++)
        for (int k = 0; k < CT_TILE_VECS; k++) {
            const int at = j * CT_BAND_STRIDE + k * CT_VL;
            u[k] = cfma(load_complex(b + at, bi + at), number_of(v, j), u[k]);
        }
    memcpy(x, v, sizeof x);
    for (int k = 0; k < CT_TILE_VECS; k++) {
        u[k].re *= splat(-tau);
        u[k].im *= splat(-tau);
        store_complex(
            b + k * CT_VL, bi + k * CT_VL,
            cfma(u[k], csplat(x[0], -x[CT_TILE]), load_complex(b + k * CT_VL, bi + k * CT_VL)));
    }
    tau = chase_reflect_complex(b, bi, v);
    for (int k = 0; k < CT_TILE_VECS; k++)
        w[k] = part_of(v, k);
    for (int j = 1; j < CT_TILE; j++) {
        const cvec s = csplat(x[j], -x[CT_TILE + j]);
        double *re = b + j * CT_BAND_STRIDE, *im = bi + j * CT_BAND_STRIDE;
        cvec t[CT_TILE_VECS], dot = csplat(0.0, 0.0);
        for (int k = 0; k < CT_TILE_VECS; k++) {
            t[k] = cfma(u[k], s, load_complex(re + k * CT_VL, im + k * CT_VL));
            dot = cfma_conj(w[k], t[k], dot);
        }
        const cvec g = csplat(-tau * sum(dot.re), -tau * sum(dot.im));
        for (int k = 0; k < CT_TILE_VECS; k++)
            store_complex(re + k * CT_VL, im + k * CT_VL, cfma(g, w[k], t[k]));
    }
    return tau;
}

static double chase_hop_complex(double *band, double *imaginary, int64_t r, double *v, double tau)
{
    const int64_t at = r + CT_BAND_STRIDE * r;
    complex_chase_diagonal(band + at, imaginary + at, v, tau);
    return complex_chase_below(band + at + CT_TILE, imaginary + at + CT_TILE, v, tau);
}
