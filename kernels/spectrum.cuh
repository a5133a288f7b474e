/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels for eigenvalues share: scales, and Sturm counts. */
#ifndef CT_SPECTRUM_CUH
#define CT_SPECTRUM_CUH

#include "complex.cuh"
#include "device.cuh"

#define HALF_ULP 0x1p-53
#define INFINITE UINT64_C(0x7ff0000000000000) /* bits of it; NaN is above, numbers are below */
#define ALL_LANES 0xffffffffu

/* Absolute values as integers are ordered as the numbers are. */
static __device__ inline uint64_t magnitude(double x)
{
    return (uint64_t)__double_as_longlong(fabs(x));
}

static __device__ inline uint64_t magnitude(ct_complex x)
{
    return max(magnitude(x.re), magnitude(x.im));
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

/* Householder's reflection 1 - tau v v^H that takes a vector to beta times the first unit vector: alpha is the first
 * entry, norm the sum of the squares of the others; v is 1, then `by` times the others. They are dropped where the
 * squares are so small that they have lost digits: 2^-450, of matrices whose largest number is about 1. tau is real for complex vectors too,
 * whose beta is not (LAPACK's zlarfg has it the other way round): what is left of a Hermitian matrix is beta's absolute value. */
template <class T> struct reflection {
    T beta, by;
    double tau;
};

static __device__ inline reflection<ct_complex> reflection_of(ct_complex alpha, double norm)
{
    const double square = add_dot(alpha, alpha, 0), size = sqrt(square),
                 length = sqrt(square + norm);
    if (norm < 0x1p-900)
        return {alpha, 0, 0};
    if (square < 0x1p-900) /* alpha is dropped */
        return {-sqrt(norm), 1 / sqrt(norm), 1};
    return {-(length / size) * alpha, 1 / (size * (size + length)) * conjugate(alpha),
            1 + size / length};
}

static __device__ inline reflection<double> reflection_of(double alpha, double norm)
{
    if (norm < 0x1p-900)
        return {alpha, 0, 0};
    const double length = sqrt(fma(alpha, alpha, norm)), beta = alpha > 0 ? -length : length;
    return {beta, 1 / (alpha - beta), (beta - alpha) / beta};
}

/* Sums over lanes of N numbers each: lanes 2 i and 2 i + 1 of 2 N neighbours get that of number i. */
template <int N> static __device__ inline double fold(const double (&x)[N])
{
    double y[N / 2];
    const bool upper = ((int)threadIdx.x & N) != 0;
#pragma unroll
    for (int i = 0; i < N / 2; i++)
        y[i] = (upper ? x[i + N / 2] : x[i]) +
               __shfl_xor_sync(ALL_LANES, upper ? x[i] : x[i + N / 2], N);
    if constexpr (N > 2)
        return fold<N / 2>(y);
    else
        return y[0] + __shfl_xor_sync(ALL_LANES, y[0], 1);
}

/* Over so many neighbouring lanes, a power of two; all get the sum. */
template <int LANES> static __device__ inline double sum_of(double x)
{
#pragma unroll
    for (int apart = LANES / 2; apart > 0; apart /= 2)
        x += __shfl_xor_sync(ALL_LANES, x, apart);
    return x;
}

template <int LANES> static __device__ inline ct_complex sum_of(ct_complex x)
{
    return {sum_of<LANES>(x.re), sum_of<LANES>(x.im)};
}

/* The largest bits of a block of so many warps; `of_warp` has room for one of each, for it alone. */
template <int WARPS>
static __device__ inline uint64_t largest_of_block(uint64_t (&of_warp)[WARPS], uint64_t largest)
{
    for (int apart = 16; apart > 0; apart /= 2)
        largest = max(largest, __shfl_xor_sync(ALL_LANES, largest, apart));
    if (threadIdx.x % 32 == 0)
        of_warp[threadIdx.x / 32] = largest;
    __syncthreads();
    for (int w = 0; w < WARPS; w++)
        largest = max(largest, of_warp[w]);
    return largest;
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
