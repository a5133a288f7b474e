/* libFuzzer: CSV tables of others, and the numbers in them. What is accepted has a cell in every
 * place, and a number is equal to itself. */
#include "certify/decimal.h"
#include "fuzz.h"
#include "input/table_csv.h"

static void check_number(const char *text)
{
    static const char *const none = "0";
    char unit[32];
    bool agree = false;
    if (!ct_number_is_valid(text))
        return;
    ct_number_last_place(text, unit);
    FUZZ_CHECK(ct_number_is_valid(unit));
    FUZZ_CHECK(ct_number_decimals(text) >= 0);
    FUZZ_CHECK(ct_numbers_agree(text, text, &none, 1, &agree, NULL) == CUTROPY_OK);
    FUZZ_CHECK(agree);
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
            check_number(cell);
        }
    }
    FUZZ_CHECK(ct_csv_column(&csv, csv.name[0]) == 0);
    ct_csv_free(&csv);
    return 0;
}
