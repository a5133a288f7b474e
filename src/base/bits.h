/* SPDX-License-Identifier: Apache-2.0 */
/* Bit helpers, the same source for host and device. */
#ifndef CT_BITS_H
#define CT_BITS_H

#include <stdint.h>

#ifdef __CUDACC__
#define CT_INLINE static __host__ __device__ inline
#else
#define CT_INLINE static inline
#endif

CT_INLINE int ct_popcount(uint64_t x)
{
#ifdef __CUDA_ARCH__
    return __popcll(x);
#else
    return __builtin_popcountll(x);
#endif
}

/* Index of the lowest set bit; x != 0. */
CT_INLINE int ct_lowest(uint64_t x)
{
#ifdef __CUDA_ARCH__
    return __ffsll((long long)x) - 1;
#else
    return __builtin_ctzll(x);
#endif
}

/* n low ones, 0 <= n <= 64. */
CT_INLINE uint64_t ct_low_mask(int n)
{
    return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

/* n whose bits 0 .. n - 1 are set, and bit n is not. */
CT_INLINE int ct_low_ones(uint64_t x)
{
    return ~x ? ct_lowest(~x) : 64;
}

/* The positions inside a word whose index has bit i = 0, 0 <= i < 6. */
CT_INLINE uint64_t ct_index_zero(int i)
{
    return ~UINT64_C(0) / ((UINT64_C(1) << (1 << i)) + 1);
}

/* The bits of x at the positions of mask, packed to the low end. */
CT_INLINE uint64_t ct_extract(uint64_t x, uint64_t mask)
{
    uint64_t packed = 0;
    for (int k = 0; mask; k++, mask &= mask - 1)
        packed |= ((x >> ct_lowest(mask)) & 1) << k;
    return packed;
}

/* The low bits of x spread to the positions of mask. */
CT_INLINE uint64_t ct_deposit(uint64_t x, uint64_t mask)
{
    uint64_t spread = 0;
    for (int k = 0; mask; k++, mask &= mask - 1)
        spread |= ((x >> k) & 1) << ct_lowest(mask);
    return spread;
}

/* The finaliser of splitmix64: a bijection of 64-bit words, ct_mix64(0) = 0. */
CT_INLINE uint64_t ct_mix64(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Number `counter` of stream `seed`; seed 0 is splitmix64(counter) itself. */
CT_INLINE uint64_t ct_random(uint64_t seed, uint64_t counter)
{
    return ct_mix64(counter + ct_mix64(seed) + UINT64_C(0x9e3779b97f4a7c15));
}

CT_INLINE int ct_bit(const uint64_t *words, uint64_t index)
{
    return (int)(words[index >> 6] >> (index & 63)) & 1;
}

CT_INLINE void ct_set_bit(uint64_t *words, uint64_t index)
{
    words[index >> 6] |= UINT64_C(1) << (index & 63);
}

#endif
