/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a device: one block, handed out in order; pinned memory of the host beside it.
 *
 * One block hides overruns: what lies behind an array is the next one. Where the environment variable
 * CUTROPY_CUDA_GUARDED is 1, every array is an allocation of its own, of exactly its bytes, so that memcheck, the
 * address sanitizer and the interpreter of PTX see every access outside. The block's size still is the
 * limit, counted alike, so that plans do not change, but nothing is allocated for it. For tests: each array costs a cudaMalloc, and rewinding waits. */
#ifndef CT_CUDA_MEMORY_H
#define CT_CUDA_MEMORY_H

#include "backend/cuda/check.h"

/* A guarded array: from what count of bytes on it was handed out. */
typedef struct ct_guarded_array {
    uint64_t from;
    void *memory;
} ct_guarded_array;

/* A part of device memory. base = NULL, not guarded: nothing is handed out, only counted. */
typedef struct ct_region {
    unsigned char *base; /* guarded: NULL */
    uint64_t size, used;
    bool guarded;
    ct_guarded_array *array; /* guarded: what was handed out, ascending */
    size_t arrays, room;
} ct_region;

static inline ct_region ct_region_counting(void)
{
    return (ct_region){.base = NULL, .size = UINT64_MAX - 1};
}

/* bytes aligned to 256 (guarded: an allocation of its own, NULL where the device or the host has no more
 * memory); NULL when counting, and when there is no room: then all later requests fail
 * as well, until `used` is set back. */
void *ct_region_take(ct_region *region, uint64_t bytes);

/* Gives back what was handed out since `used` was that much, 0: all. Work that was enqueued may still use it,
 * and whoever takes it next comes later on the same stream; guarded: waits for the device. */
void ct_region_rewind(ct_region *region, uint64_t used);
/* `size` bytes of a region from `offset` on, both multiples of 256, as a region: it is rewound to 0 before the
 * whole is closed. */
ct_region ct_region_part(const ct_region *whole, uint64_t offset, uint64_t size);

/* One cudaMalloc of `wanted` bytes, or of half as many, again and again, but not below `least`
 * (CUTROPY_EMEMORY, with what is needed). The device must be current. */
cutropy_status ct_region_open(int device, uint64_t wanted, uint64_t least, ct_region *out);
void ct_region_close(ct_region *region);

/* Page-locked memory of the host that grows, at least twofold: every growth stops the device for
 * milliseconds. */
typedef struct ct_pinned {
    void *memory;
    uint64_t size;
} ct_pinned;

/* At least `bytes`; what was inside is lost. */
cutropy_status ct_pinned_reserve(ct_pinned *pinned, int device, uint64_t bytes);
void ct_pinned_free(ct_pinned *pinned);

#endif
