/* SPDX-License-Identifier: Apache-2.0 */
/* The one reader of command lines. */
#include "cli/options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/launch.h"
#include "cli/option_parts.h"
#include "cli/own_text.h"
#include "problem/names.h"

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
    return served->values ? served->values : ct_cli_option_table[served->option].values;
}

static void describe(const ct_serves *served, struct argp_option *out)
{
    const ct_cli_option *o = &ct_cli_option_table[served->option];
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
    const ct_cli_option *o = &ct_cli_option_table[r->serves[i]->option];
    return o->parse(o, text, values_of(r->serves[i]), r->options, state);
}

/* An option with a value that is given twice: the first value would be lost without a word. */
static error_t note_repeats(int key, char *text, struct argp_state *state)
{
    reading *r = state->input;
    const size_t i = key == ARGP_KEY_ARG ? r->count : entry_of(r, key);
    if (i == r->count || !text)
        return 0;
    if (r->seen[i] && !r->twice && !ct_cli_option_table[r->serves[i]->option].many) {
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

const char *ct_options_ending(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path;
    const char *dot = name ? strrchr(name, '.') : NULL;
    return dot ? dot + 1 : "";
}

error_t ct_options_format_of(ct_options *options, const char *path, const struct argp_state *state)
{
    cutropy_format named = CUTROPY_FORMAT_CSV;
    const char *ending = ct_options_ending(path);
    const bool known = cutropy_format_named(ending, &named);
    const bool says =
        known && !(options->format >= 0 && named == CUTROPY_FORMAT_TEXT); /* .txt: any text */
    if (options->format < 0 && *ending && !known)
        return ct_cli_bad(state, "'%s' ends in none of " CT_FORMAT_ENDINGS "%s", path,
                          path == options->output ? ": say which format with --format" : "");
    if (says && options->format >= 0 && options->format != (int)named)
        return ct_cli_bad(state, "contradictory options: --format does not fit the name '%s'",
                          path);
    if (options->format < 0)
        options->format = says ? (int)named : CUTROPY_FORMAT_CSV;
    return 0;
}

error_t ct_options_imply_format(ct_options *options, const struct argp_state *state)
{
    const error_t failed = ct_options_format_of(options, options->output, state);
    if (!failed && options->format == CUTROPY_FORMAT_NPY && !options->output && !options->plan &&
        isatty(STDOUT_FILENO))
        return ct_cli_bad(
            state, ".npy is binary and standard output is a terminal%s: use -o FILE",
            ct_launch_team() ? " (under MPI the launcher's own, wherever its output goes)" : "");
    return failed;
}
