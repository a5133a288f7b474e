/* The command line of cutropy table. */
#include "cli/table_options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

enum {
    KEY_LATTICE = 'l',
    KEY_CUTS = 'c',
    KEY_QUANTITIES = 'q',
    KEY_OUTPUT = 'o',
    KEY_THREADS = 't',
    KEY_BASE = 256,
    KEY_FORMAT,
    KEY_BACKEND,
    KEY_NO_SYMMETRY,
    KEY_MEMORY,
    KEY_PLAN,
    KEY_TIMINGS,
    KEY_QUIET
};

static const struct argp_option option_list[] = {
    {0, 0, 0, 0, "What to compute:", 1},
    {"lattice", KEY_LATTICE, "LATTICE", 0,
     "4x4, grid:LxxLy[:torus], links:LxxLy[:torus] (pixels on the links of a grid of vertices) or "
     "chain:N[:ring]; default: the problem's own",
     0},
    {"cuts", KEY_CUTS, "LIST", 0,
     "all, rows, columns, prefixes, sites, pairs, rectangles, connected[:SIZE], half, a "
     "hexadecimal mask "
     "0x... of the kept pixels, @FILE (one mask a line), or several of them with commas; default: "
     "rows "
     "if there is more than one row, else prefixes",
     0},
    {"quantities", KEY_QUANTITIES, "LIST", 0,
     "more columns: renyi:ALPHA (ALPHA >= 0 or inf), schmidt_gap, log_negativity, "
     "mutual_information, "
     "boundary_pixels, blocks, tr_rho3, spectrum (not in .npy)",
     0},
    {"base", KEY_BASE, "2|e", 0, "entropies in bits (2, the default) or nats (e)", 0},
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FILE", 0,
     "write FILE (.csv, .json, .npy) whole or not at all; default: CSV on standard output", 0},
    {"format", KEY_FORMAT, "csv|json|npy", 0, "default: what the name of FILE says, else csv", 0},
    {"timings", KEY_TIMINGS, 0, 0, "print the seconds of every stage as JSON on standard error", 0},
    {"quiet", KEY_QUIET, 0, 0, "no progress line (it only shows on a terminal)", 0},
    {0, 0, 0, 0, "How it is computed (no influence on the values):", 3},
    {"plan", KEY_PLAN, 0, 0,
     "say what would be done and how much memory it needs, and do nothing; exit code 3 if it does "
     "not fit",
     0},
    {"threads", KEY_THREADS, "N", 0, "default: all cores this process may use", 0},
    {"memory", KEY_MEMORY, "SIZE", 0,
     "limit, e.g. 8G or 500M (powers of 1024); default: 90 % of the available memory", 0},
    {"backend", KEY_BACKEND, "auto|cpu", 0, "default: auto", 0},
    {"no-symmetry", KEY_NO_SYMMETRY, 0, 0,
     "compute every cut, even those that a symmetry makes equal", 0},
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
    "The left half of a 4x2 grid, by its mask; several masks from a file:\n"
    "  cutropy table parity --lattice 4x2 --cuts 0x33\n"
    "  cutropy table parity --lattice 4x2 --cuts @masks.txt --format json\n"
    "\n"
    "Columns: cut, na (pixels kept), boundary (bonds between the two regions), entropy_bits, "
    "entropy_err, guarantee, renyi2_bits, rank (lo..hi when not settled), classes_a, classes_b "
    "(different rows and columns of the cut matrix), purity (an exact fraction p/q for integer "
    "functions), then what --quantities adds. An empty cell: no value for this cut.\n"
    "\n"
    "The column guarantee says what entropy_err means:\n"
    "  exact      every eigenvalue is known in closed form; entropy_err bounds\n"
    "             the rounding of the logarithms\n"
    "  certified  entropy_err is a proved radius around the entropy\n"
    "  float      eigenvalues in double precision; entropy_err is the standard\n"
    "             estimate of their error\n";

static error_t parse_threads(const char *text, ct_table_options *options, struct argp_state *state)
{
    char *end;
    errno = 0;
    long threads = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || threads < 1 || threads > 65536)
        return ct_cli_bad(state, "--threads %s: give a number from 1 to 65536", text);
    options->threads = (int)threads;
    return 0;
}

/* "8G", "1.5GiB", "500M", "1048576". */
static error_t parse_memory(const char *text, ct_table_options *options, struct argp_state *state)
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

static bool format_of(const char *name, cutropy_format *format)
{
    static const char *const names[] = {"csv", "json", "npy"};
    for (int i = 0; i < 3; i++) {
        if (strcasecmp(name, names[i]))
            continue;
        *format = (cutropy_format)i;
        return true;
    }
    return false;
}

static error_t parse_format(const char *text, ct_table_options *options, struct argp_state *state)
{
    if (!format_of(text, &options->format))
        return ct_cli_bad(state, "--format %s: choose csv, json or npy", text);
    options->format_given = true;
    return 0;
}

static error_t parse_base(const char *text, ct_table_options *options, struct argp_state *state)
{
    if (strcmp(text, "2") && strcmp(text, "e"))
        return ct_cli_bad(state, "--base %s: choose 2 (bits) or e (nats)", text);
    options->base = *text == 'e' ? CUTROPY_NATS : CUTROPY_BITS;
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
    if (!options->problem)
        return ct_cli_bad(state,
                          "which problem? e.g. '%s connected'; 'cutropy problems' lists them",
                          state->argv[0]);
    if (dot && format_of(dot + 1, &implied)) {
        if (options->format_given && options->format != implied)
            return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                              options->output);
        options->format = implied;
    }
    if (options->format == CUTROPY_NPY && has_spectrum(options->quantities))
        return ct_cli_bad(state,
                          "contradictory options: a spectrum has no fixed length and cannot be a "
                          "column of .npy; use csv or json");
    if (options->plan && options->timings)
        return ct_cli_bad(
            state, "contradictory options: --plan computes nothing that --timings could time");
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    ct_table_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ct_cli_init(state);
        return 0;
    case KEY_LATTICE:
        options->lattice = argument;
        return 0;
    case KEY_CUTS:
        options->cuts = argument;
        return 0;
    case KEY_QUANTITIES:
        options->quantities = argument;
        return 0;
    case KEY_OUTPUT:
        options->output = argument;
        return 0;
    case KEY_BACKEND:
        options->backend = argument;
        return 0;
    case KEY_THREADS:
        return parse_threads(argument, options, state);
    case KEY_MEMORY:
        return parse_memory(argument, options, state);
    case KEY_FORMAT:
        return parse_format(argument, options, state);
    case KEY_BASE:
        return parse_base(argument, options, state);
    case KEY_NO_SYMMETRY:
        options->no_symmetry = true;
        return 0;
    case KEY_PLAN:
        options->plan = true;
        return 0;
    case KEY_TIMINGS:
        options->timings = true;
        return 0;
    case KEY_QUIET:
        options->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->problem)
            return ct_cli_bad(state, "one problem at a time: '%s' is too much", argument);
        options->problem = argument;
        return 0;
    case ARGP_KEY_END:
        return check(options, state);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The exit codes follow the examples on the help page. */
static char *help_filter(int key, const char *text, void *input)
{
    (void)input;
    if (key != ARGP_KEY_HELP_EXTRA)
        return (char *)text;
    return strdup(ct_cli_exit_codes);
}

cutropy_status ct_table_options_parse(int argc, char **argv, ct_table_options *out)
{
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "PROBLEM",
                                     .doc = documentation,
                                     .help_filter = help_filter};
    *out = (ct_table_options){0};
    return ct_cli_parse(&argp, argc, argv, out);
}
