/* SPDX-License-Identifier: Apache-2.0 */
/* Singular vectors of one matrix. */
#ifndef CT_SINGULAR_VECTORS_H
#define CT_SINGULAR_VECTORS_H

#include "base/base.h"

/* The operation singular_vectors of ct_operations. */
cutropy_status ct_cpu_singular_vectors(int64_t m, int64_t n, bool is_complex, double *a,
                                       double *values, double *left, double *right);

#endif
