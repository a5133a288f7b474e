/* SPDX-License-Identifier: Apache-2.0 */
/* The options that every command shares. */
#include "cli/run_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cutropy/run.h>

#include "cli/cli.h"

enum {
    KEY_LATTICE = 'l',
    KEY_CUTS = 'c',
    KEY_THREADS = 't',
    KEY_BACKEND = 0x1000, /* above the keys of the commands, which begin at 256 */
    KEY_NO_SYMMETRY,
    KEY_MEMORY,
    KEY_QUIET,
    KEY_CERTIFY,
    KEY_DIGITS
};

static const struct argp_option shared_options[] = {
    {0, 0, 0, 0, "What to compute:", 1},
    {"lattice", KEY_LATTICE, "LATTICE", 0,
     "4x4, grid:LxxLy[:torus], links:LxxLy[:torus] (pixels on the links of a grid of vertices) or "
     "chain:N[:ring]; default: the problem's own",
     1},
    {"certify", KEY_CERTIFY, 0, 0,
     "prove every number: 20 decimals, rounded correctly; their errors are then proved radii. "
     "Takes a few times as long",
     1},
    {"digits", KEY_DIGITS, "D", 0,
     "prove D decimals (1 to 1000), or as many as can be proved, by exact algebra where it is "
     "within reach",
     1},
    {"quiet", KEY_QUIET, 0, 0, "no progress line (it only shows on a terminal)", 2},
    {0, 0, 0, 0,
     "How it is computed (--threads never changes a value, --no-symmetry changes floating-point "
     "columns "
     "only within entropy_err):",
     3},
    {"threads", KEY_THREADS, "N", 0, "default: all cores this process may use", 3},
    {"memory", KEY_MEMORY, "SIZE", 0,
     "limit, e.g. 8G or 500M (powers of 1024); default: 90 % of the available memory", 3},
    {"backend", KEY_BACKEND, "NAME", 0,
     "auto (all CUDA devices, or the CPU where there are none), cpu, cuda, cuda:N or cuda:all; "
     "default: auto",
     3},
    {"no-symmetry", KEY_NO_SYMMETRY, 0, 0,
     "compute every cut, even those that a symmetry makes equal", 3},
    {0}};

static const struct argp_option cut_options[] = {
    {"cuts", KEY_CUTS, "LIST", 0,
     "all, rows, columns, prefixes, sites, pairs, rectangles, connected[:SIZE], half, a "
     "hexadecimal mask "
     "0x... of the kept pixels, @FILE (one mask a line), or several of them with commas; default: "
     "rows "
     "if there is more than one row, else prefixes",
     1},
    {0}};

error_t ct_parse_count(const char *option, const char *text, long low, long high, int *out,
                       const struct argp_state *state)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < low || value > high)
        return ct_cli_bad(state, "%s %s: give a number from %ld to %ld", option, text, low, high);
    *out = (int)value;
    return 0;
}

/* "8G", "1.5GiB", "500M", "1048576". */
static error_t parse_memory(const char *text, ct_run_options *options, struct argp_state *state)
{
    static const char units[] = "kmgtp";
    size_t digits = strspn(text, "0123456789.");
    char *end = NULL;
    double value = digits ? strtod(text, &end) : 0;
    bool is_number = digits && end == text + digits; /* no exponent, no 0x */
    if (is_number && *end) {
        const char *unit = strchr(units, *end | 0x20);
        for (long i = unit ? unit - units : -1; i >= 0; i--)
            value *= 1024;
        end += unit ? 1 : 0;
        if (unit && !strcasecmp(end, "ib"))
            end += 2;
        else if (unit && !strcasecmp(end, "b"))
            end += 1;
    }
    if (!is_number || *end || !(value >= 1) || value >= 0x1p63)
        return ct_cli_bad(state, "--memory %s: give a size such as 8G, 500M or a number of bytes",
                          text);
    options->memory = (uint64_t)value;
    return 0;
}

static error_t parse_shared(int key, char *argument, struct argp_state *state)
{
    ct_run_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ct_cli_init(state);
        return 0;
    case KEY_LATTICE:
        options->lattice = argument;
        return 0;
    case KEY_BACKEND:
        options->backend = argument;
        return 0;
    case KEY_THREADS:
        return ct_parse_count("--threads", argument, 1, CUTROPY_MAX_THREADS, &options->threads,
                              state);
    case KEY_MEMORY:
        return parse_memory(argument, options, state);
    case KEY_NO_SYMMETRY:
        options->no_symmetry = true;
        return 0;
    case KEY_CERTIFY:
        options->certify = true;
        return 0;
    case KEY_DIGITS:
        return ct_parse_count("--digits", argument, 1, CUTROPY_MAX_DIGITS, &options->digits, state);
    case KEY_QUIET:
        options->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->problem)
            return ct_cli_bad(state, "one problem at a time: '%s' is too much", argument);
        options->problem = argument;
        return 0;
    case ARGP_KEY_END: /* comes to the children before the command itself */
        if (!options->problem)
            return ct_cli_bad(state,
                              "which problem? e.g. '%s connected'; 'cutropy problems' lists them",
                              state->argv[0]);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_cuts(int key, char *argument, struct argp_state *state)
{
    ct_run_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = options;
        return 0;
    case KEY_CUTS:
        options->cuts = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp ct_run_argp_bare = {.options = shared_options, .parser = parse_shared};

static const struct argp_child shared_child[] = {{.argp = &ct_run_argp_bare}, {0}};
const struct argp ct_run_argp = {
    .options = cut_options, .parser = parse_cuts, .children = shared_child};

char *ct_run_help_filter(int key, const char *text, void *input)
{
    (void)input;
    if (key != ARGP_KEY_HELP_EXTRA)
        return (char *)text;
    return strdup(ct_cli_exit_codes);
}
