/* SPDX-License-Identifier: Apache-2.0 */
/* One-sided Jacobi rotations after a QR factorisation with pivoting (LAPACK's xGEJSV; Z. Drmac and
 * K. Veselic, SIAM J. Matrix Anal. Appl. 29, 1322 (2008)): the values of B D are as accurate
 * relative to themselves as B is well-conditioned, whatever the diagonal D, and never worse than u
 * ||A||.
 *
 * Options: rows are pivoted too (G: graded rows), with an estimate of the condition number of B;
 * the full range of doubles (N: small columns are not set to zero); no transposition by entropy. */
#include "backend/cpu/singular.h"

#include <lapacke.h>
#include <limits.h>
#include <math.h>

#define BLOCK 64 /* at least the block size of QR in LAPACK */

static cutropy_status real_values(lapack_int m, lapack_int n, double *a, double *values,
                                  double *scale, lapack_int *info)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t size = 2 * (int64_t)m + (int64_t)n * n + (BLOCK + 6) * (int64_t)n + 7;
    double *work = NULL;
    lapack_int *integers = NULL;
    CT_NEW(work, size);
    CT_NEW(integers, (int64_t)m + 3 * (int64_t)n);
    *info = LAPACKE_dgejsv_work(LAPACK_COL_MAJOR, 'G', 'N', 'N', 'N', 'N', 'N', m, n, a, m, values,
                                NULL, 1, NULL, 1, work, (lapack_int)size, integers);
    for (int i = 0; i < 3; i++)
        scale[i] = work[i];
done:
    ct_free(integers);
    ct_free(work);
    return status;
}

static cutropy_status complex_values(lapack_int m, lapack_int n, double *a, double *values,
                                     double *scale, lapack_int *info)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t size = (int64_t)n * n + (BLOCK + 6) * (int64_t)n + m + 7,
                  reals = 2 * (int64_t)m + 2 * (int64_t)n + 7;
    lapack_complex_double *work = NULL;
    double *real_work = NULL;
    lapack_int *integers = NULL;
    CT_NEW(work, size);
    CT_NEW(real_work, reals);
    CT_NEW(integers, (int64_t)m + 3 * (int64_t)n + 4);
    *info = LAPACKE_zgejsv_work(LAPACK_COL_MAJOR, 'G', 'N', 'N', 'N', 'N', 'N', m, n,
                                (lapack_complex_double *)(void *)a, m, values, NULL, 1, NULL, 1,
                                work, (lapack_int)size, real_work, (lapack_int)reals, integers);
    for (int i = 0; i < 3; i++)
        scale[i] = real_work[i];
done:
    ct_free(integers);
    ct_free(real_work);
    ct_free(work);
    return status;
}

cutropy_status ct_cpu_singular_values(int64_t m, int64_t n, bool is_complex, double *a,
                                      double *values, double *condition)
{
    cutropy_status status = CUTROPY_OK;
    double scale[3] = {1, 1, 1};
    lapack_int info = 0;
    if (m > INT_MAX / 8 || n > 30000) /* LAPACK counts the work space in 32 bits */
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "singular values of a %lld x %lld matrix: 30000 at most", (long long)m,
                       (long long)n);
    status = (is_complex ? complex_values : real_values)((lapack_int)m, (lapack_int)n, a, values,
                                                         scale, &info);
    if (status != CUTROPY_OK)
        return status;
    if (info != 0)
        return ct_fail(CUTROPY_ENUMERIC, "%s returned %d for a %lld x %lld matrix",
                       is_complex ? "zgejsv" : "dgejsv", (int)info, (long long)m, (long long)n);
    for (int64_t i = 0; i < n; i++)
        values[i] *= scale[0] / scale[1];
    *condition = scale[2] >= 1 ? scale[2] : INFINITY; /* -1: not computed */
    return CUTROPY_OK;
}
