/* SPDX-License-Identifier: Apache-2.0 */
/* The three formats behind cutropy_write. CUTROPY_EIO comes without a message: errno says why. */
#ifndef CT_FORMATS_H
#define CT_FORMATS_H

#include <stdio.h>

#include "output/columns.h"

/* Results that become one table: of one function (labels NULL, count 1), or of several classes with
 * the same cuts and quantities. count >= 1. */
typedef struct ct_tables {
    const cutropy_result *const *results;
    const int64_t *labels;
    size_t count;
    size_t missing; /* classes behind them that the run did not come to */
} ct_tables;

/* "12 of 30 cuts" where rows are missing, "" where none is; text needs CT_PARTIAL_SIZE. */
#define CT_PARTIAL_SIZE 64
void ct_tables_partial(const ct_tables *tables, char *text);

cutropy_status ct_write_csv_header(const ct_columns *columns, FILE *file);
cutropy_status ct_write_json(const cutropy_result *result, const ct_columns *columns, FILE *file);
/* Sets columns->class_label as it goes. */
cutropy_status ct_write_npy(const ct_tables *tables, ct_columns *columns, FILE *file);

/* Any of them, in the C locale, flushed. */
cutropy_status ct_write_tables(const ct_tables *tables, cutropy_format format, cutropy_base base,
                               FILE *file);
/* The same with a message, as the public functions promise. */
cutropy_status ct_write_tables_named(const ct_tables *tables, cutropy_format format,
                                     cutropy_base base, FILE *file);

#endif
