/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cpu/product.h"

#include <cblas.h>

#include "backend/cpu/isa.h"

void ct_cpu_product(int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t lda,
                    const double *b, int64_t ldb, bool turned, double *c, int64_t ldc)
{
    const ct_isa *isa = ct_isa_pick();
    if (isa->product)
        isa->product(rows, columns, inner, a, lda, b, ldb, turned, c, ldc);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, turned ? CblasTrans : CblasNoTrans, (int)rows,
                    (int)columns, (int)inner, 1.0, a, (int)lda, b, (int)ldb, 0.0, c, (int)ldc);
}
