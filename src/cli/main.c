/* SPDX-License-Identifier: Apache-2.0 */
/* The program: a table of commands, one cmd_*.c each. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/launch.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "problem/names.h"

#ifdef __GLIBC__ /* known after any header of the C library */
#include <malloc.h>
#endif

static const ct_command *const commands[] = {
    &ct_command_table,  &ct_command_map,         &ct_command_scaling,      &ct_command_expressivity,
    &ct_command_range,  &ct_command_information, &ct_command_verify,       &ct_command_order,
    &ct_command_export, &ct_command_sample,      &ct_command_ground_truth, &ct_command_check,
    &ct_command_merge,  &ct_command_plot,        &ct_command_problems,     &ct_command_bench,
    &ct_command_new,    &ct_command_info,
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static const char *short_name(const ct_command *command)
{
    return command->name + strlen("cutropy ");
}

static const ct_command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (!strcmp(short_name(commands[i]), name))
            return commands[i];
    return NULL;
}

/* The command whose name is most like this one; NULL: none is. */
static const ct_command *nearest(const char *name)
{
    const ct_command *best = NULL;
    int least = CT_NAME_FAR;
    for (size_t i = 0; i < COMMANDS; i++) {
        int edits = ct_name_distance(short_name(commands[i]), name, strlen(name));
        if (edits < least) {
            least = edits;
            best = commands[i];
        }
    }
    return best;
}

static int unknown(const char *name)
{
    if (*name == '-')
        fprintf(stderr,
                "cutropy: unknown option '%s'; options follow the command, as in "
                "'cutropy table random'\n",
                name);
    else if (ct_problem_find(name, strcspn(name, ":")))
        fprintf(stderr, "cutropy: '%s' is a problem, not a command; try 'cutropy table %s'\n", name,
                name);
    else if (nearest(name))
        fprintf(stderr, "cutropy: unknown command '%s'; did you mean: %s?\n", name,
                short_name(nearest(name)));
    else {
        fprintf(stderr, "cutropy: unknown command '%s'; the commands are", name);
        for (size_t i = 0; i < COMMANDS; i++)
            fprintf(stderr, " %s,", short_name(commands[i]));
        fprintf(stderr, " help\n");
    }
    return CUTROPY_EINPUT;
}

static int overview(void)
{
    printf("Usage: cutropy COMMAND [ARGUMENT...]\n"
           "Exact entanglement entropies of functions of black-white images, for every cut.\n\n"
           "Commands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-12s %s\n", short_name(commands[i]), commands[i]->summary);
    printf("  %-12s this page, or the page of one command\n\n", "help");
    printf("A first result:\n"
           "  cutropy table connected --lattice 4x4\n"
           "'cutropy COMMAND --help' explains a command and its options.\n\n");
    ct_cli_paragraph(ct_cli_exit_codes, 0);
    return ct_cli_close_output("cutropy");
}

static int run(const ct_command *command, int argc, char **argv)
{
    argv[0] = (char *)command->name; /* the name in messages and in --help */
    const int code = ct_command_call(command, argc, argv);
    return code == CT_CLI_HELPED ? ct_cli_close_output(command->name) : code;
}

static int help(const char *name)
{
    static char option[] = "--help";
    char *arguments[] = {NULL, option, NULL};
    if (!name)
        return overview();
    const ct_command *command = find(name);
    return command ? run(command, 2, arguments) : unknown(name);
}

/* A cut frees what the next one needs again: giving it back to the system in between costs more
 * than the smaller matrices themselves. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

int main(int argc, char **argv)
{
    keep_memory();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of one write, not the end */
    signal(SIGCHLD, SIG_DFL); /* or nobody could see how a compiler ended */
    signal(SIGXFSZ, SIG_IGN); /* so is a limit on the size of files */
    if (argc < 2) {
        fprintf(stderr, "cutropy: no command; 'cutropy help' lists them\n");
        return CUTROPY_EINPUT;
    }
    const char *name = argv[1];
    if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
        printf("cutropy %s\n", cutropy_version());
        return ct_cli_close_output("cutropy");
    }
    if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h"))
        return help(argc > 2 ? argv[2] : NULL);
    const ct_command *command = find(name);
    ct_signals_start();
    int code = command ? (int)ct_launch_start(command->name, command == &ct_command_table) : 0;
    if (!code)
        code = command ? run(command, argc - 1, argv + 1) : unknown(name);
    ct_signals_hold(); /* from here on only the code is missing */
    return ct_launch_end(code);
}
