#include "backend/cpu/eigenvectors.h"

#include <lapacke.h>

cutropy_status ct_cpu_eigenvectors(int64_t n, double *a, double *values)
{
    cutropy_status status = CUTROPY_OK;
    double *work = NULL, size = 0;
    lapack_int *integers = NULL, integer_size = 0, info = 0;
    if (n > 30000) /* the work space of divide and conquer is counted in 32 bits */
        return ct_fail(CUTROPY_ENUMERIC, "eigenvectors of dimension %lld: 30000 at most",
                       (long long)n);
    const lapack_int m = (lapack_int)n;
    info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', m, a, m, values, &size, -1,
                               &integer_size, -1);
    if (info == 0) {
        CT_NEW(work, (size_t)size);
        CT_NEW(integers, integer_size);
        info = LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', m, a, m, values, work,
                                   (lapack_int)size, integers, integer_size);
    }
    if (info != 0)
        status = ct_fail(CUTROPY_ENUMERIC, "dsyevd returned %d for a matrix of dimension %lld",
                         (int)info, (long long)n);
done:
    ct_free(integers);
    ct_free(work);
    return status;
}
