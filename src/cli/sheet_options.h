/* Where the table of an analysis goes: -o FILE, --format csv|json, --base. */
#ifndef CT_SHEET_OPTIONS_H
#define CT_SHEET_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include <cutropy/output.h>

typedef struct ct_sheet_options {
    const char *output; /* NULL: standard output */
    cutropy_format format;
    bool format_given;
    cutropy_base base;
} ct_sheet_options;

/* For argp.children: it is given a ct_sheet_options. Group 2 of the help page. */
extern const struct argp ct_sheet_argp;      /* with --base */
extern const struct argp ct_sheet_argp_bare; /* without */

/* write(file, context) into the file, whole or not at all, or to standard output. Returns the exit
 * code; the message is out. write returns CUTROPY_EIO without a message. */
int ct_sheet_put(const ct_sheet_options *options, const char *name,
                 cutropy_status (*write)(FILE *file, void *context), void *context);

#endif
