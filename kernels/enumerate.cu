/* SPDX-License-Identifier: Apache-2.0 */
/* Label functions over all images: the bit-sliced search, level by level, and random labels.
 *
 * A thread takes one prefix (the pixels >= base of an image are known) and decides by one call of
 * the problem's body which of the 2^(base - low) choices of the next lower pixels can still have
 * label 1. Survivors of all prefixes are numbered by a scan, so that the list of the next level
 * ascends whatever the scheduling. */
#include "device.cuh"

#include "problem/body.h"

typedef uint32_t ct_word;
#define CT_ZERO 0u
#define CT_ONES (~CT_ZERO)
#define CT_ANY(word) ((word) != 0)
#define CT_BODY(name) ct_body_##name
#define CT_BODY_FUNCTION(name) static __device__ ct_word CT_BODY(name)
#include "problem/body_files.h"

/* Pixel k of the 32 images of a word: bit k of the lane number. */
static __device__ inline ct_word lane_pattern(int k)
{
    return k == 0   ? 0xaaaaaaaau
           : k == 1 ? 0xccccccccu
           : k == 2 ? 0xf0f0f0f0u
           : k == 3 ? 0xff00ff00u
                    : 0xffff0000u;
}

#define CT_BODY_STRUCT(name)                                                                       \
    struct body_##name {                                                                           \
        static __device__ ct_word of(const ct_body_data *d, const ct_word *px, int first)          \
        {                                                                                          \
            return CT_BODY(name)(d, px, first);                                                    \
        }                                                                                          \
    };
CT_BODIES(CT_BODY_STRUCT)

template <class BODY>
__global__ void alive_kernel(const __grid_constant__ ct_body_data data, const uint64_t *prefix,
                             int64_t count, int base, int low, uint32_t *alive, uint64_t *number)
{
    const int width = base - low;
    const ct_word all = width < 5 ? (1u << (1 << width)) - 1 : CT_ONES;
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        ct_word px[CT_BODY_PIXELS];
        const uint64_t image = prefix[i];
        for (int p = base; p < data.pixels; p++)
            px[p] = (image >> p) & 1 ? CT_ONES : CT_ZERO;
        for (int k = 0; k < width; k++)
            px[low + k] = lane_pattern(k);
        alive[i] = BODY::of(&data, px, low) & all;
        number[i] = (uint64_t)__popc(alive[i]);
    }
    if (ct_thread() == 0)
        number[count] = 0; /* where the scan puts the total */
}

cudaError_t ct_launch_alive(const ct_body_data *data, int body, const uint64_t *prefix,
                            int64_t count, int base, int low, uint32_t *alive, uint64_t *number,
                            cudaStream_t stream)
{
#define CT_BODY_CASE(name)                                                                         \
    case CT_BODY_##name:                                                                           \
        return CT_LAUNCH((alive_kernel<body_##name>), ct_grid(count), dim3(CT_THREADS), 0, stream, \
                         *data, prefix, count, base, low, alive, number);
    switch (body) {
        CT_BODIES(CT_BODY_CASE)
    default:
        return cudaErrorInvalidValue;
    }
#undef CT_BODY_CASE
}

__global__ void expand_kernel(const uint64_t *prefix, const uint32_t *alive, const uint64_t *place,
                              int64_t count, int low, uint64_t *child)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride()) {
        uint64_t *next = child + place[i];
        for (uint32_t left = alive[i]; left; left &= left - 1)
            *next++ = prefix[i] | (uint64_t)(__ffs((int)left) - 1) << low;
    }
}

cudaError_t ct_launch_expand(const uint64_t *prefix, const uint32_t *alive, const uint64_t *place,
                             int64_t count, int low, uint64_t *child, cudaStream_t stream)
{
    return CT_LAUNCH(expand_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, prefix, alive,
                     place, count, low, child);
}

__global__ void deposit_kernel(const uint64_t *prefix, const uint32_t *alive, int64_t count,
                               uint32_t *table)
{
    for (int64_t i = ct_thread(); i < count; i += ct_stride())
        table[prefix[i] >> 5] = alive[i];
}

cudaError_t ct_launch_deposit(const uint64_t *prefix, const uint32_t *alive, int64_t count,
                              uint64_t *table, cudaStream_t stream)
{
    return CT_LAUNCH(deposit_kernel, ct_grid(count), dim3(CT_THREADS), 0, stream, prefix, alive,
                     count, (uint32_t *)table);
}

/* A thread a word of 64 images. */
__global__ void random_labels_kernel(uint64_t seed, uint64_t threshold, int64_t first,
                                     int64_t words, uint64_t *table)
{
    for (int64_t w = ct_thread(); w < words; w += ct_stride()) {
        uint64_t labels = 0;
        for (uint64_t k = 0; k < 64; k++)
            labels |= (uint64_t)(ct_random(seed, 64 * (uint64_t)(first + w) + k) >= threshold) << k;
        table[w] = labels;
    }
}

cudaError_t ct_launch_random_labels(uint64_t seed, uint64_t threshold, int64_t first, int64_t words,
                                    uint64_t *table, cudaStream_t stream)
{
    return CT_LAUNCH(random_labels_kernel, ct_grid(words), dim3(CT_THREADS), 0, stream, seed,
                     threshold, first, words, table);
}
