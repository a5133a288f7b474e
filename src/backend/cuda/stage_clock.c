/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/stage_clock.h"

#include "base/array.h"

void ct_stage_clock_open(int device, cudaStream_t stream, ct_stage_clock *out)
{
    *out = (ct_stage_clock){.device = device, .stream = stream};
}

void ct_stage_clock_close(ct_stage_clock *clock)
{
    for (size_t i = 0; i < clock->created; i++)
        (void)cudaEventDestroy(clock->mark[i].event);
    ct_free(clock->mark);
    *clock = (ct_stage_clock){0};
}

static cutropy_status one_more(ct_stage_clock *clock)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(CT_ROOM("stage clock", clock->mark, clock->created, clock->room, 1));
    CT_CUDA(clock->device, cudaEventCreate(&clock->mark[clock->created].event));
    clock->created++;
done:
    return status;
}

cutropy_status ct_stage_clock_mark(ct_stage_clock *clock, size_t stage)
{
    cutropy_status status = CUTROPY_OK;
    if (clock->marks == clock->created)
        CT_TRY(one_more(clock));
    clock->mark[clock->marks].stage = stage;
    CT_CUDA(clock->device, cudaEventRecord(clock->mark[clock->marks].event, clock->stream));
    clock->marks++;
done:
    return status;
}

cutropy_status ct_stage_clock_start(ct_stage_clock *clock)
{
    clock->marks = 0;
    return ct_stage_clock_mark(clock, 0);
}

cutropy_status ct_stage_clock_fold(ct_stage_clock *clock)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 1; i < clock->marks; i++) {
        float milliseconds = 0;
        CT_CUDA(clock->device, cudaEventElapsedTime(&milliseconds, clock->mark[i - 1].event,
                                                    clock->mark[i].event));
        double *seconds = (double *)((unsigned char *)&clock->seconds + clock->mark[i].stage);
        *seconds += milliseconds / 1000;
    }
    clock->marks = 0;
done:
    return status;
}
