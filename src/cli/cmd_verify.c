/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy verify PROBLEM: the statements of the paper on this function. */
#include <stdio.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/sheet_options.h"
#include "cli/signals.h"

typedef struct verify_options {
    ct_run_options run;
    ct_sheet_options sheet;
} verify_options;

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

static error_t parse(int key, char *argument, struct argp_state *state)
{
    verify_options *options = state->input;
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = &options->run;
    state->child_inputs[1] = &options->sheet;
    return 0;
}

static int compute(const verify_options *options, ct_job *job, const char *name)
{
    cutropy_verification *verification = NULL;
    cutropy_status status = ct_signals_watch(name, NULL, NULL);
    if (!status)
        status = cutropy_verify(job->problem, &job->cuts, &job->options, &verification);
    ct_progress_erase(&job->progress);
    if (status)
        return ct_cli_fail(name, status);
    ct_signals_writing(options->sheet.output);
    cutropy_sheet *sheet = NULL;
    status = cutropy_verification_sheet(verification, &sheet);
    int code = status ? ct_cli_fail(name, status) : ct_sheet_put(&options->sheet, name, sheet);
    cutropy_sheet_free(sheet);
    if (!code && verification->undecided)
        fprintf(stderr, "%s: %zu statement%s not decided: the errors are too large\n", name,
                verification->undecided, verification->undecided == 1 ? " is" : "s are");
    if (!code && !verification->held) {
        fprintf(stderr, "%s: a counter-example was found\n", name);
        code = CUTROPY_EINTERNAL;
    }
    cutropy_verification_free(verification);
    return code;
}

int ct_cmd_verify(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {.argp = &ct_run_argp}, {.argp = &ct_sheet_argp_bare}, {0}};
    static const struct argp argp = {.parser = parse,
                                     .args_doc = "PROBLEM",
                                     .doc = documentation,
                                     .children = children,
                                     .help_filter = ct_run_help_filter};
    verify_options options = {0};
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
