/* SPDX-License-Identifier: Apache-2.0 */
/* Between the products of a sum of product states: weighted sums of squares of Hermitian matrices, Cholesky factors without what stands
 * above their diagonals, and W L. Every sum has one order, whatever the scheduling. */
#include "device.cuh"

static __device__ inline double sum_of_warp(double mine)
{
    for (int half = 16; half > 0; half /= 2)
        mine += __shfl_xor_sync(0xffffffffu, mine, half);
    return mine;
}

/* A warp a column. */
template <int PARTS> __global__ void squares_kernel(const ct_squares_job *jobs, int64_t count)
{
    const int lane = (int)(threadIdx.x & 31);
    for (int64_t z = blockIdx.y; z < count; z += gridDim.y) {
        const ct_squares_job job = jobs[z];
        const int64_t from = job.state ? job.state->rank : 0;
        for (int64_t c = ct_thread() / 32; c < job.n; c += ct_stride() / 32) {
            const double *column = job.a + c * job.ld * PARTS;
            double sum = 0;
            for (int64_t r = c + lane; r < job.n && c >= from; r += 32) {
                double part = column[PARTS * r] * column[PARTS * r];
                if (PARTS == 2 && r != c)
                    part += column[PARTS * r + 1] * column[PARTS * r + 1];
                if (job.weight)
                    part *= job.weight[job.order ? job.order[r] : r];
                sum += r == c ? part : 2 * part;
            }
            sum = sum_of_warp(sum);
            if (lane == 0) {
                job.sums[c] = job.weight ? sum * job.weight[job.order ? job.order[c] : c] : sum;
                job.diagonal[c] = column[PARTS * c];
            }
        }
    }
}

cudaError_t ct_launch_squares(const ct_squares_job *jobs, int64_t count, int64_t n, int parts,
                              cudaStream_t stream)
{
    const dim3 grid = ct_cut_grid(count, 32 * n, CT_THREADS);
    return parts == 2
               ? CT_LAUNCH(squares_kernel<2>, grid, dim3(CT_THREADS), 0, stream, jobs, count)
               : CT_LAUNCH(squares_kernel<1>, grid, dim3(CT_THREADS), 0, stream, jobs, count);
}

template <int PARTS> __global__ void finish_kernel(const ct_cholesky_job *jobs, int64_t count)
{
    for (int64_t z = blockIdx.y; z < count; z += gridDim.y) {
        const ct_cholesky_job job = jobs[z];
        const int64_t rank = job.state->rank;
        for (int64_t i = ct_thread(); i < job.n; i += ct_stride())
            job.place[job.order[i]] = (int32_t)i;
        for (int64_t i = ct_thread(); i < rank * rank; i += ct_stride())
            for (int part = 0; part < PARTS && i % rank < i / rank; part++)
                job.a[(i / rank * job.ld + i % rank) * PARTS + part] = 0;
    }
}

cudaError_t ct_launch_finish_factors(const ct_cholesky_job *jobs, int64_t count, int64_t n,
                                     int parts, cudaStream_t stream)
{
    const dim3 grid = ct_cut_grid(count, n * n, CT_THREADS);
    return parts == 2 ? CT_LAUNCH(finish_kernel<2>, grid, dim3(CT_THREADS), 0, stream, jobs, count)
                      : CT_LAUNCH(finish_kernel<1>, grid, dim3(CT_THREADS), 0, stream, jobs, count);
}

/* A thread an entry, which adds its terms in their order. */
template <int PARTS> __global__ void move_kernel(const ct_move_job *jobs, int64_t count)
{
    for (int64_t z = blockIdx.y; z < count; z += gridDim.y) {
        const ct_move_job job = jobs[z];
        for (int64_t i = ct_thread(); i < job.rank * job.n_to; i += ct_stride()) {
            const int64_t k = i / job.n_to, part_to = job.order_to[i % job.n_to];
            double sum[PARTS] = {};
            for (int64_t t = job.start[part_to]; t < job.start[part_to + 1]; t++) {
                const double *l = job.l + (k * job.n_from + job.place_from[job.from[t]]) * PARTS;
                for (int part = 0; part < PARTS; part++)
                    sum[part] += job.weight[t] * l[part];
            }
            for (int part = 0; part < PARTS; part++)
                job.x[i * PARTS + part] = sum[part];
        }
    }
}

cudaError_t ct_launch_move(const ct_move_job *jobs, int64_t count, int64_t n, int parts,
                           cudaStream_t stream)
{
    const dim3 grid = ct_cut_grid(count, n * n, CT_THREADS);
    return parts == 2 ? CT_LAUNCH(move_kernel<2>, grid, dim3(CT_THREADS), 0, stream, jobs, count)
                      : CT_LAUNCH(move_kernel<1>, grid, dim3(CT_THREADS), 0, stream, jobs, count);
}
