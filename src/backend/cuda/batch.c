/* SPDX-License-Identifier: Apache-2.0 */
/* A batch through its stages on one stream. */
#include "backend/cuda/batch.h"

#include <string.h>

#include "backend/cuda/list.h"
#include "backend/cuda/own.h"

/* Hashes of 64 bits: one repeat is rare, several are a defect. */
#define MOST_TRIES 4

cutropy_status ct_lane_open(const ct_resident *resident, const ct_holder *holder, ct_lane *out)
{
    cutropy_status status = CUTROPY_OK;
    const int device = holder->device.number;
    *out = (ct_lane){.resident = resident, .holder = holder, .seed = 1};
    CT_TRY(ct_own_most(&out->own));
    CT_CUDA(device, cudaStreamCreateWithFlags(&out->stream, cudaStreamNonBlocking));
    CT_CUDA(device, cudaEventCreateWithFlags(&out->ready, cudaEventDisableTiming));
    ct_stage_clock_open(device, out->stream, &out->clock);
done:
    return status;
}

cutropy_status ct_lane_libraries(ct_lane *lane)
{
    return lane->libraries
               ? CUTROPY_OK
               : ct_libraries_open(lane->holder->device.number, lane->stream, &lane->libraries);
}

/* Of `jobs` blocks: four sums, `exact` integers and `values` eigenvalues of all, a square, a status. */
static uint64_t outcome_size(int64_t jobs, int64_t exact, int64_t values)
{
    return 8 * (uint64_t)(4 * jobs + exact + values + jobs) + 4 * (uint64_t)jobs;
}

cutropy_status ct_lane_reserve(ct_lane *lane, const ct_shape *shape, int64_t cuts)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const int64_t values = cuts * ct_padded(shape, shape->rows[0]);
    CT_TRY(ct_pinned_reserve(&lane->masks, device, (uint64_t)cuts * sizeof(uint64_t)));
    CT_TRY(ct_pinned_reserve(&lane->control, device, ct_control_bytes(cuts)));
    CT_TRY(ct_pinned_reserve(&lane->starts, device, 4 * (uint64_t)cuts * sizeof(int32_t)));
    CT_TRY(ct_pinned_reserve(&lane->jobs_in, device, (uint64_t)cuts * sizeof(ct_gram_job)));
    CT_TRY(ct_pinned_reserve(&lane->results, device, outcome_size(cuts, 0, values)));
done:
    return status;
}

void ct_lane_close(ct_lane *lane)
{
    if (lane->stream)
        (void)cudaStreamSynchronize(lane->stream);
    ct_libraries_close(lane->libraries);
    ct_stage_clock_close(&lane->clock);
    if (lane->ready)
        (void)cudaEventDestroy(lane->ready);
    if (lane->stream)
        (void)cudaStreamDestroy(lane->stream);
    ct_region_rewind(&lane->region, 0);
    ct_pinned_free(&lane->masks);
    ct_pinned_free(&lane->control);
    ct_pinned_free(&lane->starts);
    ct_pinned_free(&lane->jobs_in);
    ct_pinned_free(&lane->results);
    ct_jobs_free(&lane->jobs);
    *lane = (ct_lane){0};
}

static cutropy_status enqueue_gather(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const ct_shape *shape = &lane->shape;
    const uint64_t *function = lane->holder->function;
    for (int s = 0; s < 2; s++) {
        uint64_t *rows = (uint64_t *)lane->layout.blocks.side[s].rows; /* ours, filled here */
        if (shape->entry_words)
            CT_CUDA(lane->holder->device.number,
                    ct_launch_gather_values(function, shape->entry_words, shape->pixels,
                                            lane->layout.mask, lane->cuts, shape->na, s, rows,
                                            lane->stream));
        else
            CT_CUDA(lane->holder->device.number,
                    ct_launch_gather_bits(function, shape->pixels, lane->layout.mask, lane->cuts,
                                          shape->na, s, rows, lane->stream));
    }
done:
    return status;
}

/* Classes and blocks with the present seed, and the control data on its way to the host. */
static cutropy_status enqueue_classes(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    for (int s = 0; s < 2; s++)
        CT_CUDA(device, ct_launch_classes(&lane->layout.blocks.side[s], lane->shape.drop_zero,
                                          lane->seed, lane->stream));
    if (lane->shape.images)
        CT_TRY(ct_list_entries(lane));
    CT_TRY(ct_stage_clock_mark(&lane->clock, CT_CLOCK_STAGE(quotient)));
    CT_CUDA(device, ct_launch_blocks(&lane->layout.blocks, lane->stream));
    CT_TRY(ct_stage_clock_mark(&lane->clock, CT_CLOCK_STAGE(blocks)));
    CT_CUDA(device,
            cudaMemcpyAsync(lane->control.memory, lane->layout.control, lane->layout.control_bytes,
                            cudaMemcpyDeviceToHost, lane->stream));
    CT_CUDA(device, cudaEventRecord(lane->ready, lane->stream));
done:
    return status;
}

/* The rows of a batch of dense cuts. */
static cutropy_status start_dense(ct_lane *lane, const uint64_t *masks)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const size_t bytes = (size_t)lane->cuts * sizeof *masks;
    if (!ct_layout_place(&lane->shape, lane->cuts, &lane->region, &lane->layout))
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "a batch was planned that does not fit"));
    CT_TRY(ct_pinned_reserve(&lane->masks, device, bytes));
    memcpy(lane->masks.memory, masks, bytes);
    CT_CUDA(device, cudaMemcpyAsync(lane->layout.mask, lane->masks.memory, bytes,
                                    cudaMemcpyHostToDevice, lane->stream));
    CT_TRY(enqueue_gather(lane));
done:
    return status;
}

cutropy_status ct_batch_start(ct_lane *lane, size_t batch, int na, const uint64_t *masks,
                              int64_t cuts)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    lane->phase = CT_LANE_CLASSES;
    lane->batch = batch;
    lane->shape = ct_shape_of(lane->resident->f, na);
    lane->cuts = cuts;
    lane->tries = 1;
    ct_region_rewind(&lane->region, 0);
    CT_TRY(ct_stage_clock_start(&lane->clock));
    CT_TRY(lane->shape.images ? ct_list_build(lane, masks[0]) : start_dense(lane, masks));
    CT_TRY(ct_pinned_reserve(&lane->control, device, lane->layout.control_bytes));
    lane->found = (ct_found){.cuts = cuts, .control = ct_control_at(lane->control.memory, cuts)};
    CT_TRY(enqueue_classes(lane));
done:
    return status;
}

/* Waits for the control data; repeats the classes while two different rows share a hash. */
static cutropy_status wait_for_control(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    CT_CUDA(device, cudaEventSynchronize(lane->ready));
    while (ct_found_collision(&lane->found)) {
        if (lane->tries++ == MOST_TRIES)
            CT_TRY(ct_fail(CUTROPY_EINTERNAL,
                           "device %d: different rows shared a 64-bit hash %d times in a row",
                           device, MOST_TRIES));
        lane->seed++;
        CT_TRY(enqueue_classes(lane));
        CT_CUDA(device, cudaEventSynchronize(lane->ready));
    }
done:
    return status;
}

/* Where the blocks start: only as many numbers as there are. */
static cutropy_status fetch_starts(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    int64_t count = 0;
    CT_TRY(ct_found_starts(&lane->shape, &lane->found, &count));
    CT_TRY(ct_pinned_reserve(&lane->starts, device, 2 * (uint64_t)count * sizeof(int32_t)));
    for (int s = 0; s < 2; s++) {
        int32_t *to = (int32_t *)lane->starts.memory + s * count;
        CT_CUDA(device,
                cudaMemcpyAsync(to, lane->layout.blocks.start[s], (size_t)count * sizeof *to,
                                cudaMemcpyDeviceToHost, lane->stream));
        lane->found.start[s] = to;
    }
    CT_CUDA(device, cudaEventRecord(lane->ready, lane->stream));
    CT_CUDA(device, cudaEventSynchronize(lane->ready));
done:
    return status;
}

/* Blocks of the first group that bring back their exact matrix instead of eigenvalues. */
static int64_t closed_jobs(const ct_lane *lane)
{
    const ct_job_group *first = &lane->jobs.group[0];
    return lane->shape.integers && first->ld == 2 ? first->count : 0;
}

/* The outcome: five arrays in one piece, the same on host and device. */
static void place_outcome(const ct_lane *lane, void *base, ct_outcome *out)
{
    out->sums = base;
    out->exact = (int64_t *)(void *)(out->sums + 4 * lane->jobs.count);
    out->values = (double *)(void *)(out->exact + 4 * closed_jobs(lane));
    out->squares = out->values + lane->jobs.values;
    out->info = (int32_t *)(void *)(out->squares + lane->jobs.count);
}

/* Room for job list and outcome, on both sides. */
static cutropy_status prepare_outcome(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    const uint64_t bytes = (uint64_t)lane->jobs.count * sizeof *lane->jobs.job;
    void *base = NULL;
    lane->outcome_bytes = outcome_size(lane->jobs.count, 4 * closed_jobs(lane), lane->jobs.values);
    lane->device_jobs = ct_region_take(&lane->region, bytes);
    base = ct_region_take(&lane->region, lane->outcome_bytes);
    if (!base)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "the blocks of a batch exceed their plan"));
    place_outcome(lane, base, &lane->device);
    CT_TRY(ct_pinned_reserve(&lane->jobs_in, device, bytes));
    CT_TRY(ct_pinned_reserve(&lane->results, device, lane->outcome_bytes));
    place_outcome(lane, lane->results.memory, &lane->host);
    CT_CUDA(device, cudaMemsetAsync(base, 0, lane->outcome_bytes, lane->stream));
    for (int64_t i = 0; i < lane->jobs.count; i++)
        lane->jobs.job[i].sums = 4 * i;
done:
    return status;
}

cutropy_status ct_batch_matrices(ct_lane *lane)
{
    cutropy_status status = CUTROPY_OK;
    const int device = lane->holder->device.number;
    lane->phase = CT_LANE_MATRICES;
    CT_TRY(wait_for_control(lane));
    CT_TRY(fetch_starts(lane));
    ct_jobs_free(&lane->jobs);
    CT_TRY(ct_jobs_build(&lane->shape, &lane->found, &lane->jobs));
    CT_TRY(ct_stage_clock_fold(&lane->clock));
    CT_TRY(ct_stage_clock_start(&lane->clock));
    CT_TRY(prepare_outcome(lane));
    CT_TRY(ct_enqueue_groups(lane));
    CT_CUDA(device, cudaMemcpyAsync(lane->results.memory, lane->device.sums, lane->outcome_bytes,
                                    cudaMemcpyDeviceToHost, lane->stream));
    CT_CUDA(device, cudaEventRecord(lane->ready, lane->stream));
done:
    return status;
}

cutropy_status ct_batch_finish(ct_lane *lane, ct_answers *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_answers){0};
    lane->phase = CT_LANE_IDLE;
    CT_CUDA(lane->holder->device.number, cudaEventSynchronize(lane->ready));
    CT_TRY(ct_stage_clock_fold(&lane->clock));
    CT_TRY(ct_answers_read(lane, out));
done:
    return status;
}
