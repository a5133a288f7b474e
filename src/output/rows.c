/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as text. The cells of a record are formatted once and reused by all its rows. */
#include "output/rows.h"

#include <math.h>

#define FLUSH_BYTES ((size_t)1 << 16)
#define MAX_SLOTS ((size_t)1 << 15)

/* The formatted cells of one record, as seen by rows that swap A and B or do not. */
typedef struct slot {
    uint64_t key; /* 1 + 2 * record + swapped; 0: empty */
    ct_text text;
    size_t *end; /* end[c]: where the text of column c ends */
} slot;

typedef struct row_writer {
    const cutropy_result *result;
    const ct_columns *columns;
    bool json;
    size_t slot_count;
    slot *slots;
    size_t *ends; /* slot_count x columns */
} row_writer;

static void add_real(ct_text *text, double value, bool json)
{
    if (isfinite(value))
        ct_text_printf(text, "%.17g", value);
    else if (json)
        ct_text_puts(text, "null");
    else if (!isnan(value))
        ct_text_puts(text, value > 0 ? "inf" : "-inf");
}

/* ["0.4363", 2] or 0.4363^2 */
static void add_decimal(ct_text *text, const char *decimal, int64_t multiplicity, bool json)
{
    ct_text_puts(text, json ? "[\"" : "");
    ct_text_puts(text, decimal);
    ct_text_puts(text, json ? "\", " : "^");
    ct_text_integer(text, multiplicity);
    ct_text_puts(text, json ? "]" : "");
}

static void add_spectrum(ct_text *text, const cutropy_record *record, bool json)
{
    if (json)
        ct_text_puts(text, "[");
    for (size_t i = 0; i < record->spectrum_count; i++) {
        if (i)
            ct_text_puts(text, json ? ", " : ";");
        if (record->exact && record->exact->spectrum)
            add_decimal(text, record->exact->spectrum[i], record->multiplicity[i], json);
        else
            ct_text_printf(text, json ? "[%.17g, %lld]" : "%.17g^%lld", record->spectrum[i] + 0.0,
                           (long long)record->multiplicity[i]);
    }
    if (json)
        ct_text_puts(text, "]");
}

static void add_spectrum_errors(ct_text *text, const cutropy_record *record, bool json)
{
    if (json)
        ct_text_puts(text, "[");
    for (size_t i = 0; i < record->spectrum_count; i++) {
        char half[24];
        if (i)
            ct_text_puts(text, json ? ", " : ";");
        if (record->exact && record->exact->spectrum) {
            ct_half_unit(record->exact->spectrum[i], half);
            ct_text_puts(text, half);
        } else if (record->spectrum_err) {
            add_real(text, record->spectrum_err[i], json);
        }
    }
    if (json)
        ct_text_puts(text, "]");
}

static void add_cell(const row_writer *writer, size_t column, size_t row, ct_text *text)
{
    const cutropy_result *result = writer->result;
    const char *quote = writer->json ? "\"" : "";
    ct_cell cell;
    if (writer->json)
        ct_text_printf(text, "%s\"%s\": ", column ? ", " : "    {",
                       writer->columns->column[column].name);
    else if (column)
        ct_text_puts(text, ",");
    ct_cell_get(result, writer->columns, column, row, &cell);
    switch (cell.type) {
    case CT_CELL_INTEGER:
        ct_text_integer(text, cell.integer);
        break;
    case CT_CELL_REAL:
        add_real(text, cell.real, writer->json);
        break;
    case CT_CELL_TEXT:
        ct_text_puts(text, quote);
        ct_text_puts(text, cell.text);
        ct_text_puts(text, quote);
        break;
    case CT_CELL_NUMBER_TEXT:
        ct_text_puts(text, cell.text);
        break;
    case CT_CELL_LONG_TEXT:
        ct_text_puts(text, quote);
        ct_text_puts(text, cell.long_text);
        ct_text_puts(text, quote);
        break;
    case CT_CELL_SPECTRUM:
        add_spectrum(text, &result->records[result->rows[row].record], writer->json);
        break;
    case CT_CELL_SPECTRUM_ERR:
        add_spectrum_errors(text, &result->records[result->rows[row].record], writer->json);
    }
}

static const slot *record_cells(const row_writer *writer, size_t row)
{
    const cutropy_row *r = &writer->result->rows[row];
    uint64_t key = 1 + 2 * (uint64_t)r->record + (r->swapped ? 1 : 0);
    slot *s = &writer->slots[key % writer->slot_count];
    if (s->key == key)
        return s;
    s->key = key;
    s->text.length = 0;
    for (size_t c = 0; c < writer->columns->count; c++) {
        if (!writer->columns->column[c].by_row)
            add_cell(writer, c, row, &s->text);
        s->end[c] = s->text.length;
    }
    return s;
}

static void add_row(const row_writer *writer, size_t row, ct_text *out)
{
    const slot *s = record_cells(writer, row);
    size_t start = 0;
    if (s->text.failed) {
        out->failed = true;
        return;
    }
    for (size_t c = 0; c < writer->columns->count; c++) {
        if (writer->columns->column[c].by_row)
            add_cell(writer, c, row, out);
        else if (s->end[c] > start)
            ct_text_add(out, s->text.bytes + start, s->end[c] - start);
        start = s->end[c];
    }
    ct_text_puts(out, writer->json ? "}" : "\n");
}

static cutropy_status writer_open(row_writer *writer, const cutropy_result *result,
                                  const ct_columns *columns, cutropy_format format)
{
    cutropy_status status = CUTROPY_OK;
    *writer =
        (row_writer){.result = result, .columns = columns, .json = format == CUTROPY_FORMAT_JSON};
    size_t slots = result->record_count < MAX_SLOTS / 2 ? 2 * result->record_count + 1 : MAX_SLOTS;
    for (size_t q = 0; q < result->quantity_count; q++)
        if (result->quantities[q].kind == CUTROPY_QUANTITY_SPECTRUM)
            slots = 1; /* long texts: keep one */
    CT_NEW_ZERO(writer->slots, slots);
    CT_NEW_ZERO(writer->ends, slots * columns->count);
    for (size_t i = 0; i < slots; i++)
        writer->slots[i].end = writer->ends + i * columns->count;
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

cutropy_status ct_write_rows(const cutropy_result *result, const ct_columns *columns,
                             cutropy_format format, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    row_writer writer;
    ct_text out = {0};
    size_t written = 0;
    CT_TRY(writer_open(&writer, result, columns, format));
    for (size_t row = 0; row < result->count; row++) {
        if (!ct_row_done(result, row))
            continue;
        if (writer.json && written++)
            ct_text_puts(&out, ",\n");
        add_row(&writer, row, &out);
        if (out.failed)
            break;
        if (out.length >= FLUSH_BYTES) {
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
