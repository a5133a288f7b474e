/* SPDX-License-Identifier: Apache-2.0 */
/* The fits of a sweep: S/L against the claim, and sizes at equal entropy. */
#include <math.h>
#include <string.h>

#include "analysis/expressivity/expressivity_fit.h"
#include "analysis/common/fit.h"
#include "analysis/expressivity/network_family.h"
#include "base/array.h"

/* ---- least squares ---- */

/* 1 - residuals / deviations from the mean; NaN when nothing varies. */
static double quality(double residuals, const double *y, size_t n)
{
    double mean = 0, deviations = 0;
    for (size_t k = 0; k < n; k++)
        mean += y[k] / (double)n;
    for (size_t k = 0; k < n; k++)
        deviations += (y[k] - mean) * (y[k] - mean);
    return deviations > 0 ? 1 - residuals / deviations : NAN;
}

/* y = constant + slope x, or y = slope x. */
static cutropy_status fit_line(const double *x, const double *y, size_t n, bool through_origin,
                               cutropy_line *out)
{
    cutropy_status status = CUTROPY_OK;
    const int columns = through_origin ? 1 : 2;
    double *matrix = NULL;
    ct_fit fit;
    *out = (cutropy_line){.points = n, .slope = NAN, .constant = NAN, .r2 = NAN, .slope_se = NAN};
    if (n < (size_t)columns)
        return CUTROPY_OK;
    CT_NEW(matrix, (size_t)columns * n);
    for (size_t k = 0; k < n; k++) {
        matrix[k] = 1;
        matrix[(size_t)(columns - 1) * n + k] = x[k];
    }
    CT_TRY(ct_least_squares(matrix, columns, y, n, &fit));
    if (fit.rank < columns)
        goto done;
    out->slope = fit.coefficient[columns - 1];
    out->constant = through_origin ? 0 : fit.coefficient[0];
    size_t free_points = n - (size_t)columns;
    if (free_points) {
        out->r2 = quality(fit.square_sum, y, n);
        out->slope_se =
            sqrt(fit.square_sum / (double)free_points * fit.inverse_diagonal[columns - 1]);
    }
done:
    ct_free(matrix);
    return status;
}

/* ---- groups ---- */

static bool same_group(const cutropy_expressivity *e, size_t p, size_t q)
{
    for (size_t k = 0; k < e->key_count; k++)
        if ((int)k != e->size_key && (int)k != e->depth_key &&
            strcmp(e->points[p].value[k], e->points[q].value[k]) != 0)
            return false;
    return true;
}

static bool comes_before(const cutropy_expressivity *e, size_t p, size_t q)
{
    const cutropy_sweep_point *a = &e->points[p], *b = &e->points[q];
    return a->depth < b->depth || (a->depth == b->depth && a->size < b->size);
}

/* Inserts a point by depth, then by size; sweeps are short. */
static void insert_point(const cutropy_expressivity *e, cutropy_claim *claim, size_t p)
{
    size_t at = claim->points++;
    for (; at && comes_before(e, p, claim->point[at - 1]); at--)
        claim->point[at] = claim->point[at - 1];
    claim->point[at] = p;
}

static cutropy_status add_point(cutropy_expressivity *e, size_t p)
{
    cutropy_status status = CUTROPY_OK;
    size_t g = 0;
    while (g < e->claim_count && !same_group(e, p, e->claims[g].point[0]))
        g++;
    if (g == e->claim_count) {
        size_t room = g;
        CT_TRY(CT_ROOM("fits", e->claims, g, room, 1));
        e->claims[g] = (cutropy_claim){0};
        CT_NEW(e->claims[g].point, e->point_count);
        e->claim_count++;
    }
    insert_point(e, &e->claims[g], p);
done:
    return status;
}

/* ---- one group ---- */

/* The points of one depth: claim->point[first .. last - 1]. */
typedef struct branch {
    size_t first, last;
} branch;

static branch branch_of(const cutropy_expressivity *e, const cutropy_claim *claim, size_t depth)
{
    branch b = {0, 0};
    for (size_t d = 0; d <= depth; d++) {
        b.first = b.last;
        while (b.last < claim->points &&
               e->points[claim->point[b.last]].depth == e->points[claim->point[b.first]].depth)
            b.last++;
    }
    return b;
}

static double mean_of(const cutropy_expressivity *e, const cutropy_claim *claim, size_t k)
{
    return e->points[claim->point[k]].all.mean;
}

static double size_of(const cutropy_expressivity *e, const cutropy_claim *claim, size_t k)
{
    return e->points[claim->point[k]].size;
}

static cutropy_status fit_depths(const cutropy_expressivity *e, cutropy_claim *claim, double *x,
                                 double *y)
{
    cutropy_status status = CUTROPY_OK;
    const bool linear = ct_family_find(e->family, strlen(e->family))->linear;
    for (size_t k = 0; k < claim->points; k++)
        claim->depths +=
            k == 0 || e->points[claim->point[k]].depth != e->points[claim->point[k - 1]].depth;
    CT_NEW_ZERO(claim->by_depth, claim->depths);
    for (size_t d = 0; d < claim->depths; d++) {
        branch b = branch_of(e, claim, d);
        for (size_t k = b.first; k < b.last; k++) {
            x[k - b.first] = linear ? size_of(e, claim, k) : log2(size_of(e, claim, k));
            y[k - b.first] = mean_of(e, claim, k);
        }
        claim->by_depth[d].depth = e->points[claim->point[b.first]].depth;
        CT_TRY(fit_line(x, y, b.last - b.first, false, &claim->by_depth[d].line));
    }
done:
    return status;
}

static void describe(const cutropy_expressivity *e, cutropy_claim *claim, double *sd)
{
    size_t n = claim->points;
    claim->lowest = claim->highest = mean_of(e, claim, 0);
    for (size_t k = 0; k < n; k++) {
        claim->lowest = fmin(claim->lowest, mean_of(e, claim, k));
        claim->highest = fmax(claim->highest, mean_of(e, claim, k));
        sd[k] = e->points[claim->point[k]].all.sd;
    }
    claim->median_sd = NAN;
    if (e->seeds > 1) {
        ct_sort_numbers(sd, n);
        claim->median_sd = (sd[(n - 1) / 2] + sd[n / 2]) / 2;
    }
    claim->fraction_of_limit = claim->highest / e->mean_limit;
    claim->fraction_of_page = claim->highest / e->mean_page;
}

/* ---- equal entropy ---- */

/* The entropies that the networks of every depth pass on their way up from the smallest size. */
static void common_range(const cutropy_expressivity *e, const cutropy_claim *claim, double *low,
                         double *high)
{
    *low = -INFINITY;
    *high = INFINITY;
    for (size_t d = 0; d < claim->depths; d++) {
        branch b = branch_of(e, claim, d);
        double top = -INFINITY;
        for (size_t k = b.first; k < b.last; k++)
            top = fmax(top, mean_of(e, claim, k));
        *low = fmax(*low, mean_of(e, claim, b.first));
        *high = fmin(*high, top);
    }
}

/* The smallest size at which the broken line through the points reaches the level. */
static double size_at(const cutropy_expressivity *e, const cutropy_claim *claim, branch b,
                      double level)
{
    size_t k = b.first + 1;
    while (k < b.last && mean_of(e, claim, k) < level)
        k++;
    if (k >= b.last)
        return NAN;
    double y0 = mean_of(e, claim, k - 1), y1 = mean_of(e, claim, k);
    double x0 = log2(size_of(e, claim, k - 1)), x1 = log2(size_of(e, claim, k));
    return exp2(x0 + (x1 - x0) * (level - y0) / (y1 - y0));
}

static cutropy_status fit_level(const cutropy_claim *claim, cutropy_level *level, double *x,
                                double *y)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_line root, power;
    size_t n = claim->depths;
    for (size_t d = 0; d < n; d++) {
        x[d] = 1 / claim->by_depth[d].depth;
        y[d] = log2(level->size[d]);
    }
    CT_TRY(fit_line(x, y, n, true, &root));
    level->d0 = exp2(root.slope);
    level->r2 = root.r2;
    for (size_t d = 0; d < n; d++) {
        x[d] = log2(claim->by_depth[d].depth);
        y[d] = log2(y[d]);
    }
    CT_TRY(fit_line(x, y, n, false, &power));
    level->exponent = power.slope;
done:
    return status;
}

static cutropy_status fit_levels(const cutropy_expressivity *e, cutropy_claim *claim, double *x,
                                 double *y)
{
    cutropy_status status = CUTROPY_OK;
    double low, high;
    if (claim->depths < 2 || claim->by_depth[0].depth < 1 || size_of(e, claim, 0) < 1)
        return CUTROPY_OK;
    common_range(e, claim, &low, &high);
    if (!(low < high))
        return CUTROPY_OK;
    for (int l = 0; l < CUTROPY_SWEEP_LEVELS; l++) {
        cutropy_level *level = &claim->level[claim->levels];
        CT_NEW(level->size, claim->depths);
        claim->levels++;
        level->entropy = low + (high - low) * (l + 1) / (CUTROPY_SWEEP_LEVELS + 1);
        for (size_t d = 0; d < claim->depths; d++)
            level->size[d] = size_at(e, claim, branch_of(e, claim, d), level->entropy);
        CT_TRY(fit_level(claim, level, x, y));
    }
done:
    return status;
}

static cutropy_status fit_claim(const cutropy_expressivity *e, cutropy_claim *claim)
{
    cutropy_status status = CUTROPY_OK;
    double *x = NULL, *y = NULL;
    CT_NEW(x, claim->points);
    CT_NEW(y, claim->points);
    for (size_t k = 0; k < claim->points; k++) {
        x[k] = e->points[claim->point[k]].claim;
        y[k] = mean_of(e, claim, k);
    }
    CT_TRY(fit_line(x, y, claim->points, true, &claim->origin));
    CT_TRY(fit_line(x, y, claim->points, false, &claim->line));
    CT_TRY(fit_depths(e, claim, x, y));
    describe(e, claim, x);
    CT_TRY(fit_levels(e, claim, x, y));
done:
    ct_free(x);
    ct_free(y);
    return status;
}

cutropy_status ct_expressivity_fit(cutropy_expressivity *e)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t p = 0; p < e->point_count; p++)
        if (e->points[p].done)
            CT_TRY(add_point(e, p));
    for (size_t g = 0; g < e->claim_count; g++)
        CT_TRY(fit_claim(e, &e->claims[g]));
done:
    return status;
}

void ct_expressivity_free_claims(cutropy_expressivity *e)
{
    for (size_t g = 0; g < e->claim_count; g++) {
        cutropy_claim *claim = &e->claims[g];
        for (size_t l = 0; l < CUTROPY_SWEEP_LEVELS; l++)
            ct_free(claim->level[l].size);
        ct_free(claim->by_depth);
        ct_free(claim->point);
    }
    ct_free(e->claims);
}
