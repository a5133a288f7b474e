/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_expressivity_run: every network of a sweep, and the statistics over its seeds. */
#include "analysis/expressivity/expressivity.h"

#include <cutropy/scaling.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/expressivity/expressivity_fit.h"
#include "base/locale.h"
#include "base/report.h"
#include "engine/function/options.h"
#include "engine/function/result.h"

/* ---- opening ---- */

/* The parameters of a canonical text as columns, without seed and weights. */
static cutropy_status read_values(const char *text, cutropy_expressivity *e,
                                  cutropy_sweep_point *point)
{
    size_t k = 0;
    for (const char *p = strchr(text, ':'); p && *p;) {
        const char *key = p + 1, *equal = strchr(key, '=');
        if (!equal)
            break;
        const char *end = equal + 1 + strcspn(equal + 1, ",");
        int key_length = (int)(equal - key), length = (int)(end - equal) - 1;
        p = *end ? end : NULL;
        if ((key_length == 4 && !memcmp(key, "seed", 4)) ||
            (key_length == 7 && !memcmp(key, "weights", 7)))
            continue;
        if (k == CUTROPY_SWEEP_KEYS || key_length >= (int)sizeof e->key[0] ||
            length >= (int)sizeof point->value[0])
            return ct_fail(CUTROPY_EINTERNAL, "%s: too many or too long parameters", text);
        snprintf(e->key[k], sizeof e->key[k], "%.*s", key_length, key);
        snprintf(point->value[k], sizeof point->value[k], "%.*s", length, equal + 1);
        k++;
    }
    e->key_count = k;
    return CUTROPY_OK;
}

static int key_index(const cutropy_expressivity *e, const char *key)
{
    for (size_t k = 0; key && k < e->key_count; k++)
        if (!strcmp(e->key[k], key))
            return (int)k;
    return -1;
}

static double claim_of(const ct_family *family, double size, double depth)
{
    return family->linear ? size : depth * log2(size);
}

/* Opens the first network of a point: finds what is wrong with it, and its parameters. */
static cutropy_status open_point(const cutropy_sweep *sweep, const cutropy_lattice *lattice,
                                 const ct_family *family, cutropy_expressivity *e, size_t p,
                                 cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_sweep_point *point = &e->points[p];
    char *text = NULL;
    CT_TRY(ct_sweep_network(sweep, p, sweep->first_seed, &text));
    CT_TRY(cutropy_problem_parse(text, lattice, out));
    CT_TRY(read_values(cutropy_problem_text(*out), e, point));
    e->size_key = key_index(e, family->size_key);
    e->depth_key = key_index(e, family->depth_key);
    point->size = ct_strtod(point->value[e->size_key], NULL);
    point->depth = e->depth_key < 0 ? 1 : ct_strtod(point->value[e->depth_key], NULL);
    point->claim = claim_of(family, point->size, point->depth);
done:
    ct_free(text);
    return status;
}

static cutropy_status measure_cuts(const cutropy_lattice *lattice, cutropy_expressivity *e)
{
    cutropy_status status = CUTROPY_OK;
    char name[2 + CUTROPY_MAX_PIXELS / 4 + 1];
    CT_NEW(e->na, e->cuts.count);
    CT_NEW(e->boundary, e->cuts.count);
    CT_NEW(e->limit, e->cuts.count);
    CT_NEW(e->page, e->cuts.count);
    for (size_t c = 0; c < e->cuts.count; c++) {
        const uint64_t *mask = e->cuts.masks + c * e->cuts.words;
        int na = cutropy_mask_pixels(mask, e->cuts.words), nb = lattice->pixels - na;
        int least = na < nb ? na : nb, length = cutropy_boundary(lattice, mask);
        cutropy_mask_format(mask, e->cuts.words, name, sizeof name);
        if (!length)
            CT_TRY(ct_fail(CUTROPY_EINPUT, "cut %s has no boundary, so S/L has no value", name));
        e->na[c] = na;
        e->boundary[c] = length;
        e->limit[c] = (double)least / length;
        e->page[c] = cutropy_page_entropy(na, nb) / length;
        e->mean_limit += e->limit[c] / (double)e->cuts.count;
        e->mean_page += e->page[c] / (double)e->cuts.count;
    }
done:
    return status;
}

static cutropy_status allocate_points(cutropy_expressivity *e)
{
    cutropy_status status = CUTROPY_OK;
    size_t cuts = e->cuts.count, numbers = (size_t)e->seeds * cuts;
    CT_NEW_ZERO(e->entropies, e->point_count * numbers);
    CT_NEW_ZERO(e->spreads, e->point_count * cuts);
    for (size_t p = 0; p < e->point_count; p++) {
        e->points[p].entropy = e->entropies + p * numbers;
        e->points[p].by_cut = e->spreads + p * cuts;
    }
done:
    return status;
}

/* Opens every point once; afterwards only the runs can fail. */
static cutropy_status open_sweep(const cutropy_sweep *sweep, const cutropy_lattice *lattice,
                                 const ct_family *family, cutropy_expressivity *e)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    CT_NEW_ZERO(e->points, e->point_count);
    for (size_t p = 0; p < e->point_count; p++) {
        CT_TRY(open_point(sweep, lattice, family, e, p, &problem));
        if (p == 0) {
            const cutropy_lattice *own = cutropy_problem_lattice(problem);
            snprintf(e->lattice, sizeof e->lattice, "%s", own->name);
            CT_TRY(cutropy_cuts_parse(sweep->cuts ? sweep->cuts : "half", own, &e->cuts));
            CT_TRY(measure_cuts(own, e));
        }
        cutropy_problem_free(problem);
        problem = NULL;
    }
    CT_TRY(allocate_points(e));
done:
    cutropy_problem_free(problem);
    return status;
}

/* ---- statistics ---- */

/* Of n >= 1 numbers that stand `stride` apart. */
static cutropy_spread spread(const double *number, size_t n, size_t stride)
{
    cutropy_spread s = {.min = number[0], .max = number[0], .sd = NAN, .se = NAN};
    double squares = 0;
    for (size_t k = 0; k < n; k++) {
        double x = number[k * stride];
        s.mean += x / (double)n;
        s.min = x < s.min ? x : s.min;
        s.max = x > s.max ? x : s.max;
    }
    for (size_t k = 0; k < n; k++)
        squares += (number[k * stride] - s.mean) * (number[k * stride] - s.mean);
    if (n > 1) {
        s.sd = sqrt(squares / (double)(n - 1));
        s.se = s.sd / sqrt((double)n);
    }
    return s;
}

static cutropy_status finish_point(const cutropy_expressivity *e, cutropy_sweep_point *point)
{
    cutropy_status status = CUTROPY_OK;
    size_t cuts = e->cuts.count, seeds = (size_t)e->seeds;
    double *ratio = NULL, *mean = NULL;
    CT_NEW(ratio, seeds * cuts);
    CT_NEW_ZERO(mean, seeds);
    for (size_t k = 0; k < seeds * cuts; k++) {
        ratio[k] = point->entropy[k] / e->boundary[k % cuts];
        mean[k / cuts] += ratio[k] / (double)cuts;
    }
    for (size_t c = 0; c < cuts; c++)
        point->by_cut[c] = spread(ratio + c, seeds, cuts);
    point->all = spread(mean, seeds, 1);
    __atomic_store_n(&point->done, 1, __ATOMIC_RELEASE); /* others may read it now */
done:
    ct_free(ratio);
    ct_free(mean);
    return status;
}

/* ---- the runs ---- */

typedef struct watch {
    ct_reporter reporter; /* of the caller */
    uint64_t done, total; /* networks */
} watch;

/* Reports the sweep instead of the single run. */
static int report(const char *stage, uint64_t done, uint64_t total, void *user)
{
    watch *w = user;
    (void)stage, (void)done, (void)total;
    return ct_report("networks", w->done, w->total, &w->reporter);
}

static cutropy_status run_network(const cutropy_sweep *sweep, const cutropy_lattice *lattice,
                                  const cutropy_options *options, cutropy_expressivity *e, size_t p,
                                  size_t seed)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_problem *problem = NULL;
    cutropy_result *result = NULL;
    char *text = NULL;
    CT_TRY(ct_sweep_network(sweep, p, sweep->first_seed + seed, &text));
    CT_TRY(cutropy_problem_parse(text, lattice, &problem));
    status = cutropy_run(problem, &e->cuts, options, &result);
    if (status != CUTROPY_OK && status != CUTROPY_ECANCELLED)
        ct_fail(status, "%s: %s", text, cutropy_error());
    for (size_t c = 0; status == CUTROPY_OK && c < e->cuts.count; c++)
        e->points[p].entropy[seed * e->cuts.count + c] =
            result->records[result->rows[c].record].entropy;
done:
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    ct_free(text);
    return status;
}

static cutropy_status run_points(const cutropy_sweep *sweep, const cutropy_lattice *lattice,
                                 const cutropy_options *options, cutropy_expressivity *e)
{
    cutropy_status status = CUTROPY_OK;
    watch w = {.reporter = {.progress = options->progress, .user = options->user},
               .total = (uint64_t)e->point_count * (uint64_t)e->seeds};
    cutropy_options own = ct_options_without_quantities(options);
    own.progress = report;
    own.user = &w;
    own.shown = NULL;
    for (size_t p = 0; p < e->point_count; p++) {
        for (size_t seed = 0; seed < (size_t)e->seeds; seed++) {
            CT_TRY(report(NULL, 0, 0, &w) ? CUTROPY_ECANCELLED : CUTROPY_OK);
            CT_TRY(run_network(sweep, lattice, &own, e, p, seed));
            w.done++;
        }
        CT_TRY(finish_point(e, &e->points[p]));
        e->done++;
    }
    e->complete = 1;
done:
    if (status == CUTROPY_ECANCELLED)
        ct_fail(status, "stopped after %" PRIu64 " of %" PRIu64 " networks", w.done, w.total);
    return status;
}

cutropy_status cutropy_expressivity_run(const cutropy_sweep *sweep, const cutropy_options *options,
                                        cutropy_expressivity **out)
{
    cutropy_status status = CUTROPY_OK, fitted;
    const ct_family *family = NULL;
    cutropy_lattice *lattice = NULL;
    cutropy_expressivity *e = NULL;
    char stopped[256];
    size_t points = 0;
    *out = NULL;
    CT_TRY(ct_sweep_check(sweep, &family, &points));
    if (sweep->lattice)
        CT_TRY(cutropy_lattice_parse(sweep->lattice, &lattice));
    CT_NEW_ZERO(e, 1);
    e->point_count = points;
    e->seeds = sweep->seeds;
    e->first_seed = sweep->first_seed;
    if (sweep->weights && !(e->weights = ct_strdup(sweep->weights)))
        CT_TRY(ct_fail_memory("weights", strlen(sweep->weights) + 1));
    snprintf(e->family, sizeof e->family, "%s", family->name);
    CT_TRY(open_sweep(sweep, lattice, family, e));
    options = ct_options_or_standard(options);
    if (options->shown)
        options->shown(e, options->shown_user);
    status = run_points(sweep, lattice, options, e);
    if (options->shown)
        options->shown(NULL, options->shown_user);
    if (status != CUTROPY_OK && status != CUTROPY_ECANCELLED && !e->done)
        goto done;
    ct_error_save(stopped, sizeof stopped);
    fitted = ct_expressivity_fit(e);
    if (fitted != CUTROPY_OK)
        CT_TRY(fitted);
    if (status != CUTROPY_OK)
        ct_error_restore(status, stopped);
    *out = e;
    e = NULL;
done:
    cutropy_expressivity_free(e);
    cutropy_lattice_free(lattice);
    return status;
}

cutropy_status ct_expressivity_finished(const cutropy_expressivity *partial,
                                        cutropy_expressivity **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_expressivity *copy = NULL;
    *out = NULL;
    CT_NEW(copy, 1);
    *copy = *partial;
    copy->done = 0;
    CT_NEW_ZERO(copy->points, partial->point_count);
    for (size_t p = 0; p < partial->point_count; p++)
        if (__atomic_load_n(&partial->points[p].done, __ATOMIC_ACQUIRE)) {
            copy->points[p] = partial->points[p];
            copy->done++;
        }
    CT_TRY(ct_expressivity_fit(copy));
    *out = copy;
done:
    return status;
}

void cutropy_expressivity_free(cutropy_expressivity *result)
{
    if (!result)
        return;
    ct_expressivity_free_claims(result);
    cutropy_cuts_free(&result->cuts);
    ct_free(result->weights);
    ct_free(result->na);
    ct_free(result->boundary);
    ct_free(result->limit);
    ct_free(result->page);
    ct_free(result->points);
    ct_free(result->entropies);
    ct_free(result->spreads);
    ct_free(result);
}
