/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: one header line, one line a row; quotes only where a text needs them. */
#include "sheet/sheet.h"

#include "base/base.h"

cutropy_status ct_write_csv(const cutropy_sheet *sheet, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text head = {0};
    /* no header: a reader that knows no comments fails at once */
    if (*sheet->partial)
        ct_text_printf(&head, "# partial: %s\n", sheet->partial);
    for (size_t c = 0; c < sheet->columns; c++) {
        const ct_column *column = &sheet->column[c];
        ct_text_puts(&head, c ? "," : "");
        ct_text_puts(&head, column->title);
        ct_text_puts(&head, column->has_error ? "," : "");
        ct_text_puts(&head, column->has_error ? column->second : "");
    }
    ct_text_puts(&head, "\n");
    if (head.failed)
        CT_TRY(ct_fail_memory("header line", head.capacity));
    CT_TRY(ct_write_bytes(file, head.bytes, head.length));
    for (; sheet; sheet = sheet->next)
        CT_TRY(ct_write_rows(sheet, false, file));
done:
    ct_text_free(&head);
    return status;
}
