/* SPDX-License-Identifier: Apache-2.0 */
/* ||H||_F^2 of Hermitian matrices of which a library wrote one triangle: column sums, then their sum.
 * Every thread adds its numbers in ascending order, then a warp adds them as a tree: the same bits
 * whatever the scheduling. */
#include "device.cuh"

static __device__ inline double sum_of_warp(double mine)
{
    for (int half = 16; half > 0; half /= 2)
        mine += __shfl_xor_sync(0xffffffffu, mine, half);
    return mine;
}

/* A warp a column: its diagonal entry once, what is below it twice. */
template <int PARTS>
__global__ void column_kernel(const double *a, int64_t columns, int64_t n, double *sums)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t c = ct_thread() / 32; c < columns; c += ct_stride() / 32) {
        const int64_t diagonal = c % n;
        const double *column = a + c * n * PARTS;
        double sum = 0;
        for (int64_t row = diagonal + lane; row < n; row += 32) {
            double part = column[PARTS * row] * column[PARTS * row];
            if (PARTS == 2 && row != diagonal)
                part += column[PARTS * row + 1] * column[PARTS * row + 1];
            sum += row == diagonal ? part : 2 * part;
        }
        sum = sum_of_warp(sum);
        if (lane == 0)
            sums[c] = sum;
    }
}

/* A warp a matrix. */
__global__ void total_kernel(const double *sums, int64_t count, int64_t n, double *square)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t m = ct_thread() / 32; m < count; m += ct_stride() / 32) {
        double sum = 0;
        for (int64_t c = lane; c < n; c += 32)
            sum += sums[m * n + c];
        sum = sum_of_warp(sum);
        if (lane == 0)
            square[m] = sum;
    }
}

cudaError_t ct_launch_square(const double *a, int64_t count, int64_t n, int parts, double *sums,
                             double *square, cudaStream_t stream)
{
    const dim3 block(CT_THREADS);
    const cudaError_t error = parts == 2 ? CT_LAUNCH(column_kernel<2>, ct_grid(32 * count * n),
                                                     block, 0, stream, a, count * n, n, sums)
                                         : CT_LAUNCH(column_kernel<1>, ct_grid(32 * count * n),
                                                     block, 0, stream, a, count * n, n, sums);
    return error == cudaSuccess ? CT_LAUNCH(total_kernel, ct_grid(32 * count), block, 0, stream,
                                            sums, count, n, square)
                                : error;
}
