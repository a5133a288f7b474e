/* SPDX-License-Identifier: Apache-2.0 */
/* Thin wrappers of cuBLAS and cuSOLVER: what the driver wants of them, and nothing else. */
#ifndef CT_CUDA_LIBRARIES_H
#define CT_CUDA_LIBRARIES_H

#include "backend/cuda/check.h"

/* Handles that belong to one stream of one device. */
typedef struct ct_libraries ct_libraries;

/* The device must be current. *out = NULL on failure. cuBLAS; the first question for the work space of eigenvalues opens cuSOLVER, which
 * most runs never need, or whoever wants it in memory before something else. */
cutropy_status ct_libraries_open(int device, cudaStream_t stream, ct_libraries **out);
cutropy_status ct_libraries_open_solver(ct_libraries *libraries);
void ct_libraries_close(ct_libraries *libraries); /* accepts NULL */

/* h = q q^T (parts = 1) or the complex conjugate of q q^H (parts = 2), n x n, lower triangle
 * column-major; q: n x k, row-major. Enqueued. */
cutropy_status ct_libraries_gram(ct_libraries *libraries, int parts, int64_t n, int64_t k,
                                 const double *q, double *h);

/* The same for `count` blocks of one shape, one after the other; all of h is written. */
cutropy_status ct_libraries_gram_batch(ct_libraries *libraries, int parts, int64_t n, int64_t k,
                                       int64_t count, const double *q, double *h);

/* c = a b^T without conjugates, row-major: a rows x inner, b columns x inner. Enqueued. */
cutropy_status ct_libraries_multiply(ct_libraries *libraries, int parts, int64_t rows,
                                     int64_t columns, int64_t inner, const double *a,
                                     const double *b, double *c);

/* Single matrices from this dimension on are brought to tridiagonal form (Dsytrd, Zhetrd) and bisected
 * on the device; from CT_LIBRARIES_WIDE on, where the 32-bit indices of those routines end, Xsyevd
 * solves them. 1024 is the largest size class of the driver: such matrices go in batches, but with a
 * cuSOLVER older than 11.7.3, whose batches were wrong where a work space had been used before. */
#ifndef CT_LIBRARIES_LARGE /* tests lower these */
#define CT_LIBRARIES_LARGE 1025
#endif
#ifndef CT_LIBRARIES_WIDE
#define CT_LIBRARIES_WIDE 46341
#endif

/* Versions of the libraries in one line; text: `size` characters. */
void ct_libraries_describe(char *text, size_t size);

/* Work space of one call for the eigenvalues of `count` matrices. */
typedef struct ct_eigen_space {
    uint64_t device_bytes, host_bytes;
} ct_eigen_space;

/* Matrices of dimension n that one call takes at most, at least 1. */
int64_t ct_libraries_most(int64_t n);
cutropy_status ct_libraries_eigen_space(ct_libraries *libraries, int64_t n, int64_t count,
                                        int parts, ct_eigen_space *out);

/* Eigenvalues, ascending, of `count` n x n matrices one after the other, lower triangles
 * column-major, destroyed; values: count x n; info[i] = 0 where it worked. work: device memory of
 * the space that was asked for. Enqueued (or done: cuSOLVER decides). */
cutropy_status ct_libraries_eigenvalues(ct_libraries *libraries, int64_t n, int64_t count,
                                        int parts, double *a, double *values, int32_t *info,
                                        void *work, const ct_eigen_space *space);

#endif
