/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels for eigenvalues share: scales, and Sturm counts. */
#ifndef CT_SPECTRUM_CUH
#define CT_SPECTRUM_CUH

#include "device.cuh"

#define HALF_ULP 0x1p-53
#define INFINITE UINT64_C(0x7ff0000000000000) /* bits of it; NaN is above, numbers are below */
#define ALL_LANES 0xffffffffu

/* Absolute values as integers are ordered as the numbers are. */
static __device__ inline uint64_t magnitude(double x)
{
    return (uint64_t)__double_as_longlong(fabs(x));
}

/* 2^exponent = the largest power of two <= the number with these bits, no less than 2^-1023: it and
 * its inverse are numbers, and dividing by it is exact unless it takes what is 2^1022 times smaller
 * than the largest number below 2^-1022. */
static __device__ inline int exponent(uint64_t bits)
{
    return (int)(bits >> 52) - 1023;
}

static __device__ inline double no_number()
{
    return __longlong_as_double(-1);
}

/* Eigenvalues below x of scale (d, e), numbers `stride` apart: negative pivots of the LDL^T factors of
 * T - x. A pivot of almost zero counts as negative; 2^-1020 keeps the next one finite. */
static __device__ inline int64_t count_below(const double *d, const double *e, int64_t n,
                                             int64_t stride, double scale, double x)
{
    double pivot = 1;
    int64_t below = 0;
    for (int64_t i = 0; i < n; i++) {
        const double left = i > 0 ? scale * e[(i - 1) * stride] : 0;
        pivot = scale * d[i * stride] - x - left * left / pivot;
        if (fabs(pivot) < 0x1p-1020)
            pivot = -0x1p-1020;
        below += pivot < 0;
    }
    return below;
}

/* An interval with all eigenvalues of scale (d, e): Gershgorin's, a little wider. */
static __device__ inline void enclose(const double *d, const double *e, int64_t n, int64_t stride,
                                      double scale, double *low, double *high)
{
    *low = *high = scale * d[0];
    for (int64_t i = 0; i < n; i++) {
        const double here = scale * d[i * stride],
                     radius = scale * (i > 0 ? fabs(e[(i - 1) * stride]) : 0) +
                              scale * (i + 1 < n ? fabs(e[i * stride]) : 0);
        *low = fmin(*low, here - radius);
        *high = fmax(*high, here + radius);
    }
    const double size = fmax(fabs(*low), fabs(*high));
    *low -= 4 * HALF_ULP * size;
    *high += 4 * HALF_ULP * size;
}

#endif
