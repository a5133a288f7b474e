/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the reader of options: an entry of its table, and who reads the value. */
#ifndef CT_CLI_OPTION_PARTS_H
#define CT_CLI_OPTION_PARTS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

struct ct_options; /* options.h */

typedef struct ct_cli_option ct_cli_option;

/* text: NULL for a flag. values: the words to choose from, as they stand in the help. */
typedef error_t ct_cli_option_parser(const ct_cli_option *o, const char *text, const char *values,
                                     struct ct_options *out, const struct argp_state *state);

struct ct_cli_option {
    const char *name;
    int letter;         /* short option; 0: none */
    const char *values; /* "N"; NULL: a flag */
    const char *help;   /* NULL: a command says its own, or the library's of `key` */
    ct_cli_option_parser *parse;
    size_t place;     /* of the value in ct_options */
    long low, high;   /* of a count */
    const char *key;  /* of cutropy_options_set */
    const char *flag; /* what a flag sets there */
    bool many;        /* it may be given several times */
    int flags;        /* of argp */
};

extern const ct_cli_option ct_cli_option_table[]; /* by ct_option_id */

/* ---- option_parsers.c ---- */

ct_cli_option_parser ct_parse_text, ct_parse_flag, ct_parse_count, ct_parse_run, ct_parse_word,
    ct_parse_form, ct_parse_method, ct_parse_format, ct_parse_base, ct_parse_output, ct_parse_real,
    ct_parse_large, ct_parse_tolerance, ct_parse_definition, ct_parse_axis, ct_refuse_ground_truth;

#endif
