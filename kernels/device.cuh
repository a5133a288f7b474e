/* SPDX-License-Identifier: Apache-2.0 */
/* What several kernels share. */
#ifndef CT_DEVICE_CUH
#define CT_DEVICE_CUH

#include "base/bits.h"
#include "kernels.h"
#include "launch.cuh"

#ifndef CT_THREADS /* tests lower these three */
#define CT_THREADS 256
#endif

#ifndef CT_CUT_BLOCKS
#define CT_CUT_BLOCKS 4096
#define CT_CUT_ROWS 65535
#endif

/* Whether a block on the current device may have `dynamic` bytes of shared memory beside the `fixed` ones that the kernel declares (or what the device
 * takes for them: no document says whether the kilobyte of the system is among them); if so, the kernel is told: always the same number, since
 * launches of other sizes may be on their way. */
template <class... P>
static inline cudaError_t ct_shared_fits(void (*kernel)(P...), size_t fixed, size_t dynamic,
                                         bool *fits)
{
    int device = 0, most = 0;
    cudaFuncAttributes of = {};
    cudaError_t error = cudaGetDevice(&device);
    if (error == cudaSuccess)
        error = cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, device);
    if (error == cudaSuccess)
        error = cudaFuncGetAttributes(&of, kernel);
    fixed = of.sharedSizeBytes > fixed ? of.sharedSizeBytes : fixed;
    *fits = error == cudaSuccess && fixed + dynamic <= (size_t)most;
    return *fits ? cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                        most - (int)fixed)
                 : error;
}

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

/* A grid for cuts that share nothing: y is the cut, x its blocks, enough for `items` threads a cut
 * while all cuts together have no more than CT_CUT_BLOCKS, which keep any device busy; beyond that
 * the threads take several. */
static inline dim3 ct_cut_grid(int64_t cuts, int64_t items, int threads)
{
    const int64_t blocks = (items + threads - 1) / threads,
                  most = (CT_CUT_BLOCKS + cuts - 1) / cuts;
    return dim3((unsigned)(blocks < 1      ? 1
                           : blocks < most ? blocks
                                           : most),
                (unsigned)(cuts < CT_CUT_ROWS ? cuts : CT_CUT_ROWS));
}

static __device__ inline int64_t ct_thread()
{
    return (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
}

static __device__ inline int64_t ct_stride()
{
    return (int64_t)gridDim.x * blockDim.x;
}

/* What others change meanwhile: some value that it had, and a value that atomics may follow. */
template <class T> static __device__ inline T ct_peek(const T *address)
{
#ifdef __CUDACC__
    return *(const volatile T *)address;
#else
    return __atomic_load_n(address, __ATOMIC_RELAXED);
#endif
}

template <class T> static __device__ inline void ct_poke(T *address, T value)
{
#ifdef __CUDACC__
    *(volatile T *)address = value;
#else
    __atomic_store_n(address, value, __ATOMIC_RELAXED);
#endif
}

/* Lanes that share a row of so many words: a power of two. */
static inline int ct_lanes(int64_t words)
{
    int lanes = 1;
    while (lanes < 32 && lanes < words)
        lanes *= 2;
    return lanes;
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

/* ct_spread in five steps, for many indices and one mask (Hacker's Delight, 2nd ed., 7-5: expand).
 */
typedef struct ct_spreader {
    uint32_t mask, move[5];
} ct_spreader;

static __device__ inline ct_spreader ct_spreader_of(uint32_t mask)
{
    ct_spreader s = {mask, {0, 0, 0, 0, 0}};
    uint32_t left = ~mask << 1; /* bits whose parity of gaps below is to be found */
    for (int step = 0; step < 5; step++) {
        uint32_t parity = left;
        for (int shift = 1; shift < 32; shift *= 2)
            parity ^= parity << shift;
        s.move[step] = parity & mask;
        mask = (mask ^ s.move[step]) | (s.move[step] >> (1 << step));
        left &= ~parity;
    }
    return s;
}

static __device__ inline uint32_t ct_spread_by(const ct_spreader &s, uint32_t index)
{
#pragma unroll
    for (int step = 4; step >= 0; step--)
        index = (index & ~s.move[step]) | ((index << (1 << step)) & s.move[step]);
    return index & s.mask;
}

#endif
