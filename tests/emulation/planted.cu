/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels with planted mistakes that the emulation must find, and correct twins that it must
 * accept. */
#include "planted.h"

#include "../../kernels/launch.cuh"

#define THREADS 64

/* out[block] = sum of the block's numbers. mistake 1: the barrier inside the loop is missing; 2:
 * the array is not cleared beyond the data; 3: one element too far is written */
__global__ void block_sum(const int *in, int n, int *out, int mistake)
{
    __shared__ unsigned part[THREADS]; /* a wrong sum may be anything */
    const int t = (int)threadIdx.x, i = (int)(blockIdx.x * blockDim.x) + t;
    if (i < n)
        part[t] = (unsigned)in[i];
    else if (mistake != 2)
        part[t] = 0;
    if (mistake == 3)
        *(part + t + 1) = 0; /* past what the undefined-behaviour sanitizer sees */
    __syncthreads();
    for (int half = THREADS / 2; half; half /= 2) {
        if (t < half)
            part[t] += part[t + half];
        if (mistake != 1)
            __syncthreads();
    }
    if (t == 0)
        out[blockIdx.x] = (int)part[0];
}

/* The same with dynamic shared memory. mistake 3: one element too far */
__global__ void block_sum_dynamic(const int *in, int n, int *out, int mistake)
{
    CT_DYNAMIC_SHARED(int, part);
    const int t = (int)threadIdx.x, i = (int)(blockIdx.x * blockDim.x) + t;
    part[t + (mistake == 3)] = i < n ? in[i] : 0;
    __syncthreads();
    if (t == 0) {
        int sum = 0;
        for (int k = 0; k < (int)blockDim.x; k++)
            sum += part[k];
        out[blockIdx.x] = sum;
    }
}

/* mistake 4: half of the threads leave before the barrier; 5: two barriers in two branches */
__global__ void divergent_barrier(int *out, int mistake)
{
    if (mistake == 4 && threadIdx.x >= 32)
        return;
    if (mistake == 5 && threadIdx.x % 2)
        __syncthreads();
    else
        __syncthreads();
    out[threadIdx.x] = 1;
}

/* out[warp] = sum over the warp. mistake 6: lane 7 does not come; 7: it left before; 8: lanes read
 * others outside the mask; 9: lanes are not in their own mask */
__global__ void warp_sum(const int *in, int *out, int mistake)
{
    const unsigned mask = mistake == 8 ? 0x0fffffffu : 0xffffffffu;
    const int lane = (int)(threadIdx.x % 32);
    int sum = in[threadIdx.x];
    if (mistake == 7 && lane == 7)
        return;
    if (mistake == 9)
        __syncwarp(0x0fffffffu);
    for (int step = 16; step; step /= 2)
        if (!((mistake == 6 && lane == 7) || (mistake == 8 && lane >= 28)))
            sum += __shfl_xor_sync(mask, sum, step);
    if (lane == 0)
        out[threadIdx.x / 32] = sum;
}

/* Every warp operation against its definition: out[k] counts the lanes that agree. */
__global__ void warp_operations(int *out)
{
    const unsigned all = 0xffffffffu, lane = threadIdx.x % 32;
    const double x = 1.0 / (lane + 1);
    const unsigned long long big = (1ull << 40) + lane;
    int k = 0;
#define AGREE(condition)                                                                           \
    do {                                                                                           \
        if (condition)                                                                             \
            atomicAdd(&out[k], 1);                                                                 \
        k++;                                                                                       \
    } while (0)
    AGREE(__shfl_sync(all, x, 3) == 1.0 / 4);
    AGREE(__shfl_sync(all, big, (int)lane + 1, 8) ==
          (1ull << 40) + (lane & ~7u) + ((lane + 1) & 7));
    AGREE(__shfl_up_sync(all, lane, 2) == (lane < 2 ? lane : lane - 2));
    AGREE(__shfl_down_sync(all, lane, 5, 16) == (lane % 16 >= 11 ? lane : lane + 5));
    AGREE(__shfl_xor_sync(all, (int)lane, 9) == (int)(lane ^ 9));
    AGREE(__ballot_sync(all, lane % 3 == 0) == 0x49249249u);
    AGREE(__any_sync(all, lane == 31) && !__any_sync(all, 0));
    AGREE(__all_sync(all, 1) && !__all_sync(all, lane != 5));
    AGREE(__match_any_sync(all, lane / 8) == 0xffu << (lane / 8 * 8));
    AGREE(__reduce_add_sync(all, lane) == 496 && __reduce_max_sync(all, (int)lane - 40) == -9);
    AGREE(__syncthreads_count(lane < 4) == 4 * (int)(blockDim.x / 32));
    AGREE(__syncthreads_or(threadIdx.x == 5) && !__syncthreads_and(lane < 31));
#undef AGREE
}

/* Numbers given out by a compare-and-swap in shared memory. mistake 10: read, then written without
 * one; 11: the warp reads its neighbour's number without __syncwarp */
__global__ void tickets(int *out, int mistake)
{
    __shared__ unsigned next, neighbour[THREADS];
    const unsigned t = threadIdx.x;
    unsigned mine;
    if (t == 0)
        next = 0;
    __syncthreads();
    if (mistake == 10)
        mine = next++;
    else
        for (mine = 0; atomicCAS(&next, mine, mine + 1) != mine; mine++)
            ;
    neighbour[t] = mine;
    if (mistake != 11)
        __syncwarp();
    out[t] = (int)neighbour[t ^ 1];
}

extern "C" cudaError_t launch_block_sum(const int *in, int n, int *out, int mistake)
{
    return CT_LAUNCH(block_sum, (unsigned)(n + THREADS - 1) / THREADS, THREADS, 0, nullptr, in, n,
                     out, mistake);
}
extern "C" cudaError_t launch_block_sum_dynamic(const int *in, int n, int *out, int mistake)
{
    return CT_LAUNCH(block_sum_dynamic, (unsigned)(n + THREADS - 1) / THREADS, THREADS,
                     THREADS * sizeof(int), nullptr, in, n, out, mistake);
}
extern "C" cudaError_t launch_divergent_barrier(int *out, int mistake)
{
    return CT_LAUNCH(divergent_barrier, 1, THREADS, 0, nullptr, out, mistake);
}
extern "C" cudaError_t launch_warp_sum(const int *in, int *out, int mistake)
{
    return CT_LAUNCH(warp_sum, 1, THREADS, 0, nullptr, in, out, mistake);
}
extern "C" cudaError_t launch_warp_operations(int *out)
{
    return CT_LAUNCH(warp_operations, 1, THREADS, 0, nullptr, out);
}
extern "C" cudaError_t launch_tickets(int *out, int mistake)
{
    return CT_LAUNCH(tickets, 1, THREADS, 0, nullptr, out, mistake);
}
