/* SPDX-License-Identifier: Apache-2.0 */
/* Tensor-core instructions, and their twins for the emulation. */
#ifndef CT_MMA_CUH
#define CT_MMA_CUH

#include "launch.cuh"

/* c += popcount(a & b): C is 16 x 8 counts, A 16 rows of 256 bits, B 8 columns of 256 bits; by all
 * lanes of a warp. Lane 4 g + q holds (PTX ISA, "Matrix Fragments for mma.m16n8k256"), bits
 * numbered along k, a register 32 of them, the lowest first:
 *
 *   a[0]  row g      bits  32 q ..         b[0]  column g   bits  32 q ..
 *   a[1]  row g + 8  bits  32 q ..         b[1]  column g   bits  128 + 32 q ..
 *   a[2]  row g      bits  128 + 32 q ..
 *   a[3]  row g + 8  bits  128 + 32 q ..
 *   c[0], c[1]  row g,     columns 2 q, 2 q + 1
 *   c[2], c[3]  row g + 8, columns 2 q, 2 q + 1 */
static __device__ inline void ct_mma_bits(int32_t (&c)[4], const uint32_t (&a)[4],
                                          const uint32_t (&b)[2])
{
#ifdef __CUDACC__
    asm("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    const int lane = (int)threadIdx.x % 32, g = lane / 4, q = lane % 4;
    const uint64_t upper = a[0] | (uint64_t)a[2] << 32, lower = a[1] | (uint64_t)a[3] << 32,
                   mine = b[0] | (uint64_t)b[1] << 32;
    for (int k = 0; k < 4; k++) {
        const uint64_t x = __shfl_sync(0xffffffffu, upper, 4 * g + k),
                       y = __shfl_sync(0xffffffffu, lower, 4 * g + k);
        for (int e = 0; e < 2; e++) {
            const uint64_t column = __shfl_sync(0xffffffffu, mine, 4 * (2 * q + e) + k);
            c[e] += __popcll(x & column);
            c[2 + e] += __popcll(y & column);
        }
    }
#endif
}

/* c += a b: C is 8 x 8, A 8 x 4, B 4 x 8 doubles; by all lanes of a warp. Lane 4 g + q holds (PTX ISA, "Matrix
 * Fragments for mma.m8n8k4 with .f64 floating point type")
 *
 *   a  row g, column q      b  row q, column g      c[0], c[1]  row g, columns 2 q, 2 q + 1 */
static __device__ inline void ct_mma_doubles(double (&c)[2], double a, double b)
{
#ifdef __CUDACC__
    asm("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
        : "+d"(c[0]), "+d"(c[1])
        : "d"(a), "d"(b));
#else
    const int lane = (int)threadIdx.x % 32, g = lane / 4, q = lane % 4;
    for (int k = 0; k < 4; k++) {
        const double row = __shfl_sync(0xffffffffu, a, 4 * g + k);
        for (int e = 0; e < 2; e++)
            c[e] = fma(row, __shfl_sync(0xffffffffu, b, 4 * (2 * q + e) + k), c[e]);
    }
#endif
}

#endif
