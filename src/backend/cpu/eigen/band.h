/* SPDX-License-Identifier: Apache-2.0 */
/* Dense -> band -> tridiagonal: two stages of one large matrix, on all threads. */
#ifndef CT_EIGEN_BAND_H
#define CT_EIGEN_BAND_H

#include "backend/cpu/eigen/kernels.h"

/* Reduces the lower triangle of a (n x n, column-major, scaled by 2^exponent on the way) to the
 * band (cleared here). parts: 1 real; 2 complex: a holds pairs, and the band a plane of
 * ct_band_count(n) real parts and one of imaginary parts. The work happens in a. watch (may be NULL)
 * is asked once a panel: CUTROPY_ECANCELLED. */
cutropy_status ct_band_reduce(const ct_eigen_kernels *kernels, int parts, int64_t n, double *a,
                              int exponent, double *band, const ct_watch *watch, int threads);

/* Doubles that a plane of the band needs, with the zero rows and columns behind the matrix. */
static inline size_t ct_band_count(int64_t n)
{
    return (size_t)(n + 3 * CT_TILE) * (CT_BAND_STRIDE + 1);
}

/* Band -> tridiagonal, in place. */
cutropy_status ct_band_chase(const ct_eigen_kernels *kernels, int parts, int64_t n, double *band,
                             int threads);

#endif
