/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/eigen_batch.h"

#include "backend/cuda/own.h"
#include "kernels.h"

bool ct_eigen_needs_libraries(int64_t own, int parts, int64_t n)
{
    return n > CT_EIGEN_SMALL && !ct_own_serves(own, parts, n);
}

int64_t ct_eigen_most(int64_t own, int parts, int64_t n, int64_t count)
{
    return ct_own_serves(own, parts, n)               ? CT_WIDE_COUNT
           : !ct_eigen_needs_libraries(own, parts, n) ? count
           : n >= CT_LIBRARIES_LARGE                  ? 1
                                                      : ct_libraries_most(n);
}

cutropy_status ct_eigen_batch_space(ct_eigen_batch *batch)
{
    batch->space = (ct_eigen_space){0};
    if (ct_eigen_needs_libraries(batch->own, batch->parts, batch->n))
        return ct_libraries_eigen_space(batch->libraries, batch->n, batch->count, batch->parts,
                                        &batch->space);
    if (ct_own_serves(batch->own, batch->parts, batch->n))
        batch->space.device_bytes = ct_own_bytes(batch->parts, batch->count, batch->n);
    return CUTROPY_OK;
}

cutropy_status ct_eigen_batch_solve(const ct_eigen_batch *b)
{
    cutropy_status status = CUTROPY_OK;
    if (ct_eigen_needs_libraries(b->own, b->parts, b->n))
        return ct_libraries_eigenvalues(b->libraries, b->n, b->count, b->parts, b->a, b->values,
                                        b->info, b->work, &b->space);
    if (ct_own_serves(b->own, b->parts, b->n))
        return ct_own_eigenvalues(b->device, b->a, b->parts, b->count, b->n, b->values, b->info,
                                  b->work, b->stream);
    CT_CUDA(b->device, ct_launch_eigen_small(b->a, b->count, (int)b->n, b->parts, b->values,
                                             b->info, b->stream));
done:
    return status;
}
