/* SPDX-License-Identifier: Apache-2.0 */
/* Gram matrices and eigenvalues of a batch: one group of equal dimension after the other, in chunks
 * that fit the rest of the lane's memory. */
#include <string.h>

#include "backend/cuda/batch.h"
#include "backend/cuda/eigen_batch.h"
#include "backend/cuda/thresholds.h"

/* Jobs first .. first + count - 1 of the list, with the memory they use. */
typedef struct ct_chunk {
    const ct_job_group *group;
    int64_t first, count;
    double *matrices; /* count x ld x ld entries */
    double *rows;     /* real, complex: count x n x k entries */
    ct_eigen_batch eigen;
} ct_chunk;

/* No eigenvalues: blocks of n <= 2 of integers have closed forms. */
static bool is_closed(const ct_lane *lane, const ct_job_group *group)
{
    return lane->shape.integers && group->ld == 2;
}

static bool uses_library(const ct_lane *lane, const ct_job_group *group)
{
    return ct_eigen_needs_libraries(lane->own, lane->shape.parts, group->ld);
}

/* Small blocks of integers never need the libraries, whose handles take long to make. */
static cutropy_status open_libraries(ct_lane *lane, const ct_job_group *group)
{
    return lane->shape.integers && !uses_library(lane, group) ? CUTROPY_OK
                                                              : ct_lane_libraries(lane);
}

/* Takes the chunk's memory; *fits = false: there is not enough for so many. */
static cutropy_status place_chunk(ct_lane *lane, ct_chunk *c, bool *fits)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t entry = 8 * (uint64_t)lane->shape.parts, count = (uint64_t)c->count,
                   ld = (uint64_t)c->group->ld;
    const uint64_t row = (uint64_t)c->group->largest_k;
    c->eigen = (ct_eigen_batch){.device = lane->holder->device.number,
                                .stream = lane->stream,
                                .own = lane->own,
                                .libraries = lane->libraries,
                                .parts = lane->shape.parts,
                                .n = c->group->ld,
                                .count = c->count};
    CT_TRY(ct_eigen_batch_space(&c->eigen));
    c->matrices = ct_region_take(&lane->region, count * ld * ld * entry);
    if (!lane->shape.integers)
        c->rows = ct_region_take(&lane->region, count * ld * row * entry);
    c->eigen.work = ct_region_take(&lane->region, c->eigen.space.device_bytes);
    *fits = c->eigen.work != NULL;
done:
    return status;
}

/* The jobs of the chunk, with the places of their matrices (or of their scaled rows), on the
 * device.
 */
static cutropy_status upload_chunk(ct_lane *lane, const ct_chunk *c)
{
    cutropy_status status = CUTROPY_OK;
    ct_gram_job *staged = (ct_gram_job *)lane->jobs_in.memory + c->first;
    int64_t place = 0;
    for (int64_t i = 0; i < c->count; i++) {
        staged[i] = lane->jobs.job[c->first + i];
        staged[i].matrix = place;
        place += lane->shape.integers ? staged[i].ld * staged[i].ld : staged[i].n * staged[i].k;
    }
    CT_CUDA(lane->holder->device.number,
            cudaMemcpyAsync(lane->device_jobs + c->first, staged, (size_t)c->count * sizeof *staged,
                            cudaMemcpyHostToDevice, lane->stream));
done:
    return status;
}

static ct_gram_batch gram_batch(const ct_lane *lane, const ct_chunk *c)
{
    return (ct_gram_batch){.job = lane->device_jobs + c->first,
                           .jobs = c->count,
                           .largest_n = c->group->largest_n,
                           .largest_ld = c->group->ld,
                           .blocks = lane->layout.blocks,
                           .value = {lane->shape.value[0], lane->shape.value[1]},
                           .columns = {lane->shape.rows[1], lane->shape.rows[0]},
                           .exact =
                               is_closed(lane, c->group) ? lane->device.exact + 4 * c->first : NULL,
                           .scaled = c->matrices,
                           .sums = lane->device.sums};
}

/* H = Q Q^H of every block of the chunk: neighbours of the same shape at once, large ones alone.
 * The routine depends on the shape only. */
static cutropy_status enqueue_products(ct_lane *lane, const ct_chunk *c)
{
    cutropy_status status = CUTROPY_OK;
    const ct_gram_job *job = &lane->jobs.job[c->first];
    const int64_t n = c->group->ld, parts = lane->shape.parts;
    const double *rows = c->rows;
    int64_t alike = 0;
    for (int64_t i = 0; i < c->count; i += alike) {
        double *h = c->matrices + i * n * n * parts;
        for (alike = 1; i + alike < c->count && job[i + alike].k == job[i].k;)
            alike++;
        if (n >= CT_CUDA_SYRK) {
            alike = 1;
            CT_TRY(ct_libraries_gram(lane->libraries, (int)parts, n, job[i].k, rows, h));
        } else {
            CT_TRY(
                ct_libraries_gram_batch(lane->libraries, (int)parts, n, job[i].k, alike, rows, h));
        }
        rows += alike * n * job[i].k * parts;
    }
done:
    return status;
}

/* Where the eigenvalues of the chunk go, ld of every matrix. */
static double *values_of(const ct_lane *lane, const ct_chunk *c)
{
    return lane->device.values + c->group->values + (c->first - c->group->first) * c->group->ld;
}

static cutropy_status enqueue_gram(ct_lane *lane, const ct_chunk *c)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const ct_gram_batch batch = gram_batch(lane, c);
    if (lane->shape.images) {
        CT_CUDA(device, ct_launch_gram_lists(&batch, lane->stream));
    } else if (lane->shape.kind == CUTROPY_KIND_INTEGER) {
        CT_CUDA(device, ct_launch_gram_integers(&batch, lane->stream));
    } else if (lane->shape.integers && c->group->ld < CT_CUDA_MMA) {
        CT_CUDA(device, ct_launch_gram_bits(&batch, lane->stream));
    } else if (lane->shape.integers) {
        CT_CUDA(device, ct_launch_gram_bits_mma(&batch, lane->stream));
    } else {
        CT_CUDA(device, ct_launch_scale_values(&batch, c->rows, lane->stream));
        CT_TRY(enqueue_products(lane, c));
        /* the places of the eigenvalues are free until these are computed */
        CT_CUDA(device, ct_launch_square(c->matrices, c->count, c->group->ld, lane->shape.parts,
                                         values_of(lane, c), lane->device.squares + c->first,
                                         lane->stream));
    }
    CT_TRY(ct_stage_clock_mark(&lane->clock, CT_CLOCK_STAGE(gram)));
done:
    return status;
}

static cutropy_status enqueue_eigenvalues(ct_lane *lane, ct_chunk *c)
{
    cutropy_status status = CUTROPY_OK;
    if (is_closed(lane, c->group))
        return CUTROPY_OK;
    c->eigen.a = c->matrices;
    c->eigen.values = values_of(lane, c);
    c->eigen.info = lane->device.info + c->first;
    CT_TRY(ct_eigen_batch_solve(&c->eigen));
    CT_TRY(ct_stage_clock_mark(&lane->clock, CT_CLOCK_STAGE(eigenvalues)));
done:
    return status;
}

static cutropy_status enqueue_chunk(ct_lane *lane, ct_chunk *c, bool *fits)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(place_chunk(lane, c, fits));
    if (!*fits)
        goto done;
    CT_TRY(upload_chunk(lane, c));
    CT_TRY(enqueue_gram(lane, c));
    CT_TRY(enqueue_eigenvalues(lane, c));
done:
    return status;
}

static cutropy_status too_large(const ct_lane *lane, const ct_chunk *c)
{
    char needs[24], has[24];
    const uint64_t bytes = ct_block_matrix_bytes(&lane->shape, c->group->ld, c->group->largest_k);
    return ct_fail(CUTROPY_EMEMORY,
                   "device %d: a block of dimension %lld needs %s for its matrix and %s for its "
                   "eigenvalues, but a batch has %s: use --backend cpu",
                   lane->holder->device.number, (long long)c->group->ld,
                   ct_bytes_format(bytes, needs), ct_bytes_format(c->eigen.space.device_bytes, has),
                   ct_bytes_format(lane->region.size, (char[24]){0}));
}

/* The next chunk of a group: as many jobs as fit, fewer where the device has no more memory. */
static cutropy_status next_chunk(ct_lane *lane, const ct_job_group *group, int64_t first,
                                 int64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t mark = lane->region.used;
    const int64_t most = ct_eigen_most(lane->own, lane->shape.parts, group->ld, group->count);
    const int64_t left = group->first + group->count - first;
    for (*count = left < most ? left : most;; *count = (*count + 1) / 2) {
        ct_chunk c = {.group = group, .first = first, .count = *count};
        bool fits = false;
        status = enqueue_chunk(lane, &c, &fits);
        ct_region_rewind(&lane->region, mark); /* the stream uses it in order */
        if (status == CUTROPY_OK && fits)
            return CUTROPY_OK;
        if (status != CUTROPY_OK && (status != CUTROPY_EMEMORY || *count == 1))
            return status;
        if (status == CUTROPY_OK && *count == 1)
            return too_large(lane, &c);
        /* the staged jobs change */
        CT_CUDA(lane->holder->device.number, cudaStreamSynchronize(lane->stream));
    }
done:
    return status;
}

cutropy_status ct_enqueue_groups(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    for (int64_t g = 0; g < lane->jobs.groups; g++) {
        const ct_job_group *group = &lane->jobs.group[g];
        int64_t count = 0;
        CT_TRY(open_libraries(lane, group));
        for (int64_t i = 0; i < group->count; i += count)
            CT_TRY(next_chunk(lane, group, group->first + i, &count));
    }
done:
    return status;
}
