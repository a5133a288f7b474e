/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues of real symmetric matrices by our own kernels: to a tridiagonal matrix in one step, over a narrow band, or, for large
 * matrices, over a wide one, then QL or bisection. Which n takes which road: thresholds.h. */
#ifndef CT_CUDA_OWN_H
#define CT_CUDA_OWN_H

#include "backend/cuda/check.h"

/* The largest dimension that is theirs: CT_CUDA_WIDE, or what the environment variable CUTROPY_CUDA_WIDE says (then cuSOLVER has
 * what is larger: for comparisons). CUTROPY_EINPUT: it says something else. */
cutropy_status ct_own_most(int64_t *out);

/* Whether matrices of dimension n are theirs, when the largest is `most`. parts = 2: complex. */
bool ct_own_serves(int64_t most, int parts, int64_t n);

/* Device memory that `count` such matrices need beside themselves and their eigenvalues. */
uint64_t ct_own_bytes(int64_t count, int64_t n);

/* Ascending eigenvalues (count x n) of `count` n x n matrices one after the other, lower triangles column-major, destroyed; info[i] =
 * 1, and NaN, where one is not finite. work: ct_own_bytes. Enqueued; the bits of a matrix do not depend on its neighbours. */
cutropy_status ct_own_eigenvalues(int device, double *a, int64_t count, int64_t n, double *values,
                                  int32_t *info, void *work, cudaStream_t stream);

#endif
