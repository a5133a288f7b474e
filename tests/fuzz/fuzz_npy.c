/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer: .npy arrays and tables. What is accepted must be readable to the last number, and a table has every cell. */
#include "analysis/check/table_npy.h"
#include "fuzz.h"
#include "input/npy.h"

static void check_table(const uint8_t *data, size_t size)
{
    ct_csv csv;
    if (!ct_is_npy(data, size))
        return;
    if (ct_table_npy_parse(data, size, "fuzz", &csv) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(csv.cell);
        return;
    }
    FUZZ_CHECK(csv.rows <= size && csv.columns <= size);
    for (size_t i = 0; i < csv.rows * csv.columns; i++)
        FUZZ_CHECK(csv.cell[i] >= csv.bytes);
    ct_csv_free(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ct_npy array;
    check_table(data, size);
    if (ct_npy_parse(data, size, "fuzz", &array) != CUTROPY_OK) {
        FUZZ_CHECK_REFUSED(array.data);
        return 0;
    }
    FUZZ_CHECK(array.count <= size); /* every number has at least one byte */
    for (uint64_t k = 0; k < array.count; k++) {
        int64_t integer;
        double real[2];
        if (ct_npy_is_integer(&array))
            ct_npy_integers(&array, "fuzz", k, 1, &integer);
        else
            ct_npy_reals(&array, "fuzz", k, 1, real);
    }
    return 0;
}
