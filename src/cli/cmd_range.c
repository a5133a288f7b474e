/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy range PROBLEM: how far into A the class of its images is decided. */
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "analysis/range.h"
#include "base/base.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/sheet_options.h"
#include "cli/signals.h"

typedef struct range_options {
    ct_run_options run;
    ct_sheet_options sheet;
} range_options;

static const char documentation[] =
    "Find the range of every cut of PROBLEM: the smallest r such that the row class of every "
    "extendable image of A is a function of its pixels within r bonds of B (the strip R_r). Then S "
    "<= |R_r| log 2: Theorem 3 of arXiv 1710.05520."
    "\v"
    "Columns: cut, range (r), range_pixels (|R_r|), assumption1 (1: label-1 images that agree on B "
    "agree on the boundary pixels of A; 0: witness_1 and witness_2 do not), entropy and its error, "
    "bound (|R_r| log 2), classes_a and classes_b (different rows, columns: the log of classes_a "
    "is what A must tell B, one-way), boundary (bonds), boundary_pixels (|R_1|, the paper's L_AB), "
    "slack (bound - entropy, rounded down) and its error, boundary_bound (r L_AB log 2), depth "
    "(distance from B of the deepest pixel of A).\n"
    "\n"
    "How to read it: local rules have a small range that no longer grows with the lattice, so "
    "their entropy follows an area law because of Theorem 3. For connected and percolation the "
    "range "
    "grows with depth although S stays small: whether two lit pixels at the boundary hang together "
    "may be decided deep inside A. Theorem 3 then promises nothing (bound and slack are large); "
    "what "
    "keeps S small is that few classes are left, see classes_a.\n"
    "\n"
    "The range belongs to the mask as it is given: A and its complement have the same S, but "
    "different ranges. An empty cell under range: no r will do, because the class depends on a "
    "pixel from which no bonds lead to B.\n"
    "\n"
    "Rows of the lattice, a map of ranges over rectangles:\n"
    "  cutropy range pixel-loops --lattice 4x4\n"
    "  cutropy range connected --lattice 4x4 --cuts rectangles -o ranges.csv\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    range_options *options = state->input;
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = &options->run;
    state->child_inputs[1] = &options->sheet;
    return 0;
}

typedef struct call {
    const range_options *options;
    ct_job *job;
    const char *name;
} call;

/* status: CUTROPY_OK, or CUTROPY_ECANCELLED for what was finished. */
static int put(const call *c, const cutropy_ranges *ranges, cutropy_status status)
{
    size_t finished = 0;
    char found[64];
    cutropy_sheet *sheet = NULL;
    const cutropy_status made = cutropy_ranges_sheet(ranges, c->options->sheet.base, &sheet);
    int code = made ? ct_cli_fail(c->name, made) : ct_sheet_put(&c->options->sheet, c->name, sheet);
    cutropy_sheet_free(sheet);
    for (size_t i = 0; i < ranges->count; i++)
        finished += ranges->rows[i].done != 0;
    snprintf(found, sizeof found, "%zu of %zu cuts", finished, ranges->count);
    if (!code && status)
        code = ct_cli_partial(c->name, status, c->options->sheet.output, found);
    return code;
}

static int rescue(void *context)
{
    const call *c = context;
    cutropy_ranges *finished = NULL;
    cutropy_status status = ct_fail(CUTROPY_ECANCELLED, "stopped before the first range");
    if (c->job->progress.partial)
        status = ct_ranges_finished(c->job->progress.partial, &finished);
    return finished ? put(c, finished, CUTROPY_ECANCELLED) : ct_cli_fail(c->name, status);
}

static int compute(const range_options *options, ct_job *job, const char *name)
{
    call c = {options, job, name};
    cutropy_ranges *ranges = NULL;
    cutropy_status status = ct_signals_watch(name, rescue, &c);
    if (!status)
        status = cutropy_ranges_run(job->problem, &job->cuts, &job->options, &ranges);
    ct_progress_erase(&job->progress);
    if (!ranges)
        return ct_cli_fail(name, status);
    ct_signals_writing(options->sheet.output);
    int code = put(&c, ranges, status);
    cutropy_ranges_free(ranges);
    return code;
}

int ct_cmd_range(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {.argp = &ct_run_argp}, {.argp = &ct_sheet_argp}, {0}};
    static const struct argp argp = {.parser = parse,
                                     .args_doc = "PROBLEM",
                                     .doc = documentation,
                                     .children = children,
                                     .help_filter = ct_run_help_filter};
    range_options options = {0};
    ct_job job = {0};
    cutropy_status status = ct_cli_parse(&argp, argc, argv, &options);
    if (status)
        return (int)status; /* the message is out */
    status = ct_job_open(&options.run, NULL, &job);
    if (!status)
        status = ct_sheet_check(&options.sheet, job.problem, options.run.cuts);
    int code = status ? ct_cli_fail(argv[0], status) : compute(&options, &job, argv[0]);
    ct_job_close(&job);
    return code;
}
