/* SPDX-License-Identifier: Apache-2.0 */
/* The judge: which law do the entropies of a family of cuts follow? docs/scaling.md has the rules.
 *
 * Entropies are exact up to their errors, so whatever a model leaves over is lack of fit, and no
 * statistics turns a model that fails into a law. What is proved of the cuts (zero, one value, the
 * number of classes, the range) comes first; then what the data show beyond their errors; then the
 * models are compared, and the winner must fit, and fit the larger half of the sizes as well. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fit.h"
#include "analysis/scaling.h"

#define LEAST_PAIRS 4     /* below it nothing is fitted */
#define LEAST_SHAPES 6    /* below it models are not compared */
#define LEAST_SIDE 4      /* pixels of the largest smaller side */
#define SPARE_SHAPES 2    /* more shapes than parameters in an exact law, and on the larger half */
#define MISFIT 0.2        /* of an accepted law: 4 % of the variance */
#define MISFIT_LOG 0.1    /* of a logarithm, which bends like many things: 1 % */
#define SLOPE_DRIFT 0.25  /* of a logarithm, from all cuts to the larger half */
#define FLAT 0.02         /* spread / mean of a constant on the larger half */
#define CONVERGED 0.4     /* spread there / that of all cuts, in units of the spread of log l */
#define SATURATED 0.9     /* S / ceiling */
#define SCATTER 0.5       /* cuts of one shape differ by more: no function of the shape */
#define OVERTAKEN 0.8     /* misfit / misfit of the winner, on the larger half */
#define SURE 0.9          /* Akaike weight of a law */
#define ROUNDING 0x1p-48  /* of a projection, relative to the length of y */
#define LEAST_SLOPE 1e-12 /* bits a unit; less is rounding */

static const int model_columns[CUTROPY_MODELS] = {1, 2, 2, 5, 2};

/* ---- the columns of a model ---- */

static int min_side(const cutropy_scaling_point *p)
{
    return p->na < p->nb ? p->na : p->nb;
}

/* log2 l */
static double log_size(const cutropy_scaling_point *p)
{
    const double pi = 3.14159265358979323846, n = p->na + p->nb, m = min_side(p);
    if (p->arc)
        return log2((p->arc == 1 ? 2 : 1) * n / pi * sin(pi * m / n));
    return log2(m * ((n - m) / n));
}

static double column(cutropy_scaling_model model, int j, const cutropy_scaling_point *p)
{
    if (j == 0)
        return 1;
    if (model == CUTROPY_MODEL_LOG)
        return log_size(p);
    if (model == CUTROPY_MODEL_VOLUME)
        return p->infinite ? 0 : min_side(p);
    const int shape[] = {p->length, p->corners, p->ends, p->parts};
    return shape[j - 1];
}

double cutropy_scaling_residual(const cutropy_scaling *scaling, cutropy_scaling_model model,
                                const cutropy_scaling_point *point)
{
    double rest = point->entropy;
    if (!min_side(point))
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
        return min_side(p) ? exp2(log_size(p)) : 0;
    return model == CUTROPY_MODEL_VOLUME ? min_side(p) : p->length;
}

/* ---- the sample ---- */

/* Points that no symmetry makes equal, sorted by shape; the empty and the full cut are no evidence.
 */
typedef struct sample {
    const cutropy_scaling_point **point;
    size_t count, shapes;
    double *y;                       /* entropies */
    double mean, spread;             /* of y; spread = sum of squared deviations */
    double square_sum, error_square; /* of y and of the errors */
    double scatter;                  /* sum of squared deviations from the mean of the shape */
} sample;

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

static void summarise(sample *s)
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

static cutropy_status sample_make(const cutropy_scaling_point *points, size_t count, sample *s)
{
    cutropy_status status = CUTROPY_OK;
    size_t kept = 0;
    CT_NEW(s->point, count + 1);
    CT_NEW(s->y, count + 1);
    for (size_t i = 0; i < count; i++)
        if (min_side(&points[i]))
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

static void sample_free(sample *s)
{
    ct_free(s->point);
    ct_free(s->y);
}

/* The larger half of the sizes: 2 m >= the largest m. */
static cutropy_status sample_large(const sample *all, int largest, sample *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(out->point, all->count);
    CT_NEW(out->y, all->count);
    for (size_t i = 0; i < all->count; i++)
        if (2 * min_side(all->point[i]) >= largest)
            out->point[out->count++] = all->point[i];
    summarise(out);
done:
    return status;
}

/* ---- fits ---- */

/* If the true entropies obey the model, the residuals are a projection of the errors: not longer
 * than the errors. */
static bool explained(const sample *s, double square_sum)
{
    return sqrt(square_sum) <= sqrt(s->error_square) + ROUNDING * sqrt(s->square_sum);
}

static double misfit_of(const sample *s, double square_sum)
{
    return explained(s, s->spread) ? NAN : sqrt(square_sum / s->spread);
}

static cutropy_status solve(const sample *s, cutropy_scaling_model model, ct_fit *fit)
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

static cutropy_status fit_model(const sample *all, const sample *large, cutropy_scaling_model model,
                                cutropy_model_fit *out)
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
                               .exact = explained(all, fit.square_sum) &&
                                        all->shapes >= (size_t)fit.rank + SPARE_SHAPES,
                               .aicc = NAN, /* of exact fits: rounding noise is no evidence */
                               .weight = NAN};
    for (int j = 0; j < CUTROPY_COEFFICIENTS; j++)
        out->coefficient[j] = j < model_columns[model] ? fit.coefficient[j] : NAN;
done:
    return status;
}

/* ---- what is proved ---- */

static bool known_classes(const sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->point[i]->classes)
            return false;
    return true;
}

/* At most m + 1 classes on every cut: S <= log2(m + 1). */
static bool few_classes(const sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->point[i]->infinite || s->point[i]->classes > min_side(s->point[i]) + 1)
            return false;
    return known_classes(s);
}

/* Of images that counts which the larger half has; where it is not known, or not below what the sides have room for, it limits
 * nothing. */
static void measure_ceilings(const sample *s, const sample *large, cutropy_scaling *out)
{
    int64_t classes = 0;
    uint64_t images = 0;
    double share = 0, room = 0;
    for (size_t i = 0; i < s->count; i++) {
        const cutropy_scaling_point *p = s->point[i];
        room = fmax(room, p->most);
        classes = p->classes > classes ? p->classes : classes;
        out->depth = p->depth > out->depth ? p->depth : out->depth;
        out->range = p->depth && p->range > out->range ? p->range : out->range;
        int64_t *rank = &out->rank[2 * min_side(p) > out->largest];
        *rank = p->rank > *rank ? p->rank : *rank;
    }
    for (size_t i = 0; i < large->count; i++) {
        const uint64_t here = large->point[i]->images ? large->point[i]->images : UINT64_MAX;
        images = here > images ? here : images;
    }
    out->images_bits =
        images < UINT64_MAX && log2((double)images) < room ? log2((double)images) : NAN;
    out->classes_bits = known_classes(s) ? log2((double)classes) : NAN;
    const double ceiling = fmin(out->images_bits, out->classes_bits); /* passes over NaN */
    for (size_t i = 0; i < large->count; i++)
        share += large->y[i] / ceiling / (double)large->count;
    out->share = ceiling > 0 && ceiling < room && !out->infinite ? share : NAN;
}

/* ---- which models may win ---- */

/* A range that does not grow with the depth of the region bounds S by the boundary: neither volume
 * nor logarithm; nor does S grow with m where the rank does not. m + 1 classes bound it by a
 * logarithm: neither volume nor boundary. */
static void veto(const sample *s, cutropy_scaling *out)
{
    const bool bounded = out->depth > 0 && out->range < out->depth, few = few_classes(s);
    const bool flat = out->rank[1] && out->rank[1] <= out->rank[0];
    cutropy_model_fit *fit = out->fit;
    fit[CUTROPY_MODEL_VOLUME].vetoed = bounded || flat || few;
    fit[CUTROPY_MODEL_LOG].vetoed = bounded || flat;
    fit[CUTROPY_MODEL_AREA].vetoed = fit[CUTROPY_MODEL_CORNERS].vetoed = few;
}

/* On these cuts the model is the same as a simpler one: its terms are combinations of others'. */
static bool repeats(const cutropy_model_fit *fit, int model)
{
    if (model == CUTROPY_MODEL_CORNERS)
        return fit[model].parameters == fit[CUTROPY_MODEL_AREA].parameters;
    return model != CUTROPY_MODEL_CONSTANT && isnan(fit[model].coefficient[1]);
}

/* A model may win when its leading coefficient is determined and positive. */
static void admit(cutropy_model_fit *fit)
{
    for (int i = 0; i < CUTROPY_MODELS; i++)
        fit[i].admissible = !repeats(fit, i) &&
                            (i == CUTROPY_MODEL_CONSTANT || fit[i].coefficient[1] > LEAST_SLOPE);
}

/* ---- verdicts ---- */

static void decide(cutropy_scaling *out, cutropy_scaling_verdict verdict, int model, bool exact,
                   double weight)
{
    out->verdict = verdict;
    out->model = model;
    out->exact = exact;
    out->weight = weight;
}

static void leave_open(cutropy_scaling *out, cutropy_scaling_reason reason)
{
    const bool none = reason == CUTROPY_REASON_SCATTER || reason == CUTROPY_REASON_FALLS;
    decide(out, none ? CUTROPY_SCALING_NONE : CUTROPY_SCALING_UNDECIDED, -1, false, 0);
    out->reason = reason;
}

static cutropy_scaling_verdict law_of(int model)
{
    static const cutropy_scaling_verdict laws[CUTROPY_MODELS] = {
        CUTROPY_SCALING_CONSTANT, CUTROPY_SCALING_LOG, CUTROPY_SCALING_AREA, CUTROPY_SCALING_AREA,
        CUTROPY_SCALING_VOLUME};
    return laws[model];
}

static cutropy_scaling_reason veto_reason(const cutropy_scaling *out)
{
    if (out->depth > 0 && out->range < out->depth)
        return CUTROPY_REASON_RANGE;
    return out->rank[1] && out->rank[1] <= out->rank[0] ? CUTROPY_REASON_RANK
                                                        : CUTROPY_REASON_CLASSES;
}

static bool all_zero(const sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (fabs(s->y[i]) > s->point[i]->entropy_err)
            return false;
    return true;
}

/* Equal within their errors. */
static bool equal(const cutropy_scaling_point *a, const cutropy_scaling_point *b)
{
    return fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err;
}

/* S is a function of N and NA alone, and at most log2(m + 1): proved where pixels may be exchanged,
 * else seen on at least two sizes m >= 2 that come with different boundaries. Points are sorted by
 * shape: N, L, m. */
static bool counts(const sample *s)
{
    size_t seen = 0;
    bool proved = true;
    for (size_t i = 0; i < s->count; i++) {
        const cutropy_scaling_point *p = s->point[i];
        const int m = min_side(p);
        bool other_boundary = false, first = true;
        proved = proved && p->exchangeable;
        if (p->entropy - p->entropy_err > log2(m + 1.0) * (1 + 0x1p-50))
            return false;
        for (size_t k = 0; k < s->count && !proved; k++) {
            const cutropy_scaling_point *q = s->point[k];
            if (q->na + q->nb != p->na + p->nb || min_side(q) != m)
                continue;
            if (!equal(p, q))
                return false;
            first = first && k >= i;
            other_boundary = other_boundary || q->length != p->length;
        }
        seen += m >= 2 && first && other_boundary;
    }
    return proved || seen >= 2;
}

/* The exact model with the fewest parameters, if there is one. */
static bool judge_exact(cutropy_scaling *out)
{
    int best = -1, equals = 0;
    for (int i = 0; i < CUTROPY_MODELS; i++) {
        const cutropy_model_fit *fit = &out->fit[i];
        if (!fit->exact || !fit->admissible)
            continue;
        if (best >= 0 && fit->parameters >= out->fit[best].parameters) {
            equals += fit->parameters == out->fit[best].parameters;
            continue;
        }
        best = i;
        equals = 1;
    }
    if (best < 0)
        return false;
    if (out->fit[best].vetoed)
        leave_open(out, veto_reason(out));
    else if (equals > 1)
        leave_open(out, CUTROPY_REASON_TIE);
    else if (best == CUTROPY_MODEL_VOLUME && out->thin)
        leave_open(out, CUTROPY_REASON_THIN);
    else
        decide(out, law_of(best), best, true, 1);
    return true;
}

static double spread_of_log(const sample *s)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += log_size(s->point[i]) / (double)s->count;
    for (size_t i = 0; i < s->count; i++)
        squares += (log_size(s->point[i]) - sum) * (log_size(s->point[i]) - sum);
    return sqrt(squares / (double)s->count);
}

/* One L, and S stays within 2 % on the larger half and changes there much less than a logarithm
 * would, or it stays so on all cuts. Where L varies even a weak area law grows: no small change is
 * none. */
static bool converged(const sample *all, const sample *large, const cutropy_scaling *out)
{
    const double wide = sqrt(all->spread / (double)all->count);
    const double spread = sqrt(large->spread / (double)large->count);
    if (2 * out->smallest > out->largest || !out->same_length || spread > FLAT * fabs(large->mean))
        return false;
    return wide <= FLAT * fabs(all->mean) ||
           spread * spread_of_log(all) <= CONVERGED * wide * spread_of_log(large);
}

/* Akaike's criterion for small samples; the variance of the residuals is one more parameter. */
static double aicc(const cutropy_model_fit *fit, double shapes)
{
    const double k = fit->parameters + 1;
    if (shapes - k - 1 <= 0)
        return NAN;
    return shapes * log(fit->rms * fit->rms) + 2 * k + 2 * k * (k + 1) / (shapes - k - 1);
}

/* Weights among the models that may win. */
static void weigh(cutropy_scaling *out)
{
    double least = INFINITY, total = 0;
    for (int i = 0; i < CUTROPY_MODELS; i++) {
        if (!repeats(out->fit, i))
            out->fit[i].aicc = aicc(&out->fit[i], (double)out->shapes);
        if (out->fit[i].admissible && !out->fit[i].vetoed)
            least = fmin(least, out->fit[i].aicc); /* fmin passes over NaN */
    }
    for (int i = 0; i < CUTROPY_MODELS; i++) {
        const bool may_win = out->fit[i].admissible && !out->fit[i].vetoed;
        const double behind = out->fit[i].aicc - least;
        out->fit[i].weight = may_win && !isnan(behind) ? exp(-behind / 2) : 0;
        total += out->fit[i].weight;
    }
    for (int i = 0; i < CUTROPY_MODELS && total > 0; i++)
        out->fit[i].weight /= total;
}

/* The winner must fit all sizes and the larger half; a logarithm with one slope, an area law on the
 * larger half (small regions are all boundary). */
static bool fits(const cutropy_model_fit *fit, int model)
{
    switch (model) {
    case CUTROPY_MODEL_LOG:
        return fit->misfit <= MISFIT_LOG && fit->misfit_large <= MISFIT &&
               fabs(fit->slope_large / fit->coefficient[1] - 1) <= SLOPE_DRIFT;
    case CUTROPY_MODEL_VOLUME:
        return fit->misfit <= MISFIT && fit->misfit_large <= MISFIT && fit->slope_large > 0;
    case CUTROPY_MODEL_AREA:
    case CUTROPY_MODEL_CORNERS:
        return fit->misfit_large <= MISFIT && fit->slope_large > 0;
    default:
        return false; /* a constant has a rule of its own */
    }
}

/* Another law does clearly better on the larger half. */
static bool overtaken(const cutropy_scaling *out, int best)
{
    for (int i = 0; i < CUTROPY_MODELS; i++)
        if (law_of(i) != law_of(best) && out->fit[i].admissible && !out->fit[i].vetoed &&
            out->fit[i].misfit_large < OVERTAKEN * out->fit[best].misfit_large)
            return true;
    return false;
}

static void judge_models(cutropy_scaling *out)
{
    int best = -1;
    double weight = 0;
    weigh(out);
    for (int i = 0; i < CUTROPY_MODELS; i++)
        if (!isnan(out->fit[i].aicc) && (best < 0 || out->fit[i].aicc < out->fit[best].aicc))
            best = i;
    for (int i = 0; i < CUTROPY_MODELS; i++)
        weight += law_of(i) == law_of(best) ? out->fit[i].weight : 0;
    if (out->fit[best].vetoed)
        leave_open(out, veto_reason(out));
    else if (!out->fit[best].admissible)
        leave_open(out, CUTROPY_REASON_FALLS);
    else if (!fits(&out->fit[best], best))
        leave_open(out, CUTROPY_REASON_POOR);
    else if (weight < SURE || overtaken(out, best))
        leave_open(out, CUTROPY_REASON_TIE);
    else if (best == CUTROPY_MODEL_VOLUME && out->thin)
        leave_open(out, CUTROPY_REASON_THIN);
    else
        decide(out, law_of(best), best, false, weight);
}

static void judge(const sample *all, const sample *large, cutropy_scaling *out)
{
    double most = 0;
    for (size_t i = 0; i < all->count; i++)
        most = fmax(most, all->y[i]);
    if (all_zero(all))
        decide(out, CUTROPY_SCALING_ZERO, -1, true, 1);
    else if (out->fit[CUTROPY_MODEL_CONSTANT].exact)
        decide(out, CUTROPY_SCALING_CONSTANT, CUTROPY_MODEL_CONSTANT, true, 1);
    else if (counts(all))
        decide(out, CUTROPY_SCALING_COUNTING, -1, true, 1);
    else if (judge_exact(out))
        return;
    else if (out->share >= SATURATED)
        decide(out, CUTROPY_SCALING_SATURATED, -1, false, 1);
    else if (most >= SATURATED * out->images_bits)
        leave_open(out, CUTROPY_REASON_CEILING);
    else if (converged(all, large, out))
        decide(out, CUTROPY_SCALING_CONSTANT, CUTROPY_MODEL_CONSTANT, false, 1);
    else if (out->scatter > SCATTER)
        leave_open(out, CUTROPY_REASON_SCATTER);
    else if (out->shapes < LEAST_SHAPES || out->largest < LEAST_SIDE)
        leave_open(out, CUTROPY_REASON_FEW);
    else
        judge_models(out);
}

/* ---- the whole ---- */

static int compare_pairs(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static cutropy_status count_pairs(const sample *s, size_t *pairs)
{
    cutropy_status status = CUTROPY_OK;
    int(*pair)[2] = NULL;
    *pairs = 0;
    CT_NEW(pair, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        pair[i][0] = s->point[i]->length;
        pair[i][1] = min_side(s->point[i]);
    }
    if (s->count)
        qsort(pair, s->count, sizeof *pair, compare_pairs);
    for (size_t i = 0; i < s->count; i++)
        *pairs += i == 0 || compare_pairs(pair[i - 1], pair[i]) != 0;
done:
    ct_free(pair);
    return status;
}

static void describe(const sample *s, cutropy_scaling *out)
{
    out->orbits = s->count;
    out->shapes = s->shapes;
    out->same_length = out->thin = 1;
    out->arc = s->point[0]->arc;
    out->infinite = s->point[0]->infinite;
    out->smallest = out->largest = min_side(s->point[0]);
    for (size_t i = 0; i < s->count; i++) {
        const int m = min_side(s->point[i]);
        out->smallest = m < out->smallest ? m : out->smallest;
        out->largest = m > out->largest ? m : out->largest;
        out->thin = out->thin && 2 * s->point[i]->rim > m;
        out->arc = s->point[i]->arc == out->arc ? out->arc : 0;
        out->same_length = out->same_length && s->point[i]->length == s->point[0]->length;
    }
    out->scatter = explained(s, s->spread) ? 0 : sqrt(s->scatter / s->spread);
}

cutropy_status ct_scaling_judge(const cutropy_scaling_point *points, size_t count,
                                cutropy_scaling *out)
{
    cutropy_status status = CUTROPY_OK;
    sample all = {0}, large = {0};
    memset(out, 0, sizeof *out);
    out->cuts = count;
    out->model = -1;
    CT_TRY(sample_make(points, count, &all));
    CT_TRY(count_pairs(&all, &out->pairs));
    if (out->pairs < LEAST_PAIRS && count && points[0].infinite)
        CT_TRY(ct_fail(
            CUTROPY_EINPUT,
            "%zu infinite strips have only %zu different widths; a verdict needs %d: give more of them, as "
            "in --lattices 4xinf..10xinf",
            count, out->pairs, LEAST_PAIRS));
    if (out->pairs < LEAST_PAIRS)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%zu cut%s only %zu different pair%s of boundary and smaller side; a "
                       "verdict needs %d: choose a larger family of cuts or more lattices",
                       count, count == 1 ? " has" : "s have", out->pairs,
                       out->pairs == 1 ? "" : "s", LEAST_PAIRS));
    describe(&all, out);
    CT_TRY(sample_large(&all, out->largest, &large));
    for (int model = 0; model < CUTROPY_MODELS; model++)
        CT_TRY(fit_model(&all, &large, (cutropy_scaling_model)model, &out->fit[model]));
    measure_ceilings(&all, &large, out);
    admit(out->fit);
    veto(&all, out);
    judge(&all, &large, out);
    out->central_charge = out->arc && out->verdict == CUTROPY_SCALING_LOG
                              ? 6 * out->fit[CUTROPY_MODEL_LOG].coefficient[1] / out->arc
                              : NAN;
done:
    sample_free(&all);
    sample_free(&large);
    return status;
}
