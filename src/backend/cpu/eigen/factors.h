/* SPDX-License-Identifier: Apache-2.0 */
/* The tiles of the band reduction and their products, real and complex.
 *
 * A complex tile is a plane of real parts and one of imaginary parts. A product is three real ones:
 * with P = Re L Re R, Q = Im L Im R and S = (Re L + Im L)(Re R + Im R) its parts are P - Q and S - P
 * - Q, which is as accurate beside the norms of L and R (Higham, Stability of a method for
 * multiplying complex matrices with three real matrix multiplications, SIMAX 1992). Factors have a
 * third plane, the sums of both parts. */
#ifndef CT_EIGEN_FACTORS_H
#define CT_EIGEN_FACTORS_H

#include <string.h>

#include "backend/cpu/eigen/kernels.h"

typedef struct reduction {
    const ct_eigen_kernels *kernels;
    int parts;            /* 1 real, 2 complex */
    int64_t n, tiles;     /* tiles per side */
    int64_t size, factor; /* doubles of a tile, of a factor */
    double *tile;         /* tile (i, j), i >= j, see tile_at */
    /* One tile or factor per tile row: */
    double *v[2];     /* factors V of panel k at [k % 2]; real ones stay in their tiles */
    double *v_row[2]; /* factors -V^H */
    double *y;        /* Y */
    double *w;        /* factors W */
    double *w_row;    /* factors -W^H */
    double *partial;  /* -V_i^H Y_i */
    /* One: */
    double *t, *t_row; /* factors T and T^H */
    double *v0, tau[CT_TILE];
    double *band;
    int threads;
} reduction;

static inline double *tile_at(const reduction *r, int64_t i, int64_t j)
{
    return r->tile + (j * r->tiles - j * (j - 1) / 2 + (i - j)) * r->size;
}

static inline void transpose(const double *a, double sign, double *out)
{
    for (int64_t jb = 0; jb < CT_TILE; jb += 8)
        for (int64_t i = 0; i < CT_TILE; i++)
            for (int64_t j = jb; j < jb + 8; j++)
                out[i * CT_TILE + j] = sign * a[j * CT_TILE + i];
}

/* V_i of panel k. */
static inline double *reflections_at(const reduction *r, int64_t k, int64_t i)
{
    return r->parts == 1 ? tile_at(r, i, k) : r->v[k % 2] + i * r->factor;
}

/* The third plane of a factor. */
static inline void complete_factor(const reduction *r, double *a)
{
    if (r->parts == 2)
        for (int64_t q = 0; q < CT_TILE_SIZE; q++)
            a[2 * CT_TILE_SIZE + q] = a[q] + a[CT_TILE_SIZE + q];
}

/* The factor sign a^H of the tile a. */
static inline void adjoint(const reduction *r, const double *a, double sign, double *out)
{
    transpose(a, sign, out);
    if (r->parts == 2)
        transpose(a + CT_TILE_SIZE, -sign, out + CT_TILE_SIZE);
    complete_factor(r, out);
}

/* p += sum over k < count <= 2 of left[k] right[k], of complex factors plane by plane: to be settled.
 * next: factors that will be used soon. */
static inline void multiply(const reduction *r, int count, const double *const *left,
                            const double *const *right, double *p, int next_count,
                            const double *const *next)
{
    for (int64_t plane = 0; plane < r->factor; plane += CT_TILE_SIZE) {
        const double *l[2], *x[2], *n[2];
        for (int k = 0; k < count; k++) {
            l[k] = left[k] + plane;
            x[k] = right[k] + plane;
        }
        for (int k = 0; k < next_count; k++)
            n[k] = next[k] + plane;
        r->kernels->tile_multiply(count, l, x, p + plane, next_count, n);
    }
}

/* From sums of three products to a factor. */
static inline void settle(const reduction *r, double *p)
{
    if (r->parts == 2)
        for (int64_t q = 0; q < CT_TILE_SIZE; q++) {
            const double a = p[q], b = p[CT_TILE_SIZE + q], s = p[2 * CT_TILE_SIZE + q];
            p[q] = a - b;
            p[CT_TILE_SIZE + q] = s - a - b;
            p[2 * CT_TILE_SIZE + q] = a - b + (s - a - b);
        }
}

/* The tile c += sum over k < count <= 2 of left[k] right[k]. */
static inline void add_products(const reduction *r, int count, const double *const *left,
                                const double *const *right, double *c, int next_count,
                                const double *const *next)
{
    if (r->parts == 1) {
        r->kernels->tile_multiply(count, left, right, c, next_count, next);
        return;
    }
    double p[3 * CT_TILE_SIZE] __attribute__((aligned(64)));
    memset(p, 0, sizeof p);
    multiply(r, count, left, right, p, next_count, next);
    for (int64_t q = 0; q < CT_TILE_SIZE; q++) {
        const double a = p[q], b = p[CT_TILE_SIZE + q], s = p[2 * CT_TILE_SIZE + q];
        c[q] += a - b;
        c[CT_TILE_SIZE + q] += s - a - b;
    }
}

/* What is above the diagonal of a tile on the diagonal, from what is below. */
static inline void mirror(const reduction *r, double *tile)
{
    double *imaginary = tile + CT_TILE_SIZE;
    for (int64_t q = 0; q < CT_TILE; q++)
        for (int64_t p = q + 1; p < CT_TILE; p++)
            tile[p * CT_TILE + q] = tile[q * CT_TILE + p];
    if (r->parts == 1)
        return;
    for (int64_t q = 0; q < CT_TILE; q++) {
        imaginary[q * CT_TILE + q] = 0.0;
        for (int64_t p = q + 1; p < CT_TILE; p++)
            imaginary[p * CT_TILE + q] = -imaginary[q * CT_TILE + p];
    }
}

#endif
