/* SPDX-License-Identifier: Apache-2.0 */
/* Stands behind a text that NVRTC compiles for a device, where loops.h stands for the CPU. Labels (N >= 6): of images
 * 64 * first .. 64 * (first + count) - 1, a thread 64 images a time; values: of images first .. first + count - 1, a
 * thread one. *report becomes 1 where something was undefined, or a value is not finite. These stores, and CT_NOTE's, are
 * the only ones into global memory that the kernel may have: nvrtc_program.c looks for others, which a text that keeps
 * something would make. */
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

#if CT_SLICED

static __device__ __forceinline__ uint64_t ct_item(uint64_t ct_k, uint64_t *)
{
    word ct_image[CT_N];
#pragma unroll
    for (int ct_i = 0; ct_i < CT_N; ct_i++)
        ct_image[ct_i] = ct_words::with(ct_lit(ct_i, 64 * ct_k));
    return ct_words::of(label(ct_image));
}

#elif CT_KIND == 0

static __device__ __forceinline__ uint64_t ct_item(uint64_t ct_k, uint64_t *)
{
    uint64_t ct_y = 0;
    for (unsigned ct_b = 0; ct_b < 64; ct_b++)
        ct_y |= (uint64_t)(label(ct_c(64 * ct_k + ct_b)).v != 0) << ct_b;
    return ct_y;
}

#elif CT_KIND == 1

static __device__ __forceinline__ uint64_t ct_item(uint64_t ct_k, uint64_t *)
{
    return (uint64_t)amplitude(ct_c(ct_k)).v;
}

#else

static __device__ __forceinline__ uint64_t ct_item(uint64_t ct_k, uint64_t *ct_report)
{
    const double ct_y = amplitude(ct_c(ct_k)) + 0.0; /* no -0.0 */
    if (!(ct_y - ct_y == 0))                         /* infinite, or no number */
        CT_STORE(ct_report, 1UL);
    return (uint64_t)__double_as_longlong(ct_y);
}

#endif

extern "C" __global__ void ct_ctext_kernel(uint64_t ct_first, uint64_t ct_count, uint64_t *ct_out,
                                           uint64_t *ct_report)
{
    const uint64_t ct_stride = (uint64_t)gridDim.x * blockDim.x;
    for (uint64_t ct_k = (uint64_t)blockIdx.x * blockDim.x + threadIdx.x; ct_k < ct_count;
         ct_k += ct_stride) {
        const uint64_t ct_y = ct_item(ct_first + ct_k, ct_report);
        CT_STORE(ct_out + ct_k, ct_y);
    }
#if !CT_SLICED
    if (*(volatile unsigned *)&ct_undefined) /* a thread sees what it has noted itself */
        CT_STORE(ct_report, 1UL);
#endif
}
