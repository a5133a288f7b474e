/* SPDX-License-Identifier: Apache-2.0 */
/* The options of all commands: one table, from which each command takes the entries it serves. argp
 * reads them and prints the help page. */
#ifndef CT_CLI_OPTIONS_H
#define CT_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include <cutropy/check.h>
#include <cutropy/expressivity.h>
#include <cutropy/map.h>
#include <cutropy/plot.h>

#include "engine/function/options.h"
#include "lattice/cut_list.h"
#include "sheet/sheet.h"

#define CT_STANDARD_SEEDS 16
#define CT_MOST_DEFINITIONS 64
#define CT_AXES 11 /* keys of networks that expressivity sweeps over */

/* Everything that can be typed; a command reads what it serves. Texts are those of argv. */
typedef struct ct_options {
    int argc; /* as they were typed, for a report */
    char *const *argv;
    const char *argument[2]; /* PROBLEM, TABLE, ..: as in the usage line; NULL: not given */
    const char **list;       /* all arguments of a command that takes any number; owned */
    size_t listed;
    const char *expression; /* --expr */
    const char *define[CT_MOST_DEFINITIONS];
    size_t define_count;
    char *own_text;       /* the argument that follows from these; owned */
    cutropy_options *run; /* threads, memory, backend, solver, symmetry, digits, certify */
    bool resume;          /* from the journal beside the output */
    bool negativity, summary;
    bool quiet, plan, timings, against_rest, topological, no_topological, plain, quick, automaton,
        tree;
    /* what is computed; NULL: as the command says */
    const char *order; /* of the sites */
    const char *lattice, *lattices, *cuts, *quantities, *regions, *weights;
    /* where it goes; NULL: standard output, or nowhere */
    const char *output, *certificate, *report, *pictures, *plot;
    int format; /* a cutropy_format; -1: not said */
    int base;   /* a cutropy_base */
    int length; /* a cutropy_length; -1: the command chooses */
    int seeds;
    double range; /* NaN: not given */
    uint64_t first_seed;
    int most_cuts;                 /* 0: not given */
    int mps;                       /* a cutropy_mps_form; -1: not given */
    int least, method;             /* a cutropy_order_aim, a cutropy_order_method; -1: not given */
    int function, bits;            /* the place in the words, -1: not given */
    const char *density, *schmidt; /* a cut */
    int image_format;              /* the place in the words; -1: not given */
    double cutoff;                 /* NaN: not given */
    uint64_t seed, images;         /* of a sample */
    uint64_t budget;               /* of a search, in cuts; UINT64_MAX: not given */
    cutropy_map_options map;
    cutropy_plot_options drawn;
    cutropy_check_options check; /* but for lattice and plain, which stand above */
    cutropy_axis axes[CT_AXES];
    size_t axis_count;
} ct_options;

/* The entries of the table. */
typedef enum ct_option_id {
    CT_OPTION_HEADER, /* of a group of the help page: its text stands in ct_serves.help */
    CT_OPTION_LATTICE,
    CT_OPTION_LATTICES,
    CT_OPTION_EXPRESSION,
    CT_OPTION_DEFINE,
    CT_OPTION_CUTS,
    CT_OPTION_QUANTITIES,
    CT_OPTION_AGAINST_REST,
    CT_OPTION_BASE,
    CT_OPTION_LENGTH,
    CT_OPTION_RANGE,
    CT_OPTION_TOPOLOGICAL,
    CT_OPTION_NO_TOPOLOGICAL,
    CT_OPTION_REGIONS,
    CT_OPTION_NEGATIVITY,
    CT_OPTION_CONNECTED,
    CT_OPTION_LARGEST,
    CT_OPTION_MOST_CUTS,
    CT_OPTION_CHANNELS, /* the axes, in the order of their keys */
    CT_OPTION_LAYERS,
    CT_OPTION_POOLINGS,
    CT_OPTION_KERNEL,
    CT_OPTION_POOLING,
    CT_OPTION_ACTIVATION,
    CT_OPTION_HIDDEN,
    CT_OPTION_CHI,
    CT_OPTION_DISENTANGLERS,
    CT_OPTION_WIDTH,
    CT_OPTION_DEPTH,
    CT_OPTION_SCALE,
    CT_OPTION_THETA,
    CT_OPTION_SEEDS,
    CT_OPTION_FIRST_SEED,
    CT_OPTION_WEIGHTS,
    CT_OPTION_MPS,
    CT_OPTION_FUNCTION,
    CT_OPTION_DENSITY,
    CT_OPTION_SCHMIDT,
    CT_OPTION_BITS,
    CT_OPTION_CUTOFF,
    CT_OPTION_ORDER,
    CT_OPTION_LEAST,
    CT_OPTION_METHOD,
    CT_OPTION_BUDGET,
    CT_OPTION_TREE,
    CT_OPTION_IMAGES, /* --count */
    CT_OPTION_SEED,
    CT_OPTION_IMAGE_FORMAT, /* --format of a list of images */
    CT_OPTION_PROBLEM,
    CT_OPTION_UNIT,
    CT_OPTION_TOLERANCE,
    CT_OPTION_PLAIN,
    CT_OPTION_REPORT,
    CT_OPTION_OUTPUT, /* a file */
    CT_OPTION_FOLDER, /* the same option where it names a folder */
    CT_OPTION_FORMAT,
    CT_OPTION_CERTIFICATE,
    CT_OPTION_PICTURES,
    CT_OPTION_PLOT,
    CT_OPTION_X,
    CT_OPTION_Y,
    CT_OPTION_COLOUR,
    CT_OPTION_TITLE,
    CT_OPTION_QUICK,
    CT_OPTION_AUTOMATON,
    CT_OPTION_RESUME,
    CT_OPTION_SUMMARY,
    CT_OPTION_TIMINGS,
    CT_OPTION_PLAN,
    CT_OPTION_QUIET,
    CT_OPTION_CERTIFY, /* those of a run: their words and parsers are the library's */
    CT_OPTION_DIGITS,
    CT_OPTION_THREADS,
    CT_OPTION_MEMORY,
    CT_OPTION_BACKEND,
    CT_OPTION_SOLVER,
    CT_OPTION_NO_SYMMETRY,
    CT_OPTION_BRACKET,
    CT_OPTION_PART,
    CT_OPTION_GROUND_TRUTH, /* of table, once; hidden */
    CT_OPTION_COUNT
} ct_option_id;

/* An entry that a command serves, and its group of the help page. */
typedef struct ct_serves {
    ct_option_id option;
    int group;
    const char *help;   /* NULL: that of the table */
    const char *values; /* "csv|json"; NULL: those of the table */
} ct_serves;

/* Of --lattice: what every command takes, and what those say that take strips as well. */
#define CT_HELP_LATTICE                                                                            \
    "4x4, grid:LxxLy[:torus], links:LxxLy[:torus] (pixels on the links of a grid of vertices) or " \
    "chain:N[:ring]"
#define CT_HELP_OWN_LATTICE "; default: the problem's own"
#define CT_HELP_LATTICE_OR_STRIP                                                                   \
    CT_HELP_LATTICE                                                                                \
    "; 8xinf[:cylinder], links:8xinf[:cylinder]: strips without end" CT_HELP_OWN_LATTICE

/* Groups 1 "What to compute:" and 3 "How it is computed": what every command with a PROBLEM
 * serves. A command writes it once in its list. */
#define CT_SERVES_RUN CT_SERVES_RUN_ON(NULL)
#define CT_SERVES_RUN_ON(lattices)                                                                 \
    {CT_OPTION_HEADER, 1, "What to compute:", NULL}, {CT_OPTION_LATTICE, 1, lattices, NULL},       \
        {CT_OPTION_QUIET, 2, NULL, NULL},                                                          \
        {CT_OPTION_HEADER, 3,                                                                      \
         "How it is computed (--threads never changes a value, --no-symmetry changes "             \
         "floating-point columns only within entropy_err):",                                       \
         NULL},                                                                                    \
        {CT_OPTION_THREADS, 3, NULL, NULL}, {CT_OPTION_MEMORY, 3, NULL, NULL},                     \
        {CT_OPTION_BACKEND, 3, NULL, NULL},                                                        \
    {                                                                                              \
        CT_OPTION_NO_SYMMETRY, 3, NULL, NULL                                                       \
    }

/* Commands that print decimals, and those that print doubles. */
#define CT_SERVES_DECIMALS                                                                         \
    {CT_OPTION_CERTIFY, 1, NULL, NULL},                                                            \
    {                                                                                              \
        CT_OPTION_DIGITS, 1, NULL, NULL                                                            \
    }
#define CT_SERVES_RADII                                                                            \
    {                                                                                              \
        CT_OPTION_CERTIFY, 1,                                                                      \
            "prove every entropy: numbers stay doubles, and their errors are then proved radii. "  \
            "Takes a few times as long",                                                           \
            NULL                                                                                   \
    }

/* Group 3 of commands that read levels: exports and samples. */
#define CT_SERVES_LEVELS                                                                           \
    {CT_OPTION_HEADER, 3, "How it is computed:", NULL},                                            \
        {CT_OPTION_SOLVER, 3,                                                                      \
         "frontier (automata that read the pixels one by one), affine (linear equations), "        \
         "enumerate (every image) or auto (frontier where the problem has an automaton, affine "   \
         "beyond 40 pixels); default: auto",                                                       \
         NULL},                                                                                    \
        {CT_OPTION_THREADS, 3, NULL, NULL}, {CT_OPTION_MEMORY, 3, NULL, NULL},                     \
    {                                                                                              \
        CT_OPTION_BACKEND, 3, NULL, NULL                                                           \
    }

/* C text instead of a problem by name: what commands of one problem serve. */
#define CT_SERVES_TEXT                                                                             \
    {CT_OPTION_EXPRESSION, 1, NULL, NULL},                                                         \
    {                                                                                              \
        CT_OPTION_DEFINE, 1, NULL, NULL                                                            \
    }

/* Of --cuts, before the default of the command; of -o where a table goes there. */
#define CT_HELP_CUTS                                                                               \
    CT_CUT_FAMILIES                                                                                \
    ", a "                                                                                         \
    "hexadecimal mask 0x... of the kept pixels, their numbers {0-3,7}, words x<2 or x+y<=3&i>=4, " \
    "@FILE (one of these a line, or pictures with A and .), or several of them with commas; a "    \
    "mask that comes again is dropped; connected: of half of the pixels at most, by size, then "   \
    "by mask; links: row y is the horizontal links of vertex row y and the vertical ones below, "  \
    "a rectangle all links between its vertices; default: "
#define CT_HELP_OUTPUT                                                                             \
    "write FILE (" CT_FORMAT_ENDINGS                                                               \
    ") whole or not at all; default, and -o -: CSV on standard output"

/* Of --resume: what names the output, and where its journal is. */
#define CT_HELP_RESUME(output, file)                                                               \
    "go on where an earlier call with the same " output " was ended, from " file                   \
    ".journal, if it is there (docs/long-runs.md)"

#define CT_MOST_SERVED 48

/* A command of the program. */
typedef struct ct_command {
    const char *name;      /* "cutropy table", as messages begin */
    const char *summary;   /* a line of the overview */
    const char *arguments; /* of the usage line: "PROBLEM", "DIR [MANIFEST]", NULL */
    const char *missing;   /* what is said when there is no argument; NULL: none is needed */
    const char *twice;     /* "one problem at a time": when one is too much */
    int most;              /* arguments; 0: any number, in `list` */
    const char *documentation;
    const ct_serves *serves; /* up to an entry with group 0; NULL: no options */
    /* Options that do not go together, and what follows from others; NULL: nothing to check. */
    error_t (*check)(ct_options *options, const struct argp_state *state);
    /* Returns the exit code, a cutropy_status. */
    int (*run)(const struct ct_command *command, ct_options *options);
} ct_command;

/* What a command of one problem says of its argument. */
#define CT_TAKES_A_PROBLEM(command)                                                                \
    .arguments = "PROBLEM",                                                                        \
    .missing =                                                                                     \
        "which problem? e.g. 'cutropy " command " connected'; 'cutropy problems' lists them",      \
    .twice = "one problem at a time", .most = 1

extern const ct_command ct_command_table, ct_command_map, ct_command_scaling,
    ct_command_expressivity, ct_command_range, ct_command_verify, ct_command_order,
    ct_command_export, ct_command_sample, ct_command_information, ct_command_ground_truth,
    ct_command_check, ct_command_merge, ct_command_plot, ct_command_bench, ct_command_problems,
    ct_command_new, ct_command_info;

/* Reads argv and runs the command; returns its exit code, CUTROPY_EINPUT with one line on standard
 * error, or CT_CLI_HELPED. */
int ct_command_call(const ct_command *command, int argc, char **argv);

/* ---- for ct_command.check ---- */

/* What follows the last point of the name of a file; "": nothing does. */
const char *ct_options_ending(const char *path);

/* options->format: the cutropy_format that the name of a file (NULL: none) says, if --format does not; they must not
 * contradict. csv where nobody says one. */
error_t ct_options_format_of(ct_options *options, const char *path, const struct argp_state *state);
/* The same of the output, which is no terminal if it is binary. */
error_t ct_options_imply_format(ct_options *options, const struct argp_state *state);

#endif
