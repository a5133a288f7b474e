/* Options, messages and numbers in the form that all commands share. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/repeats.h"

#define COLUMNS 80

const char ct_cli_exit_codes[] =
    "Exit codes: 0 done, 1 internal error (a proof or an exact identity failed), 2 bad input or "
    "option, "
    "3 not enough memory, 4 a file cannot be read or written, 5 numerical failure, 6 not supported "
    "by this build, 7 a checked table is wrong, 8 a device failed, 130 stopped by Ctrl-C, SIGTERM or SIGHUP (the finished cuts are in the table; a "
    "second signal ends at once, without a table).";

cutropy_status ct_cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    cutropy_status status = ct_cli_check_repeats(argp, argc, argv);
    if (status)
        return status;
    return argp_parse(argp, argc, argv, 0, NULL, input) ? CUTROPY_EINPUT : CUTROPY_OK;
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
    fprintf(stderr, "%s: %s\n", name, cutropy_error());
    return (int)status;
}

int ct_cli_close_output(const char *name)
{
    if (!fflush(stdout) && !ferror(stdout))
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
