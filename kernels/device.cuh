/* What several kernels share. */
#ifndef CT_DEVICE_CUH
#define CT_DEVICE_CUH

#include "base/bits.h"
#include "kernels.h"
#include "launch.cuh"

#define CT_THREADS 256

/* Enough blocks for `items` threads; beyond that the threads take several. */
static inline dim3 ct_grid(int64_t items)
{
    const int64_t blocks = (items + CT_THREADS - 1) / CT_THREADS, most = INT64_C(1) << 20;
    return dim3((unsigned)(blocks < 1 ? 1 : blocks < most ? blocks : most));
}

/* Blocks of one launch for `jobs` jobs that take a block each. */
static inline dim3 ct_job_grid(int64_t jobs)
{
    const int64_t most = INT64_C(1) << 20;
    return dim3((unsigned)(jobs < most ? jobs : most));
}

static __device__ inline int64_t ct_thread()
{
    return (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
}

static __device__ inline int64_t ct_stride()
{
    return (int64_t)gridDim.x * blockDim.x;
}

/* Bits of index, least significant first, at the places of mask. */
static __device__ inline uint64_t ct_spread(uint64_t index, uint64_t mask)
{
    uint64_t out = 0;
    for (; index && mask; index >>= 1, mask &= mask - 1)
        if (index & 1)
            out |= mask & (0 - mask);
    return out;
}

#endif
