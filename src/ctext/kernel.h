/* SPDX-License-Identifier: Apache-2.0 */
/* Stands behind a text of words that NVRTC compiles for a device, where loops.h stands for the CPU: labels of the images
 * 64 * first .. 64 * (first + count) - 1, a thread 64 images (N >= 6). This is the only store into global memory that the
 * kernel may have: nvrtc_program.c looks for others, which a text that keeps something would make. */
static_assert(CT_N >= 6, "a word of labels has 64 images");
static_assert(sizeof(long) == 8 && ((char)-1 < 0) == CT_CHAR_SIGNED,
              "this device compiler has other integers than the processor");

#ifndef CT_STORE /* the emulation's is another */
#define CT_STORE(place, value)                                                                     \
    asm volatile("st.relaxed.gpu.global.u64 [%0], %1;" : : "l"(place), "l"(value) : "memory")
#endif

static __device__ __forceinline__ uint64_t ct_lit(int ct_i, uint64_t ct_first)
{
    return ct_i == 0   ? 0xaaaaaaaaaaaaaaaaUL
           : ct_i == 1 ? 0xccccccccccccccccUL
           : ct_i == 2 ? 0xf0f0f0f0f0f0f0f0UL
           : ct_i == 3 ? 0xff00ff00ff00ff00UL
           : ct_i == 4 ? 0xffff0000ffff0000UL
           : ct_i == 5 ? 0xffffffff00000000UL
                       : 0 - (ct_first >> ct_i & 1);
}

extern "C" __global__ void ct_ctext_kernel(uint64_t ct_first, uint64_t ct_count, uint64_t *ct_out)
{
    const uint64_t ct_stride = (uint64_t)gridDim.x * blockDim.x;
    for (uint64_t ct_k = (uint64_t)blockIdx.x * blockDim.x + threadIdx.x; ct_k < ct_count;
         ct_k += ct_stride) {
        word ct_image[CT_N];
#pragma unroll
        for (int ct_i = 0; ct_i < CT_N; ct_i++)
            ct_image[ct_i].ct_bits = ct_lit(ct_i, 64 * (ct_first + ct_k));
        const uint64_t ct_y = label(ct_image).ct_bits;
        CT_STORE(ct_out + ct_k, ct_y);
    }
}
