/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy plot TABLE...: a picture of tables that exist. */
#include <cutropy/plot.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/options.h"

static const char documentation[] =
    "Draw a table of this program (CSV, JSON or .npy, as -o FILE wrote it), or several in one picture. "
    "What is drawn follows from the columns: S against the size of the block where every cut holds "
    "the one before (rows, prefixes), with what it cannot exceed; else S against the boundary; tables of "
    "cutropy range with the bound that the range gives; one line of each of several tables (JSON) against the size of the "
    "lattice."
    "\v"
    "  cutropy table connected --lattice 6x6 --cuts rows -o rows.csv\n"
    "  cutropy plot rows.csv -o rows.svg\n"
    "How the half cut grows with the lattice:\n"
    "  for n in 4 6 8; do cutropy table ising -l chain:$n -c half -o $n.json; done\n"
    "  cutropy plot 4.json 6.json 8.json -o growth.pdf\n"
    "Other columns of any table:\n"
    "  cutropy table connected --lattice 4x4 --cuts rectangles -o rectangles.csv\n"
    "  cutropy plot rectangles.csv --x boundary --y rank -o rank.png\n"
    "\n"
    "docs/plot.md says what each picture shows. gnuplot draws them; FILE.gp is the script with its data inside.\n";

static const ct_serves serves[] = {
    {CT_OPTION_HEADER, 1, "What is drawn:", NULL},
    {CT_OPTION_X, 1, NULL, NULL},
    {CT_OPTION_Y, 1, NULL, NULL},
    {CT_OPTION_COLOUR, 1, NULL, NULL},
    {CT_OPTION_TITLE, 1, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, "write FILE (.svg, .png, .pdf, or .gp) whole or not at all; required",
     NULL},
    {0}};

static error_t check(ct_options *options, const struct argp_state *state)
{
    return options->output
               ? 0
               : ct_cli_bad(state, "where to? -o FILE.svg, .png, .pdf, or .gp for the script");
}

static cutropy_status draw(const ct_options *options)
{
    cutropy_status status = CUTROPY_OK;
    ct_files files = {0};
    for (size_t i = 0; i < options->listed; i++)
        CT_TRY(ct_files_read(&files, options->list[i]));
    CT_TRY(ct_files_write(&files, options->output));
    CT_TRY(cutropy_plot_tables(options->list, options->listed, &options->drawn, options->output));
done:
    ct_files_free(&files);
    return status;
}

static int run_command(const ct_command *command, ct_options *options)
{
    options->drawn.size = sizeof options->drawn;
    const cutropy_status status = draw(options);
    return status ? ct_cli_fail(command->name, status) : CUTROPY_OK;
}

const ct_command ct_command_plot = {
    .name = "cutropy plot",
    .summary = "a picture of tables that exist",
    .arguments = "TABLE...",
    .missing = "which table? e.g. 'cutropy plot table.csv -o picture.svg'",
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
