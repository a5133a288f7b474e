/* SPDX-License-Identifier: Apache-2.0 */
/* Singular values of one matrix, small ones included. */
#ifndef CT_SINGULAR_H
#define CT_SINGULAR_H

#include "base/base.h"

/* The operation singular_values of ct_operations. */
cutropy_status ct_cpu_singular_values(int64_t m, int64_t n, bool is_complex, double *a,
                                      double *values, double *condition);

#endif
