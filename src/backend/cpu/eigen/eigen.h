/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenvalues (no vectors) of dense real symmetric and complex Hermitian matrices.
 *
 * Matrices are column-major, the lower triangle is read (entry i >= j at a[i + j * n]), and the
 * contents are destroyed. values: n numbers, ascending. The results are backward stable: each value
 * is within a modest multiple of u * ||A||_2 of an exact one. They depend on the instruction set
 * and on the function that is called, and on nothing else: not on the number of threads, nor on
 * what else is in a batch. Errors: CUTROPY_ENUMERIC (NaN or infinity in the matrix, or an iteration
 * that did not converge), CUTROPY_EMEMORY. */
#ifndef CT_EIGEN_H
#define CT_EIGEN_H

#include "backend/cpu/eigen/thresholds.h"
#include "backend/operations.h"

/* Bytes of the workspace of one thread (aligned to 64 bytes) for matrices up to n x n, 0 on
 * overflow. parts: 1 real, 2 complex (pairs: real part, imaginary part; the imaginary parts of the diagonal
 * are ignored). */
size_t ct_eigen_work_bytes(int parts, int64_t n);

/* One matrix, one thread. */
cutropy_status ct_eigen_one(int parts, int64_t n, double *a, double *values, void *work);

/* count matrices, one thread; fastest when neighbours have similar sizes. work: for the largest n.
 */
cutropy_status ct_eigen_batch(int parts, int count, const int64_t *n, double *const *a,
                              double *const *values, void *work);

/* One matrix, all threads: in place, plus a band of n x 105 and six panels
 * of n x 48 doubles allocated inside (and the lower triangle itself when n is below about 150 or a
 * is not aligned to 64 bytes). */
cutropy_status ct_eigen_symmetric_large(int64_t n, double *a, double *values, const ct_watch *watch,
                                        int threads);

/* The same of a complex matrix; the band and the lower triangle
 * are of pairs, and there are six panels of triples and two of pairs. */
cutropy_status ct_eigen_hermitian_large(int64_t n, double *a, double *values, const ct_watch *watch,
                                        int threads);

#endif
