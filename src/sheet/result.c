/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a run: its columns in their fixed order, and the value of any cell. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "base/locale.h"
#include "engine/function/result.h"
#include "problem/classes.h"
#include "sheet/sheet.h"

/* What the tag of a column says. */
typedef enum column_id {
    CLASS, /* of several problems, their class or parameter: the first column */
    CUT,
    NA,
    BOUNDARY,
    ENTROPY,
    GUARANTEE,
    RENYI2,
    RANK,
    CLASSES_A,
    CLASSES_B,
    PURITY,
    CLOSED_FORM, /* with digits: S over logarithms of primes */
    RANK_PROOF,  /* with digits: "3 primes from 288230376151711813" */
    QUANTITY     /* the first of result->quantities; others follow */
} column_id;

typedef struct run_sheet {
    cutropy_base base;
    const cutropy_classes *classes; /* NULL: one problem */
    size_t which;                   /* of them */
    size_t row[];                   /* of the result, where not all are finished; else none */
} run_sheet;

static bool is_done(const cutropy_result *result, size_t row)
{
    return result->records[result->rows[row].record].done;
}

/* Finished or failed: in the table. */
static bool is_shown(const cutropy_result *result, size_t row)
{
    return is_done(result, row) || result->records[result->rows[row].record].failed;
}

size_t ct_rows_done(const cutropy_result *result)
{
    size_t done = 0;
    for (size_t row = 0; row < result->count; row++)
        done += is_done(result, row);
    return done;
}

const char *ct_guarantee_name(cutropy_guarantee guarantee)
{
    return guarantee == CUTROPY_GUARANTEE_EXACT       ? "exact"
           : guarantee == CUTROPY_GUARANTEE_CERTIFIED ? "certified"
           : guarantee == CUTROPY_GUARANTEE_BRACKET   ? "bracket"
                                                      : "float";
}

/* ---- columns ---- */

static void add_column(cutropy_sheet *sheet, int tag, const char *name, const char *unit,
                       cutropy_column_type type)
{
    ct_column *column = ct_sheet_column(sheet, name, unit, type);
    column->tag = tag;
    column->by_row = tag <= BOUNDARY;
    column->has_error = type == CUTROPY_COLUMN_REAL || type == CUTROPY_COLUMN_LIST;
    column->plain = true;
}

static cutropy_column_type type_of(const cutropy_quantity *quantity)
{
    static const cutropy_column_type types[] = {[CT_QUANTITY_INTEGER] = CUTROPY_COLUMN_INTEGER,
                                                [CT_QUANTITY_BRACKET] = CUTROPY_COLUMN_BRACKET,
                                                [CT_QUANTITY_REAL] = CUTROPY_COLUMN_REAL,
                                                [CT_QUANTITY_LEVELS] = CUTROPY_COLUMN_LIST};
    return types[ct_quantity_type_of(quantity)];
}

static void add_columns(cutropy_sheet *sheet, const cutropy_result *result, const char *unit)
{
    add_column(sheet, CUT, "cut", "", CUTROPY_COLUMN_TEXT);
    sheet->column[sheet->columns - 1].width = 3;
    add_column(sheet, NA, "na", "", CUTROPY_COLUMN_INTEGER);
    add_column(sheet, BOUNDARY, "boundary", "", CUTROPY_COLUMN_INTEGER);
    add_column(sheet, ENTROPY, "entropy", unit, CUTROPY_COLUMN_REAL);
    add_column(sheet, GUARANTEE, "guarantee", "", CUTROPY_COLUMN_TEXT);
    sheet->column[sheet->columns - 1].width = 9; /* "certified" */
    add_column(sheet, RENYI2, "renyi2", unit, CUTROPY_COLUMN_REAL);
    add_column(sheet, RANK, "rank", "", CUTROPY_COLUMN_BRACKET);
    add_column(sheet, CLASSES_A, "classes_a", "", CUTROPY_COLUMN_INTEGER);
    add_column(sheet, CLASSES_B, "classes_b", "", CUTROPY_COLUMN_INTEGER);
    add_column(sheet, PURITY, "purity", "", CUTROPY_COLUMN_REAL);
    if (result->digits) {
        add_column(sheet, CLOSED_FORM, "closed_form", "", CUTROPY_COLUMN_TEXT);
        add_column(sheet, RANK_PROOF, "rank_proof", "", CUTROPY_COLUMN_TEXT);
    }
    for (size_t q = 0; q < result->quantity_count; q++) {
        const cutropy_quantity *quantity = &result->quantities[q];
        char name[48];
        cutropy_quantity_name(quantity, name, sizeof name);
        add_column(sheet, QUANTITY + (int)q, name, cutropy_quantity_has_unit(quantity) ? unit : "",
                   type_of(quantity));
        if (quantity->kind == CUTROPY_QUANTITY_BOUNDARY_PIXELS ||
            quantity->kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION ||
            ct_label_quantity(quantity->kind) >= 0)
            sheet->column[sheet->columns - 1].by_row = true;
    }
}

/* ---- cells ---- */

/* A decimal of the record in place of a double, where there is one. */
static void set_decimal(ct_cell *cell, const char *decimal)
{
    if (!decimal)
        return;
    cell->text = decimal;
    ct_half_unit(decimal, cell->error_room);
    cell->error_text = cell->error_room;
}

static void set_entropy(ct_cell *cell, double bits, double error, cutropy_base base,
                        const char *decimal)
{
    ct_cell_bits(cell, bits, error, ct_unit_of(base));
    set_decimal(cell, decimal);
}

/* A fraction is exact where it is printed as one (proved: NULL, or a fraction or a decimal); its
 * double in .npy is rounded. */
static void set_fraction(ct_cell *cell, const cutropy_fraction *exact, const char *proved,
                         double value, double error)
{
    const bool known = ct_fraction_is_known(exact);
    ct_cell_real(cell, value, known ? fabs(value) * 0x1p-50 : error);
    if (proved && strchr(proved, '.')) {
        set_decimal(cell, proved);
        return;
    }
    if (!known && !proved)
        return;
    cell->text = proved ? proved : exact->text;
    if (!cell->text) {
        ct_fraction_format(exact, cell->room, sizeof cell->room);
        cell->text = cell->room;
    }
    cell->error_text = "0";
}

static void set_rank_proof(const cutropy_exact *exact, ct_cell *cell)
{
    cell->text = "";
    if (!exact || !exact->rank_primes)
        return;
    snprintf(cell->room, sizeof cell->room, "%lld prime%s from %llu", (long long)exact->rank_primes,
             exact->rank_primes == 1 ? "" : "s", (unsigned long long)exact->rank_first_prime);
    cell->text = cell->room;
}

/* Of a sum of three decimals. */
static void set_sum(ct_cell *cell, const cutropy_row *row, int unit)
{
    if (!row->mutual_information_text[unit])
        return;
    cell->text = row->mutual_information_text[unit];
    snprintf(cell->error_room, sizeof cell->error_room, "1.5e-%02d",
             row->mutual_information_decimals[unit]);
    cell->error_text = cell->error_room;
}

static void get_spectrum(const cutropy_record *record, ct_cell *cell)
{
    cell->levels = record->spectrum_count;
    cell->level = record->spectrum;
    cell->level_err = record->spectrum_err;
    cell->decimal = record->exact ? record->exact->spectrum : NULL;
    cell->multiplicity = record->multiplicity;
}

static void get_quantity(const cutropy_result *result, cutropy_base base, size_t q, size_t row,
                         ct_cell *cell)
{
    const cutropy_record *record = &result->records[result->rows[row].record];
    const cutropy_quantity *quantity = &result->quantities[q];
    const int unit = base == CUTROPY_BASE_NATS;
    if (ct_quantity_type_of(quantity) == CT_QUANTITY_BRACKET) {
        cell->missing = record->extra[q] < 0; /* beyond 64 bits, as the rank */
        cell->integer = (int64_t)record->extra[q];
        cell->high = (int64_t)(record->extra[q] + record->extra_err[q]);
        return;
    }
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_BOUNDARY_PIXELS:
        ct_cell_integer(cell, result->rows[row].boundary_pixels);
        return;
    case CUTROPY_QUANTITY_BLOCKS:
        ct_cell_integer(cell, record->blocks);
        cell->missing = record->blocks < 0;
        return;
    case CUTROPY_QUANTITY_TR_RHO3:
        set_fraction(cell, &record->tr_rho3_exact, record->exact ? record->exact->tr_rho3 : NULL,
                     record->tr_rho3, record->tr_rho3_err);
        return;
    case CUTROPY_QUANTITY_SPECTRUM:
        get_spectrum(record, cell);
        return;
    default:
        set_entropy(cell, cutropy_result_quantity(result, row, q),
                    cutropy_result_quantity_error(result, row, q),
                    cutropy_quantity_has_unit(quantity) ? base : CUTROPY_BASE_BITS,
                    record->exact && record->exact->extra
                        ? record->exact->extra[2 * q + (size_t)unit]
                        : NULL);
        if (quantity->kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
            set_sum(cell, &result->rows[row], unit);
    }
}

static size_t row_of(const cutropy_sheet *sheet, size_t row)
{
    const cutropy_result *result = sheet->of;
    const run_sheet *run = sheet->own;
    return sheet->rows == result->count ? row : run->row[row];
}

static void get_cell(const cutropy_sheet *sheet, size_t at, size_t column, ct_cell *cell)
{
    const cutropy_result *result = sheet->of;
    const run_sheet *run = sheet->own;
    const size_t row = row_of(sheet, at);
    const cutropy_row *r = &result->rows[row];
    const cutropy_record *record = &result->records[r->record];
    const cutropy_exact *exact = record->exact;
    const int unit = run->base == CUTROPY_BASE_NATS;
    if (record->failed && sheet->column[column].tag > BOUNDARY) {
        cell->missing = sheet->column[column].tag != GUARANTEE;
        cell->text = "failed";
        return;
    }
    switch ((column_id)sheet->column[column].tag) {
    case CLASS:
        ct_cell_integer(cell, run->classes->label[run->which]);
        if (run->classes->text) {
            cell->text = run->classes->text[run->which];
            cell->real = ct_strtod(cell->text, NULL);
        }
        return;
    case CUT:
        ct_cell_mask(cell, &result->cuts, row);
        return;
    case NA:
        ct_cell_integer(cell, r->na);
        cell->missing = result->infinite;
        return;
    case BOUNDARY:
        ct_cell_integer(cell, r->boundary);
        return;
    case ENTROPY:
        set_entropy(cell, record->entropy, record->entropy_err, run->base,
                    exact ? exact->entropy[unit] : NULL);
        return;
    case GUARANTEE:
        cell->text = ct_guarantee_name(record->guarantee);
        return;
    case RENYI2:
        set_entropy(cell, record->renyi2, record->renyi2_err, run->base,
                    exact ? exact->renyi2[unit] : NULL);
        return;
    case RANK:
        cell->integer = record->rank_lo;
        cell->high = record->rank_hi;
        cell->missing = record->rank_lo < 0; /* 2^S, beyond 64 bits */
        return;
    case CLASSES_A:
        ct_cell_integer(cell, record->classes[r->swapped ? 1 : 0]);
        cell->missing = record->classes[0] < 0;
        return;
    case CLASSES_B:
        ct_cell_integer(cell, record->classes[r->swapped ? 0 : 1]);
        cell->missing = record->classes[0] < 0;
        return;
    case PURITY:
        set_fraction(cell, &record->purity_exact, exact ? exact->purity : NULL, record->purity,
                     record->purity_err);
        return;
    case CLOSED_FORM:
        cell->text = exact && exact->closed_form[unit] ? exact->closed_form[unit] : "";
        return;
    case RANK_PROOF:
        set_rank_proof(exact, cell);
        return;
    case QUANTITY:
        break;
    }
    get_quantity(result, run->base, (size_t)(sheet->column[column].tag - QUANTITY), row, cell);
}

static uint64_t get_group(const cutropy_sheet *sheet, size_t at)
{
    const cutropy_row *r = &((const cutropy_result *)sheet->of)->rows[row_of(sheet, at)];
    return 2 * (uint64_t)r->record + (r->swapped ? 1 : 0);
}

/* ---- the sheet ---- */

/* Of problem `which` of several; classes NULL: there is no column of them. */
static cutropy_status make(const cutropy_result *result, cutropy_base base,
                           const cutropy_classes *classes, size_t which, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t done = ct_rows_done(result);
    size_t shown = 0;
    for (size_t row = 0; row < result->count; row++)
        shown += is_shown(result, row);
    const size_t index = shown < result->count ? shown : 0;
    run_sheet *run;
    CT_TRY(ct_sheet_make(QUANTITY + 1 + result->quantity_count, out));
    cutropy_sheet *sheet = *out;
    run = sheet->own = ct_alloc(1, sizeof *run + index * sizeof *run->row);
    if (!run)
        CT_TRY(ct_fail_memory("rows", index * sizeof *run->row));
    *run = (run_sheet){.base = base, .classes = classes, .which = which};
    for (size_t row = 0, at = 0; at < index; row++)
        if (is_shown(result, row))
            run->row[at++] = row;
    sheet->of = result;
    sheet->rows = shown;
    sheet->groups = result->record_count;
    sheet->cell = get_cell;
    sheet->group = get_group;
    sheet->lines = true;
    if (result->digits)
        sheet->not_npy = "decimals and closed forms do not fit .npy: use csv or json with --digits";
    if (!result->complete)
        snprintf(sheet->partial, sizeof sheet->partial, "%zu of %zu cuts", done, result->count);
    if (classes) {
        add_column(sheet, CLASS, classes->key, "",
                   classes->text ? CUTROPY_COLUMN_REAL : CUTROPY_COLUMN_INTEGER);
        sheet->column[0].has_error = false;
    }
    add_columns(sheet, result, base == CUTROPY_BASE_NATS ? "nats" : "bits");
    ct_sheet_origins(sheet, result, base, true);
done:
    return ct_sheet_finish(status, out);
}

cutropy_status cutropy_result_sheet(const cutropy_result *result, cutropy_base base,
                                    cutropy_sheet **out)
{
    return make(result, base, NULL, 0, out);
}

cutropy_status cutropy_classes_sheet(const cutropy_classes *classes,
                                     const cutropy_result *const *results, size_t count,
                                     cutropy_base base, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t finished = 0, asked = 0;
    bool complete = count == classes->count;
    *out = NULL;
    if (!count || count > classes->count)
        return ct_fail(CUTROPY_EINPUT, "%zu results of %zu classes cannot be a table", count,
                       classes->count);
    for (size_t k = 0; k < count; k++) {
        cutropy_sheet **part = out;
        while (*part)
            part = &(*part)->next;
        CT_TRY(make(results[k], base, classes, k, part));
        finished += ct_rows_done(results[k]);
        asked += results[k]->count;
        complete &= results[k]->complete != 0;
    }
    (*out)->is_list = true;
    (*out)->parts_missing = classes->count - count;
    asked += (*out)->parts_missing * results[0]->count;
    if (!complete)
        snprintf((*out)->partial, sizeof(*out)->partial, "%zu of %zu cuts", finished, asked);
done:
    return ct_sheet_finish(status, out);
}
