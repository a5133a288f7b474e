/* SPDX-License-Identifier: Apache-2.0 */
/* The table of options: their names, their words in the help, where their values go. */
#include "cli/option_parts.h"
#include "cli/options.h"

#define AT(member) offsetof(ct_options, member)
#define AXIS(axis, words)                                                                          \
    {                                                                                              \
        .name = axis, .values = "LIST", .help = words, .parse = ct_parse_axis                      \
    }

const ct_cli_option ct_cli_option_table[CT_OPTION_COUNT] = {
    [CT_OPTION_LATTICE] = {"lattice", 'l', "LATTICE", CT_HELP_LATTICE CT_HELP_OWN_LATTICE,
                           ct_parse_text, .place = AT(lattice)},
    [CT_OPTION_LATTICES] =
        {"lattices", 0, "LIST",
         "a series of lattices instead of one: 2x2..6x6, links:3x3..4x4:torus, "
         "chain:4..12, 4xinf..9xinf, or names with commas; fits for each and for all",
         ct_parse_text, .place = AT(lattices)},
    [CT_OPTION_EXPRESSION] = {"expr", 0, "EXPRESSION",
                              "instead of PROBLEM: the label of an image as a C expression, "
                              "'lit % 3 == 0' (needs --lattice; docs/own-functions.md)",
                              ct_parse_text, .place = AT(expression)},
    [CT_OPTION_DEFINE] = {.name = "define",
                          .letter = 'D',
                          .values = "NAME=VALUE",
                          .help = "a #define in front of FILE.c or --expr, a number or a name; may "
                                  "be given several times. seconds=N: what a step of 64 or 512 "
                                  "images may take (default 10); encoding=pm1: labels +1 and -1",
                          .parse = ct_parse_definition,
                          .many = true},
    [CT_OPTION_CUTS] = {"cuts", 'c', "LIST", NULL, ct_parse_text, .place = AT(cuts)},
    [CT_OPTION_QUANTITIES] = {.name = "quantities",
                              .letter = 'q',
                              .values = "LIST",
                              .parse = ct_parse_text,
                              .place = AT(quantities),
                              .key = "quantities"},
    [CT_OPTION_AGAINST_REST] = {"against-rest", 0, NULL,
                                "every class of a multi-class problem (digits) against the rest: "
                                "one table with a first column class; the problem is given without "
                                "its class",
                                ct_parse_flag, .place = AT(against_rest)},
    [CT_OPTION_BASE] = {"base", 0, "2|e", "entropies in bits (2, the default) or nats (e)",
                        ct_parse_base, .place = AT(base)},
    [CT_OPTION_LENGTH] = {"length", 0, "bonds|pixels|vertices",
                          "what L counts: bonds between A and B, pixels of A with a neighbour in "
                          "B, or vertices where a link of A meets one of B; default: vertices on "
                          "links, else bonds",
                          ct_parse_word, .place = AT(length)},
    [CT_OPTION_RANGE] = {"range", 0, "R",
                         "a column with the bound R * boundary pixels of Theorem 3", ct_parse_real,
                         .place = AT(range)},
    [CT_OPTION_TOPOLOGICAL] = {"topological", 0, NULL,
                               "insist on the topological constants: an error where a lattice has "
                               "no room for the regions",
                               ct_parse_flag, .place = AT(topological)},
    [CT_OPTION_NO_TOPOLOGICAL] = {"no-topological", 0, NULL,
                                  "leave them out; default: computed where there is room",
                                  ct_parse_flag, .place = AT(no_topological)},
    [CT_OPTION_REGIONS] = {"regions", 0, "A,B,C",
                           "three masks for the Kitaev-Preskill constant instead of automatic ones "
                           "(one lattice only)",
                           ct_parse_text, .place = AT(regions)},
    [CT_OPTION_NEGATIVITY] =
        {"negativity", 0, NULL,
         "the log negativity of A and B as well: n^2 numbers and n^3 steps, n = different rows of A "
         "times those of B",
         ct_parse_flag, .place = AT(negativity)},
    [CT_OPTION_CONNECTED] = {"connected", 0, "SIZE",
                             "every connected region of at most SIZE pixels; default: 6 or less, "
                             "as --most-cuts allows",
                             ct_parse_count, .place = AT(map.connected), 1, CUTROPY_MAX_PIXELS},
    [CT_OPTION_LARGEST] = {"largest", 0, "PIXELS",
                           "leave out cuts with more pixels on both sides (large unstructured "
                           "functions); default: none",
                           ct_parse_count, .place = AT(map.largest), 1, CUTROPY_MAX_PIXELS},
    [CT_OPTION_MOST_CUTS] =
        {"most-cuts", 0, "COUNT",
         "of more pairs, and rectangles of a grid, take those along a stride, and smaller connected regions; "
         "default: 5000",
         ct_parse_count, .place = AT(most_cuts), 1, 100000000},
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
                         "networks for each combination of parameters; default: 16", ct_parse_count,
                         .place = AT(seeds), 1, 1000000},
    [CT_OPTION_FIRST_SEED] = {"first-seed", 0, "SEED", "seeds SEED .. SEED + K - 1; default: 0",
                              ct_parse_large, .place = AT(first_seed)},
    [CT_OPTION_WEIGHTS] = {"weights", 0, "PATTERN",
                           "trained networks instead of random ones: the path of the weights of "
                           "each, with {seed} and {channels}, {layers} .. for the values of the "
                           "lists",
                           ct_parse_text, .place = AT(weights)},
    [CT_OPTION_MPS] =
        {"mps", 0, "FORM",
         "classes, rank or orthogonal: a matrix product state: of 0 and 1, one bond index a class of equal rows; of "
         "rationals, with the Schmidt ranks as bond dimensions; of isometries in doubles",
         ct_parse_form, .place = AT(mps)},
    [CT_OPTION_FUNCTION] =
        {"function", 0, "dense|sparse",
         "its values, not normalised: all 2^N, or those that are not 0 and their images",
         ct_parse_word, .place = AT(function)},
    [CT_OPTION_DENSITY] = {"density", 0, "CUT",
                           "the reduced density matrix of one cut: a mask, {0-3,7}, x<2, half, ..",
                           ct_parse_text, .place = AT(density)},
    [CT_OPTION_SCHMIDT] = {"schmidt", 0, "CUT", "the Schmidt values and vectors of one cut",
                           ct_parse_text, .place = AT(schmidt)},
    [CT_OPTION_BITS] =
        {"bits", 0, "lsb|msb",
         "of the number of an image, all but --mps. lsb: bit j is the j-th pixel (Qiskit; the "
         "default); msb: the first pixel is the most significant (quimb, QuTiP, Cirq, PennyLane)",
         ct_parse_word, .place = AT(bits)},
    [CT_OPTION_CUTOFF] =
        {"cutoff", 0, "W",
         "orthogonal: the weight (of 1) that each bond may lose; default: only what "
         "rounding cannot tell from 0",
         ct_parse_real, .place = AT(cutoff)},
    [CT_OPTION_ORDER] =
        {"order", 0, "ORDER",
         "numbers (the default), rows or columns of the positions of the pixels, or FILE.csv with a column "
         "`pixel`, as cutropy order writes it: site k is then pixel order[k] of the file",
         ct_parse_text, .place = AT(order)},
    [CT_OPTION_LEAST] =
        {"least", 0, "rank|parameters|entropy",
         "what is made least: the largest rank of a cut (the default), the numbers of "
         "the matrix product state, or the largest entropy of a cut",
         ct_parse_word, .place = AT(least)},
    [CT_OPTION_METHOD] =
        {"method", 0, "METHOD",
         "without a search: spectral or rearranged (by the mutual information of all pairs of pixels), numbers, "
         "rows or columns; default for sums of product states (data): spectral",
         ct_parse_method, .place = AT(method)},
    [CT_OPTION_BUDGET] = {"budget", 0, "CUTS",
                          "search, and look at no more than so many cuts; beyond 20 pixels without "
                          "it: 10000",
                          ct_parse_large, .place = AT(budget)},
    [CT_OPTION_TREE] =
        {"tree", 0, NULL,
         "the best binary tree of the pixels instead (up to 20; the steps are 3^N / 2)",
         ct_parse_flag, .place = AT(tree)},
    [CT_OPTION_IMAGES] = {"count", 0, "COUNT",
                          "how many images, drawn with replacement; default: 1", ct_parse_large,
                          .place = AT(images)},
    [CT_OPTION_SEED] = {"seed", 0, "SEED",
                        "which images: image k depends on SEED and k alone; default: 0",
                        ct_parse_large, .place = AT(seed)},
    [CT_OPTION_IMAGE_FORMAT] = {"format", 'f', "text|pictures|pbm|npy",
                                "default: what the name of FILE says, else text", ct_parse_word,
                                .place = AT(image_format)},
    [CT_OPTION_PROBLEM] = {"problem", 0, "PROBLEM",
                           "as for cutropy table: NAME, NAME:key=value or a file", ct_parse_text,
                           .place = AT(check.problem)},
    [CT_OPTION_UNIT] = {"unit", 0, "bits|nats",
                        "of a column that is only called `entropy`; default: bits", ct_parse_word,
                        .place = AT(check.unit)},
    [CT_OPTION_TOLERANCE] = {"tolerance", 0, "T",
                             "allow this much more than the table states, e.g. 1e-12",
                             ct_parse_tolerance, .place = AT(check.tolerance)},
    [CT_OPTION_PLAIN] = {"plain", 0, NULL,
                         "compare with floating-point values instead of proved ones: faster",
                         ct_parse_flag, .place = AT(plain)},
    [CT_OPTION_REPORT] = {"report", 0, "FILE",
                          "write every row with its verdict (.csv, .json, .npy, .txt, .md, .tex)",
                          ct_parse_text, .place = AT(report)},
    [CT_OPTION_OUTPUT] = {"output", 'o', "FILE", NULL, ct_parse_output, .place = AT(output)},
    [CT_OPTION_FOLDER] = {"output", 'o', "FOLDER",
                          "required; it is made if it is not there; files of an earlier map in it "
                          "are replaced when the new ones are complete, a folder of something else "
                          "is refused",
                          ct_parse_text, .place = AT(output)},
    [CT_OPTION_FORMAT] = {"format", 'f', "WORD",
                          CT_FORMAT_WORDS "; default: what the name of FILE says, else csv",
                          .parse = ct_parse_format},
    [CT_OPTION_CERTIFICATE] = {"certificate", 0, "FILE",
                               "also write a proof of the entropy of the only cut, for "
                               "cutropy-verify (label and integer functions)",
                               ct_parse_text, .place = AT(certificate)},
    [CT_OPTION_PICTURES] = {"pictures", 0, "FOLDER", NULL, ct_parse_text, .place = AT(pictures)},
    [CT_OPTION_PLOT] =
        {"plot", 0, "FILE",
         "also draw a picture (.svg, .png, .pdf; .gp: the script of gnuplot, which needs nothing else)",
         ct_parse_text, .place = AT(plot)},
    [CT_OPTION_X] = {"x", 'x', "COLUMN", "the horizontal axis; pixels: those of the lattice",
                     ct_parse_text, .place = AT(drawn.x)},
    [CT_OPTION_Y] = {"y", 'y', "COLUMN", "the vertical axis; default: the entropy", ct_parse_text,
                     .place = AT(drawn.y)},
    [CT_OPTION_COLOUR] = {"colour", 0, "COLUMN", "the colour of points; default: their pixels",
                          ct_parse_text, .place = AT(drawn.colour)},
    [CT_OPTION_TITLE] = {"title", 0, "TEXT", "above the picture; default: none", ct_parse_text,
                         .place = AT(drawn.title)},
    [CT_OPTION_QUICK] = {"quick", 0, NULL, "small cases: some seconds in all instead of minutes",
                         ct_parse_flag, .place = AT(quick)},
    [CT_OPTION_AUTOMATON] = {"automaton", 0, NULL,
                             "one that reads pixel after pixel, for large lattices", ct_parse_flag,
                             .place = AT(automaton)},
    [CT_OPTION_RESUME] = {"resume", 0, NULL, CT_HELP_RESUME("-o FILE", "FILE"), ct_parse_flag,
                          .place = AT(resume)},
    [CT_OPTION_SUMMARY] =
        {"summary", 0, NULL,
         "one row about all cuts instead: mean, least and largest entropy, mean purity, and of "
         "--cuts sites the Meyer-Wallach measure (pixels of two levels), in doubles (--certify proves their errors)",
         ct_parse_flag, .place = AT(summary)},
    [CT_OPTION_TIMINGS] = {"timings", 0, NULL,
                           "print the seconds of every stage as JSON on standard error",
                           ct_parse_flag, .place = AT(timings)},
    [CT_OPTION_PLAN] = {"plan", 0, NULL, NULL, ct_parse_flag, .place = AT(plan)},
    [CT_OPTION_QUIET] = {"quiet", 0, NULL, "no progress line (it only shows on a terminal)",
                         ct_parse_flag, .place = AT(quiet)},
    [CT_OPTION_CERTIFY] = {.name = "certify",
                           .parse = ct_parse_run,
                           .key = "certify",
                           .flag = "yes"},
    [CT_OPTION_DIGITS] = {.name = "digits", .values = "D", .parse = ct_parse_run, .key = "digits"},
    [CT_OPTION_THREADS] =
        {.name = "threads", .letter = 't', .values = "N", .parse = ct_parse_run, .key = "threads"},
    [CT_OPTION_MEMORY] = {.name = "memory",
                          .values = "SIZE",
                          .parse = ct_parse_run,
                          .key = "memory"},
    [CT_OPTION_BACKEND] = {.name = "backend",
                           .values = "NAME",
                           .parse = ct_parse_run,
                           .key = "backend"},
    [CT_OPTION_SOLVER] = {.name = "solver",
                          .values = "NAME",
                          .parse = ct_parse_run,
                          .key = "solver"},
    [CT_OPTION_NO_SYMMETRY] = {.name = "no-symmetry",
                               .parse = ct_parse_run,
                               .key = "symmetry",
                               .flag = "no"},
    [CT_OPTION_BRACKET] = {.name = "bracket",
                           .values = "K",
                           .parse = ct_parse_run,
                           .key = "bracket"},
    [CT_OPTION_PART] = {.name = "part", .values = "I/K", .parse = ct_parse_run, .key = "part"},
    [CT_OPTION_GROUND_TRUTH] = {.name = "ground-truth",
                                .values = "DIR",
                                .parse = ct_refuse_ground_truth,
                                .flags = OPTION_HIDDEN},
};
