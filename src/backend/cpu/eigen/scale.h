/* Scaling by powers of two, closed forms for n <= 2, and sorting: shared by every solver here. */
#ifndef CT_EIGEN_SCALE_H
#define CT_EIGEN_SCALE_H

#include "base/base.h"

/* Largest modulus in the lower triangle of the n x n matrix of `parts` doubles an entry (1 real, 2
 * complex). CUTROPY_ENUMERIC when an entry is not finite. */
cutropy_status ct_eigen_largest(int64_t n, int parts, const double *a, double *largest);

/* Binary exponent s such that 2^s * largest is in [1/2, 1); 0 for largest = 0. */
int ct_eigen_exponent(double largest);

/* 2^exponent * x, exact unless it underflows. */
void ct_eigen_scale(size_t count, double *x, int exponent);

/* Ascending. room: count doubles. */
void ct_eigen_sort(int64_t count, double *x, double *room);

/* The values, ascending, of the matrix [a b; b c] with entries of modulus <= 1. */
void ct_eigen_pair(double a, double b, double c, double *values);

#endif
