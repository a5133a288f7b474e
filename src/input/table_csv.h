/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of CSV tables: a header line, then rows of as many cells. */
#ifndef CT_TABLE_CSV_H
#define CT_TABLE_CSV_H

#include "base/base.h"

/* Texts of all cells; they belong to `bytes`. */
typedef struct ct_csv {
    size_t columns, rows;
    char *bytes;
    char **name;  /* columns */
    char **cell;  /* rows x columns */
    size_t *line; /* rows: line of the file, from 1 */
} ct_csv;

/* 3 where the bytes begin with the byte order mark of UTF-8, else 0. */
size_t ct_bom_length(const uint8_t *bytes, size_t size);

/* Commas separate, cells may stand in double quotes ("" is a quote, line breaks are allowed), lines
 * end in LF or CRLF, a byte order mark in front, empty lines and lines that begin with # are skipped; spaces around a cell are
 * dropped. name is for messages. bytes are copied. Errors: CUTROPY_EINPUT with the line (no header,
 * a row of another length, an open quote, a zero byte), CUTROPY_EMEMORY. */
cutropy_status ct_csv_parse(const uint8_t *bytes, size_t size, const char *name, ct_csv *out);
void ct_csv_free(ct_csv *csv);

/* Number of a column, -1: there is none. */
int ct_csv_column(const ct_csv *csv, const char *name);

static inline const char *ct_csv_cell(const ct_csv *csv, size_t row, int column)
{
    return csv->cell[row * csv->columns + (size_t)column];
}

#endif
