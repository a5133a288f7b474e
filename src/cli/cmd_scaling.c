/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy scaling PROBLEM: area law or volume law? */
#include <stdio.h>

#include <cutropy/plot.h>

#include "analysis/scaling/series.h"
#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/signals.h"
#include "sheet/save.h"

static const char documentation[] =
    "How does the entropy of PROBLEM grow with the cut? Fits S against the boundary L and the "
    "smaller side m = min(NA, NB) over a family of cuts (default: rectangles; chains: prefixes): "
    "constant, logarithm, area law with and without corners, volume law. Says which one holds and "
    "how sure that is, or that these sizes do not decide it, and gives the topological constant "
    "where the lattice has room for its regions."
    "\v"
    "A random set of images, one lattice:\n"
    "  cutropy scaling random --lattice 4x4\n"
    "Closed loops on growing lattices, the points into a file:\n"
    "  cutropy scaling loops --lattices links:2x2..4x4:torus -o loops.csv\n"
    "A chain, everything as JSON:\n"
    "  cutropy scaling ising --lattice chain:12 --format json\n"
    "\n"
    "Columns of the points: lattice, cut, na, min_side, boundary (bonds), length (L), "
    "entropy_bits, entropy_err, page_bits (mean of a random state), random_set_bits (mean of a "
    "random set of images of the same density), residuals of each model (entropy - fit over all "
    "points), range_bound_bits with --range.\n"
    "\n"
    "Least squares; cuts that a symmetry makes equal count once. A law must fit (misfit: rms in "
    "units "
    "of the spread of S), also the larger half of the sizes, and must not contradict what is "
    "proved "
    "of the cuts (vetoed). exact: rounding alone explains the residuals; clear: Akaike weight >= "
    "0.99; likely: >= 0.9; else it is not decided by these sizes.\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_RADII,
    CT_SERVES_TEXT,
    {CT_OPTION_CUTS, 1, CT_HELP_CUTS "rectangles, on a chain prefixes", NULL},
    {CT_OPTION_LATTICES, 1, NULL, NULL},
    {CT_OPTION_LENGTH, 1, NULL, NULL},
    {CT_OPTION_RANGE, 1, NULL, NULL},
    {CT_OPTION_TOPOLOGICAL, 1, NULL, NULL},
    {CT_OPTION_NO_TOPOLOGICAL, 1, NULL, NULL},
    {CT_OPTION_REGIONS, 1, NULL, NULL},
    {CT_OPTION_SOLVER, 3, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2,
     "write FILE (" CT_FORMAT_ENDINGS
     "; .json: everything, .txt: the summary, the others: the points) whole or not at all; the "
     "summary still goes to standard output",
     NULL},
    {CT_OPTION_RESUME, 2, NULL, NULL},
    {CT_OPTION_PLOT, 2, NULL, NULL},
    {CT_OPTION_FORMAT, 2,
     CT_FORMAT_WORDS
     "; text: a summary; json: everything; the others: the points; default: what the "
     "name of FILE says, else csv with -o FILE and text without",
     NULL},
    {0}};

static error_t check(ct_options *options, const struct argp_state *state)
{
    if (options->lattices && options->lattice)
        return ct_cli_bad(state, "contradictory options: --lattice and --lattices");
    if (options->regions && options->lattices)
        return ct_cli_bad(state, "contradictory options: --regions belong to one lattice");
    if (options->no_topological && (options->topological || options->regions))
        return ct_cli_bad(state, "contradictory options: --no-topological and regions");
    if (options->format < 0 && !options->output)
        options->format = CUTROPY_FORMAT_TEXT;
    return ct_options_imply_format(options, state);
}

typedef struct law {
    ct_call call; /* its problems and cuts stand in the series */
    cutropy_series *series;
} law;

static cutropy_status open_series(law *l)
{
    cutropy_status status = CUTROPY_OK;
    const ct_options *options = l->call.typed;
    ct_files files = {0};
    const cutropy_series_options wanted = {.size = sizeof wanted,
                                           .problem = options->argument[0],
                                           .lattice = options->lattice,
                                           .lattices = options->lattices,
                                           .cuts = options->cuts,
                                           .length = options->length,
                                           .range = options->range,
                                           .topological =
                                               options->no_topological ? CUTROPY_REGIONS_NONE
                                               : options->topological  ? CUTROPY_REGIONS_REQUIRED
                                                                       : CUTROPY_REGIONS_WHERE_ROOM,
                                           .regions = options->regions};
    CT_TRY(cutropy_series_open(&wanted, &l->series));
    for (size_t i = 0; i < cutropy_series_count(l->series); i++) {
        const cutropy_problem *problem = cutropy_series_problem(l->series, i);
        CT_TRY(ct_files_read_problem(&files, problem, options->cuts));
        CT_TRY(ct_files_read_problem(&files, problem, options->regions));
    }
    CT_TRY(ct_files_write_run(&files, options->output));
    CT_TRY(ct_files_write_plot(&files, options->plot));
    CT_TRY(cutropy_series_check(l->series));
    CT_TRY(ct_call_open_journal(&l->call, options->output));
done:
    ct_files_free(&files);
    return status;
}

/* After a stop or a failure the series holds the lattices that have points, and no fit. */
static cutropy_status compute(law *l)
{
    cutropy_status status = CUTROPY_OK;
    while (cutropy_series_done(l->series) < cutropy_series_count(l->series) && !status) {
        status = cutropy_series_next(l->series, &l->call.options);
        ct_progress_erase(&l->call.progress);
    }
    ct_signals_hold();
    if (!status)
        status = cutropy_series_fit(l->series);
    ct_signals_release();
    return status;
}

static cutropy_status write_words(FILE *file, void *context)
{
    const law *l = context;
    return cutropy_series_words(l->series, file);
}

/* The points in their format: to the output, or NULL to standard output. */
static cutropy_status put_points(const law *l, const char *output)
{
    const cutropy_format format = (cutropy_format)l->call.typed->format;
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_series_sheet(l->series, &sheet);
    if (!status)
        status = output ? cutropy_sheet_save(sheet, format, output)
                        : cutropy_sheet_write(sheet, format, stdout);
    cutropy_sheet_free(sheet);
    return status;
}

static cutropy_status write_all(law *l)
{
    cutropy_status status = CUTROPY_OK;
    const char *output = l->call.typed->output;
    const bool words = l->call.typed->format == CUTROPY_FORMAT_TEXT;
    if (output && words)
        CT_TRY(ct_save_run(output, cutropy_series_scaling(l->series) != NULL, write_words, l));
    else if (output)
        CT_TRY(put_points(l, output));
    if (l->call.typed->plot && cutropy_series_scaling(l->series))
        CT_TRY(cutropy_plot_series(l->series, l->call.typed->plot));
    status = output || words ? cutropy_series_words(l->series, stdout) : put_points(l, NULL);
    if (status == CUTROPY_EIO)
        status = CUTROPY_OK; /* found again, with its message, when standard output is closed */
done:
    return status;
}

/* status: CUTROPY_OK, or why there are no more lattices than those that were finished. */
static int put(law *l, cutropy_status status)
{
    char found[64];
    const cutropy_status written = write_all(l);
    if (written)
        return ct_cli_fail(l->call.name, written);
    const int code = ct_cli_close_output(l->call.name);
    snprintf(found, sizeof found, "%zu points, no fit", cutropy_series_points(l->series));
    return code || !status ? code : ct_call_partial(&l->call, status, found);
}

static int rescue(void *context)
{
    law *l = context;
    cutropy_status status = CUTROPY_OK;
    ct_call_flush_journal(&l->call);
    if (l->call.progress.partial)
        status = ct_series_rescue(l->series, l->call.progress.partial);
    if (status)
        return ct_cli_fail(l->call.name, status);
    if (!cutropy_series_done(l->series))
        return ct_call_stopped(&l->call,
                               ct_fail(CUTROPY_ECANCELLED, "stopped in the first lattice"));
    return put(l, CUTROPY_ECANCELLED);
}

static int run(law *l)
{
    cutropy_status status = CUTROPY_OK, stopped;
    int code = CUTROPY_OK;
    CT_TRY(open_series(l));
    CT_TRY(ct_signals_watch(l->call.name, rescue, l));
    stopped = status = compute(l);
    if (status && !cutropy_series_points(l->series))
        goto done;
    ct_signals_writing(l->call.typed->output);
    code = put(l, stopped);
    if (!code)
        ct_call_close_journal(&l->call, true);
    status = CUTROPY_OK;
done:
    return status ? ct_call_stopped(&l->call, status) : code;
}

static int run_command(const ct_command *command, ct_options *options)
{
    law l = {0};
    ct_call_start(command, options, &l.call);
    const int code = run(&l);
    cutropy_series_free(l.series);
    ct_call_close(&l.call);
    return code;
}

const ct_command ct_command_scaling = {
    .name = "cutropy scaling",
    .summary = "area law or volume law? fits over a family of cuts",
    CT_TAKES_A_PROBLEM("scaling"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
