/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of cutropy scaling. */
#include "cli/scaling_options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum {
    KEY_CUTS = 'c',
    KEY_OUTPUT = 'o',
    KEY_LATTICES = 256,
    KEY_LENGTH,
    KEY_RANGE,
    KEY_REGIONS,
    KEY_TOPOLOGICAL,
    KEY_NO_TOPOLOGICAL,
    KEY_FORMAT
};

static const struct argp_option option_list[] = {
    {"cuts", KEY_CUTS, "LIST", 0,
     "all, rows, columns, prefixes, sites, pairs, rectangles, connected[:SIZE], half, a "
     "hexadecimal mask 0x... of the kept pixels, @FILE (one mask a line), or several of them with "
     "commas; default: rectangles, on a chain prefixes",
     1},
    {"lattices", KEY_LATTICES, "LIST", 0,
     "a series of lattices instead of one: 2x2..6x6, links:3x3..4x4:torus, chain:4..12, or names "
     "with commas; fits for each and for all",
     1},
    {"length", KEY_LENGTH, "bonds|pixels|vertices", 0,
     "what L counts: bonds between A and B, pixels of A with a neighbour in B, or vertices where a "
     "link of A meets one of B; default: vertices on links, else bonds",
     1},
    {"range", KEY_RANGE, "R", 0, "a column with the bound R * boundary pixels of Theorem 3", 1},
    {"topological", KEY_TOPOLOGICAL, 0, 0,
     "insist on the topological constants: an error where a lattice has no room for the regions",
     1},
    {"no-topological", KEY_NO_TOPOLOGICAL, 0, 0,
     "leave them out; default: computed where there is room", 1},
    {"regions", KEY_REGIONS, "A,B,C", 0,
     "three masks for the Kitaev-Preskill constant instead of automatic ones (one lattice only)",
     1},
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FILE", 0,
     "write the points (FILE.csv) or everything (FILE.json), whole or not at all; the summary "
     "still goes to standard output",
     2},
    {"format", KEY_FORMAT, "text|csv|json", 0,
     "text (default): a summary; csv: the points; json: both", 2},
    {0}};

static const char documentation[] =
    "How does the entropy of PROBLEM grow with the cut? Fits S against the boundary L and the "
    "smaller side m = min(NA, NB) over a family of cuts (default: rectangles; chains: prefixes): "
    "constant, logarithm, area law with and without corners, volume law. Says which one holds and "
    "how sure that is, or that these sizes do not decide it, and gives the topological constant "
    "where the lattice has room for its regions."
    "\v"
    "A random set of images, one lattice:\n"
    "  cutropy scaling random --lattice 4x4\n"
    "Closed loops on growing lattices, the points into a file:\n"
    "  cutropy scaling loops --lattices links:2x2..4x4:torus --length vertices -o loops.csv\n"
    "A chain, everything as JSON:\n"
    "  cutropy scaling ising --lattice chain:12 --format json\n"
    "\n"
    "Columns of the points: lattice, cut, na, min_side, boundary (bonds), length (L), "
    "entropy_bits, entropy_err, page_bits (mean of a random state), random_set_bits (mean of a "
    "random set of images of the same density), residuals of each model (entropy - fit over all "
    "points), range_bound_bits with --range.\n"
    "\n"
    "Least squares; cuts that a symmetry makes equal count once. A law must fit (misfit: rms in "
    "units "
    "of the spread of S), also the larger half of the sizes, and must not contradict what is "
    "proved "
    "of the cuts (vetoed). exact: rounding alone explains the residuals; clear: Akaike weight >= "
    "0.99; likely: >= 0.9; else it is not decided by these sizes.\n";

static error_t parse_length(const char *text, ct_scaling_options *options, struct argp_state *state)
{
    static const char *const names[] = {"bonds", "pixels", "vertices"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(text, names[i])) {
            options->length = (cutropy_length)i;
            options->length_given = true;
            return 0;
        }
    return ct_cli_bad(state, "--length %s: choose bonds, pixels or vertices", text);
}

static error_t parse_range(const char *text, ct_scaling_options *options, struct argp_state *state)
{
    char *rest;
    errno = 0;
    options->range = strtod(text, &rest);
    if (rest == text || *rest || errno || !isfinite(options->range) || options->range < 0)
        return ct_cli_bad(state, "--range %s: give a number that is not negative", text);
    return 0;
}

static bool format_of(const char *name, ct_scaling_format *out)
{
    static const char *const names[] = {"text", "csv", "json"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(name, names[i])) {
            *out = (ct_scaling_format)i;
            return true;
        }
    return false;
}

static error_t check(ct_scaling_options *options, const struct argp_state *state)
{
    const char *dot = options->output ? strrchr(options->output, '.') : NULL;
    ct_scaling_format implied = CT_SCALING_CSV;
    if (options->lattices && options->run.lattice)
        return ct_cli_bad(state, "contradictory options: --lattice and --lattices");
    if (options->regions && options->lattices)
        return ct_cli_bad(state, "contradictory options: --regions belong to one lattice");
    if (options->no_topological && (options->topological || options->regions))
        return ct_cli_bad(state, "contradictory options: --no-topological and regions");
    if (options->output) {
        bool known = dot && format_of(dot + 1, &implied) && implied != CT_SCALING_TEXT;
        if (known && options->format_given && options->format != implied)
            return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                              options->output);
        if (known || !options->format_given)
            options->format = implied;
    }
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    ct_scaling_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->run;
        return 0;
    case KEY_CUTS:
        options->run.cuts = argument;
        return 0;
    case KEY_LATTICES:
        options->lattices = argument;
        return 0;
    case KEY_REGIONS:
        options->regions = argument;
        return 0;
    case KEY_OUTPUT:
        options->output = strcmp(argument, "-") ? argument : NULL; /* -: standard output */
        return 0;
    case KEY_LENGTH:
        return parse_length(argument, options, state);
    case KEY_RANGE:
        return parse_range(argument, options, state);
    case KEY_TOPOLOGICAL:
        options->topological = true;
        return 0;
    case KEY_NO_TOPOLOGICAL:
        options->no_topological = true;
        return 0;
    case KEY_FORMAT:
        options->format_given = true;
        return format_of(argument, &options->format)
                   ? 0
                   : ct_cli_bad(state, "--format %s: choose text, csv or json", argument);
    case ARGP_KEY_END:
        return check(options, state);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

cutropy_status ct_scaling_options_parse(int argc, char **argv, ct_scaling_options *out)
{
    static const struct argp_child children[] = {{.argp = &ct_run_argp_bare}, {0}};
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "PROBLEM",
                                     .doc = documentation,
                                     .children = children,
                                     .help_filter = ct_run_help_filter};
    *out = (ct_scaling_options){.range = NAN};
    return ct_cli_parse(&argp, argc, argv, out);
}
