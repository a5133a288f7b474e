/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy expressivity FAMILY: what entropies networks reach, over their parameters and seeds. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cutropy/expressivity.h>

#include "analysis/expressivity.h"
#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/job.h"
#include "cli/signals.h"
#include "output/expressivity.h"
#include "output/gnuplot.h"
#include "sheet/save.h"
#include "sheet/staging.h"

#define STANDARD_SEEDS 16
#define PICTURE "expressivity" /* in the folder of pictures: */
static const char *const picture_files[] = {PICTURE ".dat", PICTURE ".gp", PICTURE ".svg",
                                            PICTURE ".png"};
#define PICTURE_FILES (sizeof picture_files / sizeof picture_files[0])

enum {
    KEY_CUTS = 'c',
    KEY_OUTPUT = 'o',
    KEY_FORMAT = 256,
    KEY_PICTURES,
    KEY_SEEDS,
    KEY_FIRST_SEED,
    KEY_WEIGHTS,
    KEY_AXIS /* and the following: keys of networks */
};

static const char *const axis_keys[] = {"channels", "layers",     "poolings", "kernel",
                                        "pooling",  "activation", "hidden",   "chi",
                                        "width",    "depth",      "scale"};
#define AXES (sizeof axis_keys / sizeof axis_keys[0])

typedef enum form { FORM_CSV, FORM_JSON, FORM_TEXT } form;

typedef struct expressivity_options {
    ct_run_options run;
    const char *output, *pictures, *weights;
    form format;
    bool format_given;
    int seeds;
    uint64_t first_seed;
    cutropy_axis axes[AXES];
    size_t axis_count;
} expressivity_options;

static const struct argp_option option_list[] = {
    {"cuts", KEY_CUTS, "LIST", 0,
     "all, rows, columns, prefixes, sites, pairs, rectangles, connected[:SIZE], half, a "
     "hexadecimal mask 0x... of the kept pixels, @FILE (one mask a line), or several of them with "
     "commas; default: half",
     1},
    {"channels", KEY_AXIS, "LIST", 0, "cnn: D, e.g. 1,2,4,8", 1},
    {"layers", KEY_AXIS + 1, "LIST", 0, "cnn: n_c, convolutions in front of each pooling", 1},
    {"poolings", KEY_AXIS + 2, "LIST", 0, "cnn: n_p", 1},
    {"kernel", KEY_AXIS + 3, "LIST", 0, "cnn: kernel widths", 1},
    {"pooling", KEY_AXIS + 4, "LIST", 0, "cnn: max, mean, product", 1},
    {"activation", KEY_AXIS + 5, "LIST", 0, "cnn, mlp: relu, tanh, quadratic, linear", 1},
    {"hidden", KEY_AXIS + 6, "LIST", 0, "rbm: hidden units", 1},
    {"chi", KEY_AXIS + 7, "LIST", 0, "mps: bond dimensions", 1},
    {"width", KEY_AXIS + 8, "LIST", 0, "mlp: units of a hidden layer", 1},
    {"depth", KEY_AXIS + 9, "LIST", 0, "mlp: hidden layers", 1},
    {"scale", KEY_AXIS + 10, "LIST", 0, "cnn, rbm, mlp: sizes of the weights", 1},
    {"seeds", KEY_SEEDS, "K", 0, "networks for each combination of parameters; default: 16", 1},
    {"first-seed", KEY_FIRST_SEED, "SEED", 0, "seeds SEED .. SEED + K - 1; default: 0", 1},
    {"weights", KEY_WEIGHTS, "PATTERN", 0,
     "trained networks instead of random ones: the path of the weights of each, with {seed} and "
     "{channels}, {layers} .. for the values of the lists",
     1},
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FILE", 0,
     "write the table to FILE (.csv, .json, .txt) whole or not at all; default: CSV on standard "
     "output",
     2},
    {"format", KEY_FORMAT, "csv|json|text", 0,
     "text: only what the numbers say about the claim; default: what the name of FILE says, else "
     "csv",
     2},
    {"pictures", KEY_PICTURES, "FOLDER", 0,
     "also draw " PICTURE ".svg and .png there, with their data and gnuplot script; the folder is "
     "made if it is not there",
     2},
    {0}};

static const char documentation[] =
    "Compute the entropies of a family of networks (cnn, rbm, mps or mlp) for every combination of "
    "the listed parameters and many seeds, and compare S/L (entropy over boundary length) with the "
    "claim S/L ~ n_c log D of arXiv 1710.05520 and with D ~ D0^(1/n_c) at equal entropy. FAMILY "
    "may fix parameters: cnn:kernel=1."
    "\v"
    "A first result:\n"
    "  cutropy expressivity cnn --format text\n"
    "A table and pictures of deeper networks, 64 of each:\n"
    "  cutropy expressivity cnn:activation=tanh --channels 1,2,4,8 --layers 1,2,3 \\\n"
    "    --seeds 64 -o cnn.csv --pictures cnn-pictures\n"
    "Your trained networks trained/D2-run0.npy, trained/D2-run1.npy, ..:\n"
    "  cutropy expressivity cnn --channels 2,4 --weights 'trained/D{channels}-run{seed}.npy'\n"
    "\n"
    "Columns: the parameters, cut, na, boundary (L), seeds, claim (n_c log2 D; rbm: hidden units; "
    "mps: log2 chi; mlp: depth log2 width), then of S/L in bits per bond over the seeds: "
    "mean_bits, sd_bits (standard deviation), se_bits (standard error), min_bits, max_bits, and "
    "limit_bits = min(NA, NB)/L, page_bits = Page's average/L. With several cuts a line whose cut "
    "reads 'mean' averages over them; the fits use it.\n"
    "With --output FILE the words about the claim go to standard output.\n";

/* ---- the command line ---- */

static bool format_of(const char *name, form *format)
{
    static const char *const names[] = {"csv", "json", "text", "txt"};
    for (int i = 0; i < 4; i++)
        if (!strcmp(name, names[i])) {
            *format = i > FORM_TEXT ? FORM_TEXT : (form)i;
            return true;
        }
    return false;
}

static error_t parse_seed(const char *text, uint64_t *out, const struct argp_state *state)
{
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno)
        return ct_cli_bad(state, "--first-seed %s: give a number from 0 to 2^64 - 1", text);
    return 0;
}

static error_t add_axis(expressivity_options *options, size_t key, const char *values,
                        const struct argp_state *state)
{
    for (size_t a = 0; a < options->axis_count; a++) /* keeps the array in bounds */
        if (options->axes[a].key == axis_keys[key])
            return ct_cli_bad(state, "--%s is given twice; join lists with commas", axis_keys[key]);
    options->axes[options->axis_count++] = (cutropy_axis){axis_keys[key], values};
    return 0;
}

static error_t check(expressivity_options *options, const struct argp_state *state)
{
    const char *slash = options->output ? strrchr(options->output, '/') : NULL;
    const char *dot = options->output ? strrchr(slash ? slash : options->output, '.') : NULL;
    form implied;
    if (!dot || !format_of(dot + 1, &implied))
        return 0;
    if (options->format_given && options->format != implied)
        return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                          options->output);
    options->format = implied;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    expressivity_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->run;
        return 0;
    case KEY_CUTS:
        options->run.cuts = argument;
        return 0;
    case KEY_OUTPUT:
        options->output = strcmp(argument, "-") ? argument : NULL; /* -: standard output */
        return 0;
    case KEY_PICTURES:
        options->pictures = argument;
        return 0;
    case KEY_WEIGHTS:
        options->weights = argument;
        return 0;
    case KEY_FORMAT:
        options->format_given = true;
        if (!format_of(argument, &options->format))
            return ct_cli_bad(state, "--format %s: choose csv, json or text", argument);
        return 0;
    case KEY_SEEDS:
        return ct_parse_count("--seeds", argument, 1, 1000000, &options->seeds, state);
    case KEY_FIRST_SEED:
        return parse_seed(argument, &options->first_seed, state);
    case ARGP_KEY_END:
        return check(options, state);
    default:
        if (key >= KEY_AXIS && key < KEY_AXIS + (int)AXES)
            return add_axis(options, (size_t)(key - KEY_AXIS), argument, state);
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- what is computed ---- */

/* What a family sweeps when no list is given. */
static void add_standard_axes(expressivity_options *options)
{
    static const struct {
        const char *family;
        cutropy_axis axes[2];
    } standard[] = {{"cnn", {{"layers", "1,2"}, {"channels", "1,2,4,8"}}},
                    {"mlp", {{"depth", "1,2"}, {"width", "2,4,8,16"}}},
                    {"rbm", {{"hidden", "0,1,2,4,8,16"}}},
                    {"mps", {{"chi", "1,2,4,8,16"}}}};
    for (size_t k = 0; !options->axis_count && k < sizeof standard / sizeof standard[0]; k++)
        if (!strcmp(options->run.problem, standard[k].family))
            for (int a = 0; a < 2 && standard[k].axes[a].key; a++)
                options->axes[options->axis_count++] = standard[k].axes[a];
}

static cutropy_sweep sweep_of(const expressivity_options *options)
{
    return (cutropy_sweep){.family = options->run.problem,
                           .lattice = options->run.lattice,
                           .cuts = options->run.cuts,
                           .axes = options->axes,
                           .axis_count = options->axis_count,
                           .seeds = options->seeds,
                           .first_seed = options->first_seed,
                           .weights = options->weights};
}

/* ---- what is written ---- */

typedef struct output {
    const cutropy_expressivity *result;
    form format;
} output;

static cutropy_status write_output(FILE *file, void *context)
{
    const output *o = context;
    if (o->format == FORM_TEXT && !o->result->complete)
        fprintf(file, "# partial: %zu of %zu points\n", o->result->done, o->result->point_count);
    if (o->format == FORM_TEXT)
        return cutropy_expressivity_words(o->result, file);
    return cutropy_expressivity_write(
        o->result, o->format == FORM_JSON ? CUTROPY_FORMAT_JSON : CUTROPY_FORMAT_CSV, file);
}

static cutropy_status write_data(FILE *file, void *context)
{
    return ct_expressivity_data(context, file);
}

static cutropy_status write_script(FILE *file, void *context)
{
    return ct_expressivity_script(context, PICTURE, file);
}

static cutropy_status make_folder(const char *folder)
{
    struct stat info;
    if (!mkdir(folder, 0777) || (errno == EEXIST && !stat(folder, &info) && S_ISDIR(info.st_mode)))
        return CUTROPY_OK;
    int reason = errno == EEXIST ? ENOTDIR : errno;
    return ct_fail(CUTROPY_EIO, "cannot make the folder '%s': %s", folder, strerror(reason));
}

static cutropy_status draw(const char *folder, cutropy_expressivity *result, const char *name)
{
    cutropy_status status = CUTROPY_OK;
    bool found = true;
    char *path = NULL, *stage = NULL;
    CT_TRY(ct_staging_open(folder, picture_files, PICTURE_FILES, &stage));
    const size_t room = strlen(stage) + sizeof PICTURE + 8;
    CT_NEW(path, room);
    snprintf(path, room, "%s/" PICTURE ".dat", stage);
    CT_TRY(ct_save(path, write_data, result));
    snprintf(path, room, "%s/" PICTURE ".gp", stage);
    CT_TRY(ct_save(path, write_script, result));
    CT_TRY(ct_gnuplot(stage, PICTURE ".gp", &found));
    CT_TRY(ct_staging_publish(folder, picture_files, PICTURE_FILES));
    if (!found)
        fprintf(stderr,
                "%s: gnuplot is not installed: no pictures, but their data and script are in %s\n",
                name, folder);
done:
    ct_free(path);
    ct_free(stage);
    return status;
}

static int write_all(const expressivity_options *options, cutropy_expressivity *result,
                     const char *name)
{
    cutropy_status status = CUTROPY_OK;
    output o = {result, options->format};
    if (options->output)
        status = ct_save_run(options->output, result->complete, write_output, &o);
    else
        status = write_output(stdout, &o);
    if (!status && options->output && options->format != FORM_TEXT)
        status = cutropy_expressivity_words(result, stdout);
    if (status == CUTROPY_EIO && errno == EPIPE)
        return (int)status;
    if (!status && options->pictures && result->complete)
        status = draw(options->pictures, result, name);
    return status ? ct_cli_fail(name, status) : ct_cli_close_output(name);
}

static cutropy_status note_weights(void *files, const char *path)
{
    return ct_files_read(files, path);
}

static cutropy_status check_files(const expressivity_options *options, const ct_job *job)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_sweep sweep = sweep_of(options);
    ct_files files = {0};
    char *path = NULL;
    CT_TRY(ct_files_read_job(&files, job->problem, options->run.cuts));
    CT_TRY(ct_sweep_weights(&sweep, note_weights, &files));
    CT_TRY(ct_files_write_run(&files, options->output));
    if (options->output)
        CT_TRY(cutropy_save_check(options->output));
    for (size_t i = 0; options->pictures && i < PICTURE_FILES; i++) {
        const size_t room = strlen(options->pictures) + strlen(picture_files[i]) + 2;
        ct_free(path);
        CT_NEW(path, room);
        snprintf(path, room, "%s/%s", options->pictures, picture_files[i]);
        CT_TRY(ct_files_write(&files, path));
    }
done:
    ct_free(path);
    ct_files_free(&files);
    return status;
}

static cutropy_status prepare(expressivity_options *options, ct_job *job)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_job_open_problem(&options->run, job));
    add_standard_axes(options);
    CT_TRY(check_files(options, job));
    if (options->pictures)
        CT_TRY(make_folder(options->pictures));
done:
    return status;
}

typedef struct call {
    expressivity_options *options;
    ct_job *job;
    const char *name;
} call;

static int rescue(void *context)
{
    const call *c = context;
    cutropy_expressivity *finished = NULL;
    cutropy_status status = ct_fail(CUTROPY_ECANCELLED, "stopped before the first network");
    if (c->job->progress.partial)
        status = ct_expressivity_finished(c->job->progress.partial, &finished);
    if (!finished)
        return ct_cli_fail(c->name, status);
    c->options->pictures = NULL; /* they take longer than a stopped program has */
    char found[64];
    const int written = write_all(c->options, finished, c->name);
    snprintf(found, sizeof found, "%zu of %zu points", finished->done, finished->point_count);
    return written ? written
                   : ct_cli_partial(c->name, CUTROPY_ECANCELLED, c->options->output, found);
}

static int run(expressivity_options *options, ct_job *job, const char *name)
{
    cutropy_expressivity *result = NULL;
    cutropy_sweep sweep;
    cutropy_status status = prepare(options, job);
    if (status)
        return ct_cli_fail(name, status);
    sweep = sweep_of(options);
    call c = {options, job, name};
    status = ct_signals_watch(name, rescue, &c);
    if (!status)
        status = cutropy_expressivity_run(&sweep, &job->options, &result);
    ct_progress_erase(&job->progress);
    if (status && !result)
        return ct_cli_fail(name, status);
    char found[64];
    ct_signals_writing(options->output);
    int code = write_all(options, result, name);
    snprintf(found, sizeof found, "%zu of %zu points", result->done, result->point_count);
    if (!code && status)
        code = ct_cli_partial(name, status, options->output, found);
    cutropy_expressivity_free(result);
    return code;
}

int ct_cmd_expressivity(int argc, char **argv)
{
    static const struct argp_child children[] = {{.argp = &ct_run_argp_bare}, {0}};
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "FAMILY",
                                     .doc = documentation,
                                     .children = children,
                                     .help_filter = ct_run_help_filter};
    expressivity_options options = {.seeds = STANDARD_SEEDS};
    ct_job job = {0};
    cutropy_status status = ct_cli_parse(&argp, argc, argv, &options);
    if (status)
        return (int)status; /* the message is out */
    int code = run(&options, &job, argv[0]);
    ct_job_close(&job);
    return code;
}
