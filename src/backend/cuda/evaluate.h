/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of ct_operations that evaluate a problem, on the first device of the run; what the
 * device does not serve is the CPU's. Both give the same bits. */
#ifndef CT_CUDA_EVALUATE_H
#define CT_CUDA_EVALUATE_H

#include "backend/operations.h"

cutropy_status ct_cuda_list_images(const cutropy_problem *problem,
                                   const ct_evaluate_options *options, uint64_t limit,
                                   uint64_t **images, uint64_t *count, bool *overflow);
cutropy_status ct_cuda_fill_table(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t *table);
cutropy_status ct_cuda_fill_values(const cutropy_problem *problem,
                                   const ct_evaluate_options *options, void *values);

#endif
