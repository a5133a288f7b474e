/* SPDX-License-Identifier: Apache-2.0 */
/* The table of options, and the one reader of command lines. */
#include "cli/options.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/base.h"
#include "certify/decimal.h"
#include "cli/cli.h"
#include "cli/launch.h"
#include "cli/own_text.h"
#include "problem/names.h"

typedef struct row row;

/* text: NULL for a flag. values: the words to choose from, as they stand in the help. */
typedef error_t parser(const row *o, const char *text, const char *values, ct_options *out,
                       const struct argp_state *state);

struct row {
    const char *name;
    int letter;         /* short option; 0: none */
    const char *values; /* "N"; NULL: a flag */
    const char *help;   /* NULL: a command says its own, or the library's of `key` */
    parser *parse;
    size_t place;     /* of the value in ct_options */
    long low, high;   /* of a count */
    const char *key;  /* of cutropy_options_set */
    const char *flag; /* what a flag sets there */
    bool many;        /* it may be given several times */
    int flags;        /* of argp */
};

/* ---- parsers ---- */

static void *place_of(const row *o, ct_options *out)
{
    return (char *)out + o->place;
}

static error_t parse_text(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    (void)values, (void)state;
    *(const char **)place_of(o, out) = text;
    return 0;
}

static error_t parse_flag(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    (void)text, (void)values, (void)state;
    *(bool *)place_of(o, out) = true;
    return 0;
}

static error_t parse_count(const row *o, const char *text, const char *values, ct_options *out,
                           const struct argp_state *state)
{
    (void)values;
    if (ct_option_count(o->name, text, o->low, o->high, place_of(o, out)))
        return ct_cli_bad(state, "--%s", cutropy_error());
    return 0;
}

/* An option of a run: the library knows it. */
static error_t parse_run(const row *o, const char *text, const char *values, ct_options *out,
                         const struct argp_state *state)
{
    (void)values;
    if (cutropy_options_set(out->run, o->key, text ? text : o->flag))
        return ct_cli_bad(state, "--%s", cutropy_error());
    return 0;
}

/* The number of a word in "2|e"; -1: none of them. */
static int find_word(const char *words, const char *text)
{
    int index = 0;
    for (const char *p = words; *p; index++) {
        const size_t length = strcspn(p, "|");
        if (length && strlen(text) == length && !strncasecmp(p, text, length))
            return index;
        p += length + (p[length] == '|');
    }
    return -1;
}

static error_t parse_word(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    char list[80] = "";
    const int index = find_word(values, text);
    *(int *)place_of(o, out) = index;
    if (index >= 0)
        return 0;
    for (const char *p = values; *p; p += *p == '|') { /* "auto, frontier or enumerate" */
        const size_t length = strcspn(p, "|"), used = strlen(list);
        const char *between = !used ? "" : p[length] ? ", " : " or ";
        snprintf(list + used, sizeof list - used, "%s%.*s", between, (int)length, p);
        p += length;
    }
    return ct_cli_bad(state, "--%s %s: choose %s", o->name, text, list);
}

/* The help has no room for these words beside the name. */
static error_t parse_form(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    (void)values;
    return parse_word(o, text, "classes|rank|orthogonal", out, state);
}

static error_t parse_method(const row *o, const char *text, const char *values, ct_options *out,
                            const struct argp_state *state)
{
    (void)values;
    return parse_word(o, text, "numbers|rows|columns|spectral|rearranged", out, state);
}

static error_t parse_format(const row *o, const char *text, const char *values, ct_options *out,
                            const struct argp_state *state)
{
    cutropy_format format;
    (void)o, (void)values;
    if (!cutropy_format_named(text, &format))
        return ct_cli_bad(state, "--format %s: choose " CT_FORMAT_WORDS, text);
    out->format = (int)format;
    return 0;
}

static error_t parse_base(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    if (find_word(values, text) < 0)
        return ct_cli_bad(state, "--base %s: choose 2 (bits) or e (nats)", text);
    return parse_word(o, text, values, out, state);
}

/* -: standard output. */
static error_t parse_output(const row *o, const char *text, const char *values, ct_options *out,
                            const struct argp_state *state)
{
    return parse_text(o, strcmp(text, "-") ? text : NULL, values, out, state);
}

static error_t parse_real(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    char *rest;
    double *to = place_of(o, out);
    (void)values;
    errno = 0;
    *to = strtod(text, &rest);
    if (rest == text || *rest || errno || !isfinite(*to) || *to < 0)
        return ct_cli_bad(state, "--%s %s: give a number that is not negative", o->name, text);
    return 0;
}

static error_t parse_large(const row *o, const char *text, const char *values, ct_options *out,
                           const struct argp_state *state)
{
    char *end;
    (void)values;
    errno = 0;
    *(uint64_t *)place_of(o, out) = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return ct_cli_bad(state, "--%s %s: give a number from 0 to 2^64 - 1", o->name, text);
    return 0;
}

static error_t parse_tolerance(const row *o, const char *text, const char *values, ct_options *out,
                               const struct argp_state *state)
{
    if (!ct_number_is_valid(text) || *text == '-')
        return ct_cli_bad(state, "--tolerance %s: give a number such as 1e-12", text);
    return parse_text(o, text, values, out, state);
}

static error_t parse_definition(const row *o, const char *text, const char *values, ct_options *out,
                                const struct argp_state *state)
{
    (void)o, (void)values;
    if (out->define_count == CT_MOST_DEFINITIONS)
        return ct_cli_bad(state, "--define: at most %d definitions", CT_MOST_DEFINITIONS);
    out->define[out->define_count++] = text;
    return 0;
}

/* Each stands once: check_repeats. */
static error_t parse_axis(const row *o, const char *text, const char *values, ct_options *out,
                          const struct argp_state *state)
{
    (void)values, (void)state;
    out->axes[out->axis_count++] = (cutropy_axis){o->name, text};
    return 0;
}

static error_t refuse_ground_truth(const row *o, const char *text, const char *values,
                                   ct_options *out, const struct argp_state *state)
{
    (void)o, (void)text, (void)values, (void)out;
    return ct_cli_bad(state, "--ground-truth is a command of its own: cutropy ground-truth DIR "
                             "[MANIFEST]");
}

/* ---- the table ---- */

#define AT(member) offsetof(ct_options, member)
#define AXIS(axis, words)                                                                          \
    {                                                                                              \
        .name = axis, .values = "LIST", .help = words, .parse = parse_axis                         \
    }

static const row table[CT_OPTION_COUNT] = {
    [CT_OPTION_LATTICE] =
        {"lattice", 'l', "LATTICE",
         "4x4, grid:LxxLy[:torus], links:LxxLy[:torus] (pixels on the links of a "
         "grid of vertices) or chain:N[:ring]; 8xinf[:cylinder], links:8xinf[:cylinder]: strips "
         "without end; default: the problem's own",
         parse_text, .place = AT(lattice)},
    [CT_OPTION_LATTICES] =
        {"lattices", 0, "LIST",
         "a series of lattices instead of one: 2x2..6x6, links:3x3..4x4:torus, "
         "chain:4..12, 4xinf..9xinf, or names with commas; fits for each and for all",
         parse_text, .place = AT(lattices)},
    [CT_OPTION_EXPRESSION] = {"expr", 0, "EXPRESSION",
                              "instead of PROBLEM: the label of an image as a C expression, "
                              "'lit % 3 == 0' (needs --lattice; docs/own-functions.md)",
                              parse_text, .place = AT(expression)},
    [CT_OPTION_DEFINE] = {.name = "define",
                          .letter = 'D',
                          .values = "NAME=VALUE",
                          .help = "a #define in front of FILE.c or --expr, a number or a name; may "
                                  "be given several times. seconds=N: what a step of 64 or 512 "
                                  "images may take (default 10); encoding=pm1: labels +1 and -1",
                          .parse = parse_definition,
                          .many = true},
    [CT_OPTION_CUTS] = {"cuts", 'c', "LIST", NULL, parse_text, .place = AT(cuts)},
    [CT_OPTION_QUANTITIES] = {.name = "quantities",
                              .letter = 'q',
                              .values = "LIST",
                              .parse = parse_text,
                              .place = AT(quantities),
                              .key = "quantities"},
    [CT_OPTION_AGAINST_REST] = {"against-rest", 0, NULL,
                                "every class of a multi-class problem (digits) against the rest: "
                                "one table with a first column class; the problem is given without "
                                "its class",
                                parse_flag, .place = AT(against_rest)},
    [CT_OPTION_BASE] = {"base", 0, "2|e", "entropies in bits (2, the default) or nats (e)",
                        parse_base, .place = AT(base)},
    [CT_OPTION_LENGTH] = {"length", 0, "bonds|pixels|vertices",
                          "what L counts: bonds between A and B, pixels of A with a neighbour in "
                          "B, or vertices where a link of A meets one of B; default: vertices on "
                          "links, else bonds",
                          parse_word, .place = AT(length)},
    [CT_OPTION_RANGE] = {"range", 0, "R",
                         "a column with the bound R * boundary pixels of Theorem 3", parse_real,
                         .place = AT(range)},
    [CT_OPTION_TOPOLOGICAL] = {"topological", 0, NULL,
                               "insist on the topological constants: an error where a lattice has "
                               "no room for the regions",
                               parse_flag, .place = AT(topological)},
    [CT_OPTION_NO_TOPOLOGICAL] = {"no-topological", 0, NULL,
                                  "leave them out; default: computed where there is room",
                                  parse_flag, .place = AT(no_topological)},
    [CT_OPTION_REGIONS] = {"regions", 0, "A,B,C",
                           "three masks for the Kitaev-Preskill constant instead of automatic ones "
                           "(one lattice only)",
                           parse_text, .place = AT(regions)},
    [CT_OPTION_NEGATIVITY] =
        {"negativity", 0, NULL,
         "the log negativity of A and B as well: n^2 numbers and n^3 steps, n = different rows of A "
         "times those of B",
         parse_flag, .place = AT(negativity)},
    [CT_OPTION_CONNECTED] = {"connected", 0, "SIZE",
                             "every connected region of at most SIZE pixels; default: 6 or less, "
                             "as --most-cuts allows",
                             parse_count, .place = AT(map.connected), 1, CUTROPY_MAX_PIXELS},
    [CT_OPTION_LARGEST] = {"largest", 0, "PIXELS",
                           "leave out cuts with more pixels on both sides (large unstructured "
                           "functions); default: none",
                           parse_count, .place = AT(map.largest), 1, CUTROPY_MAX_PIXELS},
    [CT_OPTION_MOST_CUTS] =
        {"most-cuts", 0, "COUNT",
         "of more pairs, and rectangles of a grid, take those along a stride, and smaller connected regions; "
         "default: 5000",
         parse_count, .place = AT(most_cuts), 1, 100000000},
    [CT_OPTION_CHANNELS] = AXIS("channels", "cnn: D, e.g. 1,2,4,8"),
    [CT_OPTION_LAYERS] =
        AXIS("layers", "cnn: n_c, convolutions in front of each pooling; mera: coarse-grainings"),
    [CT_OPTION_POOLINGS] = AXIS("poolings", "cnn: n_p"),
    [CT_OPTION_KERNEL] = AXIS("kernel", "cnn: kernel widths"),
    [CT_OPTION_POOLING] = AXIS("pooling", "cnn: max, mean, product"),
    [CT_OPTION_ACTIVATION] = AXIS("activation", "cnn, mlp: relu, tanh, quadratic, linear"),
    [CT_OPTION_HIDDEN] = AXIS("hidden", "rbm: hidden units"),
    [CT_OPTION_CHI] = AXIS("chi", "mps, mera: bond dimensions"),
    [CT_OPTION_DISENTANGLERS] =
        AXIS("disentanglers", "mera: rounds in each halving; 0: none, a tree"),
    [CT_OPTION_WIDTH] = AXIS("width", "mlp: units of a hidden layer"),
    [CT_OPTION_DEPTH] = AXIS("depth", "mlp: hidden layers"),
    [CT_OPTION_SCALE] = AXIS("scale", "cnn, rbm, mlp: sizes of the weights"),
    [CT_OPTION_THETA] =
        AXIS("theta", "data, digits: several values of theta and a first column theta: 0.1,0.2, or "
                      "0.05..0.5 (10 values, equally far apart), or 0.05..0.5/19 (19 of them)"),
    [CT_OPTION_SEEDS] = {"seeds", 0, "K",
                         "networks for each combination of parameters; default: 16", parse_count,
                         .place = AT(seeds), 1, 1000000},
    [CT_OPTION_FIRST_SEED] = {"first-seed", 0, "SEED", "seeds SEED .. SEED + K - 1; default: 0",
                              parse_large, .place = AT(first_seed)},
    [CT_OPTION_WEIGHTS] = {"weights", 0, "PATTERN",
                           "trained networks instead of random ones: the path of the weights of "
                           "each, with {seed} and {channels}, {layers} .. for the values of the "
                           "lists",
                           parse_text, .place = AT(weights)},
    [CT_OPTION_MPS] =
        {"mps", 0, "FORM",
         "classes, rank or orthogonal: a matrix product state: of 0 and 1, one bond index a class of equal rows; of "
         "rationals, with the Schmidt ranks as bond dimensions; of isometries in doubles",
         parse_form, .place = AT(mps)},
    [CT_OPTION_FUNCTION] =
        {"function", 0, "dense|sparse",
         "its values, not normalised: all 2^N, or those that are not 0 and their images",
         parse_word, .place = AT(function)},
    [CT_OPTION_DENSITY] = {"density", 0, "CUT",
                           "the reduced density matrix of one cut: a mask, {0-3,7}, x<2, half, ..",
                           parse_text, .place = AT(density)},
    [CT_OPTION_SCHMIDT] = {"schmidt", 0, "CUT", "the Schmidt values and vectors of one cut",
                           parse_text, .place = AT(schmidt)},
    [CT_OPTION_BITS] =
        {"bits", 0, "lsb|msb",
         "of the number of an image, all but --mps. lsb: bit j is the j-th pixel (Qiskit; the "
         "default); msb: the first pixel is the most significant (quimb, QuTiP, Cirq, PennyLane)",
         parse_word, .place = AT(bits)},
    [CT_OPTION_CUTOFF] =
        {"cutoff", 0, "W",
         "orthogonal: the weight (of 1) that each bond may lose; default: only what "
         "rounding cannot tell from 0",
         parse_real, .place = AT(cutoff)},
    [CT_OPTION_ORDER] =
        {"order", 0, "ORDER",
         "numbers (the default), rows or columns of the positions of the pixels, or FILE.csv with a column "
         "`pixel`, as cutropy order writes it: site k is then pixel order[k] of the file",
         parse_text, .place = AT(order)},
    [CT_OPTION_LEAST] =
        {"least", 0, "rank|parameters|entropy",
         "what is made least: the largest rank of a cut (the default), the numbers of "
         "the matrix product state, or the largest entropy of a cut",
         parse_word, .place = AT(least)},
    [CT_OPTION_METHOD] =
        {"method", 0, "METHOD",
         "without a search: spectral or rearranged (by the mutual information of all pairs of pixels), numbers, "
         "rows or columns; default for sums of product states (data): spectral",
         parse_method, .place = AT(method)},
    [CT_OPTION_BUDGET] = {"budget", 0, "CUTS",
                          "search, and look at no more than so many cuts; beyond 20 pixels without "
                          "it: 10000",
                          parse_large, .place = AT(budget)},
    [CT_OPTION_TREE] =
        {"tree", 0, NULL,
         "the best binary tree of the pixels instead (up to 20; the steps are 3^N / 2)", parse_flag,
         .place = AT(tree)},
    [CT_OPTION_IMAGES] = {"count", 0, "COUNT",
                          "how many images, drawn with replacement; default: 1", parse_large,
                          .place = AT(images)},
    [CT_OPTION_SEED] = {"seed", 0, "SEED",
                        "which images: image k depends on SEED and k alone; default: 0",
                        parse_large, .place = AT(seed)},
    [CT_OPTION_IMAGE_FORMAT] = {"format", 'f', "text|pictures|pbm|npy",
                                "default: what the name of FILE says, else text", parse_word,
                                .place = AT(image_format)},
    [CT_OPTION_PROBLEM] = {"problem", 0, "PROBLEM",
                           "as for cutropy table: NAME, NAME:key=value or a file", parse_text,
                           .place = AT(check.problem)},
    [CT_OPTION_UNIT] = {"unit", 0, "bits|nats",
                        "of a column that is only called `entropy`; default: bits", parse_word,
                        .place = AT(check.unit)},
    [CT_OPTION_TOLERANCE] = {"tolerance", 0, "T",
                             "allow this much more than the table states, e.g. 1e-12",
                             parse_tolerance, .place = AT(check.tolerance)},
    [CT_OPTION_PLAIN] = {"plain", 0, NULL,
                         "compare with floating-point values instead of proved ones: faster",
                         parse_flag, .place = AT(plain)},
    [CT_OPTION_REPORT] = {"report", 0, "FILE",
                          "write every row with its verdict (.csv, .json, .npy, .txt, .md, .tex)",
                          parse_text, .place = AT(report)},
    [CT_OPTION_OUTPUT] = {"output", 'o', "FILE", NULL, parse_output, .place = AT(output)},
    [CT_OPTION_FOLDER] = {"output", 'o', "FOLDER",
                          "required; it is made if it is not there; files of an earlier map in it "
                          "are replaced when the new ones are complete, a folder of something else "
                          "is refused",
                          parse_text, .place = AT(output)},
    [CT_OPTION_FORMAT] = {"format", 'f', "WORD",
                          CT_FORMAT_WORDS "; default: what the name of FILE says, else csv",
                          .parse = parse_format},
    [CT_OPTION_CERTIFICATE] = {"certificate", 0, "FILE",
                               "also write a proof of the entropy of the only cut, for "
                               "cutropy-verify (label and integer functions)",
                               parse_text, .place = AT(certificate)},
    [CT_OPTION_PICTURES] = {"pictures", 0, "FOLDER", NULL, parse_text, .place = AT(pictures)},
    [CT_OPTION_PLOT] =
        {"plot", 0, "FILE",
         "also draw a picture (.svg, .png, .pdf; .gp: the script of gnuplot, which needs nothing else)",
         parse_text, .place = AT(plot)},
    [CT_OPTION_X] = {"x", 'x', "COLUMN", "the horizontal axis; pixels: those of the lattice",
                     parse_text, .place = AT(drawn.x)},
    [CT_OPTION_Y] = {"y", 'y', "COLUMN", "the vertical axis; default: the entropy", parse_text,
                     .place = AT(drawn.y)},
    [CT_OPTION_COLOUR] = {"colour", 0, "COLUMN", "the colour of points; default: their pixels",
                          parse_text, .place = AT(drawn.colour)},
    [CT_OPTION_TITLE] = {"title", 0, "TEXT", "above the picture; default: none", parse_text,
                         .place = AT(drawn.title)},
    [CT_OPTION_QUICK] = {"quick", 0, NULL, "small cases: some seconds in all instead of minutes",
                         parse_flag, .place = AT(quick)},
    [CT_OPTION_AUTOMATON] = {"automaton", 0, NULL,
                             "one that reads pixel after pixel, for large lattices", parse_flag,
                             .place = AT(automaton)},
    [CT_OPTION_RESUME] = {"resume", 0, NULL,
                          "go on where an earlier call with the same output was ended, from "
                          "FILE.journal, if it is there (docs/long-runs.md)",
                          parse_flag, .place = AT(resume)},
    [CT_OPTION_SUMMARY] =
        {"summary", 0, NULL,
         "one row about all cuts instead: mean, least and largest entropy, mean purity, and of "
         "--cuts sites the Meyer-Wallach measure (pixels of two levels), in doubles (--certify proves their errors)",
         parse_flag, .place = AT(summary)},
    [CT_OPTION_TIMINGS] = {"timings", 0, NULL,
                           "print the seconds of every stage as JSON on standard error", parse_flag,
                           .place = AT(timings)},
    [CT_OPTION_PLAN] = {"plan", 0, NULL, NULL, parse_flag, .place = AT(plan)},
    [CT_OPTION_QUIET] = {"quiet", 0, NULL, "no progress line (it only shows on a terminal)",
                         parse_flag, .place = AT(quiet)},
    [CT_OPTION_CERTIFY] = {.name = "certify", .parse = parse_run, .key = "certify", .flag = "yes"},
    [CT_OPTION_DIGITS] = {.name = "digits", .values = "D", .parse = parse_run, .key = "digits"},
    [CT_OPTION_THREADS] =
        {.name = "threads", .letter = 't', .values = "N", .parse = parse_run, .key = "threads"},
    [CT_OPTION_MEMORY] = {.name = "memory", .values = "SIZE", .parse = parse_run, .key = "memory"},
    [CT_OPTION_BACKEND] = {.name = "backend",
                           .values = "NAME",
                           .parse = parse_run,
                           .key = "backend"},
    [CT_OPTION_SOLVER] = {.name = "solver", .values = "NAME", .parse = parse_run, .key = "solver"},
    [CT_OPTION_NO_SYMMETRY] = {.name = "no-symmetry",
                               .parse = parse_run,
                               .key = "symmetry",
                               .flag = "no"},
    [CT_OPTION_BRACKET] = {.name = "bracket", .values = "K", .parse = parse_run, .key = "bracket"},
    [CT_OPTION_PART] = {.name = "part", .values = "I/K", .parse = parse_run, .key = "part"},
    [CT_OPTION_GROUND_TRUTH] = {.name = "ground-truth",
                                .values = "DIR",
                                .parse = refuse_ground_truth,
                                .flags = OPTION_HIDDEN},
};

/* ---- the reader ---- */

/* One command line: what argp is given, and where it goes. */
typedef struct reading {
    const ct_command *command;
    ct_options *options;
    size_t count;
    struct argp_option argp[CT_MOST_SERVED + 1]; /* one an entry that the command serves */
    const ct_serves *serves[CT_MOST_SERVED];
    bool seen[CT_MOST_SERVED];
    const char *twice, *twice_values; /* an option with a value that stands twice; NULL: none */
} reading;

static const char *values_of(const ct_serves *served)
{
    return served->values ? served->values : table[served->option].values;
}

static void describe(const ct_serves *served, struct argp_option *out)
{
    const row *o = &table[served->option];
    const char *help = served->help ? served->help : o->help;
    *out = (struct argp_option){.doc = help, .group = served->group};
    if (served->option == CT_OPTION_HEADER)
        return;
    out->name = o->name;
    out->key = o->letter ? o->letter : 256 + (int)served->option;
    out->arg = values_of(served);
    out->flags = o->flags;
    if (!help && o->key)
        out->doc = cutropy_options_help(o->key);
}

/* The entry of a key; r->count: none. */
static size_t entry_of(const reading *r, int key)
{
    size_t i = 0;
    while (i < r->count && (r->argp[i].key != key || !r->argp[i].name))
        i++;
    return i;
}

static error_t take_argument(const reading *r, const char *text, const struct argp_state *state)
{
    int given = 0;
    if (r->options->list) {
        r->options->list[r->options->listed++] = text;
        r->options->argument[0] = *r->options->list;
        return 0;
    }
    while (given < r->command->most && r->options->argument[given])
        given++;
    if (given == r->command->most)
        return ct_cli_bad(state, "%s: '%s' is too much", r->command->twice, text);
    r->options->argument[given] = text;
    return 0;
}

/* --expr and --define become the problem. */
static error_t read_own_text(ct_options *o, const struct argp_state *state)
{
    if (ct_own_text(o->expression, o->argument[0], o->define, o->define_count, &o->own_text))
        return ct_cli_bad(state, "%s", cutropy_error());
    if (o->own_text)
        o->argument[0] = o->own_text;
    return 0;
}

static error_t read_one(int key, char *text, struct argp_state *state)
{
    const reading *r = state->input;
    const ct_command *command = r->command;
    switch (key) {
    case ARGP_KEY_INIT:
        ct_cli_init(state);
        return 0;
    case ARGP_KEY_ARG:
        return take_argument(r, text, state);
    case ARGP_KEY_END:
        if (read_own_text(r->options, state))
            return EINVAL;
        if (command->missing && !r->options->argument[0])
            return ct_cli_bad(state, "%s", command->missing);
        return command->check ? command->check(r->options, state) : 0;
    default:
        break;
    }
    const size_t i = entry_of(r, key);
    if (i == r->count)
        return ARGP_ERR_UNKNOWN;
    const row *o = &table[r->serves[i]->option];
    return o->parse(o, text, values_of(r->serves[i]), r->options, state);
}

/* An option with a value that is given twice: the first value would be lost without a word. */
static error_t note_repeats(int key, char *text, struct argp_state *state)
{
    reading *r = state->input;
    const size_t i = key == ARGP_KEY_ARG ? r->count : entry_of(r, key);
    if (i == r->count || !text)
        return 0;
    if (r->seen[i] && !r->twice && !table[r->serves[i]->option].many) {
        r->twice = r->argp[i].name;
        r->twice_values = r->argp[i].arg;
    }
    r->seen[i] = true;
    return 0;
}

/* A dry run over the same words; other mistakes are left to the parser itself. */
static cutropy_status check_repeats(reading *r, int argc, char **argv)
{
    const struct argp dry = {.options = r->argp, .parser = note_repeats};
    argp_parse(&dry, argc, argv, ARGP_SILENT, NULL, r);
    if (!r->twice)
        return CUTROPY_OK;
    fprintf(stderr, "%s: --%s is given twice%s\n", r->command->name, r->twice,
            strcmp(r->twice_values, "LIST") ? "" : "; join lists with commas");
    return CUTROPY_EINPUT;
}

/* The option of the command whose name is most like this one; NULL: none is. */
static const char *nearest(const reading *r, const char *name, size_t length)
{
    const char *best = NULL;
    int least = CT_NAME_FAR;
    for (size_t i = 0; i < r->count; i++) {
        const char *known = r->argp[i].flags & OPTION_HIDDEN ? NULL : r->argp[i].name;
        const int edits = known ? ct_name_distance(known, name, length) : CT_NAME_FAR;
        if (edits < least) {
            least = edits;
            best = known;
        }
    }
    return best;
}

/* A word that begins with -- and with no option: the parser would not say what may have been meant. */
static cutropy_status check_names(const reading *r, int argc, char **argv)
{
    for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
        const char *name = argv[k] + 2;
        const size_t length = strcspn(name, "=");
        if (strncmp(argv[k], "--", 2) || !strncmp("help", name, length) ||
            !strncmp("usage", name, length))
            continue;
        size_t i = 0;
        while (i < r->count && !(r->argp[i].name && !strncmp(r->argp[i].name, name, length)))
            i++;
        if (i < r->count) {
            k += r->argp[i].arg && !name[length] && strlen(r->argp[i].name) == length; /* a value */
            continue;
        }
        const char *near = nearest(r, name, length);
        if (near)
            fprintf(stderr, "%s: unknown option '%s'; did you mean --%s?\n", r->command->name,
                    argv[k], near);
        else
            fprintf(stderr, "%s: unknown option '%s'; '%s --help' lists the options\n",
                    r->command->name, argv[k], r->command->name);
        return CUTROPY_EINPUT;
    }
    return CUTROPY_OK;
}

/* The exit codes follow the examples on the help page of a command that computes. */
static char *filter_help(int key, const char *text, void *input)
{
    const reading *r = input;
    if (key != ARGP_KEY_HELP_EXTRA || !r || !r->count)
        return (char *)(uintptr_t)text;
    return strdup(ct_cli_exit_codes);
}

static cutropy_status read_line(const ct_command *command, int argc, char **argv, ct_options *out)
{
    cutropy_status status = CUTROPY_OK;
    reading r = {.command = command, .options = out};
    char **copy = NULL; /* argp changes the order */
    for (const ct_serves *s = command->serves; s && s->group; s++) {
        r.serves[r.count] = s;
        describe(s, &r.argp[r.count++]);
    }
    const struct argp argp = {.options = r.count ? r.argp : NULL, /* argp leaks an empty list */
                              .parser = read_one,
                              .args_doc = command->arguments,
                              .doc = command->documentation,
                              .help_filter = filter_help};
    CT_NEW_ZERO(copy, (size_t)argc + 1);
    if (command->arguments && !command->most)
        CT_NEW_ZERO(out->list, argc);
    memcpy(copy, argv, (size_t)argc * sizeof *argv);
    CT_TRY(check_names(&r, argc, copy));
    CT_TRY(check_repeats(&r, argc, copy));
    memcpy(copy, argv, (size_t)argc * sizeof *argv);
    status = ct_cli_parse(&argp, argc, copy, &r);
done:
    if (status == CUTROPY_EMEMORY)
        ct_cli_fail(command->name, status);
    ct_free(copy);
    return status;
}

int ct_command_call(const ct_command *command, int argc, char **argv)
{
    ct_options options = {.argc = argc,
                          .argv = argv,
                          .format = -1,
                          .length = -1,
                          .seeds = CT_STANDARD_SEEDS,
                          .range = NAN,
                          .mps = -1,
                          .function = -1,
                          .bits = -1,
                          .least = -1,
                          .method = -1,
                          .image_format = -1,
                          .cutoff = NAN,
                          .budget = UINT64_MAX,
                          .images = 1,
                          .map = CUTROPY_MAP_OPTIONS,
                          .check = CUTROPY_CHECK_OPTIONS};
    cutropy_status status = cutropy_options_create(&options.run);
    if (status)
        return ct_cli_fail(command->name, status);
    status = read_line(command, argc, argv, &options);
    const int code = status ? (int)status : command->run(command, &options);
    cutropy_options_free(options.run);
    ct_free(options.own_text);
    ct_free(options.list);
    return code;
}

/* What follows the last point of the output's name; "": nothing does. */
static const char *ending_of(const ct_options *options)
{
    const char *slash = options->output ? strrchr(options->output, '/') : NULL;
    const char *name = slash ? slash + 1 : options->output;
    const char *dot = name ? strrchr(name, '.') : NULL;
    return dot ? dot + 1 : "";
}

error_t ct_options_imply_format(ct_options *options, const struct argp_state *state)
{
    cutropy_format named = CUTROPY_FORMAT_CSV;
    const char *ending = ending_of(options);
    const bool known = cutropy_format_named(ending, &named);
    const bool says =
        known && !(options->format >= 0 && named == CUTROPY_FORMAT_TEXT); /* .txt: any text */
    if (options->format < 0 && *ending && !known)
        return ct_cli_bad(
            state, "'%s' ends in none of " CT_FORMAT_ENDINGS ": say which format with --format",
            options->output);
    if (says && options->format >= 0 && options->format != (int)named)
        return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                          options->output);
    if (options->format < 0)
        options->format = says ? (int)named : CUTROPY_FORMAT_CSV;
    if (options->format == CUTROPY_FORMAT_NPY && !options->output && !options->plan &&
        isatty(STDOUT_FILENO))
        return ct_cli_bad(
            state, ".npy is binary and standard output is a terminal%s: use -o FILE",
            ct_launch_team() ? " (under MPI the launcher's own, wherever its output goes)" : "");
    return 0;
}
