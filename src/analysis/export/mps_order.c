/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the sites, as somebody says it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/export/mps.h"
#include "analysis/order/order_starts.h"
#include "input/bytes.h"
#include "input/table_csv.h"

static cutropy_status read_table(const ct_csv *csv, const char *path, int pixels, int *pixel)
{
    cutropy_status status = CUTROPY_OK;
    const int column = ct_csv_column(csv, "pixel");
    bool *seen = NULL;
    if (column < 0 || csv->rows != (size_t)pixels)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: an order of the sites is a table with a column `pixel` and a row for "
                       "each of the %d pixels (cutropy order writes it)",
                       path, pixels);
    CT_NEW_ZERO(seen, pixels);
    for (size_t k = 0; k < csv->rows; k++) {
        const char *text = ct_csv_cell(csv, k, column);
        char *end;
        errno = 0;
        const long number = strtol(text, &end, 10);
        if (end == text || *end || errno || number < 0 || number >= pixels || seen[number]) {
            status = ct_fail(CUTROPY_EINPUT, "%s:%zu: pixel '%.20s': give all of 0 .. %d once",
                             path, csv->line[k], text, pixels - 1);
            goto done;
        }
        seen[number] = true;
        pixel[k] = (int)number;
    }
done:
    ct_free(seen);
    return status;
}

cutropy_status cutropy_mps_order(const char *text, const cutropy_lattice *lattice, int *pixel)
{
    cutropy_status status = CUTROPY_OK;
    const int start = ct_order_start_named(text);
    const size_t length = strlen(text);
    int *found = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    ct_csv csv = {0};
    if (start >= 0) {
        CT_TRY(ct_order_of_lattice(lattice, start, &found));
        memcpy(pixel, found, (size_t)lattice->pixels * sizeof *pixel);
    } else if (length > 4 && !strcmp(text + length - 4, ".csv")) {
        CT_TRY(ct_read_file(text, &bytes, &size));
        CT_TRY(ct_csv_parse(bytes, size, text, &csv));
        CT_TRY(read_table(&csv, text, lattice->pixels, pixel));
    } else {
        return ct_fail(CUTROPY_EINPUT,
                       "order '%.60s': give numbers, rows, columns, or FILE.csv with a column "
                       "`pixel`",
                       text);
    }
done:
    ct_free(found);
    ct_free(bytes);
    ct_csv_free(&csv);
    return status;
}
