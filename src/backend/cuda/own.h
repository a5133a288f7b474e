/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues of real symmetric (parts = 1) and Hermitian (2) matrices by our own kernels: to a tridiagonal matrix in one step, over a narrow
 * band (real ones), or over a wide one, then QL or bisection. Which n takes which road: thresholds.h. */
#ifndef CT_CUDA_OWN_H
#define CT_CUDA_OWN_H

#include "backend/cuda/check.h"

/* The largest dimension that goes over a wide band: CT_CUDA_WIDE, or what the environment variable CUTROPY_CUDA_WIDE says (then cuSOLVER has
 * what is larger: for comparisons). CUTROPY_EINPUT: it says something else. */
cutropy_status ct_own_most(int64_t *out);

/* Whether matrices of dimension n are theirs, when the largest of a wide band is `most`. */
bool ct_own_serves(int64_t most, int parts, int64_t n);

/* Device memory that `count` such matrices need beside themselves and their eigenvalues. */
uint64_t ct_own_bytes(int parts, int64_t count, int64_t n);

/* Ascending eigenvalues (count x n) of `count` n x n matrices one after the other, lower triangles column-major, destroyed; info[i] =
 * 1, and NaN, where one is not finite. No more than CT_WIDE_COUNT of them; work: ct_own_bytes, aligned to 16 bytes. Enqueued; the bits of a matrix
 * do not depend on its neighbours. */
cutropy_status ct_own_eigenvalues(int device, double *a, int parts, int64_t count, int64_t n,
                                  double *values, int32_t *info, void *work, cudaStream_t stream);

#endif
