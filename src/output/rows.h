/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as text. The cells of a record are formatted once and reused by all its rows. */
#ifndef CT_ROWS_H
#define CT_ROWS_H

#include <stdio.h>

#include "output/columns.h"
#include "output/text.h"

/* Writes every finished row in the order of the cuts: CSV lines, or the members of a JSON array. */
cutropy_status ct_write_rows(const cutropy_result *result, const ct_columns *columns,
                             cutropy_format format, FILE *file);

/* fwrite that answers CUTROPY_EIO (errno says why). */
cutropy_status ct_write_bytes(FILE *file, const void *bytes, size_t length);

#endif
