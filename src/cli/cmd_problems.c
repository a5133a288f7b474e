/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy problems [NAME]: what functions of images there are, and what is known about them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "lattice/lattice.h"
#include "problem/names.h"

static void list(bool is_label)
{
    for (const ct_problem_type *const *p = ct_problem_types; *p; p++) {
        if ((*p)->is_label == is_label)
            printf("  %-16s %s\n", (*p)->name, (*p)->summary);
    }
}

static void list_all(void)
{
    printf("Label functions, image -> {0,1} (with encoding=pm1: {+1,-1}):\n");
    list(true);
    printf("\nAmplitudes, image -> integer, real or complex number:\n");
    list(false);
    printf(
        "\nA problem is written NAME or NAME:key=value,key=value, or as the path of a file; FILE.c is\n"
        "C text of your own ('cutropy new FILE.c' writes a start), and so is --expr.\n"
        "'cutropy problems NAME' shows the definition, the parameters and known values.\n");
}

static void print_range(const ct_param *param)
{
    switch (param->type) {
    case CT_PARAM_INT:
        if (param->low < param->high)
            printf(" (integer, %.0f to %.0f)", param->low, param->high);
        else
            printf(" (integer)");
        break;
    case CT_PARAM_REAL:
        if (param->low < param->high)
            printf(" (number, %g to %g)", param->low, param->high);
        else
            printf(" (number)");
        break;
    case CT_PARAM_SEED:
        printf(" (64-bit integer >= 0)");
        break;
    case CT_PARAM_WORD:
        printf(" (%s)", param->words);
        break;
    case CT_PARAM_TEXT:
    case CT_PARAM_FILE:
        break;
    }
}

static void print_parameters(const ct_problem_type *type)
{
    printf("\nParameters (default):\n");
    for (const ct_param *param = type->params; param && param->key; param++) {
        char key[64];
        snprintf(key, sizeof key, "%s=%s", param->key, param->standard ? param->standard : "...");
        printf("  %-20s %s", key, param->help);
        print_range(param);
        printf("%s\n", param->standard ? "" : ", required");
    }
    if (type->is_label)
        printf("  %-20s values of the labels 0 and 1: 01 means 0 and 1, pm1 means +1 and -1 "
               "(01|pm1)\n",
               "encoding=01");
    else if (!type->params || !type->params->key)
        printf("  none\n");
}

/* Found by trying: what make() refuses is not to be said twice. */
static void print_lattices(const ct_problem_type *type)
{
    static const struct {
        const char *lattice, *words;
    } tried[] = {{"grid:4x4", "grid"},   {"grid:4x4:torus", "torus"},
                 {"links:3x3", "links"}, {"links:3x3:torus", "links on a torus"},
                 {"chain:16", "chain"},  {"chain:16:ring", "ring"}};
    int found = 0;
    printf("\nLattices:\n  ");
    for (size_t i = 0; i < sizeof tried / sizeof *tried && type->lattice; i++) {
        cutropy_lattice *lattice = NULL;
        cutropy_problem *problem = NULL;
        if (!cutropy_lattice_parse(tried[i].lattice, &lattice) &&
            !cutropy_problem_parse(type->name, lattice, &problem))
            printf("%s%s", found++ ? ", " : "", tried[i].words);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
    }
    printf(found ? "; default %s\n" : "its own, %s\n",
           type->lattice ? type->lattice : "as the file says, or any with as many pixels");
}

static void describe(const ct_problem_type *type)
{
    printf("%s: %s\n\nDefinition:\n", type->name, type->summary);
    ct_cli_paragraph(type->definition, 2);
    print_parameters(type);
    print_lattices(type);
    printf("\nSource:\n");
    ct_cli_paragraph(type->source, 2);
    printf("\nKnown values:\n");
    ct_cli_paragraph(*type->known ? type->known : "none published", 2);
    if (*type->known && type->is_label)
        printf("  (with encoding=01, where nothing else is said)\n");
}

static int run_command(const ct_command *command, ct_options *options)
{
    const char *name = options->argument[0];
    if (name) {
        size_t length = strcspn(name, ":");
        const ct_problem_type *type = ct_problem_find(name, length);
        if (!type)
            return ct_cli_fail(command->name, ct_problem_fail_unknown(name, length));
        describe(type);
    } else {
        list_all();
    }
    return ct_cli_close_output(command->name);
}

const ct_command ct_command_problems = {
    .name = "cutropy problems",
    .summary = "the built-in functions of images: definitions, known values",
    .arguments = "[NAME]",
    .twice = "one problem at a time",
    .most = 1,
    .documentation =
        "List the functions of images that the program knows, or describe one of them: its "
        "definition, its parameters with their defaults and ranges, its source and known values."
        "\vExamples:\n"
        "  cutropy problems            # the list\n"
        "  cutropy problems majority   # one of them",
    .run = run_command,
};
