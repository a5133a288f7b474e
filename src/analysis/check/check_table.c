/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/check/check_table.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/locale.h"
#include "analysis/check/table_npy.h"
#include "input/bytes.h"
#include "input/npy.h"
#include "output/sha256.h"

void ct_check_table_free(ct_check_table *table)
{
    ct_csv_free(&table->csv);
    ct_check_columns_free(&table->columns);
    ct_free(table->problem);
    ct_free(table->lattice);
    *table = (ct_check_table){0};
}

/* A copy of a text member; NULL when there is none. */
static cutropy_status copy_text(const json_t *object, const char *key, char **out)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || *out)
        return CUTROPY_OK;
    *out = ct_strdup(text);
    return *out ? CUTROPY_OK : ct_fail_memory(key, strlen(text) + 1);
}

/* ---- JSON ---- */

/* Cells one after the other, each with its final zero. */
typedef struct ct_cell_text {
    char *bytes;
    size_t size, room;
} ct_cell_text;

static cutropy_status add_text(ct_cell_text *to, const char *text)
{
    const size_t length = strlen(text) + 1;
    const cutropy_status status = CT_ROOM("cells", to->bytes, to->size, to->room, length);
    if (status != CUTROPY_OK)
        return status;
    memcpy(to->bytes + to->size, text, length);
    to->size += length;
    return CUTROPY_OK;
}

/* The text of a scalar; "" for null. */
static void print_scalar(const json_t *value, char *text, size_t size)
{
    *text = 0;
    if (json_is_string(value))
        snprintf(text, size, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(text, size, "%lld", (long long)json_integer_value(value));
    for (int digits = 1; json_is_real(value) && digits <= 17; digits++) { /* 5e-21 stays that */
        ct_snprintf(text, size, "%.*g", digits, json_real_value(value));
        if (ct_strtod(text, NULL) == json_real_value(value))
            break;
    }
}

/* [[0.5, 2], [0.25, 1]] as "0.5^2;0.25^1", [1e-20, 1e-20] as "1e-20;1e-20". */
static cutropy_status add_list(ct_cell_text *to, const json_t *list)
{
    cutropy_status status = CUTROPY_OK;
    char level[1100], count[32];
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        if (i)
            to->bytes[to->size - 1] = ';'; /* in place of the last zero */
        print_scalar(json_is_array(value) ? json_array_get(value, 0) : value, level, 1050);
        if (json_is_array(value)) {
            print_scalar(json_array_get(value, 1), count, sizeof count);
            strcat(strcat(level, "^"), count);
        }
        CT_TRY(add_text(to, level));
    }
    if (!json_array_size(list))
        CT_TRY(add_text(to, ""));
done:
    return status;
}

static cutropy_status add_value(ct_cell_text *to, const json_t *value)
{
    char number[40];
    if (json_is_array(value))
        return add_list(to, value);
    if (json_is_string(value)) /* of any length */
        return add_text(to, json_string_value(value));
    print_scalar(value, number, sizeof number);
    return add_text(to, number);
}

/* Pointers to the texts, once they no longer move. */
static cutropy_status point_at_cells(ct_cell_text *from, size_t columns, size_t rows, ct_csv *out)
{
    cutropy_status status = CUTROPY_OK;
    char *at = from->bytes;
    CT_NEW(out->name, columns);
    CT_NEW(out->cell, columns * rows);
    CT_NEW(out->line, rows);
    for (size_t c = 0; c < columns; c++, at += strlen(at) + 1)
        out->name[c] = at;
    for (size_t i = 0; i < columns * rows; i++, at += strlen(at) + 1)
        out->cell[i] = at;
    for (size_t r = 0; r < rows; r++)
        out->line[r] = r + 1;
    out->columns = columns;
    out->rows = rows;
    out->bytes = from->bytes;
    from->bytes = NULL;
done:
    return status;
}

static cutropy_status read_json(const char *path, const uint8_t *bytes, size_t size,
                                ct_check_table *out)
{
    cutropy_status status = CUTROPY_OK;
    json_error_t error;
    ct_cell_text text = {0};
    size_t c, r;
    const size_t mark = ct_bom_length(bytes, size);
    json_t *value, *row, *root = json_loadb((const char *)bytes + mark, size - mark, 0, &error);
    if (!root)
        return ct_fail(CUTROPY_EINPUT, "%s:%d: %s", path, error.line, error.text);
    json_t *columns = json_object_get(root, "columns"), *rows = json_object_get(root, "rows");
    if (!json_is_array(columns) || !json_array_size(columns) || !json_is_array(rows))
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%s: no table of cutropy: it has no columns and rows", path));
    CT_TRY(copy_text(root, "problem", &out->problem));
    CT_TRY(copy_text(root, "lattice", &out->lattice));
    const char *storage = json_string_value(json_object_get(root, "storage"));
    out->weighted = storage && !strcmp(storage, "weights");
    json_array_foreach(columns, c, value) CT_TRY(add_value(&text, value));
    json_array_foreach(rows, r, row) json_array_foreach(columns, c, value) CT_TRY(add_value(
        &text,
        json_is_array(row)
            ? json_array_get(row, c)
            : json_object_get(row, json_string_value(value) ? json_string_value(value) : "")));
    CT_TRY(point_at_cells(&text, json_array_size(columns), json_array_size(rows), &out->csv));
done:
    ct_free(text.bytes);
    json_decref(root);
    return status;
}

/* ---- CSV ---- */

/* What an index beside the table says of it; *found = false: nothing. */
static cutropy_status read_index(const char *path, const char *name, const uint8_t *bytes,
                                 size_t size, ct_check_table *out, bool *found)
{
    cutropy_status status = CUTROPY_OK;
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    const size_t folder = (size_t)(file - path);
    char *index = NULL;
    size_t i;
    json_t *root = NULL, *entry;
    CT_NEW(index, folder + strlen(name) + 1);
    memcpy(index, path, folder);
    memcpy(index + folder, name, strlen(name) + 1);
    root = json_load_file(index, 0, NULL);
    json_array_foreach(json_object_get(root, "tables"), i, entry)
    {
        const char *listed = json_string_value(json_object_get(entry, "file"));
        if (!listed || strcmp(listed, file))
            continue;
        CT_TRY(copy_text(entry, "problem", &out->problem));
        CT_TRY(copy_text(entry, "lattice", &out->lattice));
        const char *listed_hash = json_string_value(json_object_get(entry, "sha256"));
        char hex[65];
        ct_sha256((const char *)bytes, size, hex);
        out->altered = listed_hash && strcmp(listed_hash, hex);
        *found = true;
    }
done:
    json_decref(root);
    ct_free(index);
    return status;
}

/* Those of cutropy ground-truth; of a set that is being made again, the newer one. */
static cutropy_status read_indices(const char *path, const uint8_t *bytes, size_t size,
                                   ct_check_table *out)
{
    bool found = false;
    cutropy_status status = read_index(path, "index.json.partial", bytes, size, out, &found);
    if (status == CUTROPY_OK && !found)
        status = read_index(path, "index.json", bytes, size, out, &found);
    return status;
}

static cutropy_status find_columns(const char *path, ct_check_table *t)
{
    cutropy_status status = CUTROPY_OK;
    t->cut = ct_csv_column(&t->csv, "cut");
    t->unit = -1;
    CT_TRY(ct_check_columns_find(&t->csv, &t->columns));
    if (t->cut < 0 || !t->columns.count)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: needs the columns `cut` and `entropy_bits`, `entropy_nats`, `entropy` "
                       "or another one of cutropy table%s",
                       path,
                       t->csv.columns > 1 ? "" : "; csv, json and npy are read, no other format"));
    if (ct_csv_column(&t->csv, "class") >= 0)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s: has a column `class`: a table is checked against one function; give "
                       "the rows of one class without that column",
                       path));
    if (!t->csv.rows)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: a header without rows", path));
    for (size_t i = t->columns.count; i-- > 0;)
        if (t->columns.column[i].unit >= 0)
            t->unit = t->columns.column[i].unit;
    const int classes = ct_csv_column(&t->csv, "classes_a");
    for (size_t i = 0; i < t->csv.rows && classes >= 0; i++)
        t->classes |= *ct_csv_cell(&t->csv, i, classes) != 0;
done:
    return status;
}

/* Any blank, and the byte order mark of UTF-8. */
static bool is_json(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!strchr(" \t\r\n\xef\xbb\xbf", bytes[i]))
            return bytes[i] == '{' || bytes[i] == '[';
    return false;
}

cutropy_status ct_table_file_read(const char *path, ct_check_table *out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    size_t size = 0;
    *out = (ct_check_table){0};
    CT_TRY(ct_read_file(path, &bytes, &size));
    if (ct_is_npy(bytes, size)) {
        CT_TRY(ct_table_npy_parse(bytes, size, path, &out->csv));
    } else if (is_json(bytes, size)) {
        CT_TRY(read_json(path, bytes, size, out));
    } else {
        CT_TRY(ct_csv_parse(bytes, size, path, &out->csv));
        CT_TRY(read_indices(path, bytes, size, out));
    }
done:
    ct_free(bytes);
    return status;
}

cutropy_status ct_check_table_read(const char *path, ct_check_table *out)
{
    const cutropy_status status = ct_table_file_read(path, out);
    return status ? status : find_columns(path, out);
}
