/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy range PROBLEM: how far into A the class of its images is decided. */
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "analysis/range/range.h"
#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

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
    "  cutropy range connected --lattice 4x4 --cuts rectangles -o ranges.csv\n"
    "Beyond enumeration:\n"
    "  cutropy range connected --lattice 8x8\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_RADII,
    CT_SERVES_TEXT,
    {CT_OPTION_CUTS, 1, CT_HELP_CUTS "rows if there is more than one row, else prefixes", NULL},
    {CT_OPTION_BASE, 1, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, CT_HELP_OUTPUT, NULL},
    {CT_OPTION_RESUME, 2, NULL, NULL},
    {CT_OPTION_PLOT, 2, NULL, NULL},
    {CT_OPTION_FORMAT, 2, NULL, NULL},
    {CT_OPTION_SOLVER, 3,
     "enumerate (every image), frontier (automata: pairs of states instead of images) or auto (frontier from "
     "32 pixels on where its automata are small); default: auto",
     NULL},
    {0}};

/* status: CUTROPY_OK, or CUTROPY_ECANCELLED for what was finished. */
static int put(const ct_call *c, const cutropy_ranges *ranges, cutropy_status status)
{
    size_t finished = 0;
    char found[64];
    cutropy_sheet *sheet = NULL;
    const cutropy_status made = cutropy_ranges_sheet(ranges, (cutropy_base)c->typed->base, &sheet);
    cutropy_status drawn = made;
    char of[200];
    snprintf(of, sizeof of, "%.90s on %s", cutropy_problem_text(c->problem),
             cutropy_problem_lattice(c->problem)->name);
    if (!made && !status && c->typed->plot)
        drawn = cutropy_plot_sheet(sheet, of, NULL, c->typed->plot);
    if (drawn && !made) {
        cutropy_sheet_free(sheet);
        return ct_cli_fail(c->name, drawn);
    }
    int code = ct_call_put(c, made, sheet);
    for (size_t i = 0; i < cutropy_ranges_count(ranges); i++)
        finished += cutropy_ranges_row(ranges, i)->done != 0;
    snprintf(found, sizeof found, "%zu of %zu cuts", finished, cutropy_ranges_count(ranges));
    if (!code && status)
        code = ct_call_partial(c, status, found);
    return code;
}

static int rescue(void *context)
{
    const ct_call *c = context;
    cutropy_ranges *finished = NULL;
    ct_call_flush_journal(c);
    cutropy_status status = ct_fail(CUTROPY_ECANCELLED, "stopped before the first range");
    if (c->progress.partial)
        status = ct_ranges_finished(c->progress.partial, &finished);
    return finished ? put(c, finished, CUTROPY_ECANCELLED) : ct_call_stopped(c, status);
}

static int compute(ct_call *c)
{
    cutropy_ranges *ranges = NULL;
    cutropy_status status = ct_call_open_journal(c, c->typed->output);
    if (!status)
        status = ct_signals_watch(c->name, rescue, c);
    if (!status)
        status = cutropy_ranges_run(c->problem, &c->cuts, &c->options, &ranges);
    ct_progress_erase(&c->progress);
    if (!ranges)
        return ct_call_stopped(c, status);
    ct_signals_writing(c->typed->output);
    const int code = put(c, ranges, status);
    if (!code)
        ct_call_close_journal(c, true);
    cutropy_ranges_free(ranges);
    return code;
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_run(command, options, compute);
}

const ct_command ct_command_range = {
    .name = "cutropy range",
    .summary = "how far from B the images of A are told apart: the range of every cut",
    CT_TAKES_A_PROBLEM("range"),
    .documentation = documentation,
    .serves = serves,
    .check = ct_options_imply_format,
    .run = run_command,
};
