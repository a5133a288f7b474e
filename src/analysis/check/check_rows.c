/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/check/check_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/locale.h"
#include "certify/closed_form.h"
#include "certify/decimal.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"
#include "sheet/text.h"

cutropy_status ct_check_against_open(ct_check_against *against)
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++)
        CT_TRY(cutropy_result_sheet(against->result, (cutropy_base)unit, &against->sheet[unit]));
done:
    return status;
}

void ct_check_against_close(ct_check_against *against)
{
    for (int unit = 0; unit < 2; unit++)
        cutropy_sheet_free(against->sheet[unit]);
}

/* ---- our side ---- */

/* A cell of ours: the number and its radius; value NULL: it is not known. */
typedef struct our_cell {
    const char *value;
    char number[CT_MASK_SIZE], radius[64];
    ct_text levels, errors; /* CT_CHECK_LEVELS */
} our_cell;

static const char *our_text(const ct_column *column, const ct_cell *cell, char *room, size_t size)
{
    if (column->type == CUTROPY_COLUMN_BRACKET && cell->integer < cell->high) {
        snprintf(room, size, "%lld..%lld", (long long)cell->integer, (long long)cell->high);
        return room;
    }
    if (column->type == CUTROPY_COLUMN_INTEGER || column->type == CUTROPY_COLUMN_BRACKET) {
        snprintf(room, size, "%lld", (long long)cell->integer);
        return room;
    }
    if (!cell->text) {
        ct_snprintf(room, size, "%.17g", cell->real);
        return isfinite(cell->real) ? room : NULL;
    }
    if (cell->text != cell->room)
        return *cell->text ? cell->text : NULL;
    snprintf(room, size, "%s", cell->text);
    return room;
}

/* The error beside it; a double is also rounded where it is printed. */
static void our_radius(const ct_column *column, const ct_cell *cell, our_cell *out)
{
    if (!cell->error_text && !isfinite(cell->error))
        out->value = NULL; /* an error without bound: nothing is known */
    else if (cell->error_text)
        snprintf(out->radius, sizeof out->radius, "%.63s", cell->error_text);
    else if (column->type == CUTROPY_COLUMN_REAL && !cell->text)
        ct_snprintf(out->radius, sizeof out->radius, "%.3g",
                    cell->error * 1.01 + fabs(cell->real) * 0x1p-51);
    else
        snprintf(out->radius, sizeof out->radius, "0");
}

static cutropy_status our_levels(const cutropy_record *record, our_cell *out)
{
    const cutropy_exact *exact = record->exact && record->exact->spectrum ? record->exact : NULL;
    char text[40];
    for (size_t i = 0; i < record->spectrum_count; i++) {
        ct_snprintf(text, sizeof text, "%.17g", record->spectrum[i]);
        ct_text_puts(&out->levels, i ? ";" : "");
        ct_text_puts(&out->levels, exact ? exact->spectrum[i] : text);
        ct_text_printf(&out->levels, "^%lld", (long long)record->multiplicity[i]);
        ct_text_puts(&out->errors, i ? ";" : "");
        if (exact)
            ct_text_printf(&out->errors, "5e-%d", ct_number_decimals(exact->spectrum[i]) + 1);
        else
            ct_text_printf(&out->errors, "%.3g",
                           (record->spectrum_err ? record->spectrum_err[i] : 0) * 1.01 +
                               record->spectrum[i] * 0x1p-51);
    }
    ct_text_add(&out->levels, "", 1);
    ct_text_add(&out->errors, "", 1);
    if (out->levels.failed || out->errors.failed)
        return ct_fail_memory("spectrum", out->levels.capacity);
    out->value = record->spectrum_count ? out->levels.bytes : NULL;
    return CUTROPY_OK;
}

static cutropy_status get_ours(const ct_check_against *a, const ct_check_column *column, size_t row,
                               our_cell *out)
{
    const int unit = column->unit >= 0 ? column->unit : (int)a->unit;
    const cutropy_sheet *sheet = a->sheet[unit];
    const char *stem = column->kind == CT_CHECK_FORM ? "entropy" : column->stem;
    const int ours = cutropy_sheet_find(sheet, stem);
    ct_cell cell;
    out->value = NULL;
    if (column->kind == CT_CHECK_LEVELS)
        return our_levels(&a->result->records[a->result->rows[row].record], out);
    if (ours < 0)
        return ct_fail(CUTROPY_EINTERNAL, "there is no column %s to compare with", stem);
    ct_sheet_cell(sheet, row, (size_t)ours, &cell);
    out->value = our_text(&sheet->column[ours], &cell, out->number, sizeof out->number);
    our_radius(&sheet->column[ours], &cell, out);
    return CUTROPY_OK;
}

/* ---- both ---- */

/* An error so large that it allows every value says nothing: half of what S, or a probability, can
 * be. */
static bool is_licence(const ct_check_against *a, const ct_check_column *column, size_t row,
                       const char *error)
{
    const int na = a->result->rows[row].na, n = a->pixels;
    const int unit = column->unit >= 0 ? column->unit : (int)a->unit;
    const double bits = na && na < n ? (na < n - na ? na : n - na) : 1;
    const double limit = (column->has_unit ? bits * (unit ? M_LN2 : 1) : 1) / 2;
    return ct_strtod(error, NULL) >= limit;
}

static cutropy_status compare_real(const ct_check_against *a, const ct_check_column *column,
                                   size_t row, const char *text, const char *error,
                                   const our_cell *ours, ct_comparison *out)
{
    const ct_our_number number = {ours->value, ours->radius};
    const ct_their_number theirs = {text, *error && is_licence(a, column, row, error) ? "" : error,
                                    column->doubles};
    if (!ct_number_is_valid(text))
        return ct_fail(CUTROPY_EINPUT, "'%.40s' is not a number", text);
    return ct_compare_numbers(&theirs, &number, a->tolerance, out);
}

static cutropy_status compare_form(const ct_check_against *a, const char *text,
                                   const our_cell *ours, bool *known, ct_comparison *out)
{
    cutropy_status status = CUTROPY_OK;
    char *value = NULL;
    const ct_our_number number = {ours->value, ours->radius};
    CT_TRY(ct_closed_form_value(text, &value));
    *known = value != NULL;
    if (value)
        CT_TRY(ct_compare_numbers(&(ct_their_number){value, "1e-50", false}, &number, a->tolerance,
                                  out));
done:
    ct_free(value);
    return status;
}

/* An error, or one in a list, that is no number >= 0. */
static bool has_bad_error(const ct_check_against *a, const ct_check_column *column, size_t row)
{
    const char *at = column->error < 0 ? "" : ct_csv_cell(&a->table->csv, row, column->error);
    char one[64];
    for (; *at; at += strspn(at, ";")) {
        const size_t length = strcspn(at, ";");
        snprintf(one, sizeof one, "%.*s", (int)(length < sizeof one ? length : sizeof one - 1), at);
        if (!ct_error_is_valid(one))
            return true;
        at += length;
    }
    return false;
}

/* *known = false: no value on one side. */
static cutropy_status compare_cell(const ct_check_against *a, const ct_check_column *column,
                                   size_t row, our_cell *ours, bool *known, ct_comparison *out)
{
    const ct_csv *csv = &a->table->csv;
    const char *text = ct_csv_cell(csv, row, column->value);
    const char *error = has_bad_error(a, column, row) || column->error < 0
                            ? ""
                            : ct_csv_cell(csv, row, column->error);
    cutropy_status status = get_ours(a, column, row, ours);
    *known = ours->value != NULL;
    if (status || !*known)
        return status;
    switch (column->kind) {
    case CT_CHECK_INTEGER:
        return ct_compare_integers(text, ours->value, out);
    case CT_CHECK_LEVELS:
        return ct_compare_levels(&(ct_their_number){text, error, column->doubles},
                                 &(ct_our_number){ours->value, ours->errors.bytes}, a->tolerance,
                                 out);
    case CT_CHECK_FORM:
        return compare_form(a, text, ours, known, out);
    default:
        return compare_real(a, column, row, text, error, ours, out);
    }
}

static ct_check_weight weight_of(const ct_check_column *column)
{
    return column->kind == CT_CHECK_INTEGER                    ? CT_CHECK_COUNTS
           : column->has_unit || column->kind == CT_CHECK_FORM ? CT_CHECK_ENTROPY
                                                               : CT_CHECK_PLAIN;
}

bool ct_check_is_worse(const ct_checked_row *x, const ct_checked_row *y)
{
    if (x->verdict != y->verdict)
        return x->verdict > y->verdict;
    if (x->verdict == CUTROPY_CHECK_DIFFERS && x->weight != y->weight)
        return x->weight > y->weight;
    return x->difference > y->difference;
}

static void note(ct_checked_row *row, const char *column)
{
    const size_t length = strlen(row->others);
    snprintf(row->others + length, sizeof row->others - length, "%s%s", length ? ", " : "", column);
}

/* The cell joins its row: the worst one stands for it, others that differ are named. */
static void join(const ct_check_against *a, int value, ct_check_weight weight,
                 const ct_comparison *cell, const our_cell *ours, ct_checked_row *row)
{
    char *const *name = a->table->csv.name;
    const ct_checked_row one = {
        .verdict = cell->verdict, .weight = weight, .difference = cell->difference};
    if (row->column >= 0 && !ct_check_is_worse(&one, row)) {
        if (cell->verdict == CUTROPY_CHECK_DIFFERS)
            note(row, name[value]);
        return;
    }
    if (row->column >= 0 && row->verdict == CUTROPY_CHECK_DIFFERS)
        note(row, name[row->column]);
    row->verdict = cell->verdict;
    row->weight = weight;
    row->difference = cell->difference;
    row->column = value;
    snprintf(row->ours, sizeof row->ours, "%.63s", ours->value);
}

cutropy_status ct_check_row(const ct_check_against *a, size_t row, ct_checked_row *out,
                            size_t *left_out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_csv *csv = &a->table->csv;
    our_cell ours = {0};
    *out = (ct_checked_row){.column = -1};
    for (size_t i = 0; i < a->table->columns.count; i++) {
        const ct_check_column *column = &a->table->columns.column[i];
        const char *text = ct_csv_cell(csv, row, column->value);
        ct_comparison cell = {0};
        bool known;
        if (!*text || !strcasecmp(text, "nan"))
            continue; /* the table does not know it */
        ours.levels.length = ours.errors.length = 0;
        status = compare_cell(a, column, row, &ours, &known, &cell);
        if (status == CUTROPY_EINPUT)
            ct_fail(status, "%s:%zu: column %s: %s", a->path, csv->line[row],
                    csv->name[column->value], cutropy_error());
        CT_TRY(status);
        if (known)
            join(a, column->value, weight_of(column), &cell, &ours, out);
        else
            ++*left_out;
        if (!has_bad_error(a, column, row))
            continue;
        cell = (ct_comparison){CUTROPY_CHECK_DIFFERS,
                               INFINITY}; /* inf, nan, -1: whatever the value is */
        ours.value = "a number >= 0, or nothing";
        join(a, column->error, weight_of(column), &cell, &ours, out);
    }
done:
    ct_text_free(&ours.levels);
    ct_text_free(&ours.errors);
    return status;
}
