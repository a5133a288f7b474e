/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy map PROBLEM -o FOLDER: pictures, tables and a report of the entropies of one function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/map.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/job.h"
#include "cli/map_verdict.h"
#include "cli/signals.h"
#include "output/map_parts.h"
#include "problem/names.h"

enum { KEY_OUTPUT = 'o', KEY_CONNECTED = 256, KEY_LARGEST, KEY_MOST_CUTS };

typedef struct map_options {
    ct_run_options run;
    const char *output;
    cutropy_map_options map;
    const char *command; /* as typed, or NULL */
} map_options;

static const struct argp_option option_list[] = {
    {"connected", KEY_CONNECTED, "SIZE", 0,
     "every connected region of at most SIZE pixels; default: 6 or less, as --most-cuts allows", 1},
    {"largest", KEY_LARGEST, "PIXELS", 0,
     "leave out cuts with more pixels on both sides (large unstructured functions); default: none",
     1},
    {"most-cuts", KEY_MOST_CUTS, "COUNT", 0,
     "leave out a family (pairs, rectangles, connected) with more cuts; default: 5000", 1},
    {0, 0, 0, 0, "Where it goes:", 2},
    {"output", KEY_OUTPUT, "FOLDER", 0,
     "required; it is made if it is not there; files of an earlier map in it are replaced when the "
     "new ones are complete, a folder of something else is refused",
     2},
    {0}};

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

static error_t parse(int key, char *argument, struct argp_state *state)
{
    map_options *options = state->input;
    int value = 0;
    error_t failed = 0;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &options->run;
        return 0;
    case KEY_OUTPUT:
        options->output = argument;
        return 0;
    case KEY_CONNECTED:
        return ct_parse_count("--connected", argument, 1, CUTROPY_MAX_PIXELS,
                              &options->map.connected, state);
    case KEY_LARGEST:
        return ct_parse_count("--largest", argument, 1, CUTROPY_MAX_PIXELS, &options->map.largest,
                              state);
    case KEY_MOST_CUTS:
        failed = ct_parse_count("--most-cuts", argument, 1, 100000000, &value, state);
        options->map.most_cuts = (size_t)value;
        return failed;
    case ARGP_KEY_END:
        if (!options->output || !*options->output)
            return ct_cli_bad(state, "where to? name a folder, e.g. -o map");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Words that a shell would take apart stand in single quotes. */
static char *command_text(int argc, char **argv)
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
    if (!type || !strcmp(type->name, "file"))
        return NULL; /* what it says of files is no definition of this function */
    const size_t room =
        strlen(type->summary) + strlen(type->definition) + strlen(type->source) + 64;
    char *text = ct_alloc(room, 1);
    if (text)
        snprintf(text, room, "%s: %s.\n\n%s\n\nSource: %s", type->name, type->summary,
                 type->definition, type->source);
    return text;
}

static cutropy_status save(const cutropy_map *map, const map_options *options,
                           const cutropy_problem *problem, cutropy_map_pictures *pictures)
{
    ct_map_verdict verdict;
    char *about = about_text(problem);
    ct_map_judge(map, &verdict);
    const cutropy_map_save_options save_options = {.about = about,
                                                   .command = options->command,
                                                   .sections = verdict.section,
                                                   .section_count = CT_MAP_VERDICTS};
    cutropy_status status = cutropy_map_save(map, options->output, &save_options, pictures);
    ct_free(about);
    return status;
}

/* What a stopped command says. */
typedef struct stop {
    const char *name, *folder;
} stop;

static int nothing_written(void *context)
{
    const stop *s = context;
    fprintf(stderr, "%s: stopped: nothing was written\n", s->name);
    return CUTROPY_ECANCELLED;
}

static int folder_incomplete(void *context)
{
    const stop *s = context;
    fprintf(stderr, "%s: stopped: what is there is in %s/partial\n", s->name, s->folder);
    return CUTROPY_ECANCELLED;
}

/* The folder is one that may be written, and no file of it is read. */
static cutropy_status check_folder(const map_options *options, const ct_job *job)
{
    static const char *const places[] = {"", "/partial"};
    cutropy_status status = CUTROPY_OK;
    const size_t room = strlen(options->output) + 64;
    ct_files files = {0};
    ct_map_files list;
    char *path = NULL;
    CT_NEW(path, room);
    ct_map_list_files(&list);
    CT_TRY(cutropy_map_save_check(options->output));
    CT_TRY(ct_files_read_job(&files, job->problem, NULL));
    for (size_t i = 0; i < 2 * list.count; i++) {
        snprintf(path, room, "%s%s/%s", options->output, places[i % 2], list.name[i / 2]);
        CT_TRY(ct_files_write(&files, path));
    }
done:
    ct_free(path);
    ct_files_free(&files);
    return status;
}

static int run(const map_options *options, ct_job *job, const char *name)
{
    stop stopped = {name, options->output};
    cutropy_map *map = NULL;
    cutropy_map_pictures pictures = {0};
    cutropy_status status = ct_signals_watch(name, nothing_written, &stopped);
    if (!status)
        status = cutropy_map_make(job->problem, &options->map, &job->options, &map);
    ct_progress_erase(&job->progress);
    if (!status)
        status = ct_signals_watch(name, folder_incomplete, &stopped);
    if (!status)
        status = save(map, options, job->problem, &pictures);
    const bool computed = map != NULL;
    cutropy_map_free(map);
    if (status && ct_signals_stop())
        return computed ? folder_incomplete(&stopped) : nothing_written(&stopped);
    if (status)
        return ct_cli_fail(name, status);
    if (!pictures.gnuplot_found)
        fprintf(stderr,
                "%s: gnuplot is not installed: no pictures, but all tables and scripts (Debian: "
                "apt-get install gnuplot-nox)\n",
                name);
    printf("%s/report.html\n", options->output);
    return ct_cli_close_output(name);
}

int ct_cmd_map(int argc, char **argv)
{
    static const struct argp_child children[] = {{.argp = &ct_run_argp_bare}, {0}};
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "PROBLEM",
                                     .doc = documentation,
                                     .children = children,
                                     .help_filter = ct_run_help_filter};
    map_options options = {.map = cutropy_map_default_options()};
    ct_job job = {0};
    char *command = command_text(argc, argv); /* argp changes the order */
    cutropy_status status = ct_cli_parse(&argp, argc, argv, &options);
    int code = (int)status;
    if (status)
        goto done; /* the message is out */
    options.command = command;
    status = ct_job_open_problem(&options.run, &job);
    if (!status)
        status = check_folder(&options, &job);
    code = status ? ct_cli_fail(argv[0], status) : run(&options, &job, argv[0]);
done:
    ct_job_close(&job);
    ct_free(command);
    return code;
}
