/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices of the blocks of a list: rows that are short lists of the other side's classes. */
#include "gram.cuh"

#define EDGE 16 /* of a tile: one entry a thread */

/* The sum of the weights of what two ascending lists share. */
static __device__ inline int64_t shared_weight(const uint32_t *x, int64_t nx, const uint32_t *y,
                                               int64_t ny, const uint64_t *weight)
{
    int64_t sum = 0;
    while (nx > 0 && ny > 0) {
        const uint32_t a = *x, b = *y;
        if (a == b)
            sum += (int64_t)weight[a];
        x += a <= b;
        nx -= a <= b;
        y += b <= a;
        ny -= b <= a;
    }
    return sum;
}

struct list_shared {
    ct_tile_rows<EDGE> rows[2]; /* of a tile, down and across */
    int64_t count[EDGE * (EDGE + 1)];
};

static __device__ void look_up(list_shared &s, const ct_gram_batch &g, const ct_gram_job &job,
                               int64_t down, int64_t across)
{
    for (unsigned t = threadIdx.x; t < 2 * EDGE; t += CT_THREADS) {
        const unsigned side = t / EDGE, r = t % EDGE;
        const int64_t i = (side ? across : down) + r;
        const uint64_t weight = i < job.n ? ct_gram_weight(g, job, job.side, i) : 0;
        s.rows[side].weight[r] = weight;
        s.rows[side].root[r] = sqrt((double)weight);
        s.rows[side].ones[r] = 0;
    }
}

static __device__ int64_t product(const ct_gram_batch &g, const ct_gram_job &job, int64_t i,
                                  int64_t j)
{
    const uint64_t *start = g.blocks.entry_start[job.side];
    const uint32_t *entry = g.blocks.entry[job.side];
    if (i >= job.n || j >= job.n)
        return 0;
    const int32_t *member = g.blocks.member[job.side] + job.member;
    const uint64_t x = start[member[i]], y = start[member[j]];
    return shared_weight(entry + x, (int64_t)(start[member[i] + 1] - x), entry + y,
                         (int64_t)(start[member[j] + 1] - y), g.blocks.side[1 - job.side].weight);
}

/* A thread block a tile. */
__global__ void __launch_bounds__(CT_THREADS) gram_list_kernel(ct_gram_batch g)
{
    __shared__ list_shared s;
    const ct_labels labels = {0, 1, 0};
    const unsigned r = threadIdx.x / EDGE, c = threadIdx.x % EDGE;
    for (int64_t b = blockIdx.x; b < g.jobs; b += gridDim.x) {
        const ct_gram_job job = g.job[b];
        for (int64_t k = blockIdx.y; k < ct_tiles(job.ld, EDGE); k += gridDim.y) {
            int64_t down, across;
            ct_tile_place(k, &down, &across);
            look_up(s, g, job, down * EDGE, across * EDGE);
            s.count[r * (EDGE + 1) + c] = product(g, job, down * EDGE + r, across * EDGE + c);
            __syncthreads();
            ct_add_wide(g.sums + job.sums,
                        ct_tile_write<EDGE>(g, job, labels,
                                            ct_tile_of(down * EDGE, across * EDGE, s.count,
                                                       s.rows[0], 0, s.rows[1], 0)));
            __syncthreads();
        }
    }
}

cudaError_t ct_launch_gram_lists(const ct_gram_batch *batch, cudaStream_t stream)
{
    cudaError_t error = ct_gram_begin(batch, stream);
    if (error == cudaSuccess)
        error = CT_LAUNCH(gram_list_kernel, ct_tile_grid(*batch, ct_tiles(batch->largest_ld, EDGE)),
                          dim3(CT_THREADS), 0, stream, *batch);
    return error == cudaSuccess ? ct_gram_end(batch, stream) : error;
}
