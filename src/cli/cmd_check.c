/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy check TABLE: every row computed again and compared. */
#include <stdio.h>
#include <string.h>

#include <cutropy/check.h>
#include <cutropy/ground_truth.h>

#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/signals.h"

static const char documentation[] =
    "Compute every row of TABLE again, with proofs, and compare."
    "\v"
    "TABLE is a table of this program (CSV, JSON or .npy, FILE.partial too), or any CSV with the column "
    "`cut` (hexadecimal masks of the kept pixels) and columns named as cutropy table names them: "
    "entropy_bits, entropy_nats, renyi_0.5_bits, purity, rank, spectrum ...; NAME_err beside NAME "
    "is its error; other columns may be there and are named. A JSON table, and a table listed in "
    "an index.json beside it, says itself what it is of.\n"
    "\n"
    "Verdicts: `agrees` (within the error that the row states, and ours; two correctly rounded "
    "decimals must be equal), `agrees within rounding of its own digits` (also within one unit of "
    "its last digit; a number of at most 17 digits without an error: within 1e-14, what a "
    "computation with doubles loses), `differs by ...`: these are printed, the largest difference "
    "first. Exit code 7: some row differs.\n"
    "\n"
    "An index.json of cutropy ground-truth: the SHA-256 of every table that it lists.\n"
    "\n"
    "  cutropy table connected --lattice 4x4 -o table.json\n"
    "  cutropy check table.json\n"
    "Somebody else's:\n"
    "  cutropy check other.csv --problem connected --lattice 4x4 --unit nats\n";

static const ct_serves serves[] = {
    {CT_OPTION_HEADER, 1, "What the table is of (where it does not say so itself):", NULL},
    {CT_OPTION_PROBLEM, 1, NULL, NULL},
    {CT_OPTION_LATTICE, 1, CT_HELP_LATTICE_OR_STRIP, NULL},
    {CT_OPTION_UNIT, 1, NULL, NULL},
    {CT_OPTION_HEADER, 2, "How it is checked:", NULL},
    {CT_OPTION_TOLERANCE, 2, NULL, NULL},
    {CT_OPTION_PLAIN, 2, NULL, NULL},
    {CT_OPTION_SOLVER, 2,
     "auto, enumerate, frontier, affine; default: auto (a JSON table says itself that automata "
     "with weights made it)",
     NULL},
    {CT_OPTION_RESUME, 2, CT_HELP_RESUME("--report FILE", "FILE"), NULL},
    {CT_OPTION_REPORT, 2, NULL, NULL},
    {CT_OPTION_THREADS, 2, NULL, NULL},
    {CT_OPTION_QUIET, 2, NULL, NULL},
    {0}};

/* Nothing that is written may be read: the table, its index, what is behind the problem. */
static cutropy_status check_files(const ct_options *options, const cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const char *slash = strrchr(options->argument[0], '/');
    const int folder = slash ? (int)(slash - options->argument[0]) + 1 : 0;
    ct_files files = {0};
    char *index = NULL;
    CT_NEW(index, (size_t)folder + sizeof "index.json");
    sprintf(index, "%.*sindex.json", folder, options->argument[0]);
    CT_TRY(ct_files_read_problem(&files, problem, NULL));
    CT_TRY(ct_files_read(&files, options->argument[0]));
    CT_TRY(ct_files_read(&files, index));
    CT_TRY(ct_files_write(&files, NULL));
    if (options->report) {
        CT_TRY(ct_files_write(&files, options->report));
        CT_TRY(cutropy_save_check(options->report));
    }
done:
    ct_free(index);
    ct_files_free(&files);
    return status;
}

static cutropy_status save_report(const cutropy_check *check, const ct_options *options)
{
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_check_sheet(check, &sheet);
    if (!status)
        status = cutropy_sheet_save(sheet, (cutropy_format)options->format, options->report);
    cutropy_sheet_free(sheet);
    return status;
}

static error_t check_options(ct_options *options, const struct argp_state *state)
{
    if (options->resume && !options->report)
        return ct_cli_bad(state, "--resume goes on from the journal beside the report: name one "
                                 "(--report FILE)");
    return ct_options_format_of(options, options->report, state);
}

static int flush(void *context)
{
    const ct_call *c = context;
    char way[CT_WAY_ON];
    ct_call_way_on(c, way);
    fprintf(stderr, "%s: stopped%s\n", c->name, way);
    return CUTROPY_ECANCELLED;
}

static cutropy_status run_check(ct_call *c, cutropy_check **check)
{
    cutropy_status status = CUTROPY_OK;
    const ct_options *typed = c->typed;
    cutropy_check_options wanted = typed->check;
    wanted.lattice = typed->lattice;
    wanted.plain = typed->plain;
    CT_TRY(cutropy_check_open(typed->argument[0], &wanted, check));
    CT_TRY(check_files(typed, cutropy_check_problem(*check)));
    CT_TRY(ct_call_open_journal(c, typed->report));
    CT_TRY(ct_signals_watch(c->name, flush, c));
    status = cutropy_check_run(*check, &c->options);
    ct_progress_erase(&c->progress);
    CT_TRY(status);
    ct_signals_writing(typed->report);
    if (typed->report)
        CT_TRY(save_report(*check, typed));
    ct_call_close_journal(c, true);
done:
    return status;
}

/* cutropy check DIR/index.json: the files, not their numbers. */
static int check_index(const char *name, const char *path)
{
    size_t wrong;
    const cutropy_status status = cutropy_ground_truth_check(path, stdout, &wrong);
    if (status && status != CUTROPY_EIO)
        return ct_cli_fail(name, status);
    if (ct_cli_close_output(name))
        return CUTROPY_EIO;
    return wrong ? CUTROPY_EWRONG : CUTROPY_OK;
}

static int run_command(const ct_command *command, ct_options *options)
{
    ct_call call;
    cutropy_check *check = NULL;
    int code;
    if (cutropy_ground_truth_is_index(options->argument[0]))
        return check_index(command->name, options->argument[0]);
    ct_call_start(command, options, &call);
    const cutropy_status status = run_check(&call, &check);
    if (status == CUTROPY_ECANCELLED) {
        ct_signals_hold(); /* one voice is enough */
        code = flush(&call);
    } else if (status) {
        code = ct_cli_fail(command->name, status);
    } else {
        const cutropy_check_summary *found = cutropy_check_summarize(check);
        cutropy_check_words(check, stdout); /* what is lost shows when the output is closed */
        code = found->differ || found->altered ? CUTROPY_EWRONG : CUTROPY_OK;
        code = ct_cli_close_output(command->name) ? CUTROPY_EIO : code;
    }
    cutropy_check_free(check);
    ct_call_close(&call);
    return code;
}

const ct_command ct_command_check = {
    .name = "cutropy check",
    .summary = "every row of a table computed again and compared",
    .arguments = "TABLE",
    .missing = "which table? e.g. 'cutropy check table.json'",
    .twice = "one table at a time",
    .most = 1,
    .documentation = documentation,
    .serves = serves,
    .check = check_options,
    .run = run_command,
};
