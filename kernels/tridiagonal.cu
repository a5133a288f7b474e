/* SPDX-License-Identifier: Apache-2.0 */
/* Tridiagonal form of real symmetric matrices of dimension n <= 128, and of Hermitian ones to 96, by Householder's reflections: a thread
 * block a matrix, which lies as a full square in registers.
 *
 *   A <- A - v w^H - w v^H,   y = tau A v,   w = y - tau/2 (y . v) v      (LAPACK's dsytd2)
 *
 * A warp has 32 rows and every APART-th column; a thread OWN entries of one row. The update of a column is done
 * together with the product with the next v, so that a column takes two barriers:
 *
 *   first warp    w of the last reflection from the parts of y; column j with the update; v and tau of the new one
 *   all warps     the update of their entries; their part of A v; the owners of column j + 1 hand it out
 *
 * All matrices are divided by a power of two, so that nothing overflows. */
#include "spectrum.cuh"

template <class T> struct __align__(16) two
{
    T v, w;
};

/* What the warps of a block tell each other. */
template <class T, int N, int WARPS> struct bulletin {
    static constexpr int GROUPS = N / 32, APART = WARPS / GROUPS, OWN = N / APART;
    two<T> last[N];   /* v and w of the last reflection */
    T v[N];           /* of the new one */
    T column[N];      /* j, without the last update */
    T part[APART][N]; /* of A v */
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
template <class T, int N, int WARPS>
static __device__ uint64_t load(bulletin<T, N, WARPS> *b, const T *matrix, int n, int row, int q,
                                T *a, double *scale)
{
    typedef bulletin<T, N, WARPS> B;
    uint64_t largest = 0;
#pragma unroll
    for (int i = 0; i < B::OWN; i++) {
        const int c = q + B::APART * i, high = row > c ? row : c, low = row > c ? c : row;
        a[i] = high < n ? matrix[low * n + high] : 0;
        a[i] = row > c ? a[i] : row < c ? conjugate(a[i]) : real_of(a[i]);
        largest = max(largest, magnitude(a[i]));
    }
    largest = largest_of_block<WARPS>(b->largest, largest);
    const int shift = largest < INFINITE ? exponent(largest) : 0;
    const double by = ldexp(1.0, -shift);
    *scale = ldexp(1.0, shift);
#pragma unroll
    for (int i = 0; i < B::OWN; i++)
        a[i] = by * a[i];
    return largest;
}

/* The first warp, all lanes: d_j, e_j and the reflection that makes column j zero below j + 1; its tau. tau: of the
 * last one. The matrix is stored from its end, since large entries come first in what Gram matrices become,
 * and QL wants the small ones first. */
template <class T, int N, int WARPS>
static __device__ double reflect(bulletin<T, N, WARPS> *b, int n, int j, double tau,
                                 const band *out)
{
    typedef bulletin<T, N, WARPS> B;
    const int lane = (int)threadIdx.x % 32;
    double dot = 0, norm = 0;
    T x[B::GROUPS], v[B::GROUPS], w[B::GROUPS], alpha = 0;
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        const int r = 32 * g + lane;
        T y = 0;
        v[g] = j > 0 && r >= j ? b->v[r] : 0;
        for (int q = 0; q < B::APART && j > 0 && r >= j; q++)
            y = y + b->part[q][r];
        w[g] = tau * y;
        dot = add_dot(w[g], v[g], dot);
    }
    dot = sum_of<32>(dot) * tau / 2;
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        w[g] = fma(-dot, v[g], w[g]);
        b->last[32 * g + lane] = {v[g], w[g]};
    }
    __syncwarp();
    const two<T> of_j = b->last[j];
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        const int r = 32 * g + lane;
        x[g] =
            r >= j ? fma(-w[g], conjugate(of_j.v), fma(-v[g], conjugate(of_j.w), b->column[r])) : 0;
        if (r == j)
            out->d[(n - 1 - j) * out->stride] = real_of(x[g]) * out->scale;
        norm = r > j + 1 ? add_dot(x[g], x[g], norm) : norm;
        alpha = r == j + 1 ? x[g] : alpha;
    }
    norm = sum_of<32>(norm);
    alpha = sum_of<32>(alpha);
    const reflection<T> next = reflection_of(alpha, norm);
    if (lane == 0 && j + 1 < n)
        out->e[(n - 2 - j) * out->stride] = beside(next.beta) * out->scale;
#pragma unroll
    for (int g = 0; g < B::GROUPS; g++) {
        const int r = 32 * g + lane;
        b->v[r] = r == j + 1 ? 1 : r > j + 1 ? x[g] * next.by : 0;
    }
    return next.tau;
}

/* Columns <= j take no part: v and w are zero there. */
template <class T, int N, int WARPS>
static __device__ void update(bulletin<T, N, WARPS> *b, int j, int row, int q, T *a)
{
    typedef bulletin<T, N, WARPS> B;
    const two<T> mine = b->last[row];
    T sum = 0;
#pragma unroll
    for (int i = 0; i < B::OWN; i++) {
        const int c = q + B::APART * i;
        if (B::APART * (i / 4 * 4 + 3) + q > j) { /* four by four */
            const two<T> other = b->last[c];
            a[i] = fma(-mine.w, conjugate(other.v), fma(-mine.v, conjugate(other.w), a[i]));
            sum = fma(a[i], b->v[c], sum);
            if (c == j + 1)
                b->column[row] = a[i];
        }
    }
    b->part[q][row] = sum;
}

template <class T, int N, int WARPS>
__global__ void __launch_bounds__(32 * WARPS)
    tridiagonal_kernel(const T *matrices, int64_t count, int n, double *d, double *e)
{
    typedef bulletin<T, N, WARPS> B;
    __shared__ B b;
    const int warp = (int)threadIdx.x / 32, q = warp / B::GROUPS,
              row = 32 * (warp % B::GROUPS) + (int)threadIdx.x % 32;
    for (int64_t m = blockIdx.x; m < count; m += gridDim.x) {
        band out = {d + m, e + m, count, 1};
        T a[B::OWN];
        double tau = 0;
        const uint64_t largest =
            load<T, N, WARPS>(&b, matrices + m * n * n, n, row, q, a, &out.scale);
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
                tau = reflect<T, N, WARPS>(&b, n, j, tau, &out);
            __syncthreads();
            if (row / 32 * 32 + 31 > j)
                update<T, N, WARPS>(&b, j, row, q, a);
            __syncthreads();
        }
    }
}

template <class T, int N, int WARPS>
static cudaError_t launch(const double *a, int64_t count, int n, double *d, double *e,
                          cudaStream_t stream)
{
    return CT_LAUNCH((tridiagonal_kernel<T, N, WARPS>), ct_job_grid(count), dim3(32 * WARPS), 0,
                     stream, reinterpret_cast<const T *>(a), count, n, d, e);
}

cudaError_t ct_launch_tridiagonal(const double *a, int64_t count, int n, int parts, double *d,
                                  double *e, cudaStream_t stream)
{
    if (n < 1 || n > (parts == 2 ? CT_EIGEN_COMPLEX : CT_EIGEN_MEDIUM))
        return cudaErrorInvalidValue;
    if (parts == 2)
        return n <= 32   ? launch<ct_complex, 32, 2>(a, count, n, d, e, stream)
               : n <= 64 ? launch<ct_complex, 64, 8>(a, count, n, d, e, stream)
                         : launch<ct_complex, 96, 12>(a, count, n, d, e, stream);
    return n <= 32   ? launch<double, 32, 2>(a, count, n, d, e, stream)
           : n <= 64 ? launch<double, 64, 4>(a, count, n, d, e, stream)
           : n <= 96 ? launch<double, 96, 12>(a, count, n, d, e, stream)
                     : launch<double, 128, 16>(a, count, n, d, e, stream);
}
