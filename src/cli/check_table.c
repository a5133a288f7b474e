#include "cli/check_table.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"
#include "input/bytes.h"
#include "output/sha256.h"

void ct_check_table_free(ct_check_table *table)
{
    ct_csv_free(&table->csv);
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
    if (to->size + length > to->room) {
        const size_t room = 2 * (to->size + length) + 4096;
        char *larger = ct_grow(to->bytes, to->size, room);
        if (!larger)
            return ct_fail_memory("cells", room);
        to->bytes = larger;
        to->room = room;
    }
    memcpy(to->bytes + to->size, text, length);
    to->size += length;
    return CUTROPY_OK;
}

static cutropy_status add_value(ct_cell_text *to, const json_t *value)
{
    char number[40];
    if (json_is_string(value))
        return add_text(to, json_string_value(value));
    if (json_is_integer(value)) {
        ct_snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        return add_text(to, number);
    }
    if (json_is_real(value)) {
        ct_snprintf(number, sizeof number, "%.17g", json_real_value(value));
        return add_text(to, number);
    }
    return add_text(to, ""); /* null, or a list such as the spectrum */
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
    json_t *value, *row, *root = json_loadb((const char *)bytes, size, 0, &error);
    if (!root)
        return ct_fail(CUTROPY_EINPUT, "%s: line %d: %s", path, error.line, error.text);
    json_t *columns = json_object_get(root, "columns"), *rows = json_object_get(root, "rows");
    if (!json_is_array(columns) || !json_array_size(columns) || !json_is_array(rows))
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "%s: no table of cutropy: it has no columns and rows", path));
    CT_TRY(copy_text(root, "problem", &out->problem));
    CT_TRY(copy_text(root, "lattice", &out->lattice));
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

/* index.json in the folder of the table, of cutropy table --ground-truth. */
static cutropy_status read_index(const char *path, const uint8_t *bytes, size_t size,
                                 ct_check_table *out)
{
    cutropy_status status = CUTROPY_OK;
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    const size_t folder = (size_t)(file - path);
    static const char name[] = "index.json";
    char *index = NULL;
    size_t i;
    json_t *root = NULL, *entry;
    CT_NEW(index, folder + sizeof name);
    memcpy(index, path, folder);
    memcpy(index + folder, name, sizeof name);
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
    }
done:
    json_decref(root);
    ct_free(index);
    return status;
}

static cutropy_status find_columns(const char *path, ct_check_table *t)
{
    static const char *const names[] = {"entropy_bits", "entropy_nats", "entropy"};
    t->cut = ct_csv_column(&t->csv, "cut");
    t->entropy = -1;
    for (int k = 0; k < 3 && t->entropy < 0; k++) {
        t->entropy = ct_csv_column(&t->csv, names[k]);
        t->unit_known = t->entropy >= 0 && k < 2;
        t->unit = k == 1 ? CUTROPY_NATS : CUTROPY_BITS;
    }
    if (t->cut < 0 || t->entropy < 0)
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: needs the columns `cut` and `entropy_bits`, `entropy_nats` or `entropy`", path);
    if (!t->csv.rows)
        return ct_fail(CUTROPY_EINPUT, "%s: a header without rows", path);
    t->error = ct_csv_column(&t->csv, "entropy_err");
    t->rank = ct_csv_column(&t->csv, "rank");
    t->classes_a = ct_csv_column(&t->csv, "classes_a");
    t->classes_b = ct_csv_column(&t->csv, "classes_b");
    t->purity = ct_csv_column(&t->csv, "purity");
    t->na = ct_csv_column(&t->csv, "na");
    t->boundary = ct_csv_column(&t->csv, "boundary");
    return CUTROPY_OK;
}

cutropy_status ct_check_table_read(const char *path, ct_check_table *out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *dot = strrchr(path, '.');
    *out = (ct_check_table){0};
    CT_TRY(ct_read_file(path, &bytes, &size));
    if (dot && !strcmp(dot, ".json")) {
        CT_TRY(read_json(path, bytes, size, out));
    } else {
        CT_TRY(ct_csv_parse(bytes, size, path, &out->csv));
        CT_TRY(read_index(path, bytes, size, out));
    }
    CT_TRY(find_columns(path, out));
done:
    ct_free(bytes);
    return status;
}
