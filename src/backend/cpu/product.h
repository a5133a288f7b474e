/* SPDX-License-Identifier: Apache-2.0 */
/* Plain products of real matrices on one thread. */
#ifndef CT_PRODUCT_H
#define CT_PRODUCT_H

#include "base/base.h"

/* c = a b: rows x columns, row-major, rows of a, b, c `lda`, `ldb`, `ldc` apart; turned: b is given
 * as columns x inner and its transpose is used. The order of additions depends on the processor.
 * BLAS where there are no fused multiply-adds. */
void ct_cpu_product(int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t lda,
                    const double *b, int64_t ldb, bool turned, double *c, int64_t ldc);

#endif
