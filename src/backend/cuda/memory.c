/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define ALIGNMENT 256

static bool guarded(void)
{
    const char *text = getenv("CUTROPY_CUDA_GUARDED");
    return text && !strcmp(text, "1");
}

/* An allocation for the array that begins at region->used; NULL: no memory. */
static void *take_guarded(ct_region *region, uint64_t bytes)
{
    void *memory = NULL;
    if (CT_ROOM("guarded arrays", region->array, region->arrays, region->room, 1) != CUTROPY_OK)
        return NULL;
    if (cudaMalloc(&memory, bytes ? bytes : 1) != cudaSuccess) {
        (void)cudaGetLastError();
        return NULL;
    }
    region->array[region->arrays++] = (ct_guarded_array){.from = region->used, .memory = memory};
    return memory;
}

void ct_region_rewind(ct_region *region, uint64_t used)
{
    if (region->arrays && region->array[region->arrays - 1].from >= used)
        (void)cudaDeviceSynchronize(); /* what failed is reported by whoever waits for it */
    while (region->arrays && region->array[region->arrays - 1].from >= used)
        (void)cudaFree(region->array[--region->arrays].memory);
    if (!region->arrays) {
        ct_free(region->array);
        region->array = NULL;
        region->room = 0;
    }
    region->used = used;
}

ct_region ct_region_part(const ct_region *whole, uint64_t offset, uint64_t size)
{
    return (ct_region){.base = whole->guarded ? NULL : whole->base + offset,
                       .size = size,
                       .guarded = whole->guarded};
}

void *ct_region_take(ct_region *region, uint64_t bytes)
{
    const uint64_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (region->used > region->size || rounded > region->size - region->used) {
        region->used = region->size + 1; /* and whatever follows fails too */
        return NULL;
    }
    void *memory = region->guarded ? take_guarded(region, bytes)
                   : region->base  ? region->base + region->used
                                   : NULL;
    if (region->guarded && !memory) {
        region->used = region->size + 1;
        return NULL;
    }
    region->used += rounded;
    return memory;
}

/* Guarded: only the size, if so much is free, since tools that watch memory need a share of every allocation for themselves. */
static cutropy_status open_block(int device, uint64_t bytes, ct_region *out)
{
    cutropy_status status = CUTROPY_OK;
    size_t available = 0, total = 0;
    void *memory = NULL;
    const bool guards = guarded();
    if (guards) {
        CT_CUDA(device, cudaMemGetInfo(&available, &total));
        if (bytes > available)
            CT_TRY(ct_cuda_check(cudaErrorMemoryAllocation, device, "cudaMalloc"));
    } else {
        CT_CUDA(device, cudaMalloc(&memory, bytes));
    }
    *out = (ct_region){.base = memory, .size = bytes, .guarded = guards};
done:
    return status;
}

cutropy_status ct_region_open(int device, uint64_t wanted, uint64_t least, ct_region *out)
{
    char needs[24];
    *out = (ct_region){0};
    for (uint64_t bytes = wanted;; bytes = bytes / 2 > least ? bytes / 2 : least) {
        const cutropy_status status = open_block(device, bytes, out);
        if (status != CUTROPY_EMEMORY)
            return status;
        if (bytes <= least)
            return ct_fail(CUTROPY_EMEMORY,
                           "device %d: %s of free device memory are needed, and there is less: "
                           "use --backend cpu",
                           device, ct_bytes_format(least, needs));
    }
}

void ct_region_close(ct_region *region)
{
    ct_region_rewind(region, 0);
    if (region->base)
        (void)cudaFree(region->base); /* what failed before was reported */
    *region = (ct_region){0};
}

cutropy_status ct_pinned_reserve(ct_pinned *pinned, int device, uint64_t bytes)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t size = bytes > 2 * pinned->size ? bytes : 2 * pinned->size;
    if (bytes <= pinned->size)
        return CUTROPY_OK;
    ct_pinned_free(pinned);
    if (size > bytes && cudaMallocHost(&pinned->memory, size) == cudaSuccess) {
        pinned->size = size;
        return CUTROPY_OK;
    }
    (void)cudaGetLastError(); /* half as much may do */
    CT_CUDA(device, cudaMallocHost(&pinned->memory, bytes));
    pinned->size = bytes;
done:
    return status;
}

void ct_pinned_free(ct_pinned *pinned)
{
    if (pinned->memory)
        (void)cudaFreeHost(pinned->memory);
    *pinned = (ct_pinned){0};
}
