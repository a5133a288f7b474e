/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/stage_clock.h"

cutropy_status ct_stage_clock_open(int device, cudaStream_t stream, ct_stage_clock *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_stage_clock){.device = device, .stream = stream};
    for (; out->created < CT_CLOCK_MARKS; out->created++)
        CT_CUDA(device, cudaEventCreate(&out->event[out->created]));
done:
    return status;
}

void ct_stage_clock_close(ct_stage_clock *clock)
{
    for (int i = 0; i < clock->created; i++)
        (void)cudaEventDestroy(clock->event[i]);
    clock->created = 0;
}

static cutropy_status record(ct_stage_clock *clock, size_t stage)
{
    cutropy_status status = CUTROPY_OK;
    CT_CUDA(clock->device, cudaEventRecord(clock->event[clock->marks], clock->stream));
    clock->stage[clock->marks++] = stage;
done:
    return status;
}

cutropy_status ct_stage_clock_start(ct_stage_clock *clock)
{
    clock->marks = 0;
    return record(clock, 0);
}

cutropy_status ct_stage_clock_mark(ct_stage_clock *clock, size_t stage)
{
    cutropy_status status = CUTROPY_OK;
    if (clock->marks == CT_CLOCK_MARKS) {
        CT_CUDA(clock->device, cudaEventSynchronize(clock->event[clock->marks - 1]));
        CT_TRY(ct_stage_clock_fold(clock));
        CT_TRY(ct_stage_clock_start(clock));
    }
    CT_TRY(record(clock, stage));
done:
    return status;
}

cutropy_status ct_stage_clock_fold(ct_stage_clock *clock)
{
    cutropy_status status = CUTROPY_OK;
    for (int i = 1; i < clock->marks; i++) {
        float milliseconds = 0;
        CT_CUDA(clock->device,
                cudaEventElapsedTime(&milliseconds, clock->event[i - 1], clock->event[i]));
        double *seconds = (double *)((unsigned char *)&clock->seconds + clock->stage[i]);
        *seconds += milliseconds / 1000;
    }
    clock->marks = 0;
done:
    return status;
}
