/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as csv or JSON. The cells that the rows of a group share are formatted once. */
#include "base/base.h"
#include "sheet/sheet.h"

#define FLUSH_BYTES ((size_t)1 << 16)
#define MAX_SLOTS ((size_t)1 << 15)

/* The formatted cells of one group. */
typedef struct slot {
    uint64_t key; /* 1 + group; 0: empty */
    ct_text text;
    size_t *end; /* end[c]: where the text of column c ends */
} slot;

typedef struct row_writer {
    const cutropy_sheet *sheet;
    bool json;
    size_t slot_count;
    slot *slots;
    size_t *ends; /* slot_count x columns */
} row_writer;

/* What stands before a value. */
static void add_name(const row_writer *writer, bool first, const char *name, ct_text *text)
{
    if (!writer->json) {
        ct_text_puts(text, first ? "" : ",");
        return;
    }
    if (first)
        ct_text_puts(text, writer->sheet->arrays ? "    [" : "    {");
    else
        ct_text_puts(text, ", ");
    if (!writer->sheet->arrays)
        ct_text_printf(text, "\"%s\": ", name);
}

static void add_cell(const row_writer *writer, size_t c, size_t row, ct_text *text)
{
    const ct_column *column = &writer->sheet->column[c];
    ct_cell cell;
    ct_sheet_cell(writer->sheet, row, c, &cell);
    add_name(writer, !c, column->title, text);
    ct_cell_value(column, &cell, writer->json, text);
    if (!column->has_error)
        return;
    add_name(writer, false, column->second, text);
    ct_cell_error(column, &cell, writer->json, text);
}

static const slot *shared_cells(const row_writer *writer, size_t row)
{
    const cutropy_sheet *sheet = writer->sheet;
    const uint64_t key = 1 + (sheet->group ? sheet->group(sheet, row) : row);
    slot *s = &writer->slots[key % writer->slot_count];
    if (s->key == key)
        return s;
    s->key = key;
    s->text.length = 0;
    for (size_t c = 0; c < sheet->columns; c++) {
        if (!sheet->column[c].by_row)
            add_cell(writer, c, row, &s->text);
        s->end[c] = s->text.length;
    }
    return s;
}

static void add_row(const row_writer *writer, size_t row, ct_text *out)
{
    const slot *s = shared_cells(writer, row);
    size_t start = 0;
    if (s->text.failed) {
        out->failed = true;
        return;
    }
    for (size_t c = 0; c < writer->sheet->columns; c++) {
        if (writer->sheet->column[c].by_row)
            add_cell(writer, c, row, out);
        else if (s->end[c] > start)
            ct_text_add(out, s->text.bytes + start, s->end[c] - start);
        start = s->end[c];
    }
    ct_text_puts(out, !writer->json ? "\n" : writer->sheet->arrays ? "]" : "}");
}

static cutropy_status writer_open(row_writer *writer, const cutropy_sheet *sheet, bool json)
{
    cutropy_status status = CUTROPY_OK;
    *writer = (row_writer){.sheet = sheet, .json = json};
    size_t slots = sheet->groups < MAX_SLOTS / 2 ? 2 * sheet->groups + 1 : MAX_SLOTS;
    for (size_t c = 0; c < sheet->columns; c++)
        if (sheet->column[c].type == CUTROPY_COLUMN_LIST)
            slots = 1; /* long texts: keep one */
    CT_NEW_ZERO(writer->slots, slots);
    CT_NEW_ZERO(writer->ends, slots * sheet->columns);
    for (size_t i = 0; i < slots; i++)
        writer->slots[i].end = writer->ends + i * sheet->columns;
    writer->slot_count = slots;
done:
    return status;
}

static void writer_close(row_writer *writer)
{
    for (size_t i = 0; i < writer->slot_count; i++)
        ct_text_free(&writer->slots[i].text);
    ct_free(writer->slots);
    ct_free(writer->ends);
}

cutropy_status ct_write_rows(const cutropy_sheet *sheet, bool json, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    row_writer writer;
    ct_text out = {0};
    CT_TRY(writer_open(&writer, sheet, json));
    for (size_t row = 0; row < sheet->rows && !out.failed; row++) {
        if (json)
            ct_text_puts(&out, row ? ",\n" : "\n");
        add_row(&writer, row, &out);
        if (out.length >= FLUSH_BYTES && !out.failed) {
            CT_TRY(ct_write_bytes(file, out.bytes, out.length));
            out.length = 0;
        }
    }
    if (out.failed)
        CT_TRY(ct_fail_memory("table row", out.capacity));
    CT_TRY(ct_write_bytes(file, out.bytes, out.length));
done:
    writer_close(&writer);
    ct_text_free(&out);
    return status;
}

cutropy_status ct_write_bytes(FILE *file, const void *bytes, size_t length)
{
    return length && fwrite(bytes, 1, length, file) != length ? CUTROPY_EIO : CUTROPY_OK;
}
