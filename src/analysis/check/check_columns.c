/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/check/check_columns.h"

#include <string.h>

#include "base/array.h"
#include "engine/function/result.h"

#define DOUBLE_DIGITS 17

void ct_check_columns_free(ct_check_columns *columns)
{
    ct_free(columns->column);
    ct_free(columns->quantities);
    *columns = (ct_check_columns){0};
}

/* Of a decimal. */
static int significant_digits(const char *text)
{
    int digits = 0;
    for (const char *p = text; *p && *p != 'e' && *p != 'E' && *p != '^'; p++)
        digits += (*p > '0' && *p <= '9') || (*p == '0' && digits);
    return digits;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), size = strlen(end);
    return length > size && !strcmp(text + length - size, end);
}

/* A column that every table has; false: none. */
static bool is_standard(ct_check_column *out)
{
    static const struct {
        const char *name;
        ct_check_kind kind;
        bool has_unit;
    } standard[] = {{"na", CT_CHECK_INTEGER, false},        {"boundary", CT_CHECK_INTEGER, false},
                    {"entropy", CT_CHECK_REAL, true},       {"renyi2", CT_CHECK_REAL, true},
                    {"rank", CT_CHECK_INTEGER, false},      {"classes_a", CT_CHECK_INTEGER, false},
                    {"classes_b", CT_CHECK_INTEGER, false}, {"purity", CT_CHECK_REAL, false},
                    {"closed_form", CT_CHECK_FORM, false}};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++) {
        if (strcmp(out->stem, standard[i].name))
            continue;
        out->kind = standard[i].kind;
        out->has_unit = standard[i].has_unit;
        return true;
    }
    return false;
}

/* "renyi_0.5" as --quantities reads it: "renyi:0.5". */
static void with_colon(char *name)
{
    static const char *const with_parameter[] = {"renyi", "rank", "discarded_weight", "truncation"};
    for (size_t i = 0; i < sizeof with_parameter / sizeof *with_parameter; i++) {
        const size_t length = strlen(with_parameter[i]);
        if (!strncmp(name, with_parameter[i], length) && name[length] == '_')
            name[length] = ':';
    }
}

/* A column of --quantities, which joins those to be computed; *found = false: none. */
static cutropy_status take_quantity(ct_check_columns *columns, ct_check_column *out, bool *found)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_quantity *one = NULL;
    size_t count = 0, i = 0;
    char name[sizeof out->stem];
    memcpy(name, out->stem, sizeof name);
    with_colon(name);
    *found = false;
    status = strchr(name, ',') ? CUTROPY_EINPUT : cutropy_quantities_parse(name, &one, &count);
    if (status != CUTROPY_EMEMORY)
        *found = status == CUTROPY_OK && count == 1;
    if (!*found)
        return status == CUTROPY_EMEMORY ? status : CUTROPY_OK; /* somebody's own column */
    out->kind = ct_quantity_type_of(one) == CT_QUANTITY_LEVELS ? CT_CHECK_LEVELS
                : cutropy_quantity_is_real(one)                ? CT_CHECK_REAL
                                                               : CT_CHECK_INTEGER;
    out->has_unit = cutropy_quantity_has_unit(one);
    *found = out->has_unit || out->unit < 0; /* "blocks_bits" is somebody's own */
    if (!*found)
        goto done;
    cutropy_quantity_name(one, out->stem, sizeof out->stem);
    while (i < columns->quantity_count && (columns->quantities[i].kind != one->kind ||
                                           columns->quantities[i].parameter != one->parameter))
        i++;
    if (i == columns->quantity_count) {
        CT_TRY(CT_ROOM("quantities", columns->quantities, i, columns->quantity_room, 1));
        columns->quantities[columns->quantity_count++] = *one;
    }
done:
    cutropy_quantities_free(one);
    return status;
}

/* The column c of the table, if it is one of ours. */
static cutropy_status take_column(const ct_csv *csv, int c, ct_check_columns *columns)
{
    static const char *const endings[] = {"_bits", "_nats"};
    cutropy_status status = CUTROPY_OK;
    const char *name = csv->name[c];
    ct_check_column column = {.value = c, .error = -1, .unit = -1, .doubles = true};
    size_t length = strlen(name);
    bool known;
    for (int unit = 0; unit < 2; unit++)
        if (ends_with(name, endings[unit])) {
            column.unit = unit;
            length -= strlen(endings[unit]);
        }
    if (length >= sizeof column.stem || ends_with(name, "_err"))
        return CUTROPY_OK;
    memcpy(column.stem, name, length);
    known = is_standard(&column);
    if (!known)
        CT_TRY(take_quantity(columns, &column, &known));
    if (!known || (column.unit >= 0 && !column.has_unit))
        return CUTROPY_OK;
    for (size_t row = 0; row < csv->rows; row++)
        for (const char *p = ct_csv_cell(csv, row, c); p;
             p = strchr(p, ';') ? strchr(p, ';') + 1 : NULL)
            column.doubles &= significant_digits(p) <= DOUBLE_DIGITS;
    columns->column[columns->count++] = column;
done:
    return status;
}

/* The name of a column without its unit. */
static size_t stem_length(const char *name)
{
    return strlen(name) - (ends_with(name, "_bits") || ends_with(name, "_nats") ? 5 : 0);
}

static void find_error(const ct_csv *csv, int c, ct_check_columns *columns)
{
    const char *name = csv->name[c];
    ct_check_column *owner = NULL;
    for (size_t i = 0; ends_with(name, "_err") && i < columns->count; i++) {
        ct_check_column *column = &columns->column[i];
        const char *value = csv->name[column->value];
        const size_t length = stem_length(value);
        if (strncmp(value, name, length) || strcmp(name + length, "_err"))
            continue;
        if (!owner || column->value == c - 1)
            owner = column;
    }
    if (owner && owner->error < 0)
        owner->error = c;
}

cutropy_status ct_check_columns_find(const ct_csv *csv, ct_check_columns *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_check_columns){0};
    CT_NEW_ZERO(out->column, csv->columns);
    for (size_t c = 0; c < csv->columns; c++)
        CT_TRY(take_column(csv, (int)c, out));
    for (size_t c = 0; c < csv->columns; c++)
        find_error(csv, (int)c, out);
done:
    return status;
}
