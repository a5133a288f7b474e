/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of ct_operations that evaluate a problem over all images, on the CPU. */
#ifndef CT_CPU_EVALUATE_H
#define CT_CPU_EVALUATE_H

#include "backend/operations.h"

cutropy_status ct_cpu_list_images(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t limit,
                                  uint64_t **images, uint64_t *count, bool *overflow);
cutropy_status ct_cpu_fill_table(const cutropy_problem *problem, const ct_evaluate_options *options,
                                 uint64_t *table);
cutropy_status ct_cpu_fill_values(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, void *values);

#endif
