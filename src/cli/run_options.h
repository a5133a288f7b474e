/* SPDX-License-Identifier: Apache-2.0 */
/* The options that every command shares: which problem and cuts, and how to compute. */
#ifndef CT_RUN_OPTIONS_H
#define CT_RUN_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct ct_run_options {
    const char *problem; /* as typed */
    const char *lattice; /* NULL: the problem's own */
    const char *cuts;    /* NULL: what the command takes by default */
    const char *backend; /* NULL: auto */
    int threads;         /* 0: all cores */
    uint64_t memory;     /* bytes, 0: 90 % of what is available */
    int digits;          /* 0: none */
    bool certify, no_symmetry, quiet;
} ct_run_options;

/* A command lists one of these in argp.children and answers ARGP_KEY_INIT with
 *     state->child_inputs[0] = &its ct_run_options;
 * It then has PROBLEM (exactly one), --lattice, --threads, --memory, --backend, --no-symmetry and
 * --quiet. Help groups: 1 what to compute, 2 where it goes (the command gives its header), 3 how it
 * is computed; the headers of 1 and 3 are here. */
extern const struct argp ct_run_argp;      /* with --cuts */
extern const struct argp ct_run_argp_bare; /* without --cuts */

/* For argp.help_filter: the exit codes follow the examples on the help page. */
char *ct_run_help_filter(int key, const char *text, void *input);

/* 1 .. 65536, else one line on standard error and EINVAL; option: "--threads". */
error_t ct_parse_count(const char *option, const char *text, long low, long high, int *out,
                       const struct argp_state *state);

#endif
