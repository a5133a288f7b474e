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

#include "analysis/scaling/scaling_fit.h"

#define LEAST_PAIRS 4     /* below it nothing is fitted */
#define LEAST_SHAPES 6    /* below it models are not compared */
#define LEAST_SIDE 4      /* pixels of the largest smaller side */
#define MISFIT 0.2        /* of an accepted law: 4 % of the variance */
#define MISFIT_LOG 0.1    /* of a logarithm, which bends like many things: 1 % */
#define SLOPE_DRIFT 0.25  /* of a logarithm, from all cuts to the larger half */
#define FLAT 0.02         /* spread / mean of a constant on the larger half */
#define CONVERGED 0.4     /* spread there / that of all cuts, in units of the spread of log l */
#define SATURATED 0.9     /* S / ceiling */
#define SCATTER 0.5       /* cuts of one shape differ by more: no function of the shape */
#define OVERTAKEN 0.8     /* misfit / misfit of the winner, on the larger half */
#define SURE 0.9          /* Akaike weight of a law */
#define LEAST_SLOPE 1e-12 /* bits a unit; less is rounding */

/* ---- what is proved ---- */

static bool known_classes(const ct_scaling_sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->point[i]->classes)
            return false;
    return true;
}

/* At most m + 1 classes on every cut: S <= log2(m + 1). */
static bool few_classes(const ct_scaling_sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->point[i]->infinite || s->point[i]->classes > ct_scaling_side(s->point[i]) + 1)
            return false;
    return known_classes(s);
}

/* Of images that counts which the larger half has; where it is not known, or not below what the sides have room for, it limits
 * nothing. */
static void measure_ceilings(const ct_scaling_sample *s, const ct_scaling_sample *large,
                             cutropy_scaling *out)
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
        int64_t *rank = &out->rank[2 * ct_scaling_side(p) > out->largest];
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
static void veto(const ct_scaling_sample *s, cutropy_scaling *out)
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

static bool all_zero(const ct_scaling_sample *s)
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
static bool counts(const ct_scaling_sample *s)
{
    size_t seen = 0;
    bool proved = true;
    for (size_t i = 0; i < s->count; i++) {
        const cutropy_scaling_point *p = s->point[i];
        const int m = ct_scaling_side(p);
        bool other_boundary = false, first = true;
        proved = proved && p->exchangeable;
        if (p->entropy - p->entropy_err > log2(m + 1.0) * (1 + 0x1p-50))
            return false;
        for (size_t k = 0; k < s->count && !proved; k++) {
            const cutropy_scaling_point *q = s->point[k];
            if (q->na + q->nb != p->na + p->nb || ct_scaling_side(q) != m)
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

static double spread_of_log(const ct_scaling_sample *s)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < s->count; i++)
        sum += ct_scaling_log_size(s->point[i]) / (double)s->count;
    for (size_t i = 0; i < s->count; i++)
        squares +=
            (ct_scaling_log_size(s->point[i]) - sum) * (ct_scaling_log_size(s->point[i]) - sum);
    return sqrt(squares / (double)s->count);
}

/* One L, and S stays within 2 % on the larger half and changes there much less than a logarithm
 * would, or it stays so on all cuts. Where L varies even a weak area law grows: no small change is
 * none. */
static bool converged(const ct_scaling_sample *all, const ct_scaling_sample *large,
                      const cutropy_scaling *out)
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

/* Why it does not fit. */
static cutropy_scaling_reason misfit_reason(const cutropy_model_fit *fit, int model)
{
    const double limit = model == CUTROPY_MODEL_LOG ? MISFIT_LOG : MISFIT;
    const bool all_count = model == CUTROPY_MODEL_LOG || model == CUTROPY_MODEL_VOLUME;
    if ((all_count && fit->misfit > limit) || fit->misfit_large > MISFIT)
        return CUTROPY_REASON_POOR;
    return isnan(fit->misfit_large) || isnan(fit->slope_large) ? CUTROPY_REASON_HALF
                                                               : CUTROPY_REASON_CHANGES;
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
        leave_open(out, misfit_reason(&out->fit[best], best));
    else if (weight < SURE || overtaken(out, best))
        leave_open(out, CUTROPY_REASON_TIE);
    else if (best == CUTROPY_MODEL_VOLUME && out->thin)
        leave_open(out, CUTROPY_REASON_THIN);
    else
        decide(out, law_of(best), best, false, weight);
}

static void judge(const ct_scaling_sample *all, const ct_scaling_sample *large,
                  cutropy_scaling *out)
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

static cutropy_status count_pairs(const ct_scaling_sample *s, size_t *pairs)
{
    cutropy_status status = CUTROPY_OK;
    int(*pair)[2] = NULL;
    *pairs = 0;
    CT_NEW(pair, s->count + 1);
    for (size_t i = 0; i < s->count; i++) {
        pair[i][0] = s->point[i]->length;
        pair[i][1] = ct_scaling_side(s->point[i]);
    }
    if (s->count)
        qsort(pair, s->count, sizeof *pair, compare_pairs);
    for (size_t i = 0; i < s->count; i++)
        *pairs += i == 0 || compare_pairs(pair[i - 1], pair[i]) != 0;
done:
    ct_free(pair);
    return status;
}

static void describe(const ct_scaling_sample *s, cutropy_scaling *out)
{
    out->orbits = s->count;
    out->shapes = s->shapes;
    out->same_length = out->thin = 1;
    out->arc = s->point[0]->arc;
    out->infinite = s->point[0]->infinite;
    out->smallest = out->largest = ct_scaling_side(s->point[0]);
    for (size_t i = 0; i < s->count; i++) {
        const int m = ct_scaling_side(s->point[i]);
        out->smallest = m < out->smallest ? m : out->smallest;
        out->largest = m > out->largest ? m : out->largest;
        out->thin = out->thin && 2 * s->point[i]->rim > m;
        out->arc = s->point[i]->arc == out->arc ? out->arc : 0;
        out->same_length = out->same_length && s->point[i]->length == s->point[0]->length;
    }
    out->scatter = ct_scaling_explained(s, s->spread) ? 0 : sqrt(s->scatter / s->spread);
}

cutropy_status ct_scaling_judge(const cutropy_scaling_point *points, size_t count,
                                cutropy_scaling *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_scaling_sample all = {0}, large = {0};
    memset(out, 0, sizeof *out);
    out->cuts = count;
    out->model = -1;
    CT_TRY(ct_scaling_sample_make(points, count, &all));
    CT_TRY(count_pairs(&all, &out->pairs));
    if (out->pairs < LEAST_PAIRS && count && points[0].infinite)
        CT_TRY(ct_fail(
            CUTROPY_EINPUT,
            "infinite strips of %zu different width%s; a verdict needs %d: give more of them, as "
            "in --lattices 4xinf..10xinf",
            out->pairs, out->pairs == 1 ? "" : "s", LEAST_PAIRS));
    if (out->pairs < LEAST_PAIRS)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%zu cut%s only %zu different pair%s of boundary and smaller side; a "
                       "verdict needs %d: choose a larger family of cuts or more lattices",
                       count, count == 1 ? " has" : "s have", out->pairs,
                       out->pairs == 1 ? "" : "s", LEAST_PAIRS));
    describe(&all, out);
    CT_TRY(ct_scaling_sample_large(&all, out->largest, &large));
    for (int model = 0; model < CUTROPY_MODELS; model++)
        CT_TRY(ct_scaling_fit(&all, &large, (cutropy_scaling_model)model, &out->fit[model]));
    measure_ceilings(&all, &large, out);
    admit(out->fit);
    veto(&all, out);
    judge(&all, &large, out);
    out->central_charge = out->arc && out->verdict == CUTROPY_SCALING_LOG
                              ? 6 * out->fit[CUTROPY_MODEL_LOG].coefficient[1] / out->arc
                              : NAN;
done:
    ct_scaling_sample_free(&all);
    ct_scaling_sample_free(&large);
    return status;
}
