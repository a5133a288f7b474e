/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of cutropy table. */
#ifndef CT_TABLE_OPTIONS_H
#define CT_TABLE_OPTIONS_H

#include <stdbool.h>

#include <cutropy/sheet.h>

#include "cli/run_options.h"

typedef struct ct_table_options {
    ct_run_options run;
    const char *quantities;  /* NULL: none */
    const char *output;      /* NULL: standard output */
    const char *certificate; /* NULL: none */
    cutropy_format format;
    bool format_given;
    cutropy_base base;
    bool plan, timings;
    bool against_rest; /* every class of a multi-class problem */
} ct_table_options;

/* Fills *out; on CUTROPY_EINPUT the message is printed already. */
cutropy_status ct_table_options_parse(int argc, char **argv, ct_table_options *out);

#endif
