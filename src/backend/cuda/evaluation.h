/* SPDX-License-Identifier: Apache-2.0 */
/* What one evaluation has on its device. */
#ifndef CT_CUDA_EVALUATION_H
#define CT_CUDA_EVALUATION_H

#include "backend/operations.h"
#include "backend/cuda/device.h"
#include "backend/cuda/memory.h"

typedef struct ct_evaluation {
    const cutropy_problem *problem;
    const ct_evaluate_options *options;
    ct_device device;
    cudaStream_t stream;
    ct_region region;  /* all its device memory */
    uint64_t children; /* a number on its way from the device */
} ct_evaluation;

/* Progress, and the question whether to stop: CUTROPY_ECANCELLED. */
static inline cutropy_status ct_evaluation_ask(const ct_evaluation *e, uint64_t done,
                                               uint64_t total)
{
    const ct_watch *watch = e->options->watch;
    if (ct_asked_to_stop(watch, "evaluate", done, total))
        return ct_fail(CUTROPY_ECANCELLED, "stopped during evaluation");
    return CUTROPY_OK;
}

#endif
