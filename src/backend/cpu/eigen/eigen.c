/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of real symmetric or complex Hermitian matrices on one thread: copy and scale, tridiagonalise each, then the
 * tridiagonal eigenvalues of all of them in vector lanes. */
#include "backend/cpu/eigen/eigen.h"
#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/eigen/scale.h"

#include <math.h>
#include <string.h>

/* The workspace of one thread. order: ct_eigen_order(n). */
typedef struct workspace {
    int parts;       /* 1 real, 2 complex */
    double *matrix;  /* parts planes of order x order */
    double *vectors; /* 4 x parts x order */
    double *d, *e;   /* order x CT_EIGEN_LANES each */
} workspace;

size_t ct_eigen_work_bytes(int parts, int64_t n)
{
    if (n < 0 || n > INT64_C(1) << 29)
        return 0;
    const size_t order = (size_t)ct_eigen_order(n), numbers = (size_t)parts * order;
    return (numbers * order + 4 * numbers + 2 * CT_EIGEN_LANES * order + 8) * sizeof(double);
}

static workspace split_workspace(int parts, int64_t n, void *work)
{
    const int64_t order = ct_eigen_order(n);
    workspace w;
    w.parts = parts;
    w.d = work;
    w.e = w.d + order * CT_EIGEN_LANES;
    w.vectors = w.e + order * CT_EIGEN_LANES;
    w.matrix = w.vectors + 4 * parts * order;
    return w;
}

/* n = 2: the lane gets the diagonal matrix of the two values. */
static void load_pair(const double *a, int exponent, const workspace *w, int k)
{
    const int p = w->parts;
    double values[2], entries[4] = {a[0], a[3 * p], a[p], p == 2 ? a[3] : 0};
    ct_eigen_scale(4, entries, exponent);
    ct_eigen_pair(entries[0], p == 2 ? hypot(entries[2], entries[3]) : entries[2], entries[1],
                  values);
    w->d[k] = values[0];
    w->d[CT_EIGEN_LANES + k] = values[1];
    w->e[k] = 0.0;
}

/* One matrix into lane k. exponent: the power of two that it was multiplied by. */
static cutropy_status load_lane(const ct_eigen_kernels *kernels, int64_t n, const double *a,
                                const workspace *w, int k, int *exponent)
{
    cutropy_status status = ct_eigen_exponent(kernels, n, w->parts, a, exponent);
    if (status != CUTROPY_OK)
        return status;
    if (n == 1) {
        w->d[k] = a[0];
        *exponent = 0;
    } else if (n == 2) {
        load_pair(a, *exponent, w, k);
    } else if (n > 2 && w->parts == 2) {
        ct_eigen_copy_planes(n, a, *exponent, w->matrix);
        kernels->tridiagonalise_complex(n, w->matrix, w->vectors, w->d + k, w->e + k);
    } else if (n > 2) {
        ct_eigen_copy_aligned(n, a, *exponent, w->matrix);
        kernels->tridiagonalise(n, w->matrix, w->vectors, w->d + k, w->e + k, NULL, NULL);
    }
    return CUTROPY_OK;
}

static void store_lane(int64_t n, const workspace *w, int k, int exponent, double *values)
{
    for (int64_t i = 0; i < n; i++)
        values[i] = w->d[i * CT_EIGEN_LANES + k];
    ct_eigen_scale((size_t)n, values, -exponent);
    ct_eigen_sort(n, values, w->vectors);
}

/* Up to CT_EIGEN_LANES matrices. */
static cutropy_status solve_group(const ct_eigen_kernels *kernels, int count, const int64_t *n,
                                  double *const *a, double *const *values, const workspace *w,
                                  int64_t largest_n)
{
    int64_t rows[CT_EIGEN_LANES] = {0};
    int failed[CT_EIGEN_LANES] = {0}, exponent[CT_EIGEN_LANES] = {0};
    if (count < CT_EIGEN_LANES)
        memset(w->d, 0, (size_t)(2 * ct_eigen_order(largest_n) * CT_EIGEN_LANES) * sizeof *w->d);
    for (int k = 0; k < count; k++) {
        cutropy_status status = load_lane(kernels, n[k], a[k], w, k, &exponent[k]);
        if (status != CUTROPY_OK)
            return status;
        rows[k] = n[k];
    }
    kernels->tridiagonal(rows, w->d, w->e, failed);
    for (int k = 0; k < count; k++) {
        if (failed[k])
            return ct_fail(CUTROPY_ENUMERIC,
                           "eigenvalues: QL iteration of a %lld x %lld matrix did not converge",
                           (long long)n[k], (long long)n[k]);
        store_lane(n[k], w, k, exponent[k], values[k]);
    }
    return CUTROPY_OK;
}

cutropy_status ct_eigen_batch_with(const ct_eigen_kernels *kernels, int parts, int count,
                                   const int64_t *n, double *const *a, double *const *values,
                                   void *work)
{
    int64_t largest = 0;
    for (int k = 0; k < count; k++)
        largest = n[k] > largest ? n[k] : largest;
    const workspace w = split_workspace(parts, largest, work);
    for (int k = 0; k < count; k += CT_EIGEN_LANES) {
        const int group = count - k < CT_EIGEN_LANES ? count - k : CT_EIGEN_LANES;
        cutropy_status status = solve_group(kernels, group, n + k, a + k, values + k, &w, largest);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}

cutropy_status ct_eigen_batch(int parts, int count, const int64_t *n, double *const *a,
                              double *const *values, void *work)
{
    return ct_eigen_batch_with(ct_eigen_kernels_best(), parts, count, n, a, values, work);
}

cutropy_status ct_eigen_one(int parts, int64_t n, double *a, double *values, void *work)
{
    return ct_eigen_batch(parts, 1, &n, &a, &values, work);
}
