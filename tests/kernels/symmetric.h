/* SPDX-License-Identifier: Apache-2.0 */
/* Symmetric (parts = 1) and Hermitian (2) matrices of many kinds, and what every road from them to eigenvalues must do: the bounds are those of
 * docs/gpu.md; references are LAPACK and, for small matrices, Jacobi's method in long doubles, of the real matrix of twice the dimension where they are
 * Hermitian. */
#ifndef SYMMETRIC_H
#define SYMMETRIC_H

#define SYMMETRIC_MOST 144 /* dimension */

/* Tridiagonal matrices with the same eigenvalues, all on the device: kernels.h; a may be destroyed. */
typedef void symmetric_road(double *a, int count, int n, int parts, double *d, double *e);

/* The first `kinds` kinds of dimension n, in two orders of lanes and blocks; ql.cu, at most `sweeps`, makes the eigenvalues. The largest
 * error so far, in units of 2^-53 times the norm. */
#define SYMMETRIC_KINDS 14
double symmetric_check(symmetric_road *road, int parts, int n, int kinds, int sweeps);
/* Powers of two change the exponent and nothing else; dimension n <= 80. */
void symmetric_check_scales(symmetric_road *road, int parts, int n);
/* What is not a number, or too large for one, is refused; its neighbours are not. */
void symmetric_check_refused(symmetric_road *road, int parts, int n);

#endif
