#include "backend/cpu/blas.h"

#include <cblas.h>

void ct_cpu_product(int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t lda,
                    const double *b, int64_t ldb, bool turned, double *c, int64_t ldc)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, turned ? CblasTrans : CblasNoTrans, (int)rows,
                (int)columns, (int)inner, 1.0, a, (int)lda, b, (int)ldb, 0.0, c, (int)ldc);
}
