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

/* What the control data of a batch says. */
typedef struct ct_jobs {
    int64_t count;    /* blocks of all cuts */
    ct_gram_job *job; /* sorted; matrix and sums are set chunk by chunk */
    int64_t *block;   /* of each job: its number in the order of cuts and blocks */
    int64_t groups;
    ct_job_group *group;
    int64_t values; /* eigenvalues of all blocks, padding included */
} ct_jobs;

/* control: as ct_layout lays it out, on the host. Errors: CUTROPY_EINTERNAL where it contradicts
 * itself, CUTROPY_EMEMORY. */
cutropy_status ct_jobs_build(const ct_shape *shape, int64_t cuts, const int32_t *control,
                             ct_jobs *out);
void ct_jobs_free(ct_jobs *jobs);

/* Parts of the control data. */
static inline int32_t ct_control_classes(const int32_t *control, int64_t cuts, int side, int64_t c)
{
    return control[side * cuts + c];
}
static inline int32_t ct_control_blocks(const int32_t *control, int64_t cuts, int64_t c)
{
    return control[4 * cuts + c];
}
static inline const int32_t *ct_control_start(const ct_shape *shape, const int32_t *control,
                                              int64_t cuts, int side, int64_t c)
{
    return control + 5 * cuts + (side * cuts + c) * (shape->rows[0] + 1);
}
/* Must some cut be repeated, because two of its rows share a hash? */
bool ct_control_collided(const int32_t *control, int64_t cuts);

#endif
