/* SPDX-License-Identifier: Apache-2.0 */
/* Truth tables of label functions whose kernel was compiled from C text. */
#ifndef CT_CUDA_TEXT_H
#define CT_CUDA_TEXT_H

#include "backend/cuda/evaluation.h"

/* Of a problem with device_code. served = false: it cannot be compiled for this device, or there is too little device memory,
 * and nothing was done. Errors: CUTROPY_EDEVICE, also where labels differ from the CPU's, some of which are
 * computed again. */
cutropy_status ct_text_table(ct_evaluation *evaluation, uint64_t *table, bool *served);

#endif
