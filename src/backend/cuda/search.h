/* SPDX-License-Identifier: Apache-2.0 */
/* Truth tables and lists of label functions on a device. served = false: there is too little device
 * memory, and nothing was done. */
#ifndef CT_CUDA_SEARCH_H
#define CT_CUDA_SEARCH_H

#include "backend/cuda/evaluation.h"

cutropy_status ct_search_list(ct_evaluation *evaluation, uint64_t limit, uint64_t **images,
                              uint64_t *count, bool *overflow, bool *served);
cutropy_status ct_search_table(ct_evaluation *evaluation, uint64_t *table, bool *served);
/* Problems of the form CT_FORM_RANDOM. */
cutropy_status ct_random_table(ct_evaluation *evaluation, uint64_t *table, bool *served);

#endif
