/* SPDX-License-Identifier: Apache-2.0 */
/* Hermitian matrices of which a library wrote one triangle: the other triangle, and ||H||_F^2. */
#include "kernels.h"
#include "launch.cuh"

#define THREADS 256

/* One block a matrix. Every thread adds its entries in ascending order, then the partial sums are
 * added as a tree: the same bits whatever the scheduling. */
template <int PARTS> __global__ void complete_kernel(double *a, int64_t n, double *square)
{
    __shared__ double partial[THREADS];
    double *h = a + (int64_t)blockIdx.x * n * n * PARTS;
    double sum = 0;
    for (int64_t e = threadIdx.x; e < n * n; e += THREADS) {
        const int64_t column = e / n, row = e % n;
        if (row < column)
            continue;
        double *lower = h + PARTS * e, *upper = h + PARTS * (row * n + column);
        double part = lower[0] * lower[0];
        if (row != column) {
            upper[0] = lower[0];
            if (PARTS == 2) {
                upper[1] = -lower[1];
                part += lower[1] * lower[1];
            }
            part *= 2;
        }
        sum += part;
    }
    partial[threadIdx.x] = sum;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if ((int)threadIdx.x < half)
            partial[threadIdx.x] += partial[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        square[blockIdx.x] = partial[0];
}

cudaError_t ct_launch_complete(double *a, int64_t count, int64_t n, int parts, double *square,
                               cudaStream_t stream)
{
    for (int64_t first = 0; first < count; first += INT32_MAX) { /* blocks of one launch */
        const int64_t left = count - first, blocks = left < INT32_MAX ? left : INT32_MAX;
        double *here = a + first * n * n * parts;
        const cudaError_t error =
            parts == 2 ? CT_LAUNCH(complete_kernel<2>, dim3((unsigned)blocks), dim3(THREADS), 0,
                                   stream, here, n, square + first)
                       : CT_LAUNCH(complete_kernel<1>, dim3((unsigned)blocks), dim3(THREADS), 0,
                                   stream, here, n, square + first);
        if (error != cudaSuccess)
            return error;
    }
    return cudaSuccess;
}
