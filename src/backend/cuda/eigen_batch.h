/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues of many matrices of one dimension that lie one after the other on a device: our own kernels, or the libraries. The road
 * depends on the dimension alone. */
#ifndef CT_CUDA_EIGEN_BATCH_H
#define CT_CUDA_EIGEN_BATCH_H

#include "backend/cuda/libraries.h"

/* `count` n x n matrices, real (parts = 1) or Hermitian (2), lower triangles column-major, destroyed; values: n of each, ascending; info: 0
 * where it worked. */
typedef struct ct_eigen_batch {
    int device;
    cudaStream_t stream;
    int64_t own;             /* ct_own_most: the largest dimension of our own kernels */
    ct_libraries *libraries; /* where ct_eigen_needs_libraries */
    int parts;
    int64_t n, count;
    double *a, *values;
    int32_t *info;
    void *work; /* of the space that was asked for */
    ct_eigen_space space;
} ct_eigen_batch;

bool ct_eigen_needs_libraries(int64_t own, int parts, int64_t n);
/* Matrices that go at once, at most. */
int64_t ct_eigen_most(int64_t own, int parts, int64_t n, int64_t count);
/* Sets space; the pointers may be NULL. */
cutropy_status ct_eigen_batch_space(ct_eigen_batch *batch);
/* Enqueued. */
cutropy_status ct_eigen_batch_solve(const ct_eigen_batch *batch);

#endif
