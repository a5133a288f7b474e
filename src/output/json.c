/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: provenance (through jansson) followed by the rows, which are streamed. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "output/formats.h"
#include "output/rows.h"

static const char *kind_name(cutropy_kind kind)
{
    static const char *const names[] = {"label", "integer", "real", "complex"};
    return names[kind];
}

/* NULL when memory runs out; so in every function here. */
static json_t *timings(const cutropy_result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < result->timing_count; i++)
        if (json_object_set_new(object, result->timings[i].stage,
                                json_real(result->timings[i].seconds))) {
            json_decref(object);
            return NULL;
        }
    return object;
}

static json_t *column_names(const ct_columns *columns)
{
    json_t *array = json_array();
    for (size_t c = 0; c < columns->count; c++)
        if (json_array_append_new(array, json_string(columns->column[c].name))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_int_t finished_rows(const cutropy_result *result)
{
    json_int_t finished = 0;
    for (size_t row = 0; row < result->count; row++)
        finished += ct_row_done(result, row);
    return finished;
}

/* Bytes of a path that are not UTF-8 would make jansson refuse the whole object. */
static json_t *text_value(const char *text)
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

/* An integer where a double holds it exactly. */
static json_t *whole_number(double value)
{
    return value < 0x1p53 ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *provenance(const cutropy_result *result, const ct_columns *columns)
{
    char checksum[17];
    snprintf(checksum, sizeof checksum, "%016" PRIx64, result->checksum);
    json_t *object = json_pack(
        "{s:s, s:o, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:s, s:o, s:I, s:I, "
        "s:b, s:i, s:o}",
        "cutropy", cutropy_version(), "problem", text_value(result->problem), "lattice",
        result->lattice, "kind", kind_name(result->kind), "checksum", checksum, "label1_images",
        (json_int_t)result->ones, "norm", result->norm, "storage", result->storage, "backend",
        result->backend, "instruction_set", result->instruction_set, "libraries", result->libraries,
        "threads", result->threads, "symmetries", whole_number(result->symmetries), "unit",
        columns->base == CUTROPY_BASE_NATS ? "nats" : "bits", "timings", timings(result),
        "cuts_asked", (json_int_t)result->count, "cuts_finished", finished_rows(result), "complete",
        result->complete, "digits", result->digits, "columns", column_names(columns));
    return object;
}

cutropy_status ct_write_json(const cutropy_result *result, const ct_columns *columns, FILE *file)
{
    static const char rows_begin[] = ",\n  \"rows\": [\n", rows_end[] = "\n  ]\n}\n";
    cutropy_status status = CUTROPY_OK;
    json_t *object = provenance(result, columns);
    char *head = object ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : NULL;
    if (!head)
        CT_TRY(ct_fail_memory("JSON header", 0));
    size_t length = strlen(head);
    while (length && (head[length - 1] == '}' || head[length - 1] == '\n'))
        length--; /* opens the object again */
    CT_TRY(ct_write_bytes(file, head, length));
    CT_TRY(ct_write_bytes(file, rows_begin, sizeof rows_begin - 1));
    CT_TRY(ct_write_rows(result, columns, CUTROPY_FORMAT_JSON, file));
    CT_TRY(ct_write_bytes(file, rows_end, sizeof rows_end - 1));
done:
    free(head);
    json_decref(object);
    return status;
}
