/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks of a batch, sorted by the dimension of their padded matrices. */
#ifndef CT_CUDA_JOBS_H
#define CT_CUDA_JOBS_H

#include "backend/cuda/plan.h"

/* Blocks first .. first + count - 1 of the sorted list: matrices of dimension ld. */
typedef struct ct_job_group {
    int64_t first, count, ld;
    int64_t values; /* eigenvalue number `ld * i` of the group comes at values + ld * i */
    int64_t largest_n, largest_k;
} ct_job_group;

/* What was found, as a list. */
typedef struct ct_jobs {
    int64_t count;    /* blocks of all cuts */
    ct_gram_job *job; /* sorted; matrix and sums are set chunk by chunk */
    int64_t *block;   /* of each job: its number in the order of cuts and blocks */
    int64_t groups;
    ct_job_group *group;
    int64_t values; /* eigenvalues of all blocks, padding included */
} ct_jobs;

/* The blocks of a batch as they came to the host. */
typedef struct ct_found {
    int64_t cuts;
    ct_control control;
    const int32_t *start[2]; /* of ct_device_blocks, what there is of it */
} ct_found;

/* Must some cut be repeated, because two of its rows share a hash? */
bool ct_found_collision(const ct_found *found);
/* Numbers that there are in each start; what the device says of them is not believed.
 * Errors: CUTROPY_EINTERNAL where it contradicts itself. */
cutropy_status ct_found_starts(const ct_shape *shape, const ct_found *found, int64_t *out);

/* Errors: CUTROPY_EINTERNAL where what was found contradicts itself, CUTROPY_EMEMORY. */
cutropy_status ct_jobs_build(const ct_shape *shape, const ct_found *found, ct_jobs *out);
void ct_jobs_free(ct_jobs *jobs);

#endif
