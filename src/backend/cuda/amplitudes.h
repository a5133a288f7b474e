/* SPDX-License-Identifier: Apache-2.0 */
/* Values of amplitude problems on a device. */
#ifndef CT_CUDA_AMPLITUDES_H
#define CT_CUDA_AMPLITUDES_H

#include "backend/cuda/evaluation.h"

/* Whether the problem has a form that a device evaluates to the last bit as the CPU does: those
 * that need a logarithm, a sine or tanh have not. */
bool ct_amplitudes_serves(const cutropy_problem *problem);

/* values: 2^N doubles or pairs. served = false: there is too little device memory, and nothing was
 * done. */
cutropy_status ct_amplitudes_fill(ct_evaluation *evaluation, double *values, bool *served);

#endif
