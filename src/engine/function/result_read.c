/* SPDX-License-Identifier: Apache-2.0 */
/* What a caller reads of a result. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "engine/function/result.h"

/* The record of a row that is done, or NULL. */
static const cutropy_record *record_of(const cutropy_result *result, size_t row)
{
    const cutropy_record *record = &result->records[result->rows[row].record];
    return record->done ? record : NULL;
}

/* What was proved of it, or NULL. */
static const cutropy_exact *exact_of(const cutropy_result *result, size_t row)
{
    const cutropy_record *record = record_of(result, row);
    return record ? record->exact : NULL;
}

size_t cutropy_result_rows(const cutropy_result *result)
{
    return result->count;
}

const cutropy_cuts *cutropy_result_cuts(const cutropy_result *result)
{
    return &result->cuts;
}

int cutropy_result_complete(const cutropy_result *result)
{
    return result->complete;
}

int cutropy_result_done(const cutropy_result *result, size_t row)
{
    return record_of(result, row) != NULL;
}

const char *cutropy_result_failure(const cutropy_result *result, size_t row, cutropy_status *status)
{
    const cutropy_record *record = &result->records[result->rows[row].record];
    if (status)
        *status = (cutropy_status)record->failed;
    return record->failed ? record->failure : NULL;
}

size_t cutropy_result_record(const cutropy_result *result, size_t row)
{
    return result->rows[row].record;
}

int cutropy_result_na(const cutropy_result *result, size_t row)
{
    return result->rows[row].na;
}

int cutropy_result_boundary(const cutropy_result *result, size_t row)
{
    return result->rows[row].boundary;
}

cutropy_guarantee cutropy_result_guarantee(const cutropy_result *result, size_t row)
{
    const cutropy_record *record = record_of(result, row);
    return record ? record->guarantee : CUTROPY_GUARANTEE_FLOAT;
}

#define REAL(name, field)                                                                          \
    double cutropy_result_##name(const cutropy_result *result, size_t row)                         \
    {                                                                                              \
        const cutropy_record *record = record_of(result, row);                                     \
        return record ? record->field : NAN;                                                       \
    }
REAL(entropy, entropy)
REAL(entropy_error, entropy_err)
REAL(renyi2, renyi2)
REAL(renyi2_error, renyi2_err)
REAL(purity, purity)
REAL(purity_error, purity_err)

/* As snprintf; NULL is empty. */
static size_t put(const char *text, char *buffer, size_t size)
{
    return (size_t)snprintf(buffer, size, "%s", text ? text : "");
}

/* What the integers say, or else what was proved, which may be a decimal: no fraction. */
static size_t put_fraction(const cutropy_fraction *known, const char *proved, char *buffer,
                           size_t size)
{
    if (ct_fraction_is_known(known))
        return ct_fraction_format(known, buffer, size);
    return put(proved && !strchr(proved, '.') ? proved : NULL, buffer, size);
}

size_t cutropy_result_purity_fraction(const cutropy_result *result, size_t row, char *buffer,
                                      size_t size)
{
    const cutropy_record *record = record_of(result, row);
    const cutropy_exact *exact = exact_of(result, row);
    return record ? put_fraction(&record->purity_exact, exact ? exact->purity : NULL, buffer, size)
                  : put(NULL, buffer, size);
}

size_t cutropy_result_tr_rho3_fraction(const cutropy_result *result, size_t row, char *buffer,
                                       size_t size)
{
    const cutropy_record *record = record_of(result, row);
    const cutropy_exact *exact = exact_of(result, row);
    bool asked = false;
    for (size_t q = 0; q < result->quantity_count && !asked; q++)
        asked = result->quantities[q].kind == CUTROPY_QUANTITY_TR_RHO3;
    return record && asked
               ? put_fraction(&record->tr_rho3_exact, exact ? exact->tr_rho3 : NULL, buffer, size)
               : put(NULL, buffer, size);
}

void cutropy_result_rank(const cutropy_result *result, size_t row, int64_t *lo, int64_t *hi)
{
    const cutropy_record *record = record_of(result, row);
    *lo = record ? record->rank_lo : 0;
    *hi = record ? record->rank_hi : INT64_MAX;
}

int64_t cutropy_result_classes(const cutropy_result *result, size_t row, int side)
{
    const cutropy_record *record = record_of(result, row);
    return record ? record->classes[(side != 0) ^ (result->rows[row].swapped != 0)] : 0;
}

size_t cutropy_result_quantities(const cutropy_result *result)
{
    return result->quantity_count;
}

const cutropy_quantity *cutropy_result_quantity_asked(const cutropy_result *result, size_t quantity)
{
    return &result->quantities[quantity];
}

/* A number, or its error. */
static double quantity_of(const cutropy_result *result, size_t row, size_t quantity, bool error)
{
    const cutropy_record *record = record_of(result, row);
    const cutropy_row *r = &result->rows[row];
    const cutropy_quantity_kind kind = result->quantities[quantity].kind;
    const int label = ct_label_quantity(kind);
    if (kind == CUTROPY_QUANTITY_BOUNDARY_PIXELS)
        return error ? 0 : r->boundary_pixels;
    if (!record)
        return NAN;
    if (label >= 0)
        return (error ? r->label_err : r->label)[label];
    if (kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
        return error ? r->mutual_information_err : r->mutual_information;
    return (error ? record->extra_err : record->extra)[quantity];
}

double cutropy_result_quantity(const cutropy_result *result, size_t row, size_t quantity)
{
    return quantity_of(result, row, quantity, false);
}

double cutropy_result_quantity_error(const cutropy_result *result, size_t row, size_t quantity)
{
    return quantity_of(result, row, quantity, true);
}

double ct_row_saturation(const cutropy_result *result, size_t row)
{
    const cutropy_record *record = record_of(result, row);
    const int64_t *n = record->classes, least = n[0] < n[1] ? n[0] : n[1];
    return least > 1 ? record->entropy / log2((double)least) : 0;
}

size_t cutropy_result_levels(const cutropy_result *result, size_t row)
{
    const cutropy_record *record = record_of(result, row);
    return record ? record->spectrum_count : 0;
}

double cutropy_result_eigenvalue(const cutropy_result *result, size_t row, size_t level)
{
    return record_of(result, row)->spectrum[level];
}

double cutropy_result_eigenvalue_error(const cutropy_result *result, size_t row, size_t level)
{
    return record_of(result, row)->spectrum_err[level];
}

int64_t cutropy_result_multiplicity(const cutropy_result *result, size_t row, size_t level)
{
    return record_of(result, row)->multiplicity[level];
}

const char *cutropy_result_entropy_decimals(const cutropy_result *result, size_t row, int nats)
{
    const cutropy_exact *exact = exact_of(result, row);
    return exact ? exact->entropy[nats != 0] : NULL;
}

const char *cutropy_result_renyi2_decimals(const cutropy_result *result, size_t row, int nats)
{
    const cutropy_exact *exact = exact_of(result, row);
    return exact ? exact->renyi2[nats != 0] : NULL;
}

const char *cutropy_result_closed_form(const cutropy_result *result, size_t row, int nats)
{
    const cutropy_exact *exact = exact_of(result, row);
    return exact ? exact->closed_form[nats != 0] : NULL;
}

const char *cutropy_result_quantity_decimals(const cutropy_result *result, size_t row,
                                             size_t quantity, int nats)
{
    const cutropy_exact *exact = exact_of(result, row);
    if (exact && result->quantities[quantity].kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
        return result->rows[row].mutual_information_text[nats != 0];
    return exact && exact->extra ? exact->extra[2 * quantity + (nats != 0)] : NULL;
}

const char *cutropy_result_eigenvalue_decimals(const cutropy_result *result, size_t row,
                                               size_t level)
{
    const cutropy_exact *exact = exact_of(result, row);
    return exact && exact->spectrum && level < exact->spectrum_count ? exact->spectrum[level]
                                                                     : NULL;
}

const char *ct_result_libraries(const cutropy_result *result)
{
    return result->libraries ? result->libraries() : result->libraries_read;
}

size_t cutropy_result_origin(const cutropy_result *result, const char *key, char *buffer,
                             size_t size)
{
    static const char *const kinds[] = {"label", "integer", "real", "complex"};
    char number[32] = "";
    const struct {
        const char *key, *text;
    } texts[] = {{"problem", result->problem},
                 {"lattice", result->lattice},
                 {"kind", kinds[result->kind]},
                 {"norm", result->norm},
                 {"norm_err", result->norm_error},
                 {"storage", result->storage},
                 {"backend", result->backend},
                 {"instruction_set", result->instruction_set},
                 {"libraries", ct_result_libraries(result)}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(key, texts[i].key))
            return put(texts[i].text, buffer, size);
    if (!strcmp(key, "checksum"))
        snprintf(number, sizeof number, "%016llx", (unsigned long long)result->checksum);
    else if (!strcmp(key, "label1_images") && result->ones == UINT64_MAX) /* or more */
        return put(result->norm, buffer, size);
    else if (!strcmp(key, "label1_images") && result->kind == CUTROPY_KIND_LABEL)
        snprintf(number, sizeof number, "%llu", (unsigned long long)result->ones);
    else if (!strcmp(key, "threads"))
        snprintf(number, sizeof number, "%d", result->threads);
    else if (!strcmp(key, "digits"))
        snprintf(number, sizeof number, "%d", result->digits);
    else if (!strcmp(key, "symmetries"))
        ct_snprintf(number, sizeof number, "%.17g", result->symmetries);
    return put(number, buffer, size);
}

double cutropy_result_seconds(const cutropy_result *result, const char *stage)
{
    for (size_t i = 0; i < result->timing_count; i++)
        if (!strcmp(stage, result->timings[i].stage))
            return result->timings[i].seconds;
    return NAN;
}
