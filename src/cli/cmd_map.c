/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy map PROBLEM -o FOLDER: pictures, tables and a report of the entropies of one function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/map.h>

#include "base/base.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/signals.h"
#include "output/map_files.h"
#include "problem/names.h"

static const char documentation[] =
    "Draw the entropies of PROBLEM: every pixel, mutual information of all pairs, growing blocks "
    "of rows, columns and pixels, every rectangle and connected region against its boundary, and "
    "the entanglement spectrum of the half cut. FOLDER gets report.html to be read from top to "
    "bottom, each picture as SVG and PNG, its table (.csv) and its gnuplot script (.gp)."
    "\v"
    "A first map:\n"
    "  cutropy map loops --lattice links:3x3:torus -o loops-map\n"
    "A large random function, without the cuts that take long:\n"
    "  cutropy map random --lattice 5x5 --largest 8 -o random-map\n"
    "Change a picture: edit FOLDER/sites.gp (colours and sizes: style.gp), then\n"
    "  cd FOLDER && gnuplot sites.gp\n"
    "\n"
    "All numbers are in bits. Without gnuplot there are no pictures; tables, scripts and the "
    "report are written all the same.\n";

static const ct_serves serves[] = {
    CT_SERVES_RUN,
    CT_SERVES_DECIMALS,
    CT_SERVES_TEXT,
    {CT_OPTION_CONNECTED, 1, NULL, NULL},
    {CT_OPTION_LARGEST, 1, NULL, NULL},
    {CT_OPTION_MOST_CUTS, 1, NULL, NULL},
    {CT_OPTION_SOLVER, 3, NULL, NULL},
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_RESUME, 2, CT_HELP_RESUME("-o FOLDER", "FOLDER"), NULL},
    {CT_OPTION_FOLDER, 2, NULL, NULL},
    {0}};

static error_t check(ct_options *options, const struct argp_state *state)
{
    if (!options->output || !*options->output)
        return ct_cli_bad(state, "where to? name a folder, e.g. -o map");
    if (options->most_cuts)
        options->map.most_cuts = (size_t)options->most_cuts;
    return 0;
}

/* Words that a shell would take apart stand in single quotes. */
static char *command_text(int argc, char *const *argv)
{
    size_t room = 1;
    for (int i = 0; i < argc; i++)
        room += 4 * strlen(argv[i]) + 3;
    char *text = ct_alloc(room, 1), *end = text;
    for (int i = 0; text && i < argc; i++) {
        const bool plain = !i || (*argv[i] && !argv[i][strspn(argv[i], "abcdefghijklmnopqrstuvwxyz"
                                                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                       "0123456789_-+=:,./@%")]);
        end += sprintf(end, "%s%s", i ? " " : "", plain ? "" : "'");
        for (const char *p = argv[i]; *p; p++)
            end += sprintf(end, *p == '\'' && !plain ? "'\\''" : "%c", *p);
        end += sprintf(end, "%s", plain ? "" : "'");
    }
    return text;
}

/* Summary, definition and source of a built-in problem; NULL when there is none. */
static char *about_text(const cutropy_problem *problem)
{
    const char *name = cutropy_problem_text(problem);
    const ct_problem_type *type = ct_problem_find(name, strcspn(name, ":"));
    if (!type)
        return NULL;
    /* what it says of files is no definition of this function */
    const char *path = !strcmp(type->name, "file") ? strstr(name, "path=") : NULL;
    const size_t room =
        strlen(name) + strlen(type->summary) + strlen(type->definition) + strlen(type->source) + 64;
    char *text = ct_alloc(room, 1);
    if (text && path) {
        const size_t length = strcspn(path + 5, ",");
        const char *file = path + 5;
        for (const char *p = file; p < path + 5 + length; p++)
            file = *p == '/' ? p + 1 : file;
        snprintf(text, room, "the function of %.*s", (int)(path + 5 + length - file), file);
        return text;
    }
    if (text)
        snprintf(text, room, "%s\n\n%s\n\nSource: %s", type->summary, type->definition,
                 type->source);
    return text;
}

static cutropy_status save(const ct_call *c, const cutropy_map *map, int *pictures)
{
    char *about = about_text(c->problem);
    char *command = command_text(c->typed->argc, c->typed->argv);
    const cutropy_map_save_options options = {
        .size = sizeof options, .about = about, .command = command};
    const cutropy_status status = cutropy_map_save(map, c->typed->output, &options, pictures);
    ct_free(command);
    ct_free(about);
    return status;
}

static int nothing_written(void *context)
{
    const ct_call *c = context;
    char way[CT_WAY_ON];
    ct_call_way_on(c, way);
    fprintf(stderr, "%s: stopped: nothing was written%s\n", c->name, way);
    return CUTROPY_ECANCELLED;
}

static int folder_incomplete(void *context)
{
    const ct_call *c = context;
    char way[CT_WAY_ON];
    ct_call_way_on(c, way);
    fprintf(stderr, "%s: stopped: what is there is in %s/partial%s\n", c->name, c->typed->output,
            way);
    return CUTROPY_ECANCELLED;
}

/* The folder is one that may be written, and no file of it is read. */
static cutropy_status check_folder(const ct_call *c)
{
    cutropy_status status = CUTROPY_OK;
    const char *folder = c->typed->output;
    const size_t room = strlen(folder) + sizeof "/partial";
    ct_files files = {0};
    ct_map_files list;
    char *stage = NULL;
    CT_NEW(stage, room);
    snprintf(stage, room, "%s/partial", folder);
    ct_map_list_files(&list);
    CT_TRY(cutropy_map_save_check(folder));
    CT_TRY(ct_files_read_problem(&files, c->problem, NULL));
    for (size_t i = 0; i < list.count; i++) {
        CT_TRY(ct_files_write_in(&files, folder, list.name[i]));
        CT_TRY(ct_files_write_in(&files, stage, list.name[i]));
    }
done:
    ct_free(stage);
    ct_files_free(&files);
    return status;
}

static int run(ct_call *c)
{
    cutropy_map *map = NULL;
    int pictures = 0;
    cutropy_status status = ct_call_open_journal(c, c->typed->output);
    if (!status)
        status = ct_signals_watch(c->name, nothing_written, c);
    if (!status)
        status = cutropy_map_make(c->problem, &c->typed->map, &c->options, &map);
    ct_progress_erase(&c->progress);
    if (!status)
        status = ct_signals_watch(c->name, folder_incomplete, c);
    if (!status)
        status = save(c, map, &pictures);
    const bool computed = map != NULL;
    cutropy_map_free(map);
    if (status && ct_signals_stop())
        return computed ? folder_incomplete(c) : nothing_written(c);
    if (status)
        return ct_cli_fail(c->name, status);
    ct_call_close_journal(c, true);
    if (!pictures)
        fprintf(stderr,
                "%s: gnuplot is not installed: no pictures, but all tables and scripts (Debian: "
                "apt-get install gnuplot-nox)\n",
                c->name);
    printf("%s/report.html\n", c->typed->output);
    return ct_cli_close_output(c->name);
}

static int run_command(const ct_command *command, ct_options *options)
{
    ct_call call;
    ct_call_start(command, options, &call);
    cutropy_status status = ct_call_open_problem(&call, options->argument[0], options->lattice);
    if (!status)
        status = check_folder(&call);
    const int code = status ? ct_cli_fail(call.name, status) : run(&call);
    ct_call_close(&call);
    return code;
}

const ct_command ct_command_map = {
    .name = "cutropy map",
    .summary = "pictures and a report of all entropies of one function",
    CT_TAKES_A_PROBLEM("map"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
