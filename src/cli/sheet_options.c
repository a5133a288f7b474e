/* SPDX-License-Identifier: Apache-2.0 */
/* Where the table of an analysis goes. */
#include "cli/sheet_options.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "output/save.h"

enum { KEY_OUTPUT = 'o', KEY_FORMAT = 0x2000, KEY_BASE };

static const struct argp_option sheet_options[] = {
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FILE", 0,
     "write FILE (.csv, .json) whole or not at all; default, and -o -: CSV on standard output", 2},
    {"format", KEY_FORMAT, "csv|json", 0, "default: what the name of FILE says, else csv", 2},
    {0}};

static const struct argp_option base_options[] = {
    {"base", KEY_BASE, "2|e", 0, "entropies in bits (2, the default) or nats (e)", 1}, {0}};

static bool format_of(const char *name, cutropy_format *format)
{
    if (strcasecmp(name, "csv") && strcasecmp(name, "json"))
        return false;
    *format = strcasecmp(name, "csv") ? CUTROPY_FORMAT_JSON : CUTROPY_FORMAT_CSV;
    return true;
}

/* The format that the name of the file implies. */
static error_t check(ct_sheet_options *options, const struct argp_state *state)
{
    const char *slash = options->output ? strrchr(options->output, '/') : NULL;
    const char *name = slash ? slash + 1 : options->output;
    const char *dot = name ? strrchr(name, '.') : NULL;
    cutropy_format implied;
    if (!dot || !format_of(dot + 1, &implied))
        return 0;
    if (options->format_given && options->format != implied)
        return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                          options->output);
    options->format = implied;
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
        if (format_of(argument, &options->format))
            return 0;
        return ct_cli_bad(state, "--format %s: choose csv or json", argument);
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

int ct_sheet_put(const ct_sheet_options *options, const char *name, bool complete,
                 cutropy_status (*write)(FILE *file, void *context), void *context)
{
    if (options->output) {
        cutropy_status status = ct_save_run(options->output, complete, write, context);
        return status ? ct_cli_fail(name, status) : CUTROPY_OK;
    }
    cutropy_status status = write(stdout, context);
    if (status == CUTROPY_EIO) {
        ct_cli_close_output(name); /* says why */
        return CUTROPY_EIO;
    }
    return status ? ct_cli_fail(name, status) : ct_cli_close_output(name);
}
