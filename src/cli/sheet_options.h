/* SPDX-License-Identifier: Apache-2.0 */
/* Where the table of an analysis goes: -o FILE, --format, --base. */
#ifndef CT_SHEET_OPTIONS_H
#define CT_SHEET_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include <cutropy/sheet.h>
#include <cutropy/problem.h>

typedef struct ct_sheet_options {
    const char *output; /* NULL: standard output */
    cutropy_format format;
    bool format_given;
    cutropy_base base;
} ct_sheet_options;

/* For argp.children: it is given a ct_sheet_options. Group 2 of the help page. */
extern const struct argp ct_sheet_argp;      /* with --base */
extern const struct argp ct_sheet_argp_bare; /* without */

/* Whether the file can be written, and is none that the run reads. cuts: the list as typed, NULL:
 * none. Errors: CUTROPY_EINPUT, CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_sheet_check(const ct_sheet_options *options, const cutropy_problem *problem,
                              const char *cuts);

/* The sheet into the file, whole or not at all (into FILE.partial where it is partial), or to standard
 * output. Returns the exit code; the message is out. */
int ct_sheet_put(const ct_sheet_options *options, const char *name, const cutropy_sheet *sheet);

#endif
