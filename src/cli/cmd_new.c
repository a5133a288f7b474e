/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy new FILE.c: a commented start of a function of one's own, or of an automaton. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/options.h"

/* Embedded: new_text.c, new_automaton.c. */
extern const unsigned char ct_new_text[], ct_new_automaton[];
extern const size_t ct_new_text_size, ct_new_automaton_size;

static const ct_serves serves[] = {{CT_OPTION_AUTOMATON, 1, NULL, NULL}, {0}};

static error_t check(ct_options *options, const struct argp_state *state)
{
    const char *path = options->argument[0];
    const size_t length = strlen(path);
    if (length < 3 || strcmp(path + length - 2, ".c") != 0)
        return ct_cli_bad(state, "'%s': the name of C text ends in .c", path);
    return 0;
}

static int run_command(const ct_command *command, ct_options *options)
{
    const char *path = options->argument[0];
    const unsigned char *whole = options->automaton ? ct_new_automaton : ct_new_text;
    const size_t length = options->automaton ? ct_new_automaton_size : ct_new_text_size;
    const unsigned char *text = memchr(whole, '\n', length); /* past the licence */
    const size_t size = length - (size_t)(++text - whole);
    FILE *file = fopen(path, "wx");
    bool failed = !file;
    if (file) {
        failed = fwrite(text, 1, size, file) != size;
        failed |= fclose(file) != 0;
    }
    if (failed)
        return ct_cli_fail(command->name,
                           ct_fail(CUTROPY_EIO, "cannot write %s: %s%s", path, strerror(errno),
                                   errno == EEXIST ? "; name another file" : ""));
    printf("%s: a start; edit it, then try\n  cutropy table %s --lattice %s\n", path, path,
           options->automaton ? "8x8 --cuts rows" : "4x4");
    return ct_cli_close_output(command->name);
}

const ct_command ct_command_new = {
    .name = "cutropy new",
    .summary = "a commented start of a function of your own, as C text",
    .arguments = "FILE.c",
    .missing = "which file? e.g. 'cutropy new my.c'",
    .twice = "one file at a time",
    .most = 1,
    .documentation =
        "Write FILE.c, a function of images in C with comments that explain what it may use. An "
        "existing file is never replaced."
        "\vExample:\n"
        "  cutropy new my.c\n"
        "  cutropy table my.c --lattice 4x4\n"
        "  cutropy new far.c --automaton\n"
        "  cutropy table far.c --lattice 8x8 --cuts rows\n",
    .serves = serves,
    .check = check,
    .run = run_command,
};
