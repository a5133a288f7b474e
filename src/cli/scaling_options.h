/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of cutropy scaling. */
#ifndef CT_SCALING_OPTIONS_H
#define CT_SCALING_OPTIONS_H

#include <cutropy/scaling.h>

#include "cli/run_options.h"

typedef enum ct_scaling_format {
    CT_SCALING_TEXT,
    CT_SCALING_CSV,
    CT_SCALING_JSON
} ct_scaling_format;

typedef struct ct_scaling_options {
    ct_run_options run;
    const char *lattices; /* NULL: one lattice */
    const char *regions;  /* NULL: automatic */
    const char *output;   /* NULL: standard output only */
    cutropy_length length;
    bool length_given; /* else vertices on links, bonds elsewhere */
    double range;      /* NaN: no bound */
    bool topological, no_topological, format_given;
    ct_scaling_format format;
} ct_scaling_options;

/* Fills *out; on CUTROPY_EINPUT the message is printed already. */
cutropy_status ct_scaling_options_parse(int argc, char **argv, ct_scaling_options *out);

#endif
