/* Eigenvectors of a real symmetric matrix: LAPACK dsyevd. */
#include "backend/cpu/eigen/eigen.h"

#include <lapacke.h>

cutropy_status ct_eigen_vectors(int64_t n, double *a, double *values)
{
    if (n > INT32_MAX)
        return ct_fail(CUTROPY_EUNSUPPORTED, "eigenvectors: a dimension of %lld is too large",
                       (long long)n);
    const lapack_int info =
        LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, a, (lapack_int)n, values);
    if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR)
        return ct_fail_memory("eigenvectors", (size_t)n * (size_t)n * 2 * sizeof *a);
    if (info != 0)
        return ct_fail(CUTROPY_ENUMERIC, "eigenvectors: dsyevd of a %lld x %lld matrix returned %d",
                       (long long)n, (long long)n, (int)info);
    return CUTROPY_OK;
}
