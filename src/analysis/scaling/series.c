/* SPDX-License-Identifier: Apache-2.0 */
/* The law of one function on a series of lattices: what is opened, run and fitted. */
#include "analysis/scaling/series.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/plot.h>

#include "analysis/scaling/lattice_series.h"
#include "analysis/scaling/scaling.h"
#include "base/base.h"
#include "base/locale.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "engine/state/state.h"
#include "lattice/cut_list.h"
#include "problem/frontier.h"
#include "analysis/scaling/series_report.h"

/* What is behind one lattice of the report. */
typedef struct member {
    const cutropy_problem *problem;
    cutropy_problem *own; /* the same, or NULL where it is the caller's */
    cutropy_cuts cuts;    /* the family, then those of the topological regions */
} member;

struct cutropy_series {
    char *cuts;         /* as asked for; NULL: the standard ones */
    atomic_size_t done; /* lattices whose points stand in the report; set last */
    size_t count;
    member *member;
    ct_scaling_report report; /* room for the points of all lattices */
};

/* ---- one lattice ---- */

/* Three masks in the order in which they were typed; a repeated one is an overlap. */
static cutropy_status parse_regions(const char *text, const cutropy_lattice *lattice,
                                    cutropy_cuts *regions)
{
    cutropy_status status = cutropy_cuts_parse(text, lattice, regions);
    if (!status && regions->count != 3)
        status = ct_fail(CUTROPY_EINPUT,
                         "--regions '%.60s': give three different masks A,B,C such as 0x3,0xc,0x30",
                         text);
    return status;
}

/* From so many pixels on, regions that nobody insists on are only taken where automata, if there are any, and their matrices keep to so
 * much memory, and up to so many pixels: a matter of seconds. */
#define TOPOLOGICAL_PIXELS 32
#define TOPOLOGICAL_MOST_PIXELS 144
#define TOPOLOGICAL_AUTOMATA (UINT64_C(1) << 26)
#define TOPOLOGICAL_MATRICES (UINT64_C(1) << 28)

static cutropy_status is_affordable(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                    bool *out)
{
    cutropy_options options = ct_default_options();
    cutropy_plan *plan = NULL;
    ct_frontier frontier;
    *out = true;
    if (problem->lattice->pixels < TOPOLOGICAL_PIXELS || ct_affine_first(problem) ||
        (!problem->weigh && !ct_frontier_open(problem, false, &frontier)))
        return CUTROPY_OK;
    *out = problem->lattice->pixels <= TOPOLOGICAL_MOST_PIXELS;
    if (!*out)
        return CUTROPY_OK;
    options.solver = CT_SOLVE_FRONTIER;
    options.memory_limit = TOPOLOGICAL_AUTOMATA;
    const cutropy_status status = cutropy_make_plan(problem, cuts, &options, &plan);
    *out = status == CUTROPY_OK && plan->function_bytes <= TOPOLOGICAL_AUTOMATA &&
           plan->workspace_bytes <= TOPOLOGICAL_MATRICES;
    cutropy_plan_free(plan);
    return status == CUTROPY_EMEMORY || status == CUTROPY_EUNSUPPORTED ? CUTROPY_OK : status;
}

/* Regions of one kind, if they are wanted and there is room; their cuts join those of the family. */
static cutropy_status add_topological(const cutropy_series_options *options, member *m,
                                      ct_topological *t)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = cutropy_problem_lattice(m->problem);
    cutropy_cuts cuts = {0};
    size_t room;
    bool affordable = true;
    if (options->topological == CUTROPY_REGIONS_NONE ||
        (options->regions && t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN))
        return CUTROPY_OK;
    if (lattice->infinite && options->topological == CUTROPY_REGIONS_WHERE_ROOM &&
        !options->regions)
        return CUTROPY_OK; /* the constant of the law is what they would find */
    if (options->regions)
        CT_TRY(parse_regions(options->regions, lattice, &t->found.regions));
    else
        CT_TRY(cutropy_topological_regions(lattice, t->kind, &t->found.regions));
    CT_TRY(cutropy_topological_cuts(t->kind, &t->found.regions, &cuts));
    t->found.doubt = cutropy_topological_doubt(lattice, t->kind, &t->found.regions);
    if (options->topological == CUTROPY_REGIONS_WHERE_ROOM && !options->regions)
        CT_TRY(is_affordable(m->problem, &cuts, &affordable));
    if (!affordable)
        goto done;
    room = m->cuts.count;
    CT_TRY(ct_cuts_append(&m->cuts, &room, cuts.masks, cuts.count));
    t->done = true;
done:
    cutropy_cuts_free(&cuts);
    if (status == CUTROPY_EINPUT && options->topological != CUTROPY_REGIONS_REQUIRED &&
        !options->regions)
        status = CUTROPY_OK; /* no room is no error unless regions were asked for */
    return status;
}

/* The first lattice decides what the boundary is counted in, unless the caller did. */
static cutropy_status choose_length(cutropy_series *s, size_t i, int wanted,
                                    const cutropy_lattice *lattice)
{
    if (i == 0)
        s->report.length = wanted >= 0         ? (cutropy_length)wanted
                           : lattice->vertices ? CUTROPY_LENGTH_VERTICES
                                               : CUTROPY_LENGTH_BONDS;
    if (s->report.length == CUTROPY_LENGTH_VERTICES && !lattice->vertices)
        return ct_fail(CUTROPY_EINPUT,
                       "%s has no vertices to count the boundary in: use --length bonds or pixels",
                       lattice->name);
    return CUTROPY_OK;
}

/* name: NULL for the problem's own lattice. */
static cutropy_status parse_problem(const char *text, const char *name, cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *asked = NULL;
    if (name)
        CT_TRY(cutropy_lattice_parse(name, &asked));
    CT_TRY(cutropy_problem_parse(text, asked, out));
done:
    cutropy_lattice_free(asked);
    return status;
}

/* The member has its problem. */
static cutropy_status open_lattice(cutropy_series *s, size_t i,
                                   const cutropy_series_options *options)
{
    cutropy_status status = CUTROPY_OK;
    ct_scaling_lattice *lattice = &s->report.lattice[i];
    member *m = &s->member[i];
    const cutropy_lattice *own = cutropy_problem_lattice(m->problem);
    snprintf(lattice->name, sizeof lattice->name, "%s", own->name);
    CT_TRY(choose_length(s, i, options->length, own));
    CT_TRY(cutropy_cuts_parse(options->cuts                        ? options->cuts
                              : own->infinite                      ? "half"
                              : own->kind == CUTROPY_LATTICE_CHAIN ? "prefixes"
                                                                   : "rectangles",
                              own, &m->cuts));
    lattice->cuts = m->cuts.count;
    for (int k = 0; k < 2; k++) {
        lattice->topological[k].kind = (cutropy_topological_kind)k;
        CT_TRY(add_topological(options, m, &lattice->topological[k]));
    }
done:
    return status;
}

/* ---- the series ---- */

static size_t count_cuts(const cutropy_series *s)
{
    size_t total = 0;
    for (size_t i = 0; i < s->count; i++)
        total += s->report.lattice[i].cuts;
    return total;
}

/* Asked with their geometry alone. */
cutropy_status cutropy_series_check(const cutropy_series *s)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_scaling_point *points = NULL;
    cutropy_scaling unused;
    size_t total = 0;
    CT_NEW(points, count_cuts(s));
    for (size_t i = 0; i < s->count; i++) {
        cutropy_cuts family = s->member[i].cuts;
        family.count = s->report.lattice[i].cuts;
        CT_TRY(ct_scaling_geometry(cutropy_problem_lattice(s->member[i].problem), &family,
                                   s->report.length, points + total));
        total += family.count;
    }
    CT_TRY(ct_scaling_judge(points, total, &unused));
done:
    ct_free(points);
    return status;
}

/* given: its functions, or NULL. */
static cutropy_status open_series(const cutropy_problem *const *given, size_t count,
                                  const cutropy_series_options *options, cutropy_series **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_lattice_series names = {0};
    cutropy_series *s = NULL;
    *out = NULL;
    CT_TRY(ct_options_known("CUTROPY_SERIES_OPTIONS", options->size, sizeof *options));
    CT_NEW_ZERO(s, 1);
    if (options->cuts) {
        s->cuts = ct_strdup(options->cuts);
        if (!s->cuts)
            CT_TRY(ct_fail_memory("cuts", strlen(options->cuts)));
    }
    if (given && !count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "a series needs a function"));
    if (options->lattices && !given)
        CT_TRY(ct_lattice_series_parse(options->lattices, &names));
    s->count = given ? count : names.count ? names.count : 1;
    CT_NEW_ZERO(s->member, s->count);
    CT_NEW_ZERO(s->report.lattice, s->count);
    s->report.lattice_count = s->count;
    s->report.range = options->range;
    for (size_t i = 0; i < s->count; i++) {
        member *m = &s->member[i];
        if (!given)
            CT_TRY(parse_problem(options->problem, names.count ? names.name[i] : options->lattice,
                                 &m->own));
        m->problem = given ? given[i] : m->own;
        if (m->problem->lattice->infinite != s->member[0].problem->lattice->infinite)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "%s and %s: infinite strips and finite lattices have no law in "
                           "common; ask for each alone",
                           s->member[0].problem->lattice->name, m->problem->lattice->name));
        CT_TRY(open_lattice(s, i, options));
    }
    CT_NEW(s->report.points, count_cuts(s));
    *out = s;
    s = NULL;
done:
    ct_lattice_series_free(&names);
    cutropy_series_free(s);
    return status;
}

cutropy_status cutropy_series_open(const cutropy_series_options *options, cutropy_series **out)
{
    return open_series(NULL, 0, options, out);
}

cutropy_status cutropy_series_open_of(const cutropy_problem *const *problems, size_t count,
                                      const cutropy_series_options *options, cutropy_series **out)
{
    return open_series(problems, count, options, out);
}

void cutropy_series_free(cutropy_series *s)
{
    if (!s)
        return;
    for (size_t i = 0; s->member && i < s->count; i++) {
        cutropy_problem_free(s->member[i].own);
        cutropy_cuts_free(&s->member[i].cuts);
    }
    ct_free(s->member);
    ct_free(s->cuts);
    if (s->report.lattice)
        ct_scaling_report_free(&s->report);
    ct_free(s);
}

size_t cutropy_series_count(const cutropy_series *series)
{
    return series->count;
}

const cutropy_problem *cutropy_series_problem(const cutropy_series *series, size_t i)
{
    return series->member[i].problem;
}

size_t cutropy_series_done(const cutropy_series *series)
{
    return series->done;
}

/* ---- running it ---- */

static void finish_topological(const cutropy_result *result, size_t *row, ct_topological *t)
{
    double entropies[CUTROPY_TOPOLOGICAL_MAX], errors[CUTROPY_TOPOLOGICAL_MAX];
    const size_t count = t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN ? 4 : 7;
    if (!t->done)
        return;
    for (size_t i = 0; i < count; i++, (*row)++) {
        const cutropy_record *record = &result->records[result->rows[*row].record];
        entropies[i] = record->entropy;
        errors[i] = record->entropy_err;
        t->done = t->done && record->done;
    }
    t->sum = cutropy_topological_sum(t->kind, entropies);
    t->found.gamma = cutropy_topological_gamma(t->kind, entropies);
    t->found.error = cutropy_topological_error(t->kind, errors);
}

/* What a run gave for the next lattice; its `count` points stand behind those of the others. */
static void take_result(cutropy_series *s, cutropy_result *result, size_t count)
{
    ct_scaling_lattice *lattice = &s->report.lattice[s->done];
    size_t row = lattice->cuts;
    lattice->result = result;
    lattice->first = s->report.count;
    lattice->count = count;
    for (size_t i = 0; i < count; i++)
        s->report.points[s->report.count + i].lattice = (uint32_t)s->done;
    for (int k = 0; k < 2; k++)
        finish_topological(result, &row, &lattice->topological[k]);
    s->report.count += count;
    atomic_fetch_add(&s->done, 1);
}

/* After a stop or a failure what is finished. */
cutropy_status cutropy_series_next(cutropy_series *s, const cutropy_options *options)
{
    const size_t i = s->done;
    cutropy_options plain = ct_options_without_quantities(options);
    cutropy_result *result = NULL;
    size_t count = 0;
    if (i == s->count)
        return ct_fail(CUTROPY_EINPUT, "the series has no further lattice");
    const cutropy_status status =
        ct_scaling_run(s->member[i].problem, &s->member[i].cuts, s->report.lattice[i].cuts, &plain,
                       s->report.length, &result, s->report.points + s->report.count, &count);
    if (result)
        take_result(s, result, count);
    return status;
}

cutropy_status ct_series_rescue(cutropy_series *s, const void *partial)
{
    cutropy_status status = CUTROPY_OK;
    const size_t i = s->done, cuts = s->report.lattice[i].cuts;
    cutropy_result *result = NULL, view;
    size_t count = 0;
    CT_TRY(ct_result_finished(partial, &result));
    view = *result;
    view.count = cuts < view.count ? cuts : view.count;
    CT_TRY(ct_scaling_points(s->member[i].problem, &view, s->report.length,
                             s->report.points + s->report.count, &count));
    take_result(s, result, count);
done:
    return status; /* what is lost in an error goes with the program */
}

cutropy_status cutropy_series_fit(cutropy_series *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_scaling_report *report = &s->report;
    if (s->done < s->count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%zu of %zu lattices are not computed yet",
                       s->count - s->done, s->count));
    for (size_t i = 0; i < s->count; i++) {
        ct_scaling_lattice *lattice = &report->lattice[i];
        status =
            ct_scaling_judge(report->points + lattice->first, lattice->count, &lattice->scaling);
        if (status && status != CUTROPY_EINPUT)
            goto done;
        lattice->fitted = !status;
        if (status)
            snprintf(lattice->why, sizeof lattice->why, "%s", cutropy_error());
    }
    CT_TRY(ct_scaling_judge(report->points, report->count, &report->all));
    report->fitted = true;
done:
    return status;
}

cutropy_status cutropy_series_run(cutropy_series *s, const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    while (s->done < s->count)
        CT_TRY(cutropy_series_next(s, options));
    CT_TRY(cutropy_series_fit(s));
done:
    return status;
}

/* ---- what was found ---- */

size_t cutropy_series_points(const cutropy_series *s)
{
    return s->report.count;
}

const cutropy_scaling_point *cutropy_series_point(const cutropy_series *s, size_t i)
{
    return &s->report.points[i];
}

const cutropy_scaling *cutropy_series_scaling(const cutropy_series *s)
{
    return s->report.fitted ? &s->report.all : NULL;
}

const cutropy_scaling *cutropy_series_scaling_of(const cutropy_series *s, size_t i)
{
    return s->report.lattice[i].fitted ? &s->report.lattice[i].scaling : NULL;
}

const cutropy_gamma *cutropy_series_gamma(const cutropy_series *s, size_t i,
                                          cutropy_topological_kind kind)
{
    const ct_topological *t = &s->report.lattice[i].topological[kind];
    return i < s->done && t->done ? &t->found : NULL;
}

static const char *standard_cuts(const ct_scaling_report *report)
{
    size_t chains = 0;
    if (report->lattice[0].result->infinite)
        return "half";
    for (size_t i = 0; i < report->lattice_count; i++)
        chains += !strncmp(report->lattice[i].name, "chain", 5);
    return chains == report->lattice_count ? "prefixes"
           : chains                        ? "rectangles; on chains prefixes"
                                           : "rectangles";
}

/* The report of the finished lattices: a stopped run hides those that it did not come to. */
static cutropy_status finished(const cutropy_series *s, ct_scaling_report *out)
{
    *out = s->report;
    out->lattice_count = s->done;
    if (!out->lattice_count)
        return ct_fail(CUTROPY_EINPUT, "no lattice of the series is computed yet");
    out->problem = out->lattice[0].result->problem;
    out->cuts = s->cuts ? s->cuts : standard_cuts(out);
    return CUTROPY_OK;
}

cutropy_status cutropy_series_words(const cutropy_series *s, FILE *file)
{
    ct_scaling_report report;
    cutropy_status status = finished(s, &report);
    if (status)
        return status;
    const ct_locale locale = ct_locale_enter();
    status = ct_scaling_words(&report, file);
    ct_locale_leave(&locale);
    return status;
}

cutropy_status cutropy_series_sheet(const cutropy_series *s, cutropy_sheet **out)
{
    ct_scaling_report report;
    const cutropy_status status = finished(s, &report);
    *out = NULL;
    return status ? status : ct_scaling_sheet(&report, out);
}

cutropy_status cutropy_plot_series(const cutropy_series *s, const char *picture)
{
    ct_scaling_report report;
    const cutropy_status status = finished(s, &report);
    return status ? status : ct_scaling_plot(&report, picture);
}
