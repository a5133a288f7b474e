/* SPDX-License-Identifier: Apache-2.0 */
/* One stream, and the arrays of two levels that take turns: the one that is made, and the one that it is made from. What a step needs
 * from the host and tells it is a few numbers a state, in pageable memory; the host waits at the end of every step, since the
 * next one depends on what it is told. */
#include "backend/cuda/levels.h"

#include <errno.h>
#include <stdlib.h>

#include "backend/cuda/device.h"
#include "backend/cuda/memory.h"
#include "backend/cuda/thresholds.h"
#include "kernels.h"

/* A level on the device. */
typedef struct ct_there {
    ct_region region;
    int64_t count, entries, words;
    int64_t *start;
    uint64_t *entry;
} ct_there;

struct ct_level_matrix {
    ct_device device;
    cudaStream_t stream;
    ct_there level[2];
    int now; /* the level that is whole */
};

/* What is handed to the kernel and comes back. */
typedef struct ct_handed {
    int32_t *to[2], *parent;
    uint64_t *diagonal;
} ct_handed;

static cutropy_status takes(uint64_t words, bool *out)
{
    const char *text = getenv("CUTROPY_CUDA_LEVEL");
    char *end = NULL;
    unsigned long long least = CT_CUDA_LEVEL;
    *out = false;
    if (text && *text) {
        errno = 0;
        least = strtoull(text, &end, 10);
        if (*end || errno || *text < '0' || *text > '9')
            return ct_fail(CUTROPY_EINPUT, "CUTROPY_CUDA_LEVEL is '%s': give a number of words",
                           text);
    }
    *out = words >= least;
    return CUTROPY_OK;
}

/* ---- memory ---- */

/* Its arrays, in the region or counted. */
static void place(const ct_level_shape *shape, ct_region *region, ct_there *level, ct_handed *out)
{
    const uint64_t count = (uint64_t)shape->count;
    level->count = shape->count;
    level->words = shape->words;
    level->entries = shape->start[shape->count];
    level->entry = ct_region_take(region, (uint64_t)level->entries * (uint64_t)level->words *
                                              sizeof(uint64_t));
    level->start = ct_region_take(region, (count + 1) * sizeof(int64_t));
    for (int bit = 0; bit < 2; bit++)
        out->to[bit] = ct_region_take(region, count * sizeof(int32_t));
    out->parent = ct_region_take(region, count * sizeof(int32_t));
    out->diagonal = ct_region_take(region, count * (uint64_t)level->words * sizeof(uint64_t));
}

/* Room for such a level: the memory that is there if it is enough, else a quarter more than it takes, since levels of one line of
 * pixels grow. */
static cutropy_status make_room(const ct_device *device, const ct_level_shape *shape,
                                ct_there *level, ct_handed *out)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t most = device->total / 8;
    ct_region counting = ct_region_counting();
    char needs[24], may[24];
    place(shape, &counting, level, out);
    const uint64_t bytes = counting.used, more = bytes + bytes / 4;
    if (bytes > most)
        return ct_fail(CUTROPY_EMEMORY, "device %d: a level needs %s but %s may be used",
                       device->number, ct_bytes_format(bytes, needs), ct_bytes_format(most, may));
    if (level->region.size < bytes) {
        ct_region_close(&level->region);
        CT_TRY(ct_region_open(device->number, more < most ? more : most, bytes, &level->region));
    }
    ct_region_rewind(&level->region, 0);
    place(shape, &level->region, level, out);
    if (!out->diagonal) /* guarded arrays alone */
        status = ct_fail_memory("a level on a device", bytes);
done:
    return status;
}

/* ---- the operations ---- */

static void close_levels(ct_level_matrix *matrix)
{
    if (!matrix)
        return;
    (void)cudaSetDevice(matrix->device.number); /* what failed before was reported */
    if (matrix->stream)
        (void)cudaStreamSynchronize(matrix->stream);
    for (int i = 0; i < 2; i++)
        ct_region_close(&matrix->level[i].region);
    if (matrix->stream)
        (void)cudaStreamDestroy(matrix->stream);
    ct_free(matrix);
}

static cutropy_status open_levels(const ct_level_shape *shape, const uint64_t *entry,
                                  ct_level_matrix **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_level_matrix *m = NULL;
    ct_there *level;
    ct_handed unused;
    *out = NULL;
    CT_NEW_ZERO(m, 1);
    CT_TRY(ct_device_describe(0, &m->device));
    CT_TRY(ct_device_use(&m->device));
    const int device = m->device.number;
    level = &m->level[0];
    CT_CUDA(device, cudaStreamCreateWithFlags(&m->stream, cudaStreamNonBlocking));
    CT_TRY(make_room(&m->device, shape, level, &unused));
    CT_CUDA(device, cudaMemcpyAsync(level->start, shape->start,
                                    (size_t)(shape->count + 1) * sizeof *level->start,
                                    cudaMemcpyHostToDevice, m->stream));
    CT_CUDA(device, cudaMemcpyAsync(level->entry, entry,
                                    (size_t)(level->entries * level->words) * sizeof *entry,
                                    cudaMemcpyHostToDevice, m->stream));
    CT_CUDA(device, cudaStreamSynchronize(m->stream)); /* both arrays are the caller's */
    *out = m;
    m = NULL;
done:
    close_levels(m);
    return status;
}

static cutropy_status step_levels(ct_level_matrix *m, const ct_level_step *step)
{
    cutropy_status status = CUTROPY_OK;
    const int device = m->device.number;
    const size_t count = (size_t)step->shape.count, states = count * sizeof(int32_t);
    const ct_there *old = &m->level[m->now];
    ct_there *level = &m->level[1 - m->now];
    int32_t *single = NULL; /* every state alone */
    ct_handed there;
    CT_TRY(ct_device_use(&m->device));
    CT_TRY(make_room(&m->device, &step->shape, level, &there));
    CT_NEW(single, count);
    for (size_t i = 0; i < count; i++)
        single[i] = (int32_t)i;
    CT_CUDA(device,
            cudaMemcpyAsync(level->start, step->shape.start, (count + 1) * sizeof *level->start,
                            cudaMemcpyHostToDevice, m->stream));
    for (int bit = 0; bit < 2; bit++)
        CT_CUDA(device, cudaMemcpyAsync(there.to[bit], step->to[bit], states,
                                        cudaMemcpyHostToDevice, m->stream));
    CT_CUDA(device,
            cudaMemcpyAsync(there.parent, single, states, cudaMemcpyHostToDevice, m->stream));
    const ct_device_level job = {.count = level->count,
                                 .start = level->start,
                                 .to = {there.to[0], there.to[1]},
                                 .old_start = old->start,
                                 .old_entry = old->entry,
                                 .old_words = (int32_t)old->words,
                                 .words = (int32_t)level->words,
                                 .bounds = step->shape.bounds,
                                 .entry = level->entry,
                                 .diagonal = there.diagonal,
                                 .parent = there.parent};
    CT_CUDA(device, ct_launch_level(&job, level->entries, m->stream));
    CT_CUDA(device,
            cudaMemcpyAsync(step->parent, there.parent, states, cudaMemcpyDeviceToHost, m->stream));
    CT_CUDA(device, cudaMemcpyAsync(step->diagonal, there.diagonal,
                                    count * (size_t)level->words * sizeof *step->diagonal,
                                    cudaMemcpyDeviceToHost, m->stream));
    CT_CUDA(device, cudaStreamSynchronize(m->stream));
    m->now = 1 - m->now;
done:
    if (status != CUTROPY_OK && single)
        (void)cudaStreamSynchronize(m->stream); /* it reads what is freed now */
    ct_free(single);
    return status;
}

static cutropy_status read_levels(ct_level_matrix *m, uint64_t *entry)
{
    cutropy_status status = CUTROPY_OK;
    const int device = m->device.number;
    const ct_there *level = &m->level[m->now];
    CT_TRY(ct_device_use(&m->device));
    CT_CUDA(device, cudaMemcpyAsync(entry, level->entry,
                                    (size_t)(level->entries * level->words) * sizeof *entry,
                                    cudaMemcpyDeviceToHost, m->stream));
    CT_CUDA(device, cudaStreamSynchronize(m->stream));
done:
    return status;
}

const ct_level_device ct_cuda_levels = {.takes = takes,
                                        .open = open_levels,
                                        .step = step_levels,
                                        .read = read_levels,
                                        .close = close_levels};
