/* SPDX-License-Identifier: Apache-2.0 */
/* One large real symmetric or complex Hermitian matrix on all threads: band reduction, bulge chasing, tridiagonal
 * eigenvalues. */
#include "backend/cpu/eigen/eigen.h"
#include "backend/cpu/eigen/band.h"
#include "backend/cpu/eigen/scale.h"

#include <math.h>
#include <string.h>

/* d, e of the reduced band as lane 0. Off the diagonal of a Hermitian tridiagonal matrix only moduli
 * matter. */
static void take_tridiagonal(int64_t n, int parts, const double *band, double *d, double *e)
{
    const double *imaginary = band + ct_band_count(n);
    memset(d, 0, (size_t)(n * CT_EIGEN_LANES) * sizeof *d);
    memset(e, 0, (size_t)(n * CT_EIGEN_LANES) * sizeof *e);
    for (int64_t i = 0; i < n; i++) {
        d[i * CT_EIGEN_LANES] = band[i + CT_BAND_STRIDE * i];
        const int64_t below = i + 1 + CT_BAND_STRIDE * i;
        if (i + 1 < n)
            e[i * CT_EIGEN_LANES] = parts == 1 ? band[below] : hypot(band[below], imaginary[below]);
    }
}

cutropy_status ct_eigen_large_with(const ct_eigen_kernels *kernels, int parts, int64_t n, double *a,
                                   double *values, const ct_watch *watch, int threads)
{
    cutropy_status status = CUTROPY_OK;
    double *band = NULL, *d = NULL, *e = NULL;
    int64_t rows[CT_EIGEN_LANES] = {n};
    int failed[CT_EIGEN_LANES] = {0}, exponent;
    if (n == 0)
        return CUTROPY_OK;
    threads = threads < 1 ? 1 : threads;
    CT_TRY(ct_eigen_exponent(kernels, n, parts, a, &exponent));
    CT_NEW(band, (size_t)parts * ct_band_count(n));
    CT_TRY(ct_band_reduce(kernels, parts, n, a, exponent, band, watch, threads));
    CT_TRY(ct_band_chase(kernels, parts, n, band, threads));
    CT_NEW(d, n * CT_EIGEN_LANES);
    CT_NEW(e, n * CT_EIGEN_LANES);
    take_tridiagonal(n, parts, band, d, e);
    kernels->tridiagonal(rows, d, e, failed);
    if (failed[0]) {
        status = ct_fail(CUTROPY_ENUMERIC,
                         "eigenvalues: QL iteration of a %lld x %lld matrix did not converge",
                         (long long)n, (long long)n);
        goto done;
    }
    for (int64_t i = 0; i < n; i++)
        values[i] = d[i * CT_EIGEN_LANES];
    ct_eigen_scale((size_t)n, values, -exponent);
    ct_eigen_sort(n, values, e);
done:
    ct_free(band);
    ct_free(d);
    ct_free(e);
    return status;
}

cutropy_status ct_eigen_symmetric_large(int64_t n, double *a, double *values, const ct_watch *watch,
                                        int threads)
{
    return ct_eigen_large_with(ct_eigen_kernels_best(), 1, n, a, values, watch, threads);
}

cutropy_status ct_eigen_hermitian_large(int64_t n, double *a, double *values, const ct_watch *watch,
                                        int threads)
{
    return ct_eigen_large_with(ct_eigen_kernels_best(), 2, n, a, values, watch, threads);
}
