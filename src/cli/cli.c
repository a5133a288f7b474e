/* SPDX-License-Identifier: Apache-2.0 */
/* Options, messages and numbers in the form that all commands share. */
#include "cli/cli.h"
#include "cli/signals.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "sheet/save.h"

#define COLUMNS 80

const char ct_cli_exit_codes[] =
    "Exit codes: 0 done, 1 internal error (a proof or an exact identity failed), 2 bad input or "
    "option, "
    "3 not enough memory, 4 a file cannot be read or written, 5 numerical failure, 6 not supported "
    "by this build, 7 a checked table differs, 8 a device failed or a rank was lost, 130 stopped by Ctrl-C, SIGTERM "
    "or SIGHUP (the finished cuts are in FILE.partial, or on standard output; of a part in FILE.journal, of a map in FOLDER.journal; a "
    "signal more than a second later ends at once, without them).";

enum { KEY_HELP = '?', KEY_SHORT_HELP = 'h', KEY_USAGE = 0x7000 };

/* In place of argp's own, which end the program inside argp_parse: then nobody knows whether the page
 * could be written, and sanitizers that stand around argp_parse (LLVM 18) say it never returned. */
static error_t parse_help(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    if (key != KEY_HELP && key != KEY_SHORT_HELP && key != KEY_USAGE)
        return ARGP_ERR_UNKNOWN;
    argp_state_help(state, stdout,
                    key == KEY_USAGE ? ARGP_HELP_USAGE
                                     : ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK);
    return ECANCELED;
}

cutropy_status ct_cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    static const struct argp_option help_options[] = {
        {"help", KEY_HELP, 0, 0, "give this help list", -1},
        {NULL, KEY_SHORT_HELP, 0, OPTION_ALIAS, NULL, -1},
        {"usage", KEY_USAGE, 0, 0, "give a short usage message", 0},
        {0}};
    static const struct argp help = {.options = help_options, .parser = parse_help};
    const struct argp_child children[] = {{.argp = argp}, {.argp = &help}, {0}};
    const struct argp all = {.children = children}; /* the first child gets the input */
    const error_t failed = argp_parse(&all, argc, argv, ARGP_NO_HELP, NULL, input);
    return failed == ECANCELED ? (cutropy_status)CT_CLI_HELPED
           : failed            ? CUTROPY_EINPUT
                               : CUTROPY_OK;
}

void ct_cli_init(struct argp_state *state)
{
    state->err_stream =
        NULL; /* no "Try --help" line and no exit() after a message: one line is enough */
}

error_t ct_cli_bad(const struct argp_state *state, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", state->argv[0]);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    return EINVAL;
}

int ct_cli_fail(const char *name, cutropy_status status)
{
    if (status == CUTROPY_ECANCELLED)
        ct_signals_hold(); /* one voice is enough: only the exit is missing */
    fprintf(stderr, "%s: %s\n", name, cutropy_error());
    return (int)status;
}

int ct_cli_partial(const char *name, cutropy_status status, const char *output, const char *found)
{
    char *path = NULL;
    const char *place = "standard output";
    if (output && ct_partial_path(output, &path) == CUTROPY_OK)
        place = path;
    if (status == CUTROPY_ECANCELLED)
        ct_signals_hold();
    fprintf(stderr, "%s: %s: %s has %s\n", name,
            status == CUTROPY_ECANCELLED ? "stopped" : cutropy_error(), place, found);
    ct_free(path);
    return (int)status;
}

/* What a file system reports only when a file is closed shows in a copy of the descriptor. */
static bool close_copy(int descriptor)
{
    const int copy = dup(descriptor);
    return copy >= 0 && !close(copy);
}

int ct_cli_close_output(const char *name)
{
    if (!fflush(stdout) && !ferror(stdout) && close_copy(STDOUT_FILENO))
        return CUTROPY_OK;
    if (errno != EPIPE)
        fprintf(stderr, "%s: cannot write to standard output: %s\n", name, strerror(errno));
    return CUTROPY_EIO;
}

void ct_cli_paragraph(const char *text, int indent)
{
    int column = 0;
    for (const char *p = text; *p;) {
        if (*p == '\n') {
            putchar('\n');
            column = 0;
            p++;
            continue;
        }
        int spaces = (int)strspn(p, " ");
        int word = (int)strcspn(p + spaces, " \n");
        if (column && column + spaces + word > COLUMNS) {
            putchar('\n');
            column = spaces = 0;
            p += strspn(p, " ");
        }
        if (!column)
            column = printf("%*s", indent, "");
        column += printf("%.*s", spaces + word, p);
        p += spaces + word;
        if (!column)
            column = 1; /* indent 0 and an empty word */
    }
    putchar('\n');
}

void ct_cli_short_number(double value, char *text)
{
    static const char prefixes[] = " kMGTPE";
    size_t prefix = 0;
    while (value >= 999.5 && prefix + 2 < sizeof prefixes) {
        value /= 1000;
        prefix++;
    }
    if (prefix)
        snprintf(text, 16, "%.3g%c", value, prefixes[prefix]);
    else
        snprintf(text, 16, "%.3g", value);
}
