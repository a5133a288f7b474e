/* SPDX-License-Identifier: Apache-2.0 */
/* Where the table of an analysis goes. */
#include "cli/sheet_options.h"

#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"

enum { KEY_OUTPUT = 'o', KEY_FORMAT = 'f', KEY_BASE = 0x2000 };

static const struct argp_option sheet_options[] = {
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FILE", 0,
     "write FILE (.csv, .json, .npy, .txt, .md, .tex) whole or not at all; default, and -o -: CSV on "
     "standard output",
     2},
    {"format", KEY_FORMAT, "WORD", 0,
     "csv, json, npy, text, markdown or latex; default: what the name of FILE says, else csv", 2},
    {0}};

static const struct argp_option base_options[] = {
    {"base", KEY_BASE, "2|e", 0, "entropies in bits (2, the default) or nats (e)", 1}, {0}};

/* The format that the name of the file implies. */
static error_t check(ct_sheet_options *options, const struct argp_state *state)
{
    const char *slash = options->output ? strrchr(options->output, '/') : NULL;
    const char *name = slash ? slash + 1 : options->output;
    const char *dot = name ? strrchr(name, '.') : NULL;
    cutropy_format implied;
    const bool says = dot && cutropy_format_named(dot + 1, &implied);
    if (says && !(options->format_given && implied == CUTROPY_FORMAT_TEXT)) { /* .txt: any text */
        if (options->format_given && options->format != implied)
            return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                              options->output);
        options->format = implied;
    }
    if (options->format == CUTROPY_FORMAT_NPY && !options->output && isatty(STDOUT_FILENO))
        return ct_cli_bad(state, ".npy is binary and standard output is a terminal: use -o FILE");
    return 0;
}

static error_t parse_sheet(int key, char *argument, struct argp_state *state)
{
    ct_sheet_options *options = state->input;
    switch (key) {
    case KEY_OUTPUT:
        options->output = strcmp(argument, "-") ? argument : NULL; /* -: standard output */
        return 0;
    case KEY_FORMAT:
        options->format_given = true;
        if (cutropy_format_named(argument, &options->format))
            return 0;
        return ct_cli_bad(state, "--format %s: choose csv, json, npy, text, markdown or latex",
                          argument);
    case ARGP_KEY_END:
        return check(options, state);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_base(int key, char *argument, struct argp_state *state)
{
    ct_sheet_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = options;
        return 0;
    case KEY_BASE:
        if (strcmp(argument, "2") && strcmp(argument, "e"))
            return ct_cli_bad(state, "--base %s: choose 2 (bits) or e (nats)", argument);
        options->base = *argument == 'e' ? CUTROPY_BASE_NATS : CUTROPY_BASE_BITS;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp ct_sheet_argp_bare = {.options = sheet_options, .parser = parse_sheet};

static const struct argp_child bare_child[] = {{.argp = &ct_sheet_argp_bare}, {0}};

const struct argp ct_sheet_argp = {
    .options = base_options, .parser = parse_base, .children = bare_child};

cutropy_status ct_sheet_check(const ct_sheet_options *options, const cutropy_problem *problem,
                              const char *cuts)
{
    cutropy_status status = CUTROPY_OK;
    ct_files files = {0};
    CT_TRY(ct_files_read_job(&files, problem, cuts));
    CT_TRY(ct_files_write_run(&files, options->output));
    if (options->output)
        CT_TRY(cutropy_save_check(options->output));
done:
    ct_files_free(&files);
    return status;
}

int ct_sheet_put(const ct_sheet_options *options, const char *name, const cutropy_sheet *sheet)
{
    cutropy_status status = options->output
                                ? cutropy_sheet_save(sheet, options->format, options->output)
                                : cutropy_sheet_write(sheet, options->format, stdout);
    if (status == CUTROPY_EIO && !options->output) {
        ct_cli_close_output(name); /* says why */
        return CUTROPY_EIO;
    }
    return status            ? ct_cli_fail(name, status)
           : options->output ? CUTROPY_OK
                             : ct_cli_close_output(name);
}
