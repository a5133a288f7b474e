/* SPDX-License-Identifier: Apache-2.0 */
/* The inner loops of the eigenvalue solvers, one table for each instruction set. */
#ifndef CT_EIGEN_KERNELS_H
#define CT_EIGEN_KERNELS_H

#include "backend/operations.h"
#include "backend/cpu/eigen/thresholds.h"

/* Tile = panel width = half-bandwidth of the two-stage reduction: a multiple of every kernel's
 * micro-tile (24, 12, 6, 8). */
#define CT_TILE 48
#define CT_TILE_SIZE (CT_TILE * CT_TILE)
/* Lower band: entry (i, j) at band[i + CT_BAND_STRIDE * j], i - j < 2 CT_TILE. */
#define CT_BAND_STRIDE (2 * CT_TILE + 8)

/* Doubles from row to row of a matrix in one stage: n rounded up to 8, and beyond a multiple of 256 by 24 at least: rows 2 or
 * 4 KiB apart would share few places of the nearest cache. It grows with n. */
static inline int64_t ct_eigen_order(int64_t n)
{
    const int64_t order = (n + 7) / 8 * 8, beyond = order % 256;
    return order >= 256 && beyond < 24 ? order - beyond + 24 : order;
}

typedef struct ct_eigen_kernels {
    const char *name;

    /* Largest modulus among count numbers; NaN when one of them is NaN or infinite. */
    double (*largest)(size_t count, const double *x);

    /* Householder tridiagonalisation. a: rows of `order` doubles (ct_eigen_order(n),
     * 64-byte aligned), row and column i of the matrix at order - n + i, entries j >= i, everything
     * before them zero; destroyed. d[i * CT_EIGEN_LANES], e[i * CT_EIGEN_LANES]: diagonal and
     * off-diagonal. vectors: 4 * order doubles. reflections (may be NULL): row k of `order` doubles gets
     * x of step k, I - x x^T / h[k] (h[k] = 0: no reflection), k < n - 2. */
    void (*tridiagonalise)(int64_t n, double *a, double *vectors, double *d, double *e,
                           double *reflections, double *h);

    /* The same of a complex Hermitian matrix: a is a plane of real parts and one of imaginary parts behind it, order x order
     * each, these zero on the diagonal; e: moduli. vectors: 8 * order doubles. */
    void (*tridiagonalise_complex)(int64_t n, double *a, double *vectors, double *d, double *e);

    /* Eigenvalues of up to CT_EIGEN_LANES tridiagonal matrices: lane k has n[k] rows (0: unused),
     * diagonal d[i * CT_EIGEN_LANES + k], off-diagonal e[...] (n entries are used as room); values
     * replace d, unsorted. failed[k] = 1: no convergence. */
    void (*tridiagonal)(const int64_t *n, double *d, double *e, int *failed);

    /* c += sum over p < count of left[p] right[p]; tiles are column-major, CT_TILE x CT_TILE. next:
     * tiles that will be used soon, to be prefetched. */
    void (*tile_multiply)(int count, const double *const *left, const double *const *right,
                          double *c, int next_count, const double *const *next);

    /* Householder QR of a column of tiles (one behind the other). On return: R in the upper
     * triangle of the first tile, the vectors in v0 (first tile, with explicit zeros) and in place
     * (the others), I - tau v v^T. A zero column has tau = 0, v = 0. */
    void (*panel_factor)(int64_t tiles, double *panel, double *v0, double *tau);

    /* Reflects CT_TILE numbers to (beta, 0, ...); v: the vector, returns tau. */
    double (*chase_reflect)(double *column, double *v);
    /* Applies v, tau to the diagonal block at row r of the band and to the block below it; v
     * becomes the next reflection, returns its tau. */
    double (*chase_hop)(double *band, int64_t r, double *v, double tau);

    /* The same of complex numbers, whose real and imaginary parts have planes of their own: tiles,
     * v0 and v are a plane of real parts and one of imaginary parts behind it. All taus are real,
     * I - tau v v^H; beta is complex. */
    void (*panel_factor_complex)(int64_t tiles, double *panel, double *v0, double *tau);
    double (*chase_reflect_complex)(double *column, double *imaginary, double *v);
    double (*chase_hop_complex)(double *band, double *imaginary, int64_t r, double *v, double tau);
} ct_eigen_kernels;

/* The best table for this processor that CUTROPY_ISA allows. */
const ct_eigen_kernels *ct_eigen_kernels_best(void);
/* Table number k = 0, 1, ... that this processor can run, NULL behind the last (for tests and
 * benchmarks). */
const ct_eigen_kernels *ct_eigen_kernels_number(int k);

const ct_eigen_kernels *ct_eigen_kernels_generic(void);
#ifdef CT_HAVE_X86
const ct_eigen_kernels *ct_eigen_kernels_avx2(void);
const ct_eigen_kernels *ct_eigen_kernels_avx512(void);
#endif

/* The values with a given table: what the public functions do with the best one. parts: 1 real, 2 complex. */
cutropy_status ct_eigen_batch_with(const ct_eigen_kernels *kernels, int parts, int count,
                                   const int64_t *n, double *const *a, double *const *values,
                                   void *work);
/* Two-stage reduction on `threads` threads; the work happens in `a`. */
cutropy_status ct_eigen_large_with(const ct_eigen_kernels *kernels, int parts, int64_t n, double *a,
                                   double *values, const ct_watch *watch, int threads);

#endif
