/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: CSV tables of others, the numbers in them, and the cells of check. What is accepted has
 * a cell in every place, whatever the ends of its lines and with or without a byte order mark; a
 * number is equal to itself; an error that is no number is none; a spectrum equals itself. */
#include <string.h>

#include "certify/closed_form.h"
#include "certify/decimal.h"
#include "analysis/check/check_cells.h"
#include "analysis/check/check_columns.h"
#include "fuzz.h"
#include "input/table_csv.h"

static void check_number(const char *text, const char *error)
{
    static const char *const none = "0";
    char unit[32];
    bool agree = false;
    ct_comparison same;
    FUZZ_CHECK(!ct_error_is_valid(text) || ct_number_is_valid(text));
    if (!ct_number_is_valid(text))
        return;
    ct_number_last_place(text, unit);
    FUZZ_CHECK(ct_number_is_valid(unit));
    FUZZ_CHECK(ct_number_decimals(text) >= 0);
    FUZZ_CHECK(ct_numbers_agree(text, text, &none, 1, &agree, NULL) == CUTROPY_OK);
    FUZZ_CHECK(agree);
    const ct_their_number theirs = {text, ct_error_is_valid(error) ? error : "", true};
    FUZZ_CHECK(ct_compare_numbers(&theirs, &(ct_our_number){text, "0"}, "0", &same) == CUTROPY_OK);
    FUZZ_CHECK(same.verdict == CUTROPY_CHECK_AGREES && same.difference == 0);
}

static void check_cell(const char *text)
{
    ct_comparison same;
    char *value = NULL;
    if (ct_compare_levels(&(ct_their_number){text, "", true}, &(ct_our_number){text, ""}, "0",
                          &same) == CUTROPY_OK)
        FUZZ_CHECK(same.verdict == CUTROPY_CHECK_AGREES);
    if (ct_compare_integers(text, "3..5", &same) == CUTROPY_OK)
        FUZZ_CHECK((same.verdict == CUTROPY_CHECK_AGREES) == (same.difference == 0));
    FUZZ_CHECK(ct_closed_form_value(text, &value) == CUTROPY_OK);
    FUZZ_CHECK(!value || ct_number_is_valid(value));
    ct_free(value);
}

/* The same table with a byte order mark and CRLF. */
static void check_foreign(const uint8_t *data, size_t size, const ct_csv *csv)
{
    uint8_t *copy = ct_alloc(2 * size + 4, 1);
    size_t length = 3;
    ct_csv other;
    if (!copy || ct_bom_length(data, size) || memchr(data, '"', size) || memchr(data, '\r', size)) {
        ct_free(copy);
        return;
    }
    memcpy(copy, "\xef\xbb\xbf", 3);
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '\n')
            copy[length++] = '\r';
        copy[length++] = data[i];
    }
    FUZZ_CHECK(ct_csv_parse(copy, length, "fuzz", &other) == CUTROPY_OK);
    FUZZ_CHECK(other.rows == csv->rows && other.columns == csv->columns);
    for (size_t c = 0; c < csv->columns; c++)
        FUZZ_CHECK(!strcmp(other.name[c], csv->name[c]));
    for (size_t i = 0; i < csv->rows * csv->columns; i++)
        FUZZ_CHECK(!strcmp(other.cell[i], csv->cell[i]));
    ct_csv_free(&other);
    ct_free(copy);
}

static void check_columns(const ct_csv *csv)
{
    ct_check_columns columns;
    FUZZ_CHECK(ct_check_columns_find(csv, &columns) == CUTROPY_OK);
    FUZZ_CHECK(columns.count <= csv->columns && columns.quantity_count <= columns.count);
    for (size_t i = 0; i < columns.count; i++) {
        FUZZ_CHECK(columns.column[i].value < (int)csv->columns);
        FUZZ_CHECK(columns.column[i].error != columns.column[i].value);
    }
    ct_check_columns_free(&columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ct_csv csv;
    if (ct_csv_parse(data, size, "fuzz", &csv) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(csv.cell);
        return 0;
    }
    FUZZ_CHECK(csv.columns > 0);
    for (size_t row = 0; row < csv.rows; row++) {
        FUZZ_CHECK(csv.line[row] > 0);
        for (size_t c = 0; c < csv.columns; c++) {
            const char *cell = ct_csv_cell(&csv, row, (int)c);
            FUZZ_CHECK(cell >= csv.bytes && cell <= csv.bytes + size);
            check_number(cell, c + 1 < csv.columns ? ct_csv_cell(&csv, row, (int)c + 1) : "");
            check_cell(cell);
        }
    }
    FUZZ_CHECK(ct_csv_column(&csv, csv.name[0]) == 0);
    check_columns(&csv);
    check_foreign(data, size, &csv);
    ct_csv_free(&csv);
    return 0;
}
