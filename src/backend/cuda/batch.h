/* SPDX-License-Identifier: Apache-2.0 */
/* The batch that is under way in a lane. */
#ifndef CT_CUDA_BATCH_H
#define CT_CUDA_BATCH_H

#include "backend/cuda/lane.h"

/* Without memory yet: `region` is set afterwards. */
cutropy_status ct_lane_open(const ct_resident *resident, const ct_holder *holder, ct_lane *out);
/* Handles of the libraries, which take device memory of their own. */
cutropy_status ct_lane_libraries(ct_lane *lane);
/* Page-locked memory for batches of so many cuts of one block each; what has more blocks makes it grow. */
cutropy_status ct_lane_reserve(ct_lane *lane, const ct_shape *shape, int64_t cuts);
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
