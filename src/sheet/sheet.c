/* SPDX-License-Identifier: Apache-2.0 */
/* Making a sheet, and reading one. */
#include "sheet/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

cutropy_status ct_sheet_make(size_t room, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(*out, 1);
    CT_NEW_ZERO((*out)->column, room);
    (*out)->origin_after = CT_ORIGINS;
done:
    if (status) {
        cutropy_sheet_free(*out);
        *out = NULL;
    }
    return status;
}

void cutropy_sheet_free(cutropy_sheet *sheet)
{
    while (sheet) {
        cutropy_sheet *next = sheet->next;
        for (size_t i = 0; i < sheet->origins; i++)
            free(sheet->origin[i].value);
        ct_free(sheet->column);
        ct_free(sheet->own);
        ct_free(sheet);
        sheet = next;
    }
}

cutropy_status ct_sheet_finish(cutropy_status status, cutropy_sheet **sheet)
{
    for (const cutropy_sheet *part = *sheet; !status && part; part = part->next)
        if (part->failed)
            status = ct_fail_memory("JSON header", 0);
    if (status) {
        cutropy_sheet_free(*sheet);
        *sheet = NULL;
    }
    return status;
}

ct_column *ct_sheet_column(cutropy_sheet *sheet, const char *name, const char *unit,
                           cutropy_column_type type)
{
    ct_column *column = &sheet->column[sheet->columns++];
    *column = (ct_column){.unit = unit, .type = type, .by_row = true};
    snprintf(column->name, sizeof column->name, "%s", name);
    snprintf(column->title, sizeof column->title, "%s%s%s", name, *unit ? "_" : "", unit);
    snprintf(column->second, sizeof column->second, "%s%s", name,
             type == CUTROPY_COLUMN_BRACKET ? "_hi" : "_err");
    return column;
}

void ct_sheet_columns(cutropy_sheet *sheet, const ct_column_words *words, size_t count,
                      const char *unit)
{
    for (size_t c = 0; c < count; c++) {
        ct_column *column = ct_sheet_column(sheet, words[c].name,
                                            words[c].is & CT_HAS_UNIT ? unit : "", words[c].type);
        column->has_error = (words[c].is & CT_HAS_ERROR) != 0;
        column->plain = (words[c].is & CT_PLAIN) != 0;
    }
}

cutropy_status ct_sheet_start(const ct_column_words *words, size_t count, cutropy_base base,
                              const void *of, size_t rows, ct_cell_maker *cell, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_sheet_make(count, out));
    (*out)->of = of;
    (*out)->rows = rows;
    (*out)->cell = cell;
    (*out)->unit = ct_unit_of(base);
    ct_sheet_columns(*out, words, count, base == CUTROPY_BASE_NATS ? "nats" : "bits");
done:
    return status;
}

/* ---- where numbers come from ---- */

json_t *ct_json_text(const char *text)
{
    json_t *value = json_string(text);
    if (value)
        return value;
    char *copy = ct_strdup(text);
    for (char *p = copy; p && *p; p++)
        if (*p & 0x80)
            *p = '?';
    value = copy ? json_string(copy) : NULL;
    ct_free(copy);
    return value;
}

json_t *ct_json_real(double value)
{
    return isfinite(value) ? json_real(value + 0.0) : json_null();
}

void ct_json_append(json_t **array, json_t *value)
{
    if (!*array)
        json_decref(value);
    else if (json_array_append_new(*array, value)) {
        json_decref(*array);
        *array = NULL;
    }
}

void ct_sheet_origin(cutropy_sheet *sheet, const char *key, json_t *value)
{
    char *text = value
                     ? json_dumps(value, JSON_ENCODE_ANY | JSON_INDENT(2) | JSON_REAL_PRECISION(17))
                     : NULL;
    json_decref(value);
    if (!text || sheet->origins == CT_ORIGINS) {
        free(text);
        sheet->failed = true;
        return;
    }
    sheet->origin[sheet->origins++] = (ct_origin){key, text};
}

/* ---- cells ---- */

void ct_sheet_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    cell->missing = false;
    cell->integer = cell->high = 0;
    cell->error = 0;
    cell->text = cell->error_text = NULL;
    sheet->cell(sheet, row, column, cell);
}

void ct_cell_mask(ct_cell *cell, const cutropy_cuts *cuts, size_t row)
{
    cutropy_mask_format(cuts->masks + row * cuts->words, cuts->words, cell->room,
                        sizeof cell->room);
    cell->text = cell->room;
}

void ct_cell_integer(ct_cell *cell, int64_t value)
{
    cell->integer = cell->high = value;
}

void ct_cell_real(ct_cell *cell, double value, double error)
{
    cell->real = value + 0.0;
    cell->error = error + 0.0;
}

double ct_unit_of(cutropy_base base)
{
    return base == CUTROPY_BASE_NATS ? M_LN2 : 1;
}

double ct_bits_error(double bits, double error, double unit)
{
    return unit == 1 ? error : error * unit * (1 + 0x1p-50) + fabs(bits) * 0x1p-52;
}

void ct_cell_bits(ct_cell *cell, double bits, double error, double unit)
{
    ct_cell_real(cell, bits * unit, ct_bits_error(bits, error, unit));
}

/* ---- for readers ---- */

size_t cutropy_sheet_rows(const cutropy_sheet *sheet)
{
    size_t rows = 0;
    for (; sheet; sheet = sheet->next)
        rows += sheet->rows;
    return rows;
}

int cutropy_sheet_columns(const cutropy_sheet *sheet)
{
    return (int)sheet->columns;
}

static const ct_column *column_at(const cutropy_sheet *sheet, int column)
{
    const bool there = column >= 0 && (size_t)column < sheet->columns;
    return there ? &sheet->column[column] : NULL;
}

const char *cutropy_sheet_name(const cutropy_sheet *sheet, int column)
{
    const ct_column *c = column_at(sheet, column);
    return c ? c->name : "";
}

const char *cutropy_sheet_unit(const cutropy_sheet *sheet, int column)
{
    const ct_column *c = column_at(sheet, column);
    return c ? c->unit : "";
}

const char *cutropy_sheet_title(const cutropy_sheet *sheet, int column)
{
    const ct_column *c = column_at(sheet, column);
    return c ? c->title : "";
}

const char *cutropy_sheet_error_title(const cutropy_sheet *sheet, int column)
{
    const ct_column *c = column_at(sheet, column);
    return c && c->has_error ? c->second : "";
}

cutropy_column_type cutropy_sheet_type(const cutropy_sheet *sheet, int column)
{
    const ct_column *c = column_at(sheet, column);
    return c ? c->type : CUTROPY_COLUMN_TEXT;
}

int cutropy_sheet_find(const cutropy_sheet *sheet, const char *name)
{
    for (size_t c = 0; c < sheet->columns; c++)
        if (!strcmp(sheet->column[c].name, name))
            return (int)c;
    return -1;
}

const char *cutropy_sheet_partial(const cutropy_sheet *sheet)
{
    return sheet->partial;
}

/* false: there is no such cell, or it is missing. */
static bool read_cell(const cutropy_sheet *sheet, size_t row, int column, ct_cell *cell)
{
    while (sheet && row >= sheet->rows) {
        row -= sheet->rows;
        sheet = sheet->next;
    }
    if (!sheet || !column_at(sheet, column))
        return false;
    ct_sheet_cell(sheet, row, (size_t)column, cell);
    return !cell->missing;
}

int cutropy_sheet_integer(const cutropy_sheet *sheet, size_t row, int column, int64_t *lo,
                          int64_t *hi)
{
    const cutropy_column_type type = cutropy_sheet_type(sheet, column);
    ct_cell cell;
    if ((type != CUTROPY_COLUMN_INTEGER && type != CUTROPY_COLUMN_BRACKET &&
         type != CUTROPY_COLUMN_FLAG) ||
        !read_cell(sheet, row, column, &cell))
        return 0;
    *lo = cell.integer;
    *hi = cell.high;
    return 1;
}

int cutropy_sheet_real(const cutropy_sheet *sheet, size_t row, int column, double *value,
                       double *error)
{
    ct_cell cell;
    if (cutropy_sheet_type(sheet, column) != CUTROPY_COLUMN_REAL ||
        !read_cell(sheet, row, column, &cell) || cell.real != cell.real)
        return 0;
    *value = cell.real;
    *error = cell.error;
    return 1;
}

int cutropy_sheet_integers(const cutropy_sheet *sheet, int column, int64_t *lo, int64_t *hi)
{
    const cutropy_column_type type = cutropy_sheet_type(sheet, column);
    const size_t rows = cutropy_sheet_rows(sheet);
    if (type != CUTROPY_COLUMN_INTEGER && type != CUTROPY_COLUMN_BRACKET &&
        type != CUTROPY_COLUMN_FLAG)
        return 0;
    for (size_t row = 0; row < rows; row++)
        if (!cutropy_sheet_integer(sheet, row, column, lo + row, hi + row))
            lo[row] = hi[row] = INT64_MIN;
    return 1;
}

int cutropy_sheet_reals(const cutropy_sheet *sheet, int column, double *values, double *errors)
{
    const size_t rows = cutropy_sheet_rows(sheet);
    if (cutropy_sheet_type(sheet, column) != CUTROPY_COLUMN_REAL)
        return 0;
    for (size_t row = 0; row < rows; row++)
        if (!cutropy_sheet_real(sheet, row, column, values + row, errors + row))
            values[row] = errors[row] = NAN;
    return 1;
}

int cutropy_sheet_text(const cutropy_sheet *sheet, size_t row, int column, char *text, size_t size)
{
    ct_cell cell;
    ct_text out = {0};
    int length = -1;
    if (read_cell(sheet, row, column, &cell)) {
        if (sheet->column[column].type == CUTROPY_COLUMN_TEXT)
            ct_text_puts(&out, cell.text); /* without quotes */
        else
            ct_cell_value(&sheet->column[column], &cell, false, &out);
    }
    ct_text_add(&out, "", 1);
    if (!out.failed)
        length = snprintf(text, size, "%s", out.bytes);
    ct_text_free(&out);
    return length;
}
