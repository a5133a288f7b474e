/* SPDX-License-Identifier: Apache-2.0 */
/* Scaling by powers of two, closed forms for n <= 2, and sorting. */
#include "backend/cpu/eigen/scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Entries up to 2^100 either way leave room for all squares and products. */
#define CT_ORDINARY 100

cutropy_status ct_eigen_exponent(const ct_eigen_kernels *kernels, int64_t n, int parts,
                                 const double *a, int *exponent)
{
    double largest = 0.0;
    *exponent = 0;
    for (int64_t j = 0; j < n; j++) {
        const double top =
            kernels->largest((size_t)((n - j) * parts), a + (size_t)((j * n + j) * parts));
        if (!isfinite(top))
            return ct_fail(CUTROPY_ENUMERIC,
                           "eigenvalues: the %lld x %lld matrix contains NaN or infinity",
                           (long long)n, (long long)n);
        largest = top > largest ? top : largest;
    }
    if (largest > 0.0)
        frexp(largest, exponent);
    *exponent = abs(*exponent) <= CT_ORDINARY ? 0 : -*exponent;
    return CUTROPY_OK;
}

void ct_eigen_scale(size_t count, double *x, int exponent)
{
    if (exponent == 0)
        return;
    if (exponent < -1000 || exponent > 1000) {
        for (size_t i = 0; i < count; i++)
            x[i] = ldexp(x[i], exponent);
        return;
    }
    const double factor = ldexp(1.0, exponent);
    for (size_t i = 0; i < count; i++)
        x[i] *= factor;
}

void ct_eigen_copy_aligned(int64_t n, const double *a, int exponent, double *matrix)
{
    const int64_t order = ct_eigen_order(n), front = order - n;
    memset(matrix, 0, (size_t)(front * order) * sizeof *matrix);
    for (int64_t i = 0; i < n; i++) {
        double *row = matrix + (front + i) * order;
        memset(row, 0, (size_t)(front + i) * sizeof *row);
        memcpy(row + front + i, a + i * n + i, (size_t)(n - i) * sizeof *row);
        ct_eigen_scale((size_t)(n - i), row + front + i, exponent);
    }
}

void ct_eigen_copy_planes(int64_t n, const double *a, int exponent, double *matrix)
{
    const int64_t order = ct_eigen_order(n), front = order - n, plane = order * order;
    memset(matrix, 0, (size_t)(2 * plane) * sizeof *matrix);
    for (int64_t i = 0; i < n; i++) {
        double *row = matrix + (front + i) * order + front;
        for (int64_t j = i; j < n; j++) {
            row[j] = a[2 * (i * n + j)];
            row[plane + j] = a[2 * (i * n + j) + 1];
        }
        row[plane + i] = 0;
        ct_eigen_scale((size_t)(n - i), row + i, exponent);
        ct_eigen_scale((size_t)(n - i), row + plane + i, exponent);
    }
}

/* Merges the sorted runs a (na) and b (nb). */
static void merge(const double *a, int64_t na, const double *b, int64_t nb, double *out)
{
    int64_t i = 0, j = 0;
    while (i < na && j < nb) {
        const int take_b = b[j] < a[i];
        *out++ = take_b ? b[j] : a[i];
        i += !take_b;
        j += take_b;
    }
    memcpy(out, a + i, (size_t)(na - i) * sizeof *a);
    memcpy(out + (na - i), b + j, (size_t)(nb - j) * sizeof *b);
}

static void insertion_sort(int64_t count, double *x)
{
    for (int64_t i = 1; i < count; i++) {
        const double t = x[i];
        int64_t j = i;
        for (; j > 0 && x[j - 1] > t; j--)
            x[j] = x[j - 1];
        x[j] = t;
    }
}

void ct_eigen_sort(int64_t count, double *x, double *room)
{
    const int64_t run = 16;
    double *from = x, *to = room;
    for (int64_t i = 0; i < count; i += run)
        insertion_sort(count - i < run ? count - i : run, x + i);
    for (int64_t width = run; width < count; width *= 2) {
        for (int64_t i = 0; i < count; i += 2 * width) {
            const int64_t na = count - i < width ? count - i : width;
            const int64_t nb = count - i - na < width ? count - i - na : width;
            merge(from + i, na, from + i + na, nb, to + i);
        }
        double *t = from;
        from = to;
        to = t;
    }
    if (from != x)
        memcpy(x, from, (size_t)count * sizeof *x);
}

void ct_eigen_pair(double a, double b, double c, double *values)
{
    const double total = a + c, half = a - c;
    const double root = sqrt(half * half + 4.0 * b * b);
    if (root == 0.0) {
        values[0] = values[1] = a;
        return;
    }
    /* The value of larger modulus first; the other from the determinant, so nothing cancels. */
    const double large = 0.5 * (total < 0.0 ? total - root : total + root);
    const double big = fabs(a) > fabs(c) ? a : c, other = fabs(a) > fabs(c) ? c : a;
    const double small = (big / large) * other - (b / large) * b;
    values[0] = large < small ? large : small;
    values[1] = large < small ? small : large;
}
