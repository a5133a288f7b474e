/* SPDX-License-Identifier: Apache-2.0 */
/* Least squares by Gram-Schmidt with reorthogonalisation ("twice is enough"): X = Q R, R c = Q^T y.
 *
 * A. Bjorck, Numerical Methods for Least Squares Problems (1996), section 2.4. A few columns
 * of small integers need nothing heavier. */
#include "analysis/common/fit.h"

#include <math.h>
#include <string.h>

#define DEPENDENT 1e-10

typedef struct factor {
    size_t count;
    int columns;
    double *q; /* columns x count; a dependent column is zero */
    double r[CT_FIT_COLUMNS][CT_FIT_COLUMNS];
    bool used[CT_FIT_COLUMNS];
} factor;

static double dot(const double *a, const double *b, size_t count)
{
    long double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (long double)a[i] * b[i];
    return (double)sum;
}

/* v minus its part along q; returns q . v. */
static double remove_part(double *v, const double *q, size_t count)
{
    double part = dot(q, v, count);
    for (size_t i = 0; i < count; i++)
        v[i] -= part * q[i];
    return part;
}

static void factorise(factor *f, const double *x)
{
    for (int j = 0; j < f->columns; j++) {
        double *v = f->q + (size_t)j * f->count;
        memcpy(v, x + (size_t)j * f->count, f->count * sizeof *v);
        double before = sqrt(dot(v, v, f->count));
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < j; i++)
                f->r[i][j] += remove_part(v, f->q + (size_t)i * f->count, f->count);
        double norm = sqrt(dot(v, v, f->count));
        f->used[j] = norm > DEPENDENT * before;
        f->r[j][j] = norm;
        for (size_t i = 0; i < f->count; i++)
            v[i] = f->used[j] ? v[i] / norm : 0;
    }
}

/* R c = b over the used columns; c of the others is 0. */
static void back_substitute(const factor *f, const double *b, double *c)
{
    for (int j = f->columns - 1; j >= 0; j--) {
        double rest = b[j];
        for (int k = j + 1; k < f->columns; k++)
            rest -= f->r[j][k] * c[k];
        c[j] = f->used[j] ? rest / f->r[j][j] : 0;
    }
}

/* Diagonal of (R^T R)^-1 = R^-1 R^-T: squared lengths of the rows of R^-1. */
static void invert(const factor *f, double *diagonal)
{
    for (int k = 0; k < f->columns; k++) {
        double unit[CT_FIT_COLUMNS] = {0}, column[CT_FIT_COLUMNS];
        if (!f->used[k])
            continue;
        unit[k] = 1;
        back_substitute(f, unit, column);
        for (int j = 0; j < f->columns; j++)
            diagonal[j] += column[j] * column[j];
    }
}

cutropy_status ct_least_squares(const double *x, int columns, const double *y, size_t count,
                                ct_fit *out)
{
    cutropy_status status = CUTROPY_OK;
    factor f = {.count = count, .columns = columns};
    double *residual = NULL, part[CT_FIT_COLUMNS] = {0};
    *out = (ct_fit){0};
    CT_NEW(f.q, (size_t)columns * count);
    CT_NEW(residual, count);
    factorise(&f, x);
    memcpy(residual, y, count * sizeof *y);
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < columns; j++)
            part[j] += remove_part(residual, f.q + (size_t)j * count, count);
    back_substitute(&f, part, out->coefficient);
    invert(&f, out->inverse_diagonal);
    for (int j = 0; j < columns; j++) {
        out->rank += f.used[j];
        if (!f.used[j])
            out->coefficient[j] = out->inverse_diagonal[j] = NAN;
    }
    out->square_sum = dot(residual, residual, count);
    for (size_t i = 0; i < count; i++)
        out->largest = fmax(out->largest, fabs(residual[i]));
done:
    ct_free(residual);
    ct_free(f.q);
    return status;
}
