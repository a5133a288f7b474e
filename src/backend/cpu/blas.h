/* Plain products of real matrices by BLAS, on one thread (cpu.c sees to that). */
#ifndef CT_BLAS_H
#define CT_BLAS_H

#include "base/base.h"

/* c = a b: rows x columns, row-major, rows of a, b, c `lda`, `ldb`, `ldc` apart; turned: b is given
 * as columns x inner and its transpose is used. The order of additions is the library's. */
void ct_cpu_product(int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t lda,
                    const double *b, int64_t ldb, bool turned, double *c, int64_t ldc);

#endif
