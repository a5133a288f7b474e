/* SPDX-License-Identifier: Apache-2.0 */
/* What sums of product states need beside overlaps: Cholesky factors, products. */
#ifndef CT_CPU_PRODUCTS_H
#define CT_CPU_PRODUCTS_H

#include "backend/operations.h"

cutropy_status ct_cpu_cholesky(int64_t n, bool is_complex, double *a, int32_t *order,
                               int64_t *rank);
cutropy_status ct_cpu_congruence(bool is_complex, int64_t rows, int64_t n, const double *r,
                                 const int64_t *height, const double *k, double *h, int threads);
void ct_cpu_rows_by_rows(bool is_complex, int64_t rows, int64_t columns, int64_t inner,
                         const double *a, const double *b, double *c, int threads);

#endif
