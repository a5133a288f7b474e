/* SPDX-License-Identifier: Apache-2.0 */
/* Band matrices with 16 diagonals below the main one to tridiagonal ones: a thread block a matrix, in shared memory where it
 * fits. Sweep s takes column s to a multiple of one unit vector; what that puts beside the band is chased down it, sixteen
 * rows a task, a warp a task (Murata and Horikoshi). Rows start = s + 1 + 16 k .. start + 15, task k of the sweep:
 *
 *     start-16  start   start+16
 *        v        D              D <- H D H, H the reflection of the column that v stands in (k = 0: column s)
 *                 B              B <- H' B H, H' the reflection of the first column of B H, whose v stays there
 *
 * Task k of sweep s goes in round 2 s + k: then task k + 1 of sweep s - 1 is done, and tasks of one round share nothing. */
#include "spectrum.cuh"

#define EDGE CT_BAND
#define LEAD 33 /* from a number to that on its right: a row and its mirror meet no bank twice */

#ifndef CT_CHASE_WARPS    /* tests lower these two */
#define CT_CHASE_WARPS 24 /* so many leave 80 registers to a thread */
#endif

/* Numbers that a band needs: rows r - c = 0 .. 32 of column c, zeros behind the last row, a column for the last task. */
static __host__ __device__ inline int64_t band_numbers(int n)
{
    return (int64_t)(n + EDGE - 1) * (LEAD + 1);
}

struct chase_shared {
    double tau[CT_EIGEN_LARGE / EDGE + 2]; /* of task k, for which its predecessor made v */
    __align__(16) double row[CT_CHASE_WARPS][3][EDGE]; /* of a warp: v, w, z */
};

/* Half a row of numbers that the warp shares. */
static __device__ inline void take(double (&x)[EDGE / 2], const double *row)
{
#pragma unroll
    for (int j = 0; j < EDGE / 2; j += 2) {
        const double2 two = *reinterpret_cast<const double2 *>(row + j);
        x[j] = two.x;
        x[j + 1] = two.y;
    }
}

/* A half of the warp has columns 0 .. 7 of D and B, the other one 8 .. 15; a lane has a row. */
static __device__ void chase(chase_shared *shared, double *band, int n, int s, int k)
{
    const int lane = (int)threadIdx.x % 32, i = lane % EDGE, half = lane / EDGE * (EDGE / 2),
              start = s + 1 + EDGE * k;
    double(&row)[3][EDGE] = shared->row[threadIdx.x / 32];
    double *column = band + LEAD * (k > 0 ? start - EDGE : s) + start,
           v = i > 0 || k == 0 ? column[i] : 1, tau,
           beta = 0; /* else another task has the first number */
    if (k == 0) {
        const double norm = sum_of<EDGE>(i > 0 ? v * v : 0);
        const reflection h = reflection_of(__shfl_sync(ALL_LANES, v, 0), norm);
        tau = h.tau;
        beta = h.beta;
        v = i > 0 ? v * h.by : 1;
    } else {
        tau = shared->tau[k];
    }
    if (lane < EDGE)
        row[0][i] = v;
    __syncwarp();
    if (lane < EDGE && (i > 0 || k == 0))
        column[i] = i > 0 ? 0 : beta;

    double vs[EDGE / 2], other[EDGE / 2], d[EDGE / 2], b[EDGE / 2], y = 0, w;
    take(vs, row[0] + half);
    double *diagonal = band + (LEAD + 1) * start, *below = diagonal + EDGE + i + LEAD * half;
#pragma unroll
    for (int j = 0; j < EDGE / 2; j++) {
        const int c = half + j;
        d[j] = i > c ? diagonal[LEAD * c + i] : diagonal[LEAD * i + c];
        y = fma(d[j], vs[j], y);
    }
    y += __shfl_xor_sync(ALL_LANES, y, EDGE);
    w = tau * fma(-tau / 2 * sum_of<EDGE>(y * v), v, y);
    if (lane < EDGE)
        row[1][i] = w;
    __syncwarp();
    take(other, row[1] + half);
#pragma unroll
    for (int j = 0; j < EDGE / 2; j++) {
        const int c = half + j;
        if (i >= c)
            diagonal[LEAD * c + i] = fma(-w, vs[j], fma(-v, other[j], d[j]));
    }
    if (start + EDGE >= n)
        return;

    y = 0;
#pragma unroll
    for (int j = 0; j < EDGE / 2; j++) {
        b[j] = below[LEAD * j];
        y = fma(b[j], vs[j], y);
    }
    y = tau * (y + __shfl_xor_sync(ALL_LANES, y, EDGE));
#pragma unroll
    for (int j = 0; j < EDGE / 2; j++)
        b[j] = fma(-y, vs[j], b[j]);
    v = __shfl_sync(ALL_LANES, b[0], i);
    const double norm = sum_of<EDGE>(i > 0 ? v * v : 0);
    const reflection h = reflection_of(__shfl_sync(ALL_LANES, v, 0), norm);
    v = i > 0 ? v * h.by : 1;
    double z[EDGE / 2];
#pragma unroll
    for (int j = 0; j < EDGE / 2; j++)
        z[j] = v * b[j];
    const double sum = h.tau * fold<EDGE / 2>(z);
    if (i % 2 == 0)
        row[2][half + i / 2] = sum;
    __syncwarp();
    take(other, row[2] + half);
#pragma unroll
    for (int j = 0; j < EDGE / 2; j++)
        below[LEAD * j] = half + j == 0 ? (i > 0 ? v : h.beta) : fma(-v, other[j], b[j]);
    if (lane == 0)
        shared->tau[k + 1] = h.tau;
}

/* The matrices are stored from their ends, as tridiagonal.cu does. */
template <bool SHARED>
__global__ void __launch_bounds__(32 * CT_CHASE_WARPS)
    chase_kernel(const double *matrices, int64_t count, int n, const double *scales, double *room,
                 double *d, double *e)
{
    CT_DYNAMIC_SHARED(double, memory);
    __shared__ chase_shared shared;
    const int t = (int)threadIdx.x, threads = (int)blockDim.x;
    for (int64_t m = blockIdx.x; m < count; m += gridDim.x) {
        const double *a = matrices + m * n * n, scale = scales[m];
        double *band = SHARED ? memory : room + m * band_numbers(n);
        if (!(scale == scale)) { /* the same for all */
            if (t == 0)
                d[m] = scale;
            continue;
        }
        for (int k = t; k < band_numbers(n); k += threads) {
            const int c = k / (LEAD + 1), below = k % (LEAD + 1);
            band[k] = below <= EDGE && c + below < n ? a[c * n + c + below] : 0;
        }
        __syncthreads();
        for (int round = 0; round <= 2 * (n - 3); round++) {
            for (int k = round % 2 + t / 32 * 2; k <= round; k += threads / 32 * 2) {
                const int s = (round - k) / 2;
                if (s + 1 + EDGE * k >= n)
                    break;
                chase(&shared, band, n, s, k);
            }
            __syncthreads();
        }
        for (int i = t; i < n; i += threads) {
            d[(n - 1 - i) * count + m] = scale * band[(LEAD + 1) * i];
            if (i + 1 < n)
                e[(n - 2 - i) * count + m] = scale * band[(LEAD + 1) * i + 1];
        }
        __syncthreads();
    }
}

size_t ct_chase_bytes(int64_t count, int n)
{
    return sizeof(double) * (size_t)(count * band_numbers(n));
}

cudaError_t ct_launch_chase(const double *a, int64_t count, int n, const double *scales, void *room,
                            double *d, double *e, cudaStream_t stream)
{
    if (n < 1 || n > CT_EIGEN_LARGE)
        return cudaErrorInvalidValue;
    const size_t bytes = sizeof(double) * (size_t)band_numbers(n);
    const int tasks = (n + 2 * EDGE - 1) / (2 * EDGE); /* of a round */
    const dim3 grid = ct_job_grid(count),
               block(32 * (tasks < CT_CHASE_WARPS ? tasks : CT_CHASE_WARPS));
    double *bands = static_cast<double *>(room);
    bool fits;
    const cudaError_t error =
        ct_shared_fits(chase_kernel<true>, sizeof(chase_shared), bytes, &fits);
    return error != cudaSuccess ? error
           : fits ? CT_LAUNCH(chase_kernel<true>, grid, block, bytes, stream, a, count, n, scales,
                              bands, d, e)
                  : CT_LAUNCH(chase_kernel<false>, grid, block, 0, stream, a, count, n, scales,
                              bands, d, e);
}
