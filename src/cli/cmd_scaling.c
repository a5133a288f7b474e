/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy scaling PROBLEM: area law or volume law? */
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/array.h"
#include "base/base.h"
#include "engine/run.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/job.h"
#include "cli/lattice_series.h"
#include "cli/scaling_options.h"
#include "cli/signals.h"
#include "sheet/save.h"
#include "output/scaling.h"

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

/* Appends the cuts of one combination to the job's. */
static cutropy_status append_cuts(cutropy_cuts *cuts, const cutropy_cuts *more)
{
    const size_t bytes = cuts->words * sizeof *cuts->masks;
    size_t room = cuts->count;
    const cutropy_status status =
        ct_array_resize("cuts", &cuts->masks, room, &room, room + more->count, bytes);
    if (status != CUTROPY_OK)
        return status;
    memcpy(cuts->masks + cuts->count * cuts->words, more->masks, more->count * bytes);
    cuts->count += more->count;
    return CUTROPY_OK;
}

/* Regions of one kind, if they are wanted and there is room; their cuts join the job's. */
static cutropy_status add_topological(const ct_scaling_options *options, ct_job *job,
                                      ct_topological *t)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = cutropy_problem_lattice(job->problem);
    cutropy_cuts cuts = {0};
    if (options->no_topological || (options->regions && t->kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN))
        return CUTROPY_OK;
    if (options->regions)
        CT_TRY(parse_regions(options->regions, lattice, &t->regions));
    else
        CT_TRY(cutropy_topological_regions(lattice, t->kind, &t->regions));
    CT_TRY(cutropy_topological_cuts(t->kind, &t->regions, &cuts));
    t->doubt = cutropy_topological_doubt(lattice, t->kind, &t->regions);
    CT_TRY(append_cuts(&job->cuts, &cuts));
    t->done = true;
done:
    cutropy_cuts_free(&cuts);
    if (status == CUTROPY_EINPUT && !options->topological && !options->regions)
        status = CUTROPY_OK; /* no room is no error unless regions were asked for */
    return status;
}

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
    t->gamma = cutropy_topological_gamma(t->kind, entropies);
    t->error = cutropy_topological_error(t->kind, errors);
}

/* ---- the series ---- */

/* Everything of one call; jobs stay where they are. */
typedef struct series {
    const ct_scaling_options *options;
    const char *name; /* of the command, in messages */
    size_t finished;  /* lattices whose points stand in the report */
    ct_lattice_series names;
    size_t count;
    ct_job *job;
    ct_scaling_report report;
} series;

static const char *name_of(const series *s, size_t i)
{
    return s->names.count ? s->names.name[i] : s->options->run.lattice;
}

/* The first lattice decides what the boundary is counted in, unless the user did. */
static cutropy_status choose_length(series *s, size_t i, const cutropy_lattice *lattice)
{
    if (i == 0)
        s->report.length = s->options->length_given ? s->options->length
                           : lattice->vertices      ? CUTROPY_LENGTH_VERTICES
                                                    : CUTROPY_LENGTH_BONDS;
    if (s->report.length == CUTROPY_LENGTH_VERTICES && !lattice->vertices)
        return ct_fail(CUTROPY_EINPUT,
                       "%s has no vertices to count the boundary in: use --length bonds or pixels",
                       lattice->name);
    return CUTROPY_OK;
}

static cutropy_status open_lattice(series *s, size_t i)
{
    cutropy_status status = CUTROPY_OK;
    ct_scaling_lattice *lattice = &s->report.lattice[i];
    ct_job *job = &s->job[i];
    ct_run_options run = s->options->run;
    const cutropy_lattice *own;
    run.lattice = name_of(s, i);
    CT_TRY(ct_job_open_problem(&run, job));
    own = cutropy_problem_lattice(job->problem);
    snprintf(lattice->name, sizeof lattice->name, "%s", own->name);
    CT_TRY(choose_length(s, i, own));
    CT_TRY(cutropy_cuts_parse(run.cuts                             ? run.cuts
                              : own->kind == CUTROPY_LATTICE_CHAIN ? "prefixes"
                                                                   : "rectangles",
                              own, &job->cuts));
    lattice->cuts = job->cuts.count;
    for (int k = 0; k < 2; k++) {
        lattice->topological[k].kind = (cutropy_topological_kind)k;
        CT_TRY(add_topological(s->options, job, &lattice->topological[k]));
    }
done:
    return status;
}

/* Do the cuts suffice for the fits? Asked with their geometry alone, before any long work. */
static cutropy_status check_cuts(const series *s)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_scaling_point *points = NULL;
    cutropy_scaling unused;
    size_t total = 0;
    for (size_t i = 0; i < s->count; i++)
        total += s->report.lattice[i].cuts;
    CT_NEW(points, total);
    total = 0;
    for (size_t i = 0; i < s->count; i++) {
        cutropy_cuts family = s->job[i].cuts;
        family.count = s->report.lattice[i].cuts;
        CT_TRY(cutropy_scaling_geometry(cutropy_problem_lattice(s->job[i].problem), &family,
                                        s->report.length, points + total));
        total += family.count;
    }
    CT_TRY(cutropy_scaling_judge(points, total, &unused));
done:
    ct_free(points);
    return status;
}

static cutropy_status open_series(series *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_files files = {0};
    if (s->options->lattices)
        CT_TRY(ct_lattice_series_parse(s->options->lattices, &s->names));
    s->count = s->names.count ? s->names.count : 1;
    CT_NEW_ZERO(s->job, s->count);
    CT_NEW_ZERO(s->report.lattice, s->count);
    s->report.lattice_count = s->count;
    s->report.range = s->options->range;
    for (size_t i = 0; i < s->count; i++) {
        CT_TRY(open_lattice(s, i));
        CT_TRY(ct_files_read_job(&files, s->job[i].problem, s->options->run.cuts));
        CT_TRY(ct_files_read_job(&files, s->job[i].problem, s->options->regions));
    }
    CT_TRY(ct_files_write_run(&files, s->options->output));
    if (s->options->output)
        CT_TRY(cutropy_save_check(s->options->output));
    CT_TRY(check_cuts(s));
done:
    ct_files_free(&files);
    return status;
}

static void close_series(series *s)
{
    for (size_t i = 0; s->job && i < s->count; i++)
        ct_job_close(&s->job[i]);
    ct_free(s->job);
    if (s->report.lattice)
        s->report.lattice_count = s->count; /* a stopped run hides those that it did not come to */
    ct_scaling_report_free(&s->report);
    ct_lattice_series_free(&s->names);
}

/* Room for the points of the next lattice behind those of the report, in `points`; free with ct_free. */
static cutropy_status more_points(const series *s, cutropy_scaling_point **points)
{
    cutropy_status status = CUTROPY_OK;
    const size_t had = s->report.count;
    CT_NEW(*points, had + s->report.lattice[s->finished].cuts);
    if (had)
        memcpy(*points, s->report.points, had * sizeof **points);
done:
    return status;
}

/* What a run gave for the next lattice: its result, and all points with `count` new ones. */
static void take_result(series *s, cutropy_result *result, cutropy_scaling_point *points,
                        size_t count)
{
    ct_scaling_lattice *lattice = &s->report.lattice[s->finished];
    size_t row = lattice->cuts;
    lattice->result = result;
    lattice->first = s->report.count;
    lattice->count = count;
    ct_free(s->report.points);
    s->report.points = points;
    s->report.count += count;
    for (int k = 0; k < 2; k++)
        finish_topological(result, &row, &lattice->topological[k]);
    s->finished++;
}

/* After a stop or a failure what is finished. */
static cutropy_status run_lattice(series *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_job *job = &s->job[s->finished];
    cutropy_result *result = NULL;
    cutropy_scaling_point *points = NULL;
    size_t count = 0;
    CT_TRY(more_points(s, &points));
    status = cutropy_scaling_run(job->problem, &job->cuts, s->report.lattice[s->finished].cuts,
                                 &job->options, s->report.length, &result, points + s->report.count,
                                 &count);
    ct_progress_erase(&job->progress);
    if (!result)
        goto done;
    ct_signals_hold();
    take_result(s, result, points, count);
    ct_signals_release();
    points = NULL;
done:
    ct_free(points);
    return status;
}

static cutropy_status fit_all(ct_scaling_report *report)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < report->lattice_count; i++) {
        ct_scaling_lattice *lattice = &report->lattice[i];
        status = cutropy_scaling_judge(report->points + lattice->first, lattice->count,
                                       &lattice->scaling);
        if (status && status != CUTROPY_EINPUT)
            goto done;
        lattice->fitted = !status;
        if (status)
            snprintf(lattice->why, sizeof lattice->why, "%s", cutropy_error());
    }
    CT_TRY(cutropy_scaling_judge(report->points, report->count, &report->all));
    report->fitted = true;
done:
    return status;
}

/* After a stop or a failure the report holds the lattices that have points, and no fit. */
static cutropy_status compute(series *s)
{
    cutropy_status status = CUTROPY_OK;
    while (s->finished < s->count && !status)
        status = run_lattice(s);
    ct_signals_hold();
    if (status)
        s->report.lattice_count = s->finished;
    else
        status = fit_all(&s->report);
    ct_signals_release();
    return status;
}

/* ---- the command ---- */

static cutropy_status write_report(const ct_scaling_options *options, ct_scaling_report *report)
{
    static cutropy_status (*const writers[])(FILE *, void *) = {
        ct_write_scaling_text, ct_write_scaling_csv, ct_write_scaling_json};
    cutropy_status status = CUTROPY_OK;
    if (options->output)
        CT_TRY(ct_save_run(options->output, report->fitted, writers[options->format], report));
    status = writers[options->output ? CT_SCALING_TEXT : options->format](stdout, report);
    if (status == CUTROPY_EIO)
        status = CUTROPY_OK; /* found again, with its message, when standard output is closed */
done:
    return status;
}

static const char *default_cuts(const ct_scaling_report *report)
{
    size_t chains = 0;
    for (size_t i = 0; i < report->lattice_count; i++)
        chains += !strncmp(report->lattice[i].name, "chain", 5);
    return chains == report->lattice_count ? "prefixes"
           : chains                        ? "rectangles; on chains prefixes"
                                           : "rectangles";
}

/* status: CUTROPY_OK, or why there are no more lattices than those that were finished. */
static int put(series *s, cutropy_status status)
{
    char found[64];
    s->report.problem = s->report.lattice[0].result->problem;
    s->report.cuts = s->options->run.cuts ? s->options->run.cuts : default_cuts(&s->report);
    const cutropy_status written = write_report(s->options, &s->report);
    if (written)
        return ct_cli_fail(s->name, written);
    const int code = ct_cli_close_output(s->name);
    snprintf(found, sizeof found, "%zu points, no fit", s->report.count);
    return code || !status ? code : ct_cli_partial(s->name, status, s->options->output, found);
}

static cutropy_status rescue_lattice(series *s)
{
    cutropy_status status = CUTROPY_OK;
    ct_job *job = &s->job[s->finished];
    cutropy_result *result = NULL, view;
    cutropy_scaling_point *points = NULL;
    size_t count = 0, cuts = s->report.lattice[s->finished].cuts;
    CT_TRY(ct_result_finished(job->progress.partial, &result));
    CT_TRY(more_points(s, &points));
    view = *result;
    view.count = cuts < view.count ? cuts : view.count;
    CT_TRY(cutropy_scaling_points(job->problem, &view, s->report.length, points + s->report.count,
                                  &count));
    take_result(s, result, points, count);
done:
    return status; /* what is lost in an error goes with the program */
}

static int rescue(void *context)
{
    series *s = context;
    cutropy_status status = CUTROPY_OK;
    if (s->finished < s->count && s->job[s->finished].progress.partial)
        status = rescue_lattice(s);
    if (status)
        return ct_cli_fail(s->name, status);
    s->report.lattice_count = s->finished;
    if (!s->finished)
        return ct_cli_fail(s->name, ct_fail(CUTROPY_ECANCELLED, "stopped in the first lattice"));
    return put(s, CUTROPY_ECANCELLED);
}

static int run_command(series *s, const char *name)
{
    cutropy_status status = CUTROPY_OK, stopped;
    int code = CUTROPY_OK;
    s->name = name;
    CT_TRY(open_series(s));
    CT_TRY(ct_signals_watch(name, rescue, s));
    stopped = status = compute(s);
    if (status && !s->report.count)
        goto done;
    ct_signals_writing(s->options->output);
    code = put(s, stopped);
    status = CUTROPY_OK;
done:
    return status ? ct_cli_fail(name, status) : code;
}

int ct_cmd_scaling(int argc, char **argv)
{
    ct_scaling_options options;
    cutropy_status status = ct_scaling_options_parse(argc, argv, &options);
    if (status)
        return (int)status; /* the message is out */
    series s = {.options = &options};
    int code = run_command(&s, argv[0]);
    close_series(&s);
    return code;
}
