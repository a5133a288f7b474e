/* SPDX-License-Identifier: Apache-2.0 */
/* Complex Hermitian matrices: LAPACK zhetrd, then the same tridiagonal eigenvalues as for real
 * ones. */
#include "backend/cpu/eigen/eigen.h"
#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/eigen/scale.h"

#include <complex.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#define CT_ZHETRD_BLOCK 32

size_t ct_eigen_hermitian_work_bytes(int64_t n)
{
    if (n < 0 || n > INT32_MAX / 64)
        return 0;
    return ((size_t)n * (2 * CT_EIGEN_LANES + 2 + 2 + 2 * CT_ZHETRD_BLOCK) + 16) * sizeof(double);
}

/* d[i * CT_EIGEN_LANES], e[...] of the matrix. */
static cutropy_status tridiagonal_form(int64_t n, double *a, double *d, double *e, double *room)
{
    double *diagonal = room, *off = room + n, *tau = off + n, *work = tau + 2 * n;
    const lapack_int info = LAPACKE_zhetrd_work(
        LAPACK_COL_MAJOR, 'L', (lapack_int)n, (lapack_complex_double *)(void *)a, (lapack_int)n,
        diagonal, off, (lapack_complex_double *)(void *)tau, (lapack_complex_double *)(void *)work,
        (lapack_int)(CT_ZHETRD_BLOCK * n));
    if (info != 0)
        return ct_fail(CUTROPY_ENUMERIC, "eigenvalues: zhetrd of a %lld x %lld matrix returned %d",
                       (long long)n, (long long)n, (int)info);
    for (int64_t i = 0; i < n; i++) {
        d[i * CT_EIGEN_LANES] = diagonal[i];
        e[i * CT_EIGEN_LANES] = i + 1 < n ? off[i] : 0.0;
    }
    return CUTROPY_OK;
}

cutropy_status ct_eigen_hermitian(int64_t n, double *a, double *values, void *work)
{
    double *d = work, *e = d + n * CT_EIGEN_LANES, *room = e + n * CT_EIGEN_LANES;
    const ct_eigen_kernels *kernels = ct_eigen_kernels_best();
    int64_t rows[CT_EIGEN_LANES] = {n};
    int failed[CT_EIGEN_LANES] = {0}, exponent;
    if (n == 0)
        return CUTROPY_OK;
    cutropy_status status = ct_eigen_exponent(kernels, n, 2, a, &exponent);
    if (status != CUTROPY_OK)
        return status;
    ct_eigen_scale((size_t)(2 * n * n), a, exponent);
    memset(d, 0, (size_t)(2 * n * CT_EIGEN_LANES) * sizeof *d);
    status = tridiagonal_form(n, a, d, e, room);
    if (status != CUTROPY_OK)
        return status;
    kernels->tridiagonal(rows, d, e, failed);
    if (failed[0])
        return ct_fail(CUTROPY_ENUMERIC,
                       "eigenvalues: QL iteration of a %lld x %lld matrix did not converge",
                       (long long)n, (long long)n);
    for (int64_t i = 0; i < n; i++)
        values[i] = d[i * CT_EIGEN_LANES];
    ct_eigen_scale((size_t)n, values, -exponent);
    ct_eigen_sort(n, values, room);
    return CUTROPY_OK;
}
