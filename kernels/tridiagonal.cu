/* SPDX-License-Identifier: Apache-2.0 */
/* Tridiagonal form of real symmetric matrices of dimension n <= 128 by Householder's reflections: a thread block a
 * matrix, which lies as a full square in registers.
 *
 *   A <- A - v w^T - w v^T,   y = tau A v,   w = y - tau/2 (y . v) v      (LAPACK's dsytd2)
 *
 * A warp has 32 rows and every APART-th column; a thread OWN entries of one row. The update of a column is done
 * together with the product with the next v, so that a column takes two barriers:
 *
 *   first warp    w of the last reflection from the parts of y; column j with the update; v and tau of the new one
 *   all warps     the update of their entries; their part of A v; the owners of column j + 1 hand it out
 *
 * All matrices are divided by a power of two, so that nothing overflows. */
#include "spectrum.cuh"

/* What the warps of a block tell each other. */
template <int N, int WARPS> struct bulletin {
    static constexpr int GROUPS = N / 32, APART = WARPS / GROUPS, OWN = N / APART;
    double2 last[N];       /* v and w of the last reflection */
    double v[N];           /* of the new one */
    double column[N];      /* j, without the last update */
    double part[APART][N]; /* of A v */
    uint64_t largest[WARPS];
};

/* Where one tridiagonal matrix goes: numbers `stride` apart. */
struct band {
    double *d, *e;
    int64_t stride;
    double scale;
};

/* The entries of a thread, from the lower triangle, divided by a power of two that makes the largest number of the
 * matrix 1 to 2; bits of it. */
template <int N, int WARPS>
static __device__ uint64_t load(bulletin<N, WARPS> *b, const double *matrix, int n, int row, int q,
                                double *a, double *scale)
{
    typedef bulletin<N, WARPS> B;
    uint64_t largest = 0;
#pragma unroll
    for (int i = 0; i < B::OWN; i++) {
        const int c = q + B::APART * i, high = row > c ? row : c, low = row > c ? c : row;
        a[i] = high < n ? matrix[low * n + high] : 0;
        largest = max(largest, magnitude(a[i]));
    }
    largest = largest_of_block<WARPS>(b->largest, largest);
    const int shift = largest < INFINITE ? exponent(largest) : 0;
    const double by = ldexp(1.0, -shift);
    *scale = ldexp(1.0, shift);
#pragma unroll
    for (int i = 0; i < B::OWN; i++)
        a[i] *= by;
    return largest;
}

/* The first warp, all lanes: d_j, e_j and the reflection that makes column j zero below j + 1; its tau. tau: of the
 * last one. The matrix is stored from its end, since large entries come first in what Gram matrices become,
 * and QL wants the small ones first. */
template <int N, int WARPS>
static __device__ double reflect(bulletin<N, WARPS> *b, int n, int j, double tau, const band *out)
{
    typedef bulletin<N, WARPS> B;
    const int lane = (int)threadIdx.x % 32;
    double x[B::GROUPS], v[B::GROUPS], w[B::GROUPS], dot = 0, norm = 0, alpha = 0;
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        const int r = 32 * g + lane;
        double y = 0;
        v[g] = j > 0 && r >= j ? b->v[r] : 0;
        for (int q = 0; q < B::APART && j > 0 && r >= j; q++)
            y += b->part[q][r];
        w[g] = tau * y;
        dot = fma(w[g], v[g], dot);
    }
    dot = sum_of<32>(dot) * tau / 2;
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        w[g] = fma(-dot, v[g], w[g]);
        b->last[32 * g + lane] = make_double2(v[g], w[g]);
    }
    __syncwarp();
    const double2 of_j = b->last[j];
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        const int r = 32 * g + lane;
        x[g] = r >= j ? fma(-w[g], of_j.x, fma(-v[g], of_j.y, b->column[r])) : 0;
        if (r == j)
            out->d[(n - 1 - j) * out->stride] = x[g] * out->scale;
        norm = r > j + 1 ? fma(x[g], x[g], norm) : norm;
        alpha += r == j + 1 ? x[g] : 0;
    }
    norm = sum_of<32>(norm);
    alpha = sum_of<32>(alpha);
    const reflection next = reflection_of(alpha, norm);
    if (lane == 0 && j + 1 < n)
        out->e[(n - 2 - j) * out->stride] = next.beta * out->scale;
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        const int r = 32 * g + lane;
        b->v[r] = r == j + 1 ? 1 : r > j + 1 ? x[g] * next.by : 0;
    }
    return next.tau;
}

/* Columns <= j take no part: v and w are zero there. */
template <int N, int WARPS>
static __device__ void update(bulletin<N, WARPS> *b, int j, int row, int q, double *a)
{
    typedef bulletin<N, WARPS> B;
    const double2 mine = b->last[row];
    double sum = 0;
#pragma unroll
    for (int i = 0; i < B::OWN; i++) {
        const int c = q + B::APART * i;
        if (B::APART * (i / 4 * 4 + 3) + q > j) { /* four by four */
            const double2 other = b->last[c];
            a[i] = fma(-mine.y, other.x, fma(-mine.x, other.y, a[i]));
            sum = fma(a[i], b->v[c], sum);
            if (c == j + 1)
                b->column[row] = a[i];
        }
    }
    b->part[q][row] = sum;
}

template <int N, int WARPS>
__global__ void __launch_bounds__(32 * WARPS)
    tridiagonal_kernel(const double *matrices, int64_t count, int n, double *d, double *e)
{
    typedef bulletin<N, WARPS> B;
    __shared__ B b;
    const int warp = (int)threadIdx.x / 32, q = warp / B::GROUPS,
              row = 32 * (warp % B::GROUPS) + (int)threadIdx.x % 32;
    for (int64_t m = blockIdx.x; m < count; m += gridDim.x) {
        band out = {d + m, e + m, count, 1};
        double a[B::OWN], tau = 0;
        const uint64_t largest = load<N, WARPS>(&b, matrices + m * n * n, n, row, q, a, &out.scale);
        if (q == 0)
            b.column[row] = a[0];
        __syncthreads();
        if (largest >= INFINITE) { /* the same for all */
            if (threadIdx.x == 0)
                d[m] = no_number();
            continue;
        }
        for (int j = 0; j < n; j++) {
            if (warp == 0)
                tau = reflect<N, WARPS>(&b, n, j, tau, &out);
            __syncthreads();
            if (row / 32 * 32 + 31 > j)
                update<N, WARPS>(&b, j, row, q, a);
            __syncthreads();
        }
    }
}

cudaError_t ct_launch_tridiagonal(const double *a, int64_t count, int n, double *d, double *e,
                                  cudaStream_t stream)
{
    const dim3 grid = ct_job_grid(count);
    if (n < 1 || n > CT_EIGEN_MEDIUM)
        return cudaErrorInvalidValue;
    return n <= 32 ? CT_LAUNCH((tridiagonal_kernel<32, 2>), grid, dim3(64), 0, stream, a, count, n,
                               d, e)
           : n <= 64 ? CT_LAUNCH((tridiagonal_kernel<64, 4>), grid, dim3(128), 0, stream, a, count,
                                 n, d, e)
           : n <= 96 ? CT_LAUNCH((tridiagonal_kernel<96, 12>), grid, dim3(384), 0, stream, a, count,
                                 n, d, e)
                     : CT_LAUNCH((tridiagonal_kernel<128, 16>), grid, dim3(512), 0, stream, a,
                                 count, n, d, e);
}
