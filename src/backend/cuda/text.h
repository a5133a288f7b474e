/* SPDX-License-Identifier: Apache-2.0 */
/* Functions whose kernel was compiled from C text. */
#ifndef CT_CUDA_TEXT_H
#define CT_CUDA_TEXT_H

#include "backend/cuda/evaluation.h"

/* out: the truth table, or 2^N integers or doubles, of a problem with device_code. served = false: it cannot be compiled for this
 * device, there is too little device memory, or something was undefined at some image: the CPU says what it was. Errors:
 * CUTROPY_EDEVICE, also where numbers differ from the CPU's, some of which are computed again. */
cutropy_status ct_text_fill(ct_evaluation *evaluation, uint64_t *out, bool *served);

#endif
