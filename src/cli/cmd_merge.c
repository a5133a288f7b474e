/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy merge PART...: the table of a run from its parts. */
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/signals.h"
#include "engine/function/result.h"

static const char documentation[] =
    "Put the parts of a run together that 'cutropy table PROBLEM ... --part I/K -o PART' made, on one "
    "machine or on many. The table is that of one run, byte for byte."
    "\v"
    "Nothing is computed: neither the problem nor its files are needed. The parts may come in any order; "
    "parts that are missing, stand twice or belong to another run are named, and then there is no "
    "table.\n"
    "\n"
    "  for i in 1 2; do cutropy table random -c pairs --part $i/2 -o $i.part; done\n"
    "  cutropy merge *.part -o random.csv\n";

static const ct_serves serves[] = {{CT_OPTION_HEADER, 1, "Where it goes:", NULL},
                                   {CT_OPTION_OUTPUT, 1, CT_HELP_OUTPUT, NULL},
                                   {CT_OPTION_FORMAT, 1, NULL, NULL},
                                   {CT_OPTION_BASE, 1, NULL, NULL},
                                   {0}};

static cutropy_status check_files(const ct_options *options)
{
    cutropy_status status = CUTROPY_OK;
    ct_files files = {0};
    for (size_t i = 0; i < options->listed; i++)
        CT_TRY(ct_files_read(&files, options->list[i]));
    CT_TRY(ct_files_write_run(&files, options->output));
done:
    ct_files_free(&files);
    return status;
}

static int put(const ct_call *c, const cutropy_result *result, cutropy_status status)
{
    cutropy_sheet *sheet = NULL;
    char found[64], why[512];
    ct_error_save(why, sizeof why);
    const cutropy_status made = cutropy_result_sheet(result, (cutropy_base)c->typed->base, &sheet);
    const int code = ct_call_put(c, made, sheet);
    if (code || !status)
        return code;
    snprintf(found, sizeof found, "%zu of %zu cuts", ct_rows_done(result), result->count);
    return ct_call_partial(c, ct_error_restore(status, why), found);
}

static int run_command(const ct_command *command, ct_options *options)
{
    ct_call call;
    cutropy_result *result = NULL;
    ct_call_start(command, options, &call);
    cutropy_status status = check_files(options);
    if (!status)
        status = cutropy_parts_merge(options->list, options->listed, &result);
    if (result)
        ct_signals_writing(options->output);
    const int code = result ? put(&call, result, status) : ct_cli_fail(command->name, status);
    cutropy_result_free(result);
    ct_call_close(&call);
    return code;
}

const ct_command ct_command_merge = {
    .name = "cutropy merge",
    .summary = "one table from the parts of a run (table --part)",
    .arguments = "PART...",
    .missing = "which parts? e.g. 'cutropy merge *.part -o table.csv'",
    .documentation = documentation,
    .serves = serves,
    .check = ct_options_imply_format,
    .run = run_command,
};
