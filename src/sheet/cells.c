/* SPDX-License-Identifier: Apache-2.0 */
/* One cell as csv or JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/sheet.h"

static void add_real(ct_text *out, double value, bool json)
{
    if (isfinite(value))
        ct_text_printf(out, "%.17g", value);
    else if (json)
        ct_text_puts(out, "null");
    else if (!isnan(value))
        ct_text_puts(out, value > 0 ? "inf" : "-inf");
}

/* What a reader would take for something else without quotes: it drops spaces around a cell and
 * lines that begin with #. */
static bool needs_quotes(const char *text)
{
    const size_t length = strlen(text);
    return strpbrk(text, ",\"\r\n") || *text == '#' ||
           (length && (strchr(" \t", *text) || strchr(" \t", text[length - 1])));
}

static void add_quoted(ct_text *out, const char *text)
{
    ct_text_puts(out, "\"");
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        ct_text_add(out, text, (size_t)(quote - text) + 1);
        ct_text_puts(out, "\"");
    }
    ct_text_puts(out, text);
    ct_text_puts(out, "\"");
}

static void add_json(ct_text *out, const char *text)
{
    json_t *value = ct_json_text(text);
    char *dump = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (dump)
        ct_text_puts(out, dump);
    else
        out->failed = true;
    free(dump);
    json_decref(value);
}

static void add_plain(ct_text *out, const char *text, bool json)
{
    ct_text_puts(out, json ? "\"" : "");
    ct_text_puts(out, text);
    ct_text_puts(out, json ? "\"" : "");
}

static void add_text(ct_text *out, const ct_column *column, const char *text, bool json)
{
    if (column->plain || (!json && !column->quoted && !needs_quotes(text)))
        add_plain(out, text, json);
    else if (json)
        add_json(out, text);
    else
        add_quoted(out, text);
}

/* 0.4363^2;0.1^1 or [["0.4363", 2], [0.1, 1]] */
static void add_levels(ct_text *out, const ct_cell *cell, bool json)
{
    ct_text_puts(out, json ? "[" : "");
    for (size_t i = 0; i < cell->levels; i++) {
        ct_text_puts(out, !i ? "" : json ? ", " : ";");
        ct_text_puts(out, json ? "[" : "");
        if (cell->decimal)
            add_plain(out, cell->decimal[i], json);
        else
            ct_text_printf(out, "%.17g", cell->level[i] + 0.0);
        ct_text_puts(out, json ? ", " : "^");
        ct_text_integer(out, cell->multiplicity[i]);
        ct_text_puts(out, json ? "]" : "");
    }
    ct_text_puts(out, json ? "]" : "");
}

static void add_level_errors(ct_text *out, const ct_cell *cell, bool json)
{
    char half[24];
    ct_text_puts(out, json ? "[" : "");
    for (size_t i = 0; i < cell->levels; i++) {
        ct_text_puts(out, !i ? "" : json ? ", " : ";");
        if (cell->decimal) {
            ct_half_unit(cell->decimal[i], half);
            ct_text_puts(out, half);
        } else if (cell->level_err) {
            add_real(out, cell->level_err[i], json);
        }
    }
    ct_text_puts(out, json ? "]" : "");
}

void ct_half_unit(const char *decimal, char *text)
{
    const char *point = strchr(decimal, '.');
    snprintf(text, 24, "5e-%02d", (point ? (int)strlen(point + 1) : 0) + 1);
}

void ct_cell_value(const ct_column *column, const ct_cell *cell, bool json, ct_text *out)
{
    if (cell->missing) {
        ct_text_puts(out, json ? "null" : "");
        return;
    }
    switch (column->type) {
    case CUTROPY_COLUMN_INTEGER:
    case CUTROPY_COLUMN_FLAG:
        ct_text_integer(out, cell->integer);
        return;
    case CUTROPY_COLUMN_BRACKET:
        if (cell->integer == cell->high) {
            ct_text_integer(out, cell->integer);
            return;
        }
        ct_text_puts(out, json ? "\"" : "");
        ct_text_integer(out, cell->integer);
        ct_text_puts(out, "..");
        ct_text_integer(out, cell->high);
        ct_text_puts(out, json ? "\"" : "");
        return;
    case CUTROPY_COLUMN_REAL:
        if (cell->text)
            add_plain(out, cell->text, json);
        else
            add_real(out, cell->real, json);
        return;
    case CUTROPY_COLUMN_TEXT:
        add_text(out, column, cell->text, json);
        return;
    case CUTROPY_COLUMN_LIST:
        add_levels(out, cell, json);
    }
}

void ct_cell_error(const ct_column *column, const ct_cell *cell, bool json, ct_text *out)
{
    if (cell->missing)
        ct_text_puts(out, json ? "null" : "");
    else if (column->type == CUTROPY_COLUMN_LIST)
        add_level_errors(out, cell, json);
    else if (cell->error_text)
        ct_text_puts(out, cell->error_text);
    else
        add_real(out, cell->error, json);
}
