/* SPDX-License-Identifier: Apache-2.0 */
/* .npy: a one-dimensional structured array that numpy.load reads without pickle.
 *
 * Texts are fixed-width Unicode, as wide as the widest needs; reals are doubles, each followed by its error (CSV and JSON
 * carry the exact fractions); integers that errors may leave open are followed by NAME_hi, equal to
 * them when they are settled; flags are bool. A missing integer is INT64_MIN, a missing real NaN. In a partial
 * table the first text has the title "partial: 12 of 30 cuts" (dtype.fields['cut'][2]). */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "sheet/sheet.h"

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ORDER ">"
#else
#define ORDER "<"
#endif

/* The number of characters of every text column; 1 at least. */
static cutropy_status find_widths(const cutropy_sheet *sheet, int **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_cell cell;
    CT_NEW_ZERO(*out, sheet->columns);
    for (size_t c = 0; c < sheet->columns; c++) {
        if (sheet->column[c].type != CUTROPY_COLUMN_TEXT)
            continue;
        int width = sheet->column[c].width ? sheet->column[c].width : 1;
        for (const cutropy_sheet *part = sheet; part; part = part->next)
            for (size_t row = 0; row < part->rows; row++) {
                ct_sheet_cell(part, row, c, &cell);
                const int length = cell.missing ? 0 : (int)strlen(cell.text);
                width = length > width ? length : width;
            }
        (*out)[c] = width;
    }
done:
    return status;
}

static void add_field(const ct_column *column, int width, const char *partial, ct_text *text)
{
    if (*partial)
        ct_text_printf(text, "(('partial: %s', '%s'), '", partial, column->title);
    else
        ct_text_printf(text, "('%s', '", column->title);
    switch (column->type) {
    case CUTROPY_COLUMN_TEXT:
        ct_text_printf(text, ORDER "U%d'), ", width);
        return;
    case CUTROPY_COLUMN_REAL:
        ct_text_puts(text, ORDER "f8'), ");
        if (column->has_error)
            ct_text_printf(text, "('%s', '" ORDER "f8'), ", column->second);
        return;
    case CUTROPY_COLUMN_FLAG:
        ct_text_puts(text, "|b1'), ");
        return;
    default:
        ct_text_puts(text, ORDER "i8'), ");
        if (column->type == CUTROPY_COLUMN_BRACKET)
            ct_text_printf(text, "('%s', '" ORDER "i8'), ", column->second);
    }
}

/* The column that carries the mark of a partial table: the first text. */
static size_t marked_column(const cutropy_sheet *sheet)
{
    for (size_t c = 0; c < sheet->columns; c++)
        if (sheet->column[c].type == CUTROPY_COLUMN_TEXT)
            return c;
    return 0;
}

/* Magic, version, header length, then the header padded so that the data begin at a multiple of 64.
 */
static cutropy_status write_header(const cutropy_sheet *sheet, const int *width, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    const size_t marked = marked_column(sheet);
    ct_text_puts(&text, "{'descr': [");
    for (size_t c = 0; c < sheet->columns; c++)
        add_field(&sheet->column[c], width[c], c == marked ? sheet->partial : "", &text);
    ct_text_printf(&text, "], 'fortran_order': False, 'shape': (%zu,), }",
                   cutropy_sheet_rows(sheet));
    bool is_long = text.length > 65535 - 128;
    size_t prefix = is_long ? 12 : 10;
    while ((prefix + text.length + 1) % 64 && !text.failed)
        ct_text_puts(&text, " ");
    ct_text_puts(&text, "\n");
    if (text.failed)
        CT_TRY(ct_fail_memory(".npy header", text.capacity));
    unsigned char start[12] = {0x93, 'N', 'U', 'M', 'P', 'Y', is_long ? 2 : 1, 0};
    for (size_t i = 8; i < prefix; i++)
        start[i] = (unsigned char)(text.length >> 8 * (i - 8));
    CT_TRY(ct_write_bytes(file, start, prefix));
    CT_TRY(ct_write_bytes(file, text.bytes, text.length));
done:
    ct_text_free(&text);
    return status;
}

/* Bytes beyond ASCII become '?'. */
static void add_unicode(ct_text *out, const char *text, int width)
{
    for (int i = 0; i < width; i++) {
        uint32_t character = text && *text ? (unsigned char)*text++ : 0;
        if (character > 0x7f)
            character = '?';
        ct_text_add(out, (const char *)&character, sizeof character);
    }
}

static void add_double(ct_text *out, double value)
{
    ct_text_add(out, (const char *)&value, sizeof value);
}

static void add_integer(ct_text *out, int64_t value)
{
    ct_text_add(out, (const char *)&value, sizeof value);
}

static void add_cell(const ct_column *column, const ct_cell *cell, int width, ct_text *out)
{
    const char flag = !cell->missing && cell->integer != 0;
    switch (column->type) {
    case CUTROPY_COLUMN_TEXT:
        add_unicode(out, cell->missing ? NULL : cell->text, width);
        return;
    case CUTROPY_COLUMN_REAL:
        add_double(out, cell->missing ? NAN : cell->real);
        if (column->has_error)
            add_double(out, cell->missing ? NAN : cell->error);
        return;
    case CUTROPY_COLUMN_FLAG:
        ct_text_add(out, &flag, 1);
        return;
    default:
        add_integer(out, cell->missing ? INT64_MIN : cell->integer);
        if (column->type == CUTROPY_COLUMN_BRACKET)
            add_integer(out, cell->missing ? INT64_MIN : cell->high);
    }
}

static cutropy_status write_rows(const cutropy_sheet *sheet, const int *width, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    ct_text out = {0};
    ct_cell cell;
    for (size_t row = 0; row < sheet->rows; row++) {
        out.length = 0;
        for (size_t c = 0; c < sheet->columns; c++) {
            ct_sheet_cell(sheet, row, c, &cell);
            add_cell(&sheet->column[c], &cell, width[c], &out);
        }
        if (out.failed)
            CT_TRY(ct_fail_memory("table row", out.capacity));
        CT_TRY(ct_write_bytes(file, out.bytes, out.length));
    }
done:
    ct_text_free(&out);
    return status;
}

cutropy_status ct_write_npy(const cutropy_sheet *sheet, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    int *width = NULL;
    if (sheet->not_npy)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s", sheet->not_npy);
    for (size_t c = 0; c < sheet->columns; c++)
        if (sheet->column[c].type == CUTROPY_COLUMN_LIST)
            return ct_fail(
                CUTROPY_EUNSUPPORTED,
                "a %s has no fixed length and cannot be a column of .npy: use csv or json",
                sheet->column[c].name);
    CT_TRY(find_widths(sheet, &width));
    CT_TRY(write_header(sheet, width, file));
    for (; sheet; sheet = sheet->next)
        CT_TRY(write_rows(sheet, width, file));
done:
    ct_free(width);
    return status;
}
