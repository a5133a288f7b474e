/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a table, in their fixed order, and the value of any cell. */
#include "output/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const standard[CT_STANDARD_COLUMNS] = {
    [CT_CUT] = "cut",
    [CT_NA] = "na",
    [CT_BOUNDARY] = "boundary",
    [CT_ENTROPY] = "entropy_",
    [CT_ENTROPY_ERR] = "entropy_err",
    [CT_GUARANTEE] = "guarantee",
    [CT_RENYI2] = "renyi2_",
    [CT_RENYI2_ERR] = "renyi2_err",
    [CT_RANK] = "rank",
    [CT_CLASSES_A] = "classes_a",
    [CT_CLASSES_B] = "classes_b",
    [CT_PURITY] = "purity",
    [CT_PURITY_ERR] = "purity_err",
};

/* A column of a quantity, and that of its error where it is a real number. */
static void add_quantity(const cutropy_result *result, size_t q, const char *unit, ct_columns *out)
{
    const cutropy_quantity *quantity = &result->quantities[q];
    const bool has_unit = cutropy_quantity_has_unit(quantity);
    char name[48];
    ct_column *column = &out->column[out->count++];
    cutropy_quantity_name(quantity, name);
    *column = (ct_column){.id = CT_EXTRA,
                          .quantity = q,
                          .by_row = quantity->kind == CUTROPY_QUANTITY_BOUNDARY_PIXELS ||
                                    quantity->kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION};
    snprintf(column->name, sizeof column->name, "%s%s%s", name, has_unit ? "_" : "",
             has_unit ? unit : "");
    if (!cutropy_quantity_is_real(quantity))
        return;
    column = &out->column[out->count++];
    *column = column[-1];
    column->id = CT_EXTRA_ERR;
    snprintf(column->name, sizeof column->name, "%s_err", name);
}

cutropy_status ct_columns_make(const cutropy_result *result, cutropy_base base, ct_columns *out)
{
    cutropy_status status = CUTROPY_OK;
    const char *unit = base == CUTROPY_BASE_NATS ? "nats" : "bits";
    *out = (ct_columns){.base = base};
    CT_NEW_ZERO(out->column, CT_STANDARD_COLUMNS + 2 + 2 * result->quantity_count);
    for (int id = 0; id < CT_STANDARD_COLUMNS; id++) {
        ct_column *column = &out->column[out->count++];
        bool has_unit = id == CT_ENTROPY || id == CT_RENYI2;
        column->id = (ct_column_id)id;
        column->by_row = id <= CT_BOUNDARY;
        snprintf(column->name, sizeof column->name, "%s%s", standard[id], has_unit ? unit : "");
    }
    if (result->digits) {
        out->column[out->count++] = (ct_column){.id = CT_CLOSED_FORM, .name = "closed_form"};
        out->column[out->count++] = (ct_column){.id = CT_RANK_PROOF, .name = "rank_proof"};
    }
    for (size_t q = 0; q < result->quantity_count; q++)
        add_quantity(result, q, unit, out);
done:
    return status;
}

cutropy_status ct_columns_add_class(ct_columns *columns)
{
    cutropy_status status = CUTROPY_OK;
    ct_column *column = NULL;
    CT_NEW_ZERO(column, columns->count + 1);
    memcpy(column + 1, columns->column, columns->count * sizeof *column);
    column[0] = (ct_column){.id = CT_CLASS, .by_row = true, .name = "class"};
    ct_free(columns->column);
    columns->column = column;
    columns->count++;
done:
    return status;
}

void ct_columns_free(ct_columns *columns)
{
    ct_free(columns->column);
    *columns = (ct_columns){0};
}

bool ct_row_done(const cutropy_result *result, size_t row)
{
    return result->records[result->rows[row].record].done;
}

const char *ct_guarantee_name(cutropy_guarantee guarantee)
{
    return guarantee == CUTROPY_GUARANTEE_EXACT       ? "exact"
           : guarantee == CUTROPY_GUARANTEE_CERTIFIED ? "certified"
                                                      : "float";
}

static void set_integer(ct_cell *cell, int64_t value)
{
    cell->type = CT_CELL_INTEGER;
    cell->integer = value;
}

static void set_real(ct_cell *cell, double value)
{
    cell->type = CT_CELL_REAL;
    cell->real = value + 0.0; /* no "-0" */
}

static void set_fraction(ct_cell *cell, const cutropy_fraction *exact, double value)
{
    set_real(cell, value);
    if (!exact->q[0] && !exact->q[1])
        return;
    cell->type = CT_CELL_TEXT;
    cutropy_fraction_format(exact, cell->text);
}

static double in_unit(double bits, cutropy_base base)
{
    return base == CUTROPY_BASE_NATS ? bits * M_LN2 : bits;
}

/* In nats the bound also covers the rounding of ln 2 and of the two products, which an exact number
 * of bits has too. */
static double error_in_unit(double bits, double error, cutropy_base base)
{
    if (base == CUTROPY_BASE_BITS)
        return error;
    return error * M_LN2 * (1 + 0x1p-50) + fabs(bits) * 0x1p-52;
}

/* A text of the record in place of a double, where there is one. */
static void set_proved(ct_cell *cell, const char *text)
{
    if (!text)
        return;
    cell->type = CT_CELL_LONG_TEXT;
    cell->long_text = text;
}

/* "5e-34": half a unit of the last of 33 decimals. */
void ct_half_unit(const char *decimal, char *text)
{
    const char *point = strchr(decimal, '.');
    snprintf(text, 24, "5e-%02d", (point ? (int)strlen(point + 1) : 0) + 1);
}

/* The error of a proved decimal in place of that of a double. */
static void set_proved_error(ct_cell *cell, const char *decimal)
{
    if (!decimal)
        return;
    cell->type = CT_CELL_NUMBER_TEXT;
    ct_half_unit(decimal, cell->text);
}

/* A fraction is exact where it is printed as one (proved: NULL, or a fraction or a decimal); its double
 * in .npy is rounded. */
static void set_fraction_error(ct_cell *cell, bool exact, const char *proved, double value,
                               double error)
{
    set_real(cell, exact ? fabs(value) * 0x1p-50 : error);
    if (proved && strchr(proved, '.')) {
        set_proved_error(cell, proved);
        return;
    }
    if (!exact && !proved)
        return;
    cell->type = CT_CELL_NUMBER_TEXT;
    snprintf(cell->text, sizeof cell->text, "0");
}

static bool is_exact(const cutropy_fraction *fraction)
{
    return fraction->q[0] || fraction->q[1];
}

/* "3", or "3..5" where the errors leave it open. */
static void set_bracket(ct_cell *cell, int64_t low, int64_t high)
{
    set_integer(cell, low);
    cell->high = high;
    if (low == high)
        return;
    cell->type = CT_CELL_TEXT;
    snprintf(cell->text, sizeof cell->text, "%lld..%lld", (long long)low, (long long)high);
}

static void get_rank_proof(const cutropy_exact *exact, ct_cell *cell)
{
    cell->type = CT_CELL_TEXT;
    cell->text[0] = 0;
    if (exact && exact->rank_primes)
        snprintf(cell->text, sizeof cell->text, "%lld prime%s from %llu",
                 (long long)exact->rank_primes, exact->rank_primes == 1 ? "" : "s",
                 (unsigned long long)exact->rank_first_prime);
}

static void get_extra(const cutropy_result *result, const ct_columns *columns, size_t q, size_t row,
                      ct_cell *cell)
{
    const cutropy_record *record = &result->records[result->rows[row].record];
    const cutropy_quantity *quantity = &result->quantities[q];
    const int unit = columns->base == CUTROPY_BASE_NATS;
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_BOUNDARY_PIXELS:
        set_integer(cell, result->rows[row].boundary_pixels);
        return;
    case CUTROPY_QUANTITY_BLOCKS:
        set_integer(cell, record->blocks);
        return;
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
    case CUTROPY_QUANTITY_TRUNCATION:
        set_bracket(cell, (int64_t)record->extra[q],
                    (int64_t)(record->extra[q] + record->extra_err[q]));
        return;
    case CUTROPY_QUANTITY_TR_RHO3:
        set_fraction(cell, &record->tr_rho3_exact, record->tr_rho3);
        if (record->exact)
            set_proved(cell, record->exact->tr_rho3);
        return;
    case CUTROPY_QUANTITY_SPECTRUM:
        cell->type = CT_CELL_SPECTRUM;
        return;
    default:
        set_real(cell, cutropy_result_quantity(result, row, q));
        if (cutropy_quantity_has_unit(quantity))
            cell->real = in_unit(cell->real, columns->base);
        if (record->exact && record->exact->extra)
            set_proved(cell, record->exact->extra[2 * q + (size_t)unit]);
        if (quantity->kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
            set_proved(cell, result->rows[row].mutual_information_text[unit]);
    }
}

static void get_extra_error(const cutropy_result *result, const ct_columns *columns, size_t q,
                            size_t row, ct_cell *cell)
{
    const cutropy_row *r = &result->rows[row];
    const cutropy_record *record = &result->records[r->record];
    const cutropy_quantity *quantity = &result->quantities[q];
    const int unit = columns->base == CUTROPY_BASE_NATS;
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_TR_RHO3:
        set_fraction_error(cell, is_exact(&record->tr_rho3_exact),
                           record->exact ? record->exact->tr_rho3 : NULL, record->tr_rho3,
                           record->tr_rho3_err);
        return;
    case CUTROPY_QUANTITY_SPECTRUM:
        cell->type = CT_CELL_SPECTRUM_ERR;
        return;
    default:
        set_real(cell, cutropy_result_quantity_error(result, row, q));
        if (cutropy_quantity_has_unit(quantity))
            cell->real =
                error_in_unit(cutropy_result_quantity(result, row, q), cell->real, columns->base);
        if (record->exact && record->exact->extra)
            set_proved_error(cell, record->exact->extra[2 * q + (size_t)unit]);
        if (quantity->kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION &&
            r->mutual_information_text[unit]) {
            cell->type = CT_CELL_NUMBER_TEXT; /* of a sum of three decimals */
            snprintf(cell->text, sizeof cell->text, "1.5e-%02d",
                     r->mutual_information_decimals[unit]);
        }
    }
}

void ct_cell_get(const cutropy_result *result, const ct_columns *columns, size_t column, size_t row,
                 ct_cell *cell)
{
    const cutropy_row *r = &result->rows[row];
    const cutropy_record *record = &result->records[r->record];
    const cutropy_exact *exact = record->exact;
    const int unit = columns->base == CUTROPY_BASE_NATS;
    switch (columns->column[column].id) {
    case CT_CUT:
        cell->type = CT_CELL_TEXT;
        cutropy_mask_format(result->cuts.masks + row * result->cuts.words, result->cuts.words,
                            cell->text);
        return;
    case CT_NA:
        set_integer(cell, r->na);
        return;
    case CT_BOUNDARY:
        set_integer(cell, r->boundary);
        return;
    case CT_ENTROPY:
        set_real(cell, in_unit(record->entropy, columns->base));
        set_proved(cell, exact ? exact->entropy[unit] : NULL);
        return;
    case CT_ENTROPY_ERR:
        set_real(cell, error_in_unit(record->entropy, record->entropy_err, columns->base));
        set_proved_error(cell, exact ? exact->entropy[unit] : NULL);
        return;
    case CT_GUARANTEE:
        cell->type = CT_CELL_TEXT;
        snprintf(cell->text, sizeof cell->text, "%s", ct_guarantee_name(record->guarantee));
        return;
    case CT_RENYI2:
        set_real(cell, in_unit(record->renyi2, columns->base));
        set_proved(cell, exact ? exact->renyi2[unit] : NULL);
        return;
    case CT_RENYI2_ERR:
        set_real(cell, error_in_unit(record->renyi2, record->renyi2_err, columns->base));
        set_proved_error(cell, exact ? exact->renyi2[unit] : NULL);
        return;
    case CT_RANK:
        set_bracket(cell, record->rank_lo, record->rank_hi);
        return;
    case CT_CLASSES_A:
        set_integer(cell, record->classes[r->swapped ? 1 : 0]);
        return;
    case CT_CLASSES_B:
        set_integer(cell, record->classes[r->swapped ? 0 : 1]);
        return;
    case CT_PURITY:
        set_fraction(cell, &record->purity_exact, record->purity);
        set_proved(cell, exact ? exact->purity : NULL);
        return;
    case CT_PURITY_ERR:
        set_fraction_error(cell, is_exact(&record->purity_exact), exact ? exact->purity : NULL,
                           record->purity, record->purity_err);
        return;
    case CT_CLOSED_FORM:
        cell->type = CT_CELL_TEXT;
        cell->text[0] = 0;
        set_proved(cell, exact ? exact->closed_form[unit] : NULL);
        return;
    case CT_RANK_PROOF:
        get_rank_proof(exact, cell);
        return;
    case CT_CLASS:
        set_integer(cell, columns->class_label);
        return;
    case CT_EXTRA:
        get_extra(result, columns, columns->column[column].quantity, row, cell);
        return;
    case CT_EXTRA_ERR:
        get_extra_error(result, columns, columns->column[column].quantity, row, cell);
    }
}
