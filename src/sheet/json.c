/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: where the numbers come from, the names of the columns, the rows (streamed). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "sheet/sheet.h"

/* What is more than one line is moved to the right, as a member of the document. */
static void add_origin(const ct_origin *origin, ct_text *out)
{
    ct_text_printf(out, "  \"%s\": ", origin->key);
    const char *line = origin->value;
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        ct_text_add(out, line, (size_t)(end - line) + 1);
        ct_text_puts(out, "  ");
    }
    ct_text_puts(out, line);
}

static void add_title(const cutropy_sheet *sheet, const char *title, bool first, ct_text *out)
{
    if (sheet->lines)
        ct_text_puts(out, first ? "\n    \"" : ",\n    \"");
    else
        ct_text_puts(out, first ? "\"" : ", \"");
    ct_text_puts(out, title);
    ct_text_puts(out, "\"");
}

static void add_head(const cutropy_sheet *sheet, ct_text *out)
{
    ct_text_puts(out, "{\n");
    for (size_t i = 0; i < sheet->origins && i < sheet->origin_after; i++) {
        add_origin(&sheet->origin[i], out);
        ct_text_puts(out, ",\n");
    }
    ct_text_puts(out, "  \"columns\": [");
    for (size_t c = 0; c < sheet->columns; c++) {
        add_title(sheet, sheet->column[c].title, !c, out);
        if (sheet->column[c].has_error)
            add_title(sheet, sheet->column[c].second, false, out);
    }
    ct_text_puts(out, sheet->lines ? "\n  ],\n  \"rows\": [" : "],\n  \"rows\": [");
}

static void add_tail(const cutropy_sheet *sheet, ct_text *out)
{
    ct_text_puts(out, "\n  ]");
    for (size_t i = sheet->origin_after; i < sheet->origins; i++) {
        ct_text_puts(out, ",\n");
        add_origin(&sheet->origin[i], out);
    }
    ct_text_puts(out, "\n}\n");
}

static cutropy_status put(ct_text *text, FILE *file)
{
    if (text->failed)
        return ct_fail_memory("JSON header", text->capacity);
    const cutropy_status status = ct_write_bytes(file, text->bytes, text->length);
    text->length = 0;
    return status;
}

static cutropy_status write_document(const cutropy_sheet *sheet, FILE *file)
{
    char *text = sheet->document(sheet);
    if (!text)
        return ct_fail_memory("JSON", 0);
    cutropy_status status = ct_write_bytes(file, text, strlen(text));
    if (!status)
        status = ct_write_bytes(file, "\n", 1);
    const int reason = errno;
    free(text);
    errno = reason;
    return status;
}

cutropy_status ct_write_json(const cutropy_sheet *sheet, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    const cutropy_sheet *part = sheet;
    if (sheet->document)
        return write_document(sheet, file);
    ct_text_puts(&text, sheet->is_list ? "[" : "");
    for (; part; part = part->next) {
        add_head(part, &text);
        CT_TRY(put(&text, file));
        CT_TRY(ct_write_rows(part, true, file));
        add_tail(part, &text);
        ct_text_puts(&text, part->next ? "," : "");
    }
    if (sheet->parts_missing)
        ct_text_printf(&text, ",{\"complete\": false, \"partial\": \"%s\"}", sheet->partial);
    ct_text_puts(&text, sheet->is_list ? "]\n" : "");
    CT_TRY(put(&text, file));
done:
    ct_text_free(&text);
    return status;
}
