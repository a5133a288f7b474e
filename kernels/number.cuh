/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for the items that stand for themselves, in ascending order: item i of a cut does when
 * same[i] == i. In chunks of CT_CHUNK items, a thread block each. A cut of several chunks takes a
 * launch that counts them (ct_count_chunk), one that sums the counts (ct_sum_counts), and the one
 * that numbers (ct_number_chunk); the last one is enough for a cut of one chunk. */
#ifndef CT_NUMBER_CUH
#define CT_NUMBER_CUH

#include "device.cuh"

#ifndef CT_CHUNK_STEPS /* tests lower it */
#define CT_CHUNK_STEPS 16
#endif
#define CT_CHUNK ((int64_t)CT_THREADS * CT_CHUNK_STEPS)

static inline int64_t ct_chunks(int64_t items)
{
    return (items + CT_CHUNK - 1) / CT_CHUNK;
}

/* The sum over the threads of the block before this one; *total: over all of them. */
static __device__ inline int32_t ct_block_scan(int32_t value, int32_t *total)
{
    __shared__ int32_t warp_sum[CT_THREADS / 32];
    const int lane = (int)(threadIdx.x & 31), warp = (int)(threadIdx.x >> 5);
    int32_t sum = value, before = 0;
    for (int step = 1; step < 32; step *= 2) {
        const int32_t left = __shfl_up_sync(0xffffffffu, sum, (unsigned)step);
        sum += lane >= step ? left : 0;
    }
    if (lane == 31)
        warp_sum[warp] = sum;
    __syncthreads();
    *total = 0;
    for (int w = 0; w < CT_THREADS / 32; w++) {
        before += w < warp ? warp_sum[w] : 0;
        *total += warp_sum[w];
    }
    __syncthreads(); /* the next call may write */
    return before + sum - value;
}

/* Bit l of bits[k]: item base + 32 k + l stands for itself, base being what is returned for each
 * warp. */
static __device__ inline int64_t ct_chunk_bits(const int32_t *same, int64_t items, int64_t chunk,
                                               uint32_t *bits)
{
    const int lane = (int)(threadIdx.x & 31);
    const int64_t base = (chunk * (CT_THREADS / 32) + (threadIdx.x >> 5)) * (32 * CT_CHUNK_STEPS);
#pragma unroll
    for (int k = 0; k < CT_CHUNK_STEPS; k++) {
        const int64_t i = base + 32 * k + lane;
        bits[k] = __ballot_sync(0xffffffffu, i < items && same[i] == (int32_t)i);
    }
    return base;
}

static __device__ inline int32_t ct_chunk_count(const uint32_t *bits)
{
    int32_t count = 0;
#pragma unroll
    for (int k = 0; k < CT_CHUNK_STEPS; k++)
        count += __popc(bits[k]);
    return count;
}

/* count[chunk]: items of this chunk that stand for themselves. */
static __device__ inline void ct_count_chunk(const int32_t *same, int64_t items, int64_t chunk,
                                             int32_t *count)
{
    uint32_t bits[CT_CHUNK_STEPS];
    int32_t total;
    ct_chunk_bits(same, items, chunk, bits);
    ct_block_scan((threadIdx.x & 31) == 31 ? ct_chunk_count(bits) : 0, &total);
    if (threadIdx.x == 0)
        count[chunk] = total;
}

/* count[i] becomes the sum of those before it; by one block. */
static __device__ inline void ct_sum_counts(int32_t *count, int64_t chunks)
{
    int32_t before = 0, total;
    for (int64_t base = 0; base < chunks; base += CT_THREADS) {
        const int64_t i = base + threadIdx.x;
        const int32_t sum = ct_block_scan(i < chunks ? count[i] : 0, &total);
        if (i < chunks)
            count[i] = before + sum;
        before += total;
    }
}

/* number[i] for every item i that stands for itself, item[number] = i unless item is NULL. before:
 * such items in earlier chunks. Returns the items up to the end of this chunk. */
static __device__ inline int32_t ct_number_chunk(const int32_t *same, int64_t items, int64_t chunk,
                                                 int32_t before, int32_t *number, int32_t *item)
{
    const int lane = (int)(threadIdx.x & 31);
    uint32_t bits[CT_CHUNK_STEPS];
    int32_t total;
    const int64_t base = ct_chunk_bits(same, items, chunk, bits);
    int32_t next = before + ct_block_scan(lane == 31 ? ct_chunk_count(bits) : 0, &total);
#pragma unroll
    for (int k = 0; k < CT_CHUNK_STEPS; k++) {
        if ((bits[k] >> lane) & 1) {
            const int64_t i = base + 32 * k + lane;
            const int32_t mine = next + __popc(bits[k] & ((1u << lane) - 1));
            number[i] = mine;
            if (item)
                item[mine] = (int32_t)i;
        }
        next += __popc(bits[k]);
    }
    return before + total;
}

#endif
