/* SPDX-License-Identifier: Apache-2.0 */
/* LAPACK's xGESDD of the transposed matrix, which is what row-major storage is for it: its left vectors, one a
 * column, are the right ones that are wanted, row by row, and its right ones the left ones. */
#include "backend/cpu/singular_vectors.h"

#include <lapacke.h>

#define MOST 23000 /* LAPACK counts its work space, 4 n^2 + 7 n numbers, in 32 bits */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static cutropy_status real_vectors(lapack_int m, lapack_int n, double *a, double *values,
                                   double *left, double *right, lapack_int *info)
{
    cutropy_status status = CUTROPY_OK;
    const lapack_int k = (lapack_int)least(m, n);
    double *others = left, *work = NULL, size = 0;
    lapack_int *integers = NULL;
    if (!left)
        CT_NEW(others, (int64_t)k * m);
    CT_NEW(integers, 8 * (int64_t)k);
    for (int pass = 0; pass < 2; pass++) { /* the first asks how much room it wants */
        *info = LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'S', n, m, a, n, values, right, n, others, k,
                                    pass ? work : &size, pass ? (lapack_int)size : -1, integers);
        if (*info || pass)
            break;
        CT_NEW(work, size);
    }
done:
    if (!left)
        ct_free(others);
    ct_free(work);
    ct_free(integers);
    return status;
}

static cutropy_status complex_vectors(lapack_int m, lapack_int n, double *a, double *values,
                                      double *left, double *right, lapack_int *info)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t k = least(m, n), most = m > n ? m : n;
    lapack_complex_double *others = (lapack_complex_double *)(void *)left, *work = NULL, size = 0;
    double *reals = NULL;
    lapack_int *integers = NULL;
    if (!left)
        CT_NEW(others, k * m);
    CT_NEW(integers, 8 * k);
    CT_NEW(reals, 5 * k * k + 7 * k + 2 * most * k + 2 * k * k + k);
    for (int pass = 0; pass < 2; pass++) {
        *info = LAPACKE_zgesdd_work(
            LAPACK_COL_MAJOR, 'S', n, m, (lapack_complex_double *)(void *)a, n, values,
            (lapack_complex_double *)(void *)right, n, others, (lapack_int)k, pass ? work : &size,
            pass ? (lapack_int)lapack_complex_double_real(size) : -1, reals, integers);
        if (*info || pass)
            break;
        CT_NEW(work, lapack_complex_double_real(size));
    }
done:
    if (!left)
        ct_free(others);
    ct_free(work);
    ct_free(reals);
    ct_free(integers);
    return status;
}

cutropy_status ct_cpu_singular_vectors(int64_t m, int64_t n, bool is_complex, double *a,
                                       double *values, double *left, double *right)
{
    lapack_int info = 0;
    if (m > MOST || n > MOST)
        return ct_fail(CUTROPY_EUNSUPPORTED, "singular vectors of a %lld x %lld matrix: %d at most",
                       (long long)m, (long long)n, MOST);
    const cutropy_status status = (is_complex ? complex_vectors : real_vectors)(
        (lapack_int)m, (lapack_int)n, a, values, left, right, &info);
    if (status == CUTROPY_OK && info != 0)
        return ct_fail(CUTROPY_ENUMERIC, "%s returned %d for a %lld x %lld matrix",
                       is_complex ? "zgesdd" : "dgesdd", (int)info, (long long)m, (long long)n);
    return status;
}
