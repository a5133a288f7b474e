/* The command line of cutropy table. */
#ifndef CT_TABLE_OPTIONS_H
#define CT_TABLE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <cutropy/output.h>

typedef struct ct_table_options {
    const char *problem;    /* as typed */
    const char *lattice;    /* NULL: the problem's own */
    const char *cuts;       /* NULL: rows or prefixes */
    const char *quantities; /* NULL: none */
    const char *backend;    /* NULL: auto */
    const char *output;     /* NULL: standard output */
    cutropy_format format;
    bool format_given;
    cutropy_base base;
    int threads;     /* 0: all cores */
    uint64_t memory; /* bytes, 0: 90 % of what is available */
    bool no_symmetry, plan, timings, quiet;
} ct_table_options;

/* Fills *out; on CUTROPY_EINPUT the message is printed already. */
cutropy_status ct_table_options_parse(int argc, char **argv, ct_table_options *out);

#endif
