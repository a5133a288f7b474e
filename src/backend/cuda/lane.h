/* SPDX-License-Identifier: Apache-2.0 */
/* One lane: a stream with a part of the device's memory, and the batch that is under way in it. */
#ifndef CT_CUDA_LANE_H
#define CT_CUDA_LANE_H

#include "backend/cuda/handout.h"
#include "backend/cuda/jobs.h"
#include "backend/cuda/libraries.h"
#include "backend/cuda/resident.h"
#include "backend/cuda/stage_clock.h"

/* What comes back of a batch at its end, in one piece. */
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
    const ct_holder *holder;
    cudaStream_t stream;
    cudaEvent_t ready; /* the copies to the host have ended */
    ct_stage_clock clock;
    ct_libraries *libraries; /* NULL until a block may need them */
    int64_t own;             /* ct_own_most */
    ct_region region;        /* borrowed from the device's block */
    ct_pinned masks, control, starts, jobs_in, results;

    ct_phase phase;
    size_t batch; /* its number in the hand-out */
    ct_shape shape;
    int64_t cuts;
    uint64_t seed; /* of the hashes */
    int tries;
    ct_layout layout;
    ct_list_space list; /* of a cut of a list */
    ct_found found;     /* in `control` and `starts` */
    ct_jobs jobs;
    ct_gram_job *device_jobs;
    ct_outcome device, host;
    uint64_t outcome_bytes;
} ct_lane;

#endif
