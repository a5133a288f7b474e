/* SPDX-License-Identifier: Apache-2.0 */
/* Where the numbers of a run come from, for JSON. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "engine/function/result.h"
#include "sheet/sheet.h"

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

/* The cuts that failed, and why. */
static json_t *failures(const cutropy_result *result)
{
    json_t *list = json_array();
    char mask[CT_MASK_SIZE];
    for (size_t row = 0; row < result->count; row++) {
        const cutropy_record *record = &result->records[result->rows[row].record];
        if (!record->failed)
            continue;
        cutropy_mask_format(result->cuts.masks + row * result->cuts.words, result->cuts.words, mask,
                            sizeof mask);
        ct_json_append(&list, json_pack("{s:s, s:i, s:o}", "cut", mask, "status", record->failed,
                                        "reason", ct_json_text(record->failure)));
    }
    return list;
}

/* An integer where a double holds it exactly. */
static json_t *whole_number(double value)
{
    if (!isfinite(value)) /* the order of a group that no double holds */
        return json_null();
    return value < 0x1p53 ? json_integer((json_int_t)value) : json_real(value);
}

/* Nothing where f is no label; a text where JSON's integers end. */
static json_t *label1_images(const cutropy_result *result)
{
    if (result->kind != CUTROPY_KIND_LABEL)
        return json_null();
    return result->ones <= INT64_MAX ? json_integer((json_int_t)result->ones)
                                     : json_string(result->norm);
}

/* Nothing where it is infinite. */
static json_t *norm_error(const cutropy_result *result)
{
    return *result->norm_error ? json_string(result->norm_error) : json_null();
}

static json_t *members(const cutropy_result *result, cutropy_base base)
{
    static const char *const kinds[] = {"label", "integer", "real", "complex"};
    char checksum[17];
    snprintf(checksum, sizeof checksum, "%016" PRIx64, result->checksum);
    return json_pack(
        "{s:s, s:o, s:s, s:s, s:s, s:o, s:s, s:o, s:s, s:s, s:s, s:s, s:i, s:o, s:s, s:o, s:I, s:I, "
        "s:b, s:i}",
        "cutropy", cutropy_version(), "problem", ct_json_text(result->problem), "lattice",
        result->lattice, "kind", kinds[result->kind], "checksum", checksum, "label1_images",
        label1_images(result), "norm", result->norm, "norm_err", norm_error(result), "storage",
        result->storage, "backend", result->backend, "instruction_set", result->instruction_set,
        "libraries", ct_result_libraries(result), "threads", result->threads, "symmetries",
        whole_number(result->symmetries), "unit", base == CUTROPY_BASE_NATS ? "nats" : "bits",
        "timings", timings(result), "cuts_asked", (json_int_t)result->count, "cuts_finished",
        (json_int_t)ct_rows_done(result), "complete", result->complete, "digits", result->digits);
}

/* Of which function decimals are proved; NULL: there are none, or labels and integers, which nothing rounds. */
static const char *proved_of(const cutropy_result *result)
{
    if (!result->digits || result->kind < CUTROPY_KIND_REAL)
        return NULL;
    return !strcmp(result->storage, "weights")
               ? "f of its parameters, which are doubles; of cnn the sums of its windows, which are "
                 "doubles"
           : !strcmp(result->storage, "products")
               ? "f of its pixels and parameters, which are doubles"
               : "the amplitudes, which are doubles";
}

void ct_sheet_origins(cutropy_sheet *sheet, const cutropy_result *result, cutropy_base base,
                      bool table)
{
    static const char *const of_table[] = {
        "cutropy",  "problem",    "lattice", "kind",    "checksum",        "label1_images",
        "norm",     "norm_err",   "storage", "backend", "instruction_set", "libraries",
        "threads",  "symmetries", "unit",    "timings", "cuts_asked",      "cuts_finished",
        "complete", "digits",     NULL};
    static const char *const of_analysis[] = {
        "cutropy", "problem", "lattice",         "kind", "checksum",      "norm",    "norm_err",
        "storage", "backend", "instruction_set", "unit", "label1_images", "threads", NULL};
    json_t *all = members(result, base);
    for (const char *const *key = table ? of_table : of_analysis; *key; key++)
        ct_sheet_origin(sheet, *key, json_incref(json_object_get(all, *key)));
    json_decref(all);
    if (!strcmp(result->storage, "automaton")) /* f's own would take every image */
        ct_sheet_origin(sheet, "checksum_of",
                        json_string("the least automaton that reads f by rows"));
    if (proved_of(result))
        ct_sheet_origin(sheet, "proved_of", json_string(proved_of(result)));
    for (size_t i = 0; table && i < result->record_count; i++)
        if (result->records[i].failed) {
            ct_sheet_origin(sheet, "failures", failures(result));
            break;
        }
}
