/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/own.h"

#include <stdlib.h>

#include "backend/cuda/thresholds.h"
#include "kernels.h"

cutropy_status ct_own_most(int64_t *out)
{
    const char *text = getenv("CUTROPY_CUDA_WIDE");
    char *end = NULL;
    *out = CT_CUDA_WIDE;
    if (text && *text) {
        *out = strtol(text, &end, 10);
        if (*end || *out < 0 || *out > CT_EIGEN_WIDE)
            return ct_fail(CUTROPY_EINPUT,
                           "CUTROPY_CUDA_WIDE is '%s': give 0 to %d, the largest dimension for our "
                           "own eigenvalues",
                           text, CT_EIGEN_WIDE);
    }
    *out = *out > CT_CUDA_OWN ? *out : CT_CUDA_OWN;
    return CUTROPY_OK;
}

bool ct_own_serves(int64_t most, int parts, int64_t n)
{
    return parts == 1 && n > CT_CUDA_JACOBI && n <= most;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The tridiagonal matrices and scales, then what each step has for itself. */
uint64_t ct_own_bytes(int64_t count, int64_t n)
{
    const int size = (int)n;
    size_t step;
    if (n > CT_CUDA_OWN)
        step = larger(ct_wide_band_bytes(count, size), ct_wide_chase_bytes(count, size));
    else if (n > CT_CUDA_MEDIUM)
        step = larger(ct_ql_bytes(count, size),
                      larger(ct_band_bytes(count, size), ct_chase_bytes(count, size)));
    else
        step = ct_ql_bytes(count, size);
    return sizeof(double) * (uint64_t)count * (2 * (uint64_t)n + 1) + step;
}

cutropy_status ct_own_eigenvalues(int device, double *a, int64_t count, int64_t n, double *values,
                                  int32_t *info, void *work, cudaStream_t stream)
{
    cutropy_status status = CUTROPY_OK;
    const int size = (int)n;
    double *d = work, *e = d + count * n, *scales = e + count * n, *room = scales + count;
    if (n > CT_CUDA_OWN) {
        CT_CUDA(device, cudaMemsetAsync(info, 0, (size_t)count * sizeof *info, stream));
        CT_CUDA(device, ct_launch_wide_band(a, count, size, scales, room, stream));
        CT_CUDA(device, ct_launch_wide_chase(a, count, size, scales, room, d, e, stream));
        CT_CUDA(device, ct_launch_bisect(d, e, count, n, values, info, stream));
        return CUTROPY_OK;
    }
    if (n <= CT_CUDA_MEDIUM) {
        CT_CUDA(device, ct_launch_tridiagonal(a, count, size, d, e, stream));
    } else {
        CT_CUDA(device, ct_launch_band(a, count, size, scales, room, stream));
        CT_CUDA(device, ct_launch_chase(a, count, size, scales, room, d, e, stream));
    }
    CT_CUDA(device, ct_launch_ql(d, e, count, size, n <= CT_CUDA_QL ? CT_QL_SWEEPS(size) : 0, room,
                                 values, info, stream));
done:
    return status;
}
