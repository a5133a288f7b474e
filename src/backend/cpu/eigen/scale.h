/* SPDX-License-Identifier: Apache-2.0 */
/* Scaling by powers of two, closed forms for n <= 2, and sorting: shared by every solver here. */
#ifndef CT_EIGEN_SCALE_H
#define CT_EIGEN_SCALE_H

#include "backend/cpu/eigen/kernels.h"

/* The power of two by which the n x n matrix of `parts` doubles an entry (1 real, 2 complex) is to
 * be multiplied: 0 when its entries are of ordinary size, else such that the largest is in [1/2,
 * 1). Looks at the lower triangle. CUTROPY_ENUMERIC when an entry is not finite. */
cutropy_status ct_eigen_exponent(const ct_eigen_kernels *kernels, int64_t n, int parts,
                                 const double *a, int *exponent);

/* 2^exponent * x, exact unless it underflows. */
void ct_eigen_scale(size_t count, double *x, int exponent);

/* 2^exponent times the upper triangle of a (n x n, by rows: the lower one by columns), moved to the
 * end of rows of full vectors: matrix has n rounded up to 8 rows and columns, zero outside the
 * triangle. */
void ct_eigen_copy_aligned(int64_t n, const double *a, int exponent, double *matrix);

/* The same of pairs, whose lower triangle by columns is a Hermitian matrix: planes of real and of imaginary parts, zero
 * imaginary parts on the diagonal. */
void ct_eigen_copy_planes(int64_t n, const double *a, int exponent, double *matrix);

/* Ascending. room: count doubles. */
void ct_eigen_sort(int64_t count, double *x, double *room);

/* The values, ascending, of the matrix [a b; b c] with entries of ordinary size. */
void ct_eigen_pair(double a, double b, double c, double *values);

#endif
