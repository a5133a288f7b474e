/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy expressivity FAMILY: what entropies networks reach, over their parameters and seeds. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/expressivity.h>

#include "analysis/expressivity/expressivity.h"
#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/signals.h"
#include "output/expressivity.h"
#include "sheet/save.h"
#include "sheet/staging.h"

static const char documentation[] =
    "Compute the entropies of a family of networks (cnn, rbm, mps, mera or mlp) for every combination of "
    "the listed parameters and many seeds, and compare S/L (entropy over boundary length) with the "
    "claim S/L ~ n_c log D of arXiv 1710.05520 and with D ~ D0^(1/n_c) at equal entropy. FAMILY "
    "may fix parameters: cnn:kernel=1."
    "\v"
    "A first result:\n"
    "  cutropy expressivity cnn --format text\n"
    "A table and pictures of deeper networks, 64 of each:\n"
    "  cutropy expressivity cnn:activation=tanh --channels 1,2,4,8 --layers 1,2,3 \\\n"
    "    --seeds 64 -o cnn.csv --pictures cnn-pictures\n"
    "Your trained networks trained/D2-run0.npz, trained/D2-run1.npz, .., and their probabilities:\n"
    "  cutropy expressivity cnn:link=sigmoid --channels 2,4 \\\n"
    "    --weights 'trained/D{channels}-run{seed}.npz'\n"
    "\n"
    "Columns: the parameters, cut, na, boundary (L), seeds, claim (n_c log2 D; rbm: hidden units; "
    "mps: log2 chi; mera: disentanglers log2 chi; mlp: depth log2 width), then of S/L in bits per bond over the seeds: "
    "mean_bits, sd_bits (standard deviation), se_bits (standard error), min_bits, max_bits, and "
    "limit_bits = min(NA, NB)/L, page_bits = Page's average/L. With several cuts a line whose cut "
    "reads 'mean' averages over them; the fits use it.\n"
    "With --output FILE the words about the claim go to standard output.\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_RADII,
    {CT_OPTION_CUTS, 1, CT_HELP_CUTS "half", NULL},
    {CT_OPTION_CHANNELS, 1, NULL, NULL},
    {CT_OPTION_LAYERS, 1, NULL, NULL},
    {CT_OPTION_POOLINGS, 1, NULL, NULL},
    {CT_OPTION_KERNEL, 1, NULL, NULL},
    {CT_OPTION_POOLING, 1, NULL, NULL},
    {CT_OPTION_ACTIVATION, 1, NULL, NULL},
    {CT_OPTION_HIDDEN, 1, NULL, NULL},
    {CT_OPTION_CHI, 1, NULL, NULL},
    {CT_OPTION_DISENTANGLERS, 1, NULL, NULL},
    {CT_OPTION_WIDTH, 1, NULL, NULL},
    {CT_OPTION_DEPTH, 1, NULL, NULL},
    {CT_OPTION_SCALE, 1, NULL, NULL},
    {CT_OPTION_SEEDS, 1, NULL, NULL},
    {CT_OPTION_FIRST_SEED, 1, NULL, NULL},
    {CT_OPTION_WEIGHTS, 1, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2,
     "write the table to FILE (" CT_FORMAT_ENDINGS
     "; .txt: words) whole or not at all; default: CSV "
     "on standard output",
     NULL},
    {CT_OPTION_RESUME, 2, NULL, NULL},
    {CT_OPTION_FORMAT, 2,
     CT_FORMAT_WORDS "; text: only what the numbers say about the claim; default: what the name of "
                     "FILE says, else csv",
     NULL},
    {CT_OPTION_PICTURES, 2,
     "also draw expressivity.svg and .png there, with their data and gnuplot script; the folder is "
     "made if it is not there",
     NULL},
    {0}};

/* ---- what is computed ---- */

/* What a family sweeps when no list is given. */
static void add_standard_axes(ct_options *options)
{
    static const struct {
        const char *family;
        cutropy_axis axes[2];
    } standard[] = {{"cnn", {{"layers", "1,2"}, {"channels", "1,2,4,8"}}},
                    {"mlp", {{"depth", "1,2"}, {"width", "2,4,8,16"}}},
                    {"rbm", {{"hidden", "0,1,2,4,8,16"}}},
                    {"mps", {{"chi", "1,2,4,8,16"}}},
                    {"mera", {{"disentanglers", "1,2"}, {"chi", "1,2,4"}}}};
    for (size_t k = 0; !options->axis_count && k < sizeof standard / sizeof standard[0]; k++)
        if (!strcmp(options->argument[0], standard[k].family))
            for (int a = 0; a < 2 && standard[k].axes[a].key; a++)
                options->axes[options->axis_count++] = standard[k].axes[a];
}

static cutropy_sweep sweep_of(const ct_options *options)
{
    return (cutropy_sweep){.size = sizeof(cutropy_sweep),
                           .family = options->argument[0],
                           .lattice = options->lattice,
                           .cuts = options->cuts,
                           .axes = options->axes,
                           .axis_count = options->axis_count,
                           .seeds = options->seeds,
                           .first_seed = options->first_seed,
                           .weights = options->weights};
}

/* ---- what is written ---- */

static cutropy_status write_words(FILE *file, void *context)
{
    const cutropy_expressivity *result = context;
    if (!cutropy_expressivity_complete(result))
        fprintf(file, "# partial: %zu of %zu points\n", cutropy_expressivity_done(result),
                cutropy_expressivity_points(result));
    return cutropy_expressivity_words(result, file);
}

static cutropy_status put_words(const char *output, cutropy_expressivity *result)
{
    return output ? ct_save_run(output, cutropy_expressivity_complete(result), write_words, result)
                  : write_words(stdout, result);
}

static cutropy_status put_sheet(const ct_options *options, const cutropy_expressivity *result)
{
    const cutropy_format format = (cutropy_format)options->format;
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_expressivity_sheet(result, &sheet);
    if (!status)
        status = options->output ? cutropy_sheet_save(sheet, format, options->output)
                                 : cutropy_sheet_write(sheet, format, stdout);
    const int reason = errno;
    cutropy_sheet_free(sheet);
    errno = reason;
    return status;
}

static cutropy_status draw(const ct_call *c, const cutropy_expressivity *result)
{
    int found;
    const cutropy_status status = cutropy_expressivity_draw(result, c->typed->pictures, &found);
    if (!status && !found)
        fprintf(stderr,
                "%s: gnuplot is not installed: no pictures, but their data and script are in %s\n",
                c->name, c->typed->pictures);
    return status;
}

static int write_all(const ct_call *c, cutropy_expressivity *result)
{
    cutropy_status status = CUTROPY_OK;
    const ct_options *options = c->typed;
    status = options->format == CUTROPY_FORMAT_TEXT ? put_words(options->output, result)
                                                    : put_sheet(options, result);
    if (!status && options->output && options->format != CUTROPY_FORMAT_TEXT)
        status = cutropy_expressivity_words(result, stdout);
    if (status == CUTROPY_EIO && errno == EPIPE)
        return (int)status;
    if (!status && options->pictures && cutropy_expressivity_complete(result))
        status = draw(c, result);
    return status ? ct_cli_fail(c->name, status) : ct_cli_close_output(c->name);
}

static cutropy_status note_weights(void *files, const char *path)
{
    return ct_files_read(files, path);
}

static cutropy_status check_files(const ct_call *c)
{
    cutropy_status status = CUTROPY_OK;
    const ct_options *options = c->typed;
    const cutropy_sweep sweep = sweep_of(options);
    ct_files files = {0};
    CT_TRY(ct_files_read_problem(&files, c->problem, options->cuts));
    CT_TRY(ct_sweep_weights(&sweep, note_weights, &files));
    CT_TRY(ct_files_write_run(&files, options->output));
    for (size_t i = 0; options->pictures && i < CT_EXPRESSIVITY_PICTURES; i++)
        CT_TRY(ct_files_write_in(&files, options->pictures, ct_expressivity_pictures[i]));
done:
    ct_files_free(&files);
    return status;
}

static cutropy_status prepare(ct_call *c)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_call_open_problem(c, c->typed->argument[0], c->typed->lattice));
    CT_TRY(check_files(c));
    CT_TRY(ct_call_open_journal(c, c->typed->output));
    if (c->typed->pictures)
        CT_TRY(ct_make_folder(c->typed->pictures));
done:
    return status;
}

static int put(const ct_call *c, cutropy_expressivity *result, cutropy_status status)
{
    char found[64];
    const int code = write_all(c, result);
    snprintf(found, sizeof found, "%zu of %zu points", cutropy_expressivity_done(result),
             cutropy_expressivity_points(result));
    return code || !status ? code : ct_call_partial(c, status, found);
}

static int rescue(void *context)
{
    const ct_call *c = context;
    cutropy_expressivity *finished = NULL;
    ct_call_flush_journal(c);
    cutropy_status status = ct_fail(CUTROPY_ECANCELLED, "stopped before the first network");
    if (c->progress.partial)
        status = ct_expressivity_finished(c->progress.partial, &finished);
    return finished ? put(c, finished, CUTROPY_ECANCELLED) : ct_call_stopped(c, status);
}

static int run(ct_call *c)
{
    cutropy_expressivity *result = NULL;
    cutropy_status status = prepare(c);
    if (status)
        return ct_cli_fail(c->name, status);
    const cutropy_sweep sweep = sweep_of(c->typed);
    status = ct_signals_watch(c->name, rescue, c);
    if (!status)
        status = cutropy_expressivity_run(&sweep, &c->options, &result);
    ct_progress_erase(&c->progress);
    if (status && !result)
        return ct_call_stopped(c, status);
    ct_signals_writing(c->typed->output);
    const int code = put(c, result, status);
    if (!code)
        ct_call_close_journal(c, true);
    cutropy_expressivity_free(result);
    return code;
}

static int run_command(const ct_command *command, ct_options *options)
{
    ct_call call;
    ct_call_start(command, options, &call);
    add_standard_axes(options);
    const int code = run(&call);
    ct_call_close(&call);
    return code;
}

const ct_command ct_command_expressivity = {
    .name = "cutropy expressivity",
    .summary = "entropies of families of networks over their parameters and seeds",
    .arguments = "FAMILY",
    .missing = "which family of networks? cnn, rbm, mps, mera or mlp",
    .twice = "one family at a time",
    .most = 1,
    .documentation = documentation,
    .serves = serves,
    .check = ct_options_imply_format,
    .run = run_command,
};
