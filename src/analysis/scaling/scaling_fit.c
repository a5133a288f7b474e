/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/scaling/scaling_fit.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/common/fit.h"

#define SPARE_SHAPES 2   /* more shapes than parameters in an exact law, and on the larger half */
#define ROUNDING 0x1p-48 /* of a projection, relative to the length of y */

static const int model_columns[CUTROPY_MODELS] = {1, 2, 2, 5, 2};

/* ---- the columns of a model ---- */

double ct_scaling_log_size(const cutropy_scaling_point *p)
{
    const double pi = 3.14159265358979323846, n = p->na + p->nb, m = ct_scaling_side(p);
    if (p->arc)
        return log2((p->arc == 1 ? 2 : 1) * n / pi * sin(pi * m / n));
    return log2(m * ((n - m) / n));
}

static double column(cutropy_scaling_model model, int j, const cutropy_scaling_point *p)
{
    if (j == 0)
        return 1;
    if (model == CUTROPY_MODEL_LOG)
        return ct_scaling_log_size(p);
    if (model == CUTROPY_MODEL_VOLUME)
        return p->infinite ? 0 : ct_scaling_side(p);
    const int shape[] = {p->length, p->corners, p->ends, p->parts};
    return shape[j - 1];
}

double cutropy_scaling_residual(const cutropy_scaling *scaling, cutropy_scaling_model model,
                                const cutropy_scaling_point *point)
{
    double rest = point->entropy;
    if (!ct_scaling_side(point))
        return rest; /* the empty and the full cut obey every law: S = 0 */
    for (int j = 0; j < model_columns[model]; j++) {
        double c = scaling->fit[model].coefficient[j];
        rest -= isnan(c) ? 0 : c * column(model, j, point);
    }
    return rest;
}

double ct_scaling_axis(int model, const cutropy_scaling_point *p)
{
    if (model == CUTROPY_MODEL_LOG)
        return ct_scaling_side(p) ? exp2(ct_scaling_log_size(p)) : 0;
    return model == CUTROPY_MODEL_VOLUME ? ct_scaling_side(p) : p->length;
}

/* ---- the sample ---- */

static int compare_points(const void *a, const void *b)
{
    return ct_scaling_compare(*(const cutropy_scaling_point *const *)a,
                              *(const cutropy_scaling_point *const *)b);
}

/* Squared deviations of y[first .. last - 1] from their mean. */
static double spread_of(const double *y, size_t first, size_t last)
{
    long double sum = 0, spread = 0;
    for (size_t i = first; i < last; i++)
        sum += y[i];
    const long double mean = sum / (long double)(last - first);
    for (size_t i = first; i < last; i++)
        spread += (y[i] - mean) * (y[i] - mean);
    return (double)spread;
}

static void summarise(ct_scaling_sample *s)
{
    long double sum = 0, squares = 0, errors = 0;
    for (size_t i = 0; i < s->count; i++) {
        const double err = s->point[i]->entropy_err;
        s->y[i] = s->point[i]->entropy;
        sum += s->y[i];
        squares += (long double)s->y[i] * s->y[i];
        errors += (long double)err * err;
    }
    s->mean = (double)(sum / (long double)s->count);
    s->spread = spread_of(s->y, 0, s->count);
    s->square_sum = (double)squares;
    s->error_square = (double)errors;
    s->shapes = 0;
    s->scatter = 0;
    for (size_t first = 0, last; first < s->count; first = last, s->shapes++) {
        for (last = first + 1;
             last < s->count && !ct_scaling_compare_shapes(s->point[first], s->point[last]);)
            last++;
        s->scatter += spread_of(s->y, first, last);
    }
}

cutropy_status ct_scaling_sample_make(const cutropy_scaling_point *points, size_t count,
                                      ct_scaling_sample *s)
{
    cutropy_status status = CUTROPY_OK;
    size_t kept = 0;
    CT_NEW(s->point, count + 1);
    CT_NEW(s->y, count + 1);
    for (size_t i = 0; i < count; i++)
        if (ct_scaling_side(&points[i]))
            s->point[kept++] = &points[i];
    if (kept)
        qsort(s->point, kept, sizeof *s->point, compare_points);
    for (size_t i = 0; i < kept; i++)
        if (i == 0 || ct_scaling_compare(s->point[s->count - 1], s->point[i]))
            s->point[s->count++] = s->point[i];
    if (s->count)
        summarise(s);
done:
    return status;
}

void ct_scaling_sample_free(ct_scaling_sample *s)
{
    ct_free(s->point);
    ct_free(s->y);
}

cutropy_status ct_scaling_sample_large(const ct_scaling_sample *all, int largest,
                                       ct_scaling_sample *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(out->point, all->count);
    CT_NEW(out->y, all->count);
    for (size_t i = 0; i < all->count; i++)
        if (2 * ct_scaling_side(all->point[i]) >= largest)
            out->point[out->count++] = all->point[i];
    summarise(out);
done:
    return status;
}

/* ---- fits ---- */

bool ct_scaling_explained(const ct_scaling_sample *s, double square_sum)
{
    return sqrt(square_sum) <= sqrt(s->error_square) + ROUNDING * sqrt(s->square_sum);
}

static double misfit_of(const ct_scaling_sample *s, double square_sum)
{
    return ct_scaling_explained(s, s->spread) ? NAN : sqrt(square_sum / s->spread);
}

static cutropy_status solve(const ct_scaling_sample *s, cutropy_scaling_model model, ct_fit *fit)
{
    cutropy_status status = CUTROPY_OK;
    const int columns = model_columns[model];
    double *x = NULL;
    CT_NEW(x, (size_t)columns * s->count);
    for (int j = 0; j < columns; j++)
        for (size_t i = 0; i < s->count; i++)
            x[(size_t)j * s->count + i] = column(model, j, s->point[i]);
    status = ct_least_squares(x, columns, s->y, s->count, fit);
done:
    ct_free(x);
    return status;
}

cutropy_status ct_scaling_fit(const ct_scaling_sample *all, const ct_scaling_sample *large,
                              cutropy_scaling_model model, cutropy_model_fit *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_fit fit, half;
    CT_TRY(solve(all, model, &fit));
    CT_TRY(solve(large, model, &half));
    *out = (cutropy_model_fit){.parameters = fit.rank,
                               .rms = sqrt(fit.square_sum / (double)all->count),
                               .largest = fit.largest,
                               .misfit = misfit_of(all, fit.square_sum),
                               .misfit_large = large->shapes < (size_t)half.rank + SPARE_SHAPES
                                                   ? NAN
                                                   : misfit_of(large, half.square_sum),
                               .slope_large = model_columns[model] > 1 ? half.coefficient[1] : NAN,
                               .exact = ct_scaling_explained(all, fit.square_sum) &&
                                        all->shapes >= (size_t)fit.rank + SPARE_SHAPES,
                               .aicc = NAN, /* of exact fits: rounding noise is no evidence */
                               .weight = NAN};
    for (int j = 0; j < CUTROPY_COEFFICIENTS; j++)
        out->coefficient[j] = j < model_columns[model] ? fit.coefficient[j] : NAN;
done:
    return status;
}
