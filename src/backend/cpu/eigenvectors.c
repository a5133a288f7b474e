/* SPDX-License-Identifier: Apache-2.0 */
/* Own tridiagonalisation, LAPACK's divide and conquer for the tridiagonal matrix, and the
 * reflections applied to its vectors in blocks by matrix products. */
#include "backend/cpu/eigenvectors.h"

#include <lapacke.h>
#include <string.h>

#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/eigen/scale.h"
#include "backend/cpu/product.h"

#define BLOCK 48 /* reflections that are applied together */

/* order = n rounded up to 8; row and column i of the matrix lie at front + i. */
typedef struct ct_reduced {
    int64_t n, order, front;
    double *matrix;      /* order x order */
    double *reflections; /* n x order */
    double *h;           /* n */
    double *vectors;     /* 4 x order */
    double *lanes;       /* 2 x order x CT_EIGEN_LANES */
    double *d, *e;       /* n each */
} ct_reduced;

static cutropy_status open_reduced(int64_t n, ct_reduced *r)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t order = ct_eigen_order(n);
    *r = (ct_reduced){.n = n, .order = order, .front = order - n};
    CT_NEW(r->matrix, order * order);
    CT_NEW(r->reflections, n * order);
    CT_NEW(r->h, n);
    CT_NEW(r->vectors, 4 * order);
    CT_NEW(r->lanes, 2 * order * CT_EIGEN_LANES);
    CT_NEW(r->d, n);
    CT_NEW(r->e, n);
done:
    return status;
}

static void close_reduced(ct_reduced *r)
{
    ct_free(r->matrix);
    ct_free(r->reflections);
    ct_free(r->h);
    ct_free(r->vectors);
    ct_free(r->lanes);
    ct_free(r->d);
    ct_free(r->e);
}

/* 2^exponent a = Q tridiag(d, e) Q^T. */
static void reduce(const ct_eigen_kernels *kernels, const double *a, int exponent, ct_reduced *r)
{
    const int64_t n = r->n;
    double *d = r->lanes, *e = d + r->order * CT_EIGEN_LANES;
    ct_eigen_copy_aligned(n, a, exponent, r->matrix);
    kernels->tridiagonalise(n, r->matrix, r->vectors, d, e, r->reflections, r->h);
    for (int64_t i = 0; i < n; i++) {
        r->d[i] = d[i * CT_EIGEN_LANES];
        r->e[i] = i + 1 < n ? e[i * CT_EIGEN_LANES] : 0;
    }
}

/* Eigenvectors of tridiag(d, e) as rows of z; d becomes the values. */
static cutropy_status solve_tridiagonal(int64_t n, double *d, double *e, double *z)
{
    cutropy_status status = CUTROPY_OK;
    double *work = NULL, size = 0;
    lapack_int *integers = NULL, integer_size = 0;
    const lapack_int m = (lapack_int)n;
    lapack_int info =
        LAPACKE_dstedc_work(LAPACK_COL_MAJOR, 'I', m, d, e, z, m, &size, -1, &integer_size, -1);
    if (info == 0) {
        CT_NEW(work, (size_t)size);
        CT_NEW(integers, integer_size);
        info = LAPACKE_dstedc_work(LAPACK_COL_MAJOR, 'I', m, d, e, z, m, work, (lapack_int)size,
                                   integers, integer_size);
    }
    if (info != 0)
        status = ct_fail(CUTROPY_ENUMERIC, "dstedc returned %d for a matrix of dimension %lld",
                         (int)info, (long long)n);
done:
    ct_free(integers);
    ct_free(work);
    return status;
}

/* T of the product of reflections I - X^T T X (rows x_0, x_1, ... of X in this order), upper
 * triangular: T_jj = 1 / h_j, column j above it -T (X x_j) / h_j. overlap: X X^T. */
static void block_factor(int64_t count, const double *h, const double *overlap, double *t)
{
    memset(t, 0, (size_t)(count * count) * sizeof *t);
    for (int64_t j = 0; j < count; j++) {
        const double tau = h[j] > 0 ? 1 / h[j] : 0;
        for (int64_t i = 0; i < j; i++) {
            double sum = 0;
            for (int64_t k = i; k < j; k++)
                sum += t[i * count + k] * overlap[k * count + j];
            t[i * count + j] = -tau * sum;
        }
        t[j * count + j] = tau;
    }
}

/* Rows z become Q z, Q the product of all reflections: blocks from the last to the first, z -=
 * ((z X^T) T^T) X. */
static cutropy_status turn_back(const ct_reduced *r, double *z)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = r->n, ld = r->order;
    double *overlap = NULL, *t = NULL, *along = NULL, *turned = NULL, *change = r->matrix;
    CT_NEW(overlap, BLOCK * BLOCK);
    CT_NEW(t, BLOCK * BLOCK);
    CT_NEW(along, n * BLOCK);
    CT_NEW(turned, n * BLOCK);
    for (int64_t first = n > 2 ? (n - 3) / BLOCK * BLOCK : -1; first >= 0; first -= BLOCK) {
        const int64_t count = n - 2 - first < BLOCK ? n - 2 - first : BLOCK;
        /* zero before component first + 1 */
        const int64_t start = first + 1, length = n - start;
        const double *x = r->reflections + first * ld + r->front + start;
        ct_cpu_product(count, count, length, x, ld, x, ld, true, overlap, count);
        block_factor(count, r->h + first, overlap, t);
        ct_cpu_product(n, count, length, z + start, n, x, ld, true, along, count);
        ct_cpu_product(n, count, count, along, count, t, count, true, turned, count);
        ct_cpu_product(n, length, count, turned, count, x, ld, false, change, length);
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < length; k++)
                z[j * n + start + k] -= change[j * length + k];
    }
done:
    ct_free(overlap);
    ct_free(t);
    ct_free(along);
    ct_free(turned);
    return status;
}

cutropy_status ct_cpu_eigenvectors(int64_t n, double *a, double *values)
{
    cutropy_status status = CUTROPY_OK;
    const ct_eigen_kernels *kernels = ct_eigen_kernels_best();
    ct_reduced r = {0};
    int exponent = 0;
    if (n > 30000) /* the work space of divide and conquer is counted in 32 bits */
        return ct_fail(CUTROPY_EUNSUPPORTED, "eigenvectors of dimension %lld: 30000 at most",
                       (long long)n);
    if (n == 0)
        return CUTROPY_OK;
    CT_TRY(ct_eigen_exponent(kernels, n, 1, a, &exponent));
    if (n == 1) {
        values[0] = a[0];
        a[0] = 1;
        return CUTROPY_OK;
    }
    CT_TRY(open_reduced(n, &r));
    reduce(kernels, a, exponent, &r);
    CT_TRY(solve_tridiagonal(n, r.d, r.e, a));
    CT_TRY(turn_back(&r, a));
    memcpy(values, r.d, (size_t)n * sizeof *values);
    ct_eigen_scale((size_t)n, values, -exponent);
done:
    close_reduced(&r);
    return status;
}
