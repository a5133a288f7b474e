/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy sample PROBLEM: uniform images with label 1. */
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/export/sample.h"
#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

static const char documentation[] =
    "Draw images with label 1 of PROBLEM, each with exactly the same probability, and count them all."
    "\v"
    "How many images complete every state of the function's levels is counted in integers of any size; "
    "so the image of every place is known, and places are drawn by rejection from random bits. Nothing is "
    "enumerated where the problem has an automaton (docs/frontier.md). The number of all "
    "images with label 1 is printed, on standard error where the images go to standard output.\n"
    "\n"
    "Formats: text (one image a line of 0 and 1, pixel 0 first), pictures (rows of . and #, an empty "
    "line between images), pbm (P1, one after the other), npy (bool, count x Ly x Lx on a grid, else "
    "count x N). The program reads all of them again as a list of images.\n"
    "\n"
    "  cutropy sample connected --lattice 8x8 --count 3 --seed 1 --format pictures\n"
    "  cutropy sample independent-set --lattice 8x8 --count 10000 -o sample.npy\n";

static const char *const formats[] = {"text", "pictures", "pbm", "npy"};

static const ct_serves serves[] = {
    {CT_OPTION_HEADER, 1, "What to draw:", NULL},
    {CT_OPTION_LATTICE, 1, NULL, NULL},
    {CT_OPTION_IMAGES, 1, NULL, NULL},
    {CT_OPTION_SEED, 1, NULL, NULL},
    CT_SERVES_TEXT,
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, "write FILE whole or not at all; default, and -o -: standard output",
     NULL},
    {CT_OPTION_IMAGE_FORMAT, 2, NULL, NULL},
    {CT_OPTION_QUIET, 2, "no progress line, and no line with the number of images", NULL},
    CT_SERVES_LEVELS,
    {0}};

/* The format that was typed, or that the ending says; .txt: either of the two texts. */
static error_t check(ct_options *options, const struct argp_state *state)
{
    static const char *const endings[] = {"txt", "txt", "pbm", "npy"}; /* as formats */
    const char *ending = ct_options_ending(options->output);
    const int typed = options->image_format;
    int named = 0;
    while (named < 4 && strcmp(ending, endings[named]) != 0)
        named++;
    if (typed < 0 && *ending && named == 4)
        return ct_cli_bad(state,
                          "'%s' ends in none of .txt, .pbm, .npy: say which format with --format",
                          options->output);
    if (typed >= 0 && named < 4 && strcmp(ending, endings[typed]) != 0)
        return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                          options->output);
    if (typed < 0)
        options->image_format = named % 4;
    return 0;
}

static int compute(ct_call *c)
{
    cutropy_state *state = NULL;
    cutropy_sampler *sampler = NULL;
    cutropy_status status =
        ct_image_format_check(cutropy_problem_lattice(c->problem), formats[c->typed->image_format]);
    if (!status)
        status = ct_signals_watch(c->name, NULL, c);
    if (!status)
        status = cutropy_state_open_levels(c->problem, &c->options, &state);
    if (!status)
        status = cutropy_sampler_open(state, &c->options, &sampler);
    ct_progress_erase(&c->progress);
    if (!status && !c->typed->quiet)
        fprintf(c->typed->output ? stdout : stderr, "%s: %llu drawn from %s image%s with label 1\n",
                c->typed->output ? c->typed->output : c->name, (unsigned long long)c->typed->images,
                cutropy_sampler_count(sampler),
                strcmp(cutropy_sampler_count(sampler), "1") ? "s" : "");
    if (!status) {
        ct_signals_writing(c->typed->output);
        c->progress.shown &= c->typed->output != NULL; /* no line between images */
        status =
            cutropy_sampler_save(sampler, c->typed->seed, c->typed->images,
                                 formats[c->typed->image_format], c->typed->output, &c->options);
        ct_progress_erase(&c->progress);
    }
    cutropy_sampler_free(sampler);
    cutropy_state_free(state);
    return status ? ct_cli_fail(c->name, status) : ct_cli_close_output(c->name);
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_problem(command, options, compute);
}

const ct_command ct_command_sample = {
    .name = "cutropy sample",
    .summary = "uniform images with label 1, and their exact number",
    CT_TAKES_A_PROBLEM("sample"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
