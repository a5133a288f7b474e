/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a device: one block, handed out in order; pinned memory of the host beside it. */
#ifndef CT_CUDA_MEMORY_H
#define CT_CUDA_MEMORY_H

#include "backend/cuda/check.h"

/* A part of device memory. base = NULL: nothing is handed out, only counted. */
typedef struct ct_region {
    unsigned char *base;
    uint64_t size, used;
} ct_region;

static inline ct_region ct_region_counting(void)
{
    return (ct_region){.base = NULL, .size = UINT64_MAX - 1};
}

/* bytes aligned to 256; NULL when counting, and when there is no room: then all later requests fail
 * as well, until `used` is set back. */
void *ct_region_take(ct_region *region, uint64_t bytes);

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
