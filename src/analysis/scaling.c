/* Scaling laws: points from a result, least squares for each model, the verdict.
 *
 * The sample size of the statistics is the number of different pairs (L, min side), not of cuts:
 * cuts that a symmetry makes equal are no new evidence. */
#include <cutropy/scaling.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fit.h"
#include "base/bits.h"
#include "problem/problem.h"

#define LEAST_PAIRS 4     /* one more than the largest model has parameters */
#define LEAST_SAMPLE 6    /* pairs for which Akaike's criterion exists for every model */
#define GOOD_R2 0.8       /* below it no model describes S */
#define FLAT 0.1          /* rms / mean up to which S counts as constant */
#define TIE 1e-6          /* difference of AICc that decides nothing */
#define LEAST_SLOPE 1e-12 /* bits a bond; less is rounding */
#define ROUNDING 0x1p-48  /* of a projection, relative to the length of y */

static const int model_columns[CUTROPY_MODELS] = {1, 2, 2, 3};

/* ---- points ---- */

int cutropy_boundary_vertices(const cutropy_lattice *lattice, const uint64_t *mask)
{
    int count = 0;
    for (int v = 0; v < lattice->vertices; v++) {
        int kept = 0;
        for (int k = 0; k < lattice->star_degree[v]; k++)
            kept += ct_bit(mask, (uint64_t)lattice->star[v][k]);
        count += kept > 0 && kept < lattice->star_degree[v];
    }
    return count;
}

static int length_of(const cutropy_lattice *lattice, const uint64_t *mask, cutropy_length length)
{
    switch (length) {
    case CUTROPY_LENGTH_PIXELS:
        return cutropy_boundary_pixels(lattice, mask);
    case CUTROPY_LENGTH_VERTICES:
        return cutropy_boundary_vertices(lattice, mask);
    default:
        return cutropy_boundary(lattice, mask);
    }
}

cutropy_status cutropy_scaling_geometry(const cutropy_lattice *lattice, const cutropy_cuts *cuts,
                                        cutropy_length length, cutropy_scaling_point *points)
{
    if (length == CUTROPY_LENGTH_VERTICES && !lattice->vertices)
        return ct_fail(CUTROPY_EINPUT, "%s has no vertices; count the boundary in bonds or pixels",
                       lattice->name);
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        const int na = cutropy_mask_pixels(mask, cuts->words), nb = lattice->pixels - na;
        points[i] = (cutropy_scaling_point){.row = i,
                                            .na = na,
                                            .nb = nb,
                                            .boundary = cutropy_boundary(lattice, mask),
                                            .length = length_of(lattice, mask, length),
                                            .page = cutropy_page_entropy(na, nb),
                                            .random_set = NAN};
    }
    return CUTROPY_OK;
}

cutropy_status cutropy_scaling_points(const cutropy_problem *problem, const cutropy_result *result,
                                      cutropy_length length, cutropy_scaling_point *points,
                                      size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    const bool is_set = result->kind == CUTROPY_LABEL && !problem->pm1;
    const double density = ldexp((double)result->ones, -lattice->pixels);
    *count = 0;
    CT_TRY(cutropy_scaling_geometry(lattice, &result->cuts, length, points));
    for (size_t i = 0; i < result->count; i++) {
        const cutropy_record *record = &result->records[result->rows[i].record];
        cutropy_scaling_point *p = &points[*count];
        if (!record->done)
            continue;
        *p = points[i]; /* the gaps of unfinished rows close */
        p->entropy = record->entropy;
        p->entropy_err = record->entropy_err;
        if (is_set)
            p->random_set = cutropy_random_set_entropy(p->na, p->nb, density);
        ++*count;
    }
done:
    return status;
}

/* ---- the columns of a model ---- */

static int min_side(const cutropy_scaling_point *p)
{
    return p->na < p->nb ? p->na : p->nb;
}

static double column(cutropy_scaling_model model, int j, const cutropy_scaling_point *p)
{
    const int side = min_side(p);
    if (j == 0)
        return 1;
    if (j == 1)
        return model == CUTROPY_MODEL_VOLUME ? side : p->length;
    return side > 0 ? p->length * log2(side) : 0;
}

double cutropy_scaling_residual(const cutropy_scaling *scaling, cutropy_scaling_model model,
                                const cutropy_scaling_point *point)
{
    double rest = point->entropy;
    for (int j = 0; j < model_columns[model]; j++) {
        double c = scaling->fit[model].coefficient[j];
        rest -= isnan(c) ? 0 : c * column(model, j, point);
    }
    return rest;
}

/* ---- fits ---- */

/* Sums over the cuts that every fit needs. */
typedef struct sample {
    const cutropy_scaling_point *points;
    size_t count, pairs;
    double *y;                       /* entropies */
    double mean, spread;             /* of y; spread = sum of squared deviations */
    double square_sum, error_square; /* of y and of the errors */
} sample;

static void summarise(sample *s)
{
    long double sum = 0, spread = 0, squares = 0, errors = 0;
    for (size_t i = 0; i < s->count; i++) {
        s->y[i] = s->points[i].entropy;
        sum += s->y[i];
        squares += (long double)s->y[i] * s->y[i];
        errors += (long double)s->points[i].entropy_err * s->points[i].entropy_err;
    }
    s->mean = (double)(sum / s->count);
    for (size_t i = 0; i < s->count; i++)
        spread += ((long double)s->y[i] - s->mean) * ((long double)s->y[i] - s->mean);
    s->spread = (double)spread;
    s->square_sum = (double)squares;
    s->error_square = (double)errors;
}

/* If the true entropies obey the model, the residuals are a projection of the errors: not longer
 * than the errors. */
static bool explained(const sample *s, double square_sum)
{
    return sqrt(square_sum) <= sqrt(s->error_square) + ROUNDING * sqrt(s->square_sum);
}

static cutropy_status fit_model(const sample *s, cutropy_scaling_model model,
                                cutropy_model_fit *out)
{
    cutropy_status status = CUTROPY_OK;
    const int columns = model_columns[model];
    const double count = (double)s->count, pairs = (double)s->pairs;
    double *x = NULL;
    ct_fit fit;
    CT_NEW(x, (size_t)columns * s->count);
    for (int j = 0; j < columns; j++)
        for (size_t i = 0; i < s->count; i++)
            x[(size_t)j * s->count + i] = column(model, j, &s->points[i]);
    CT_TRY(ct_least_squares(x, columns, s->y, s->count, &fit));
    *out = (cutropy_model_fit){.parameters = fit.rank,
                               .coefficient = {NAN, NAN, NAN},
                               .standard_error = {NAN, NAN, NAN},
                               .rms = sqrt(fit.square_sum / count),
                               .largest = fit.largest,
                               .aicc = NAN, /* of exact fits too: rounding noise is no evidence */
                               .weight = NAN,
                               .exact = explained(s, fit.square_sum)};
    out->r2 = explained(s, s->spread) ? NAN : fmax(0, 1 - fit.square_sum / s->spread);
    /* Mean square residual with pairs - rank degrees of freedom; (X^T X)^-1 as if each pair
     * occurred once. */
    double variance = fit.square_sum / count * pairs / (pairs - fit.rank) * (count / pairs);
    for (int j = 0; j < columns; j++) {
        out->coefficient[j] = fit.coefficient[j];
        out->standard_error[j] = sqrt(variance * fit.inverse_diagonal[j]);
    }
done:
    ct_free(x);
    return status;
}

/* ---- comparison ---- */

/* A model may win when its last coefficient is determined and positive; the logarithmic one also
 * needs an area term that is not clearly negative. The area law stands for the constant where L is
 * the same on all cuts. */
static void admit(cutropy_model_fit *fit)
{
    const bool same_length = fit[CUTROPY_MODEL_AREA].parameters == 1;
    fit[CUTROPY_MODEL_CONSTANT].admissible = !same_length;
    fit[CUTROPY_MODEL_AREA].admissible = same_length || fit[CUTROPY_MODEL_AREA].coefficient[1] > 0;
    fit[CUTROPY_MODEL_VOLUME].admissible = fit[CUTROPY_MODEL_VOLUME].coefficient[1] > 0;
    const cutropy_model_fit *log_fit = &fit[CUTROPY_MODEL_LOG];
    const bool falls = log_fit->coefficient[1] < -2 * log_fit->standard_error[1] - LEAST_SLOPE;
    fit[CUTROPY_MODEL_LOG].admissible = log_fit->coefficient[2] > 0 && !falls;
}

/* Akaike's criterion for small samples; the variance of the residuals is one more parameter. */
static double aicc(const cutropy_model_fit *fit, double pairs)
{
    double k = fit->parameters + 1;
    if (!fit->admissible)
        return NAN;
    return pairs * log(fit->rms * fit->rms) + 2 * k + 2 * k * (k + 1) / (pairs - k - 1);
}

static void weigh(cutropy_scaling *out)
{
    double least = INFINITY, total = 0;
    for (int i = 0; i < CUTROPY_MODELS; i++) {
        out->fit[i].aicc = aicc(&out->fit[i], (double)out->pairs);
        least = fmin(least, out->fit[i].aicc); /* fmin passes over NaN */
    }
    for (int i = 0; i < CUTROPY_MODELS; i++) {
        double behind = out->fit[i].aicc - least;
        out->fit[i].weight = isnan(behind) ? 0 : exp(-behind / 2);
        total += out->fit[i].weight;
    }
    for (int i = 0; i < CUTROPY_MODELS && total > 0; i++)
        out->fit[i].weight /= total;
}

static void decide(cutropy_scaling *out, cutropy_scaling_verdict verdict, bool exact,
                   double confidence)
{
    out->verdict = verdict;
    out->exact = exact;
    out->confidence = confidence;
}

static cutropy_scaling_verdict verdict_of(int model)
{
    static const cutropy_scaling_verdict verdicts[CUTROPY_MODELS] = {
        CUTROPY_SCALING_CONSTANT, CUTROPY_SCALING_AREA, CUTROPY_SCALING_VOLUME,
        CUTROPY_SCALING_LOG};
    return verdicts[model];
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
    decide(out, equals > 1 ? CUTROPY_SCALING_UNDECIDED : verdict_of(best), true, 1);
    return true;
}

static void judge_statistics(const sample *s, cutropy_scaling *out)
{
    int best = -1, equals = 0;
    if (out->pairs < LEAST_SAMPLE) {
        decide(out, CUTROPY_SCALING_UNDECIDED, false, 0);
        return;
    }
    weigh(out);
    for (int i = 0; i < CUTROPY_MODELS; i++) {
        const cutropy_model_fit *fit = &out->fit[i];
        if (isnan(fit->aicc) || (best >= 0 && fit->aicc > out->fit[best].aicc + TIE))
            continue;
        equals = best >= 0 && fit->aicc > out->fit[best].aicc - TIE ? equals + 1 : 1;
        best = i;
    }
    if (best < 0) {
        decide(out, CUTROPY_SCALING_NONE, false, 0);
        return;
    }
    const cutropy_model_fit *fit = &out->fit[best];
    const bool flat = fit->rms <= FLAT * fabs(s->mean);
    const bool good =
        best == CUTROPY_MODEL_CONSTANT || fit->parameters == 1 ? flat : fit->r2 >= GOOD_R2;
    decide(out,
           !good        ? CUTROPY_SCALING_NONE
           : equals > 1 ? CUTROPY_SCALING_UNDECIDED
                        : verdict_of(best),
           false, fit->weight);
}

static bool all_zero(const sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (fabs(s->points[i].entropy) > s->points[i].entropy_err)
            return false;
    return true;
}

static int compare_pairs(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static cutropy_status count_pairs(sample *s)
{
    cutropy_status status = CUTROPY_OK;
    int(*pair)[2] = NULL;
    CT_NEW(pair, s->count);
    for (size_t i = 0; i < s->count; i++) {
        pair[i][0] = s->points[i].length;
        pair[i][1] = min_side(&s->points[i]);
    }
    qsort(pair, s->count, sizeof *pair, compare_pairs);
    for (size_t i = 0; i < s->count; i++)
        s->pairs += i == 0 || compare_pairs(pair[i - 1], pair[i]) != 0;
done:
    ct_free(pair);
    return status;
}

cutropy_status cutropy_scaling_judge(const cutropy_scaling_point *points, size_t count,
                                     cutropy_scaling *out)
{
    cutropy_status status = CUTROPY_OK;
    sample s = {.points = points, .count = count};
    memset(out, 0, sizeof *out);
    CT_TRY(count_pairs(&s));
    if (s.pairs < LEAST_PAIRS)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%zu cuts have only %zu different pairs of boundary and smaller side; the "
                       "fits have up to 3 parameters and need %d: choose a larger family of cuts "
                       "or more lattices",
                       count, s.pairs, LEAST_PAIRS));
    CT_NEW(s.y, count);
    summarise(&s);
    out->cuts = count;
    out->pairs = s.pairs;
    for (int model = 0; model < CUTROPY_MODELS; model++)
        CT_TRY(fit_model(&s, (cutropy_scaling_model)model, &out->fit[model]));
    admit(out->fit);
    if (all_zero(&s))
        decide(out, CUTROPY_SCALING_ZERO, true, 1);
    else if (!judge_exact(out))
        judge_statistics(&s, out);
done:
    ct_free(s.y);
    return status;
}

/* ---- words ---- */

const char *cutropy_scaling_verdict_name(cutropy_scaling_verdict verdict)
{
    static const char *const names[] = {
        "zero",      "constant", "area law", "volume law", "log-corrected area law",
        "undecided", "none"};
    return names[verdict];
}

const char *cutropy_scaling_confidence_name(const cutropy_scaling *scaling)
{
    if (scaling->exact)
        return "exact";
    return scaling->confidence >= 0.99 ? "clear" : scaling->confidence >= 0.9 ? "likely" : "weak";
}

const char *cutropy_scaling_model_name(cutropy_scaling_model model)
{
    static const char *const names[] = {"constant", "area", "volume", "log"};
    return names[model];
}
