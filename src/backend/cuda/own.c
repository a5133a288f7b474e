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
    return CUTROPY_OK;
}

/* Larger ones go over a wide band. */
static int64_t most_narrow(int parts)
{
    return parts == 2 ? CT_CUDA_COMPLEX : CT_CUDA_OWN;
}

bool ct_own_serves(int64_t most, int parts, int64_t n)
{
    return n > CT_EIGEN_SMALL && (n <= most_narrow(parts) || n <= most);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Doubles of the tridiagonal matrices and scales; what follows them is aligned. */
static int64_t tridiagonal_doubles(int64_t count, int64_t n)
{
    return (count * (2 * n + 1) + 1) / 2 * 2;
}

/* Those, then what each step has for itself. */
uint64_t ct_own_bytes(int parts, int64_t count, int64_t n)
{
    const int size = (int)n;
    size_t step = n > CT_CUDA_OWN ? 0 : ct_ql_bytes(count, size);
    if (n > most_narrow(parts))
        step = larger(step, larger(ct_wide_band_bytes(count, size, parts),
                                   ct_wide_chase_bytes(count, size, parts)));
    else if (parts == 1 && n > CT_CUDA_MEDIUM)
        step = larger(step, larger(ct_band_bytes(count, size), ct_chase_bytes(count, size)));
    return sizeof(double) * (uint64_t)tridiagonal_doubles(count, n) + step;
}

cutropy_status ct_own_eigenvalues(int device, double *a, int parts, int64_t count, int64_t n,
                                  double *values, int32_t *info, void *work, cudaStream_t stream)
{
    cutropy_status status = CUTROPY_OK;
    const int size = (int)n;
    double *d = work, *e = d + count * n, *scales = e + count * n,
           *room = d + tridiagonal_doubles(count, n);
    if (n > most_narrow(parts)) {
        CT_CUDA(device, ct_launch_wide_band(a, count, size, parts, scales, room, stream));
        CT_CUDA(device, ct_launch_wide_chase(a, count, size, parts, scales, room, d, e, stream));
    } else if (parts == 2 || n <= CT_CUDA_MEDIUM) {
        CT_CUDA(device, ct_launch_tridiagonal(a, count, size, parts, d, e, stream));
    } else {
        CT_CUDA(device, ct_launch_band(a, count, size, scales, room, stream));
        CT_CUDA(device, ct_launch_chase(a, count, size, scales, room, d, e, stream));
    }
    if (n <= CT_CUDA_OWN) {
        CT_CUDA(device, ct_launch_ql(d, e, count, size, n <= CT_CUDA_QL ? CT_QL_SWEEPS(size) : 0,
                                     room, values, info, stream));
    } else {
        CT_CUDA(device, cudaMemsetAsync(info, 0, (size_t)count * sizeof *info, stream));
        CT_CUDA(device, ct_launch_bisect(d, e, count, n, values, info, stream));
    }
done:
    return status;
}
