/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of cutropy table. */
#include "cli/table_options.h"

#include <string.h>

#include <cutropy/run.h>

#include "cli/cli.h"

enum {
    KEY_QUANTITIES = 'q',
    KEY_OUTPUT = 'o',
    KEY_FORMAT = 'f',
    KEY_BASE = 256,
    KEY_PLAN,
    KEY_TIMINGS,
    KEY_REST,
    KEY_CERTIFICATE
};

static const struct argp_option option_list[] = {
    {"quantities", KEY_QUANTITIES, "LIST", 0,
     "more columns: renyi:ALPHA (ALPHA >= 0 or inf), schmidt_gap, log_negativity, "
     "mutual_information, "
     "boundary_pixels, blocks, tr_rho3, spectrum (not in .npy), rank:EPS (Schmidt values above EPS "
     "times the largest), discarded_weight:K (1 - the sum of the K largest eigenvalues), "
     "truncation:EPS (smallest K with discarded weight at most EPS)",
     1},
    {"against-rest", KEY_REST, 0, 0,
     "every class of a multi-class problem (digits) against the rest: one table with a first "
     "column "
     "class; the problem is given without its class",
     1},
    {"base", KEY_BASE, "2|e", 0, "entropies in bits (2, the default) or nats (e)", 1},
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FILE", 0,
     "write FILE (.csv, .json, .npy, .txt, .md, .tex) whole or not at all; default, and -o -: CSV on "
     "standard output",
     2},
    {"format", KEY_FORMAT, "WORD", 0,
     "csv, json, npy, text, markdown or latex; default: what the name of FILE says, else csv", 2},
    {"certificate", KEY_CERTIFICATE, "FILE", 0,
     "also write a proof of the entropy of the only cut, for cutropy-verify (label and integer "
     "functions)",
     2},
    {"timings", KEY_TIMINGS, 0, 0, "print the seconds of every stage as JSON on standard error", 2},
    {"plan", KEY_PLAN, 0, 0,
     "say what would be done and how much memory it needs, and do nothing; exit code 3 if it "
     "certainly does not fit",
     3},
    {0}};

static const char documentation[] =
    "Compute the entanglement entropy of PROBLEM for a family of cuts, one row a cut. PROBLEM is a "
    "name with parameters ('cutropy problems' lists them) or the path of a file. A cut keeps the "
    "pixels of its mask; bit i of the mask is pixel i, and on a grid i = x + Lx*y."
    "\v"
    "A first result, 3 rows:\n"
    "  cutropy table connected --lattice 4x4\n"
    "All 32767 cuts of a random function, into a file:\n"
    "  cutropy table random:seed=7 --lattice 4x4 --cuts all -o random.csv\n"
    "Your own function (2^N values in .npy, or a list of label-1 images):\n"
    "  cutropy table ./mine.npy --lattice chain:12 --quantities renyi:0.5\n"
    "All ten classes of the handwritten digits, each against the rest:\n"
    "  cutropy table digits --against-rest --cuts columns\n"
    "The left half of a 4x2 grid, by its mask; several masks from a file:\n"
    "  cutropy table parity --lattice 4x2 --cuts 0x33\n"
    "  cutropy table parity --lattice 4x2 --cuts @masks.txt --format json\n"
    "An entropy that others can prove again, with integers alone:\n"
    "  cutropy table connected --lattice 4x4 --cuts 0xff --certificate half.txt\n"
    "  cutropy-verify half.txt\n"
    "\n"
    "Columns: cut, na (pixels kept), boundary (bonds between the two regions), entropy_bits, "
    "entropy_err, guarantee, renyi2_bits, renyi2_err, rank (lo..hi when not settled), classes_a, "
    "classes_b (different rows and columns of the cut matrix), purity (an exact fraction p/q for "
    "integer functions), purity_err, then what --quantities adds, every real number with its error "
    "after it in NAME_err. An empty cell: not known, or no value for this cut.\n"
    "\n"
    "The column guarantee says what the errors of the row mean:\n"
    "  exact      every eigenvalue is known in closed form; the errors bound\n"
    "             rounding alone\n"
    "  certified  every error is a proved radius\n"
    "  float      eigenvalues in double precision; at least one error is the\n"
    "             standard estimate\n";

static error_t parse_format(const char *text, ct_table_options *options, struct argp_state *state)
{
    if (!cutropy_format_named(text, &options->format))
        return ct_cli_bad(state, "--format %s: choose csv, json, npy, text, markdown or latex",
                          text);
    options->format_given = true;
    return 0;
}

static error_t parse_base(const char *text, ct_table_options *options, struct argp_state *state)
{
    if (strcmp(text, "2") && strcmp(text, "e"))
        return ct_cli_bad(state, "--base %s: choose 2 (bits) or e (nats)", text);
    options->base = *text == 'e' ? CUTROPY_BASE_NATS : CUTROPY_BASE_BITS;
    return 0;
}

static bool has_spectrum(const char *quantities)
{
    static const char name[] = "spectrum";
    for (const char *p = quantities; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (!strncmp(p, name, strlen(name)))
            return true;
    return false;
}

/* Options that do not go together, and the format that the file name implies. */
static error_t check(ct_table_options *options, const struct argp_state *state)
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
    if (options->format == CUTROPY_FORMAT_NPY && has_spectrum(options->quantities))
        return ct_cli_bad(state,
                          "contradictory options: a spectrum has no fixed length and cannot be a "
                          "column of .npy; use csv or json");
    if (options->format == CUTROPY_FORMAT_NPY && (options->run.digits || options->run.certify))
        return ct_cli_bad(state, "contradictory options: the decimals of --digits and "
                                 "--certify do not fit .npy; use csv or json");
    if (options->plan && options->timings)
        return ct_cli_bad(
            state, "contradictory options: --plan computes nothing that --timings could time");
    if (options->certificate && (options->plan || options->against_rest))
        return ct_cli_bad(state, "contradictory options: --certificate is about the row of one "
                                 "function, not for --plan or --against-rest");
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    ct_table_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->run;
        return 0;
    case KEY_QUANTITIES:
        options->quantities = argument;
        return 0;
    case KEY_OUTPUT:
        options->output = strcmp(argument, "-") ? argument : NULL; /* -: standard output */
        return 0;
    case KEY_FORMAT:
        return parse_format(argument, options, state);
    case KEY_BASE:
        return parse_base(argument, options, state);
    case KEY_PLAN:
        options->plan = true;
        return 0;
    case KEY_REST:
        options->against_rest = true;
        return 0;
    case KEY_CERTIFICATE:
        options->certificate = argument;
        return 0;
    case KEY_TIMINGS:
        options->timings = true;
        return 0;
    case ARGP_KEY_END:
        return check(options, state);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

cutropy_status ct_table_options_parse(int argc, char **argv, ct_table_options *out)
{
    static const struct argp_child children[] = {{.argp = &ct_run_argp}, {0}};
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "PROBLEM",
                                     .doc = documentation,
                                     .children = children,
                                     .help_filter = ct_run_help_filter};
    *out = (ct_table_options){0};
    return ct_cli_parse(&argp, argc, argv, out);
}
