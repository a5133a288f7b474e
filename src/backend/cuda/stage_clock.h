/* SPDX-License-Identifier: Apache-2.0 */
/* How long the stages take on a device, by events on a stream. While two lanes share a device, each
 * stage's time includes the waiting for the other lane. */
#ifndef CT_CUDA_STAGE_CLOCK_H
#define CT_CUDA_STAGE_CLOCK_H

#include "backend/solver.h"
#include "backend/cuda/check.h"

typedef struct ct_clock_mark {
    cudaEvent_t event;
    size_t stage; /* offset in ct_solver_seconds of what ends here */
} ct_clock_mark;

typedef struct ct_stage_clock {
    int device;
    cudaStream_t stream;
    ct_clock_mark *mark; /* they stay for the next batch: there are as many as one batch ever had */
    size_t created, marks, room;
    ct_solver_seconds seconds;
} ct_stage_clock;

void ct_stage_clock_open(int device, cudaStream_t stream, ct_stage_clock *out);
void ct_stage_clock_close(ct_stage_clock *clock);
/* From here on time counts. */
cutropy_status ct_stage_clock_start(ct_stage_clock *clock);
/* What was enqueued since the last mark belongs to a stage. Never waits. */
cutropy_status ct_stage_clock_mark(ct_stage_clock *clock, size_t stage);
/* Adds up the marks; the stream has passed them. */
cutropy_status ct_stage_clock_fold(ct_stage_clock *clock);

#define CT_CLOCK_STAGE(name) offsetof(ct_solver_seconds, name)

#endif
