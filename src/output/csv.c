/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: one header line, one line a row, no quotes (no cell holds a comma). */
#include "output/formats.h"
#include "output/rows.h"

cutropy_status ct_write_csv_header(const ct_columns *columns, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text line = {0};
    for (size_t c = 0; c < columns->count; c++) {
        ct_text_puts(&line, c ? "," : "");
        ct_text_puts(&line, columns->column[c].name);
    }
    ct_text_puts(&line, "\n");
    if (line.failed)
        CT_TRY(ct_fail_memory("header line", line.capacity));
    CT_TRY(ct_write_bytes(file, line.bytes, line.length));
done:
    ct_text_free(&line);
    return status;
}
