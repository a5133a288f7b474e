/* SPDX-License-Identifier: Apache-2.0 */
/* Right singular vectors of one matrix. */
#ifndef CT_RIGHT_VECTORS_H
#define CT_RIGHT_VECTORS_H

#include "base/base.h"

/* The operation right_vectors of ct_operations. */
cutropy_status ct_cpu_right_vectors(int64_t m, int64_t n, bool is_complex, double *a,
                                    double *values, double *vectors);

#endif
