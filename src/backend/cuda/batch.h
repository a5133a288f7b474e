/* SPDX-License-Identifier: Apache-2.0 */
/* One lane: a stream with a part of the device's memory, and the batch that is under way in it. */
#ifndef CT_CUDA_BATCH_H
#define CT_CUDA_BATCH_H

#include "backend/cuda/handout.h"
#include "backend/cuda/jobs.h"
#include "backend/cuda/libraries.h"
#include "backend/cuda/resident.h"
#include "backend/cuda/stage_clock.h"

/* What comes back of a batch beside the control data, in one piece. */
typedef struct ct_outcome {
    uint64_t *sums;  /* 4 a job */
    int64_t *exact;  /* 2 x 2 a job of the first group, when that is n <= 2 of integers */
    double *values;  /* as the job groups say */
    double *squares; /* one a job: real, complex */
    int32_t *info;   /* one a job */
} ct_outcome;

typedef enum ct_phase { CT_LANE_IDLE, CT_LANE_CLASSES, CT_LANE_MATRICES } ct_phase;

typedef struct ct_lane {
    const ct_resident *resident;
    const ct_device_part *part;
    cudaStream_t stream;
    cudaEvent_t ready; /* the copies to the host have ended */
    ct_stage_clock clock;
    ct_libraries *libraries; /* NULL until a block may need them */
    ct_region region;        /* borrowed from the device's block */
    ct_pinned masks, control, jobs_in, results;

    ct_phase phase;
    size_t batch; /* its number in the hand-out */
    ct_shape shape;
    int64_t cuts;
    uint64_t seed; /* of the hashes */
    int tries;
    ct_layout layout;
    ct_list_space list; /* of a cut of a list */
    ct_jobs jobs;
    ct_gram_job *device_jobs;
    ct_outcome device, host;
    uint64_t outcome_bytes;
} ct_lane;

/* Without memory yet: `region` is set afterwards. */
cutropy_status ct_lane_open(const ct_resident *resident, const ct_device_part *part, ct_lane *out);
/* Handles of the libraries, which take device memory of their own. */
cutropy_status ct_lane_libraries(ct_lane *lane);
/* Waits for what is under way, then frees; accepts a lane whose opening failed. */
void ct_lane_close(ct_lane *lane);

/* Three steps; the next one waits for what the one before has enqueued. */
/* Rows, classes, blocks, and the control data to the host. masks: of the batch's cuts. */
cutropy_status ct_batch_start(ct_lane *lane, size_t batch, int na, const uint64_t *masks,
                              int64_t cuts);
/* Gram matrices and eigenvalues, and the outcome to the host. */
cutropy_status ct_batch_matrices(ct_lane *lane);
/* The answers; the lane is idle then. Errors: CUTROPY_ENUMERIC where an eigen-solver gave up. */
cutropy_status ct_batch_finish(ct_lane *lane, ct_answers *out);

/* matrices.c: enqueues Gram matrices and eigenvalues of all groups, chunk by chunk. */
cutropy_status ct_enqueue_groups(ct_lane *lane);
/* answers.c */
cutropy_status ct_answers_read(const ct_lane *lane, ct_answers *out);

#endif
