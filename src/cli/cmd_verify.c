/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy verify PROBLEM: the statements of the paper on this function. */
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

static const char documentation[] =
    "Check the statements of arXiv 1710.05520 on PROBLEM for every cut of a family, in the paper's "
    "own numbering: Eq. 12-28, Properties 1-3, Theorems 1-3, Assumptions 1 and 2; and the "
    "subadditivity of S, which is not in the paper."
    "\v"
    "One row a statement. verdict: holds; fails (a counter-example, by more than all errors); not "
    "decided (the errors of the numbers are larger than what they should tell; no failure, and "
    "--certify makes them smaller); not applicable (detail says why); assumptions are fulfilled or "
    "not fulfilled, which refutes nothing. checked counts the cuts, undecided those that are not "
    "decided, left_out those to which the statement does not apply or that are too large for a "
    "second computation. slack: the smallest right side - left side in bits, rounded down (of an "
    "equality: minus the largest difference), slack_err its error, cut where. docs/verify.md says "
    "what each statement compares with what, and where the paper itself slips.\n"
    "\n"
    "  cutropy verify independent-set --lattice 4x4\n"
    "  cutropy verify random --lattice 3x3 --cuts all\n"
    "\n"
    "Exit code 1 when a counter-example was found (and a line on standard error).\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_RADII,
    CT_SERVES_TEXT,
    {CT_OPTION_CUTS, 1, CT_HELP_CUTS "rows if there is more than one row, else prefixes", NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, CT_HELP_OUTPUT, NULL},
    {CT_OPTION_FORMAT, 2, NULL, NULL},
    {0}};

static int compute(ct_call *c)
{
    cutropy_verification *verification = NULL;
    cutropy_status status = ct_signals_watch(c->name, NULL, NULL);
    if (!status)
        status = cutropy_verify(c->problem, &c->cuts, &c->options, &verification);
    ct_progress_erase(&c->progress);
    if (status)
        return ct_cli_fail(c->name, status);
    ct_signals_writing(c->typed->output);
    cutropy_sheet *sheet = NULL;
    status = cutropy_verification_sheet(verification, &sheet);
    int code = ct_call_put(c, status, sheet);
    const size_t undecided = code ? 0 : cutropy_verification_undecided(verification);
    if (undecided)
        fprintf(stderr, "%s: %zu statement%s not decided: the errors are too large\n", c->name,
                undecided, undecided == 1 ? " is" : "s are");
    if (!code && !cutropy_verification_held(verification)) {
        fprintf(stderr, "%s: a counter-example was found\n", c->name);
        code = CUTROPY_EINTERNAL;
    }
    cutropy_verification_free(verification);
    return code;
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_run(command, options, compute);
}

const ct_command ct_command_verify = {
    .name = "cutropy verify",
    .summary = "the statements of the paper, checked on one function",
    CT_TAKES_A_PROBLEM("verify"),
    .documentation = documentation,
    .serves = serves,
    .check = ct_options_imply_format,
    .run = run_command,
};
