/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy information PROBLEM: what regions that need not be the whole know of each other. */
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

static const char documentation[] =
    "The mutual information of regions of PROBLEM that need not be the whole: I(A:B), with a third region I(A:B|C) and "
    "I3, and log negativities."
    "\v"
    "Columns: a, b, c (masks), entropy_a, entropy_b, entropy_ab and mutual_information S(A) + S(B) - S(AB); where there are "
    "three regions conditional_information I(A:B|C) = S(AC) + S(BC) - S(ABC) - S(C) and tripartite_information I3 = S(A) + "
    "S(B) + S(C) - S(AB) - S(AC) - S(BC) + S(ABC), which is I(A:B) - I(A:B|C); with --negativity log_negativity, the log of "
    "the trace norm of the partial transpose of rho_AB, with an error that is an estimate.\n"
    "\n"
    "The entropies are those of cutropy table, one run for all cuts; errors of a sum are those of its entropies together.\n"
    "\n"
    "  cutropy information connected -l 4x4 --regions '{0,1}|{14,15}, y=0|y=3'\n"
    "  cutropy information ising --lattice 3x4 --regions 'x=0|x=1|x=2' --negativity\n"
    "  printf '{0-7}|{8-15}\\n{0-7}|{32-39}\\n' > regions.txt\n"
    "  cutropy information loops -l links:8x8:torus --regions @regions.txt\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_RADII,
    CT_SERVES_TEXT,
    {CT_OPTION_REGIONS, 1,
     "A|B or A|B|C, several with commas, or @FILE, one a line (required); regions are masks, {0-3,7} or words x<2&y=1",
     "LIST"},
    {CT_OPTION_NEGATIVITY, 1, NULL, NULL},
    {CT_OPTION_BASE, 1, NULL, NULL},
    {CT_OPTION_SOLVER, 3, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, CT_HELP_OUTPUT, NULL},
    {CT_OPTION_FORMAT, 2, NULL, NULL},
    {0}};

static error_t check(ct_options *options, const struct argp_state *state)
{
    if (!options->regions)
        return ct_cli_bad(state, "which regions? --regions 'A|B', e.g. '{0,1}|{4,5}'");
    return ct_options_imply_format(options, state);
}

static int compute(ct_call *c)
{
    cutropy_information *found = NULL;
    cutropy_sheet *sheet = NULL;
    cutropy_status status = ct_signals_watch(c->name, NULL, c);
    if (!status)
        status = cutropy_information_run(c->problem, c->typed->regions, c->typed->negativity,
                                         &c->options, &found);
    ct_progress_erase(&c->progress);
    if (status)
        return ct_cli_fail(c->name, status);
    ct_signals_writing(c->typed->output);
    status = cutropy_information_sheet(found, (cutropy_base)c->typed->base, &sheet);
    const int code = ct_call_put(c, status, sheet);
    cutropy_information_free(found);
    return code;
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_problem(command, options, compute);
}

const ct_command ct_command_information = {
    .name = "cutropy information",
    .summary = "mutual, conditional and tripartite information of regions, and their negativity",
    CT_TAKES_A_PROBLEM("information"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
