/* SPDX-License-Identifier: Apache-2.0 */
/* Creation and release of results, and the values of extra quantities. */
#include <cutropy/result.h>

#include "engine/record.h"
#include "engine/prove.h"

void cutropy_result_free(cutropy_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; result->records && i < result->record_count; i++) {
        ct_exact_free(result->records[i].exact, result->quantity_count);
        ct_record_free(&result->records[i]);
    }
    ct_free(result->records);
    for (size_t i = 0; result->rows && i < result->count; i++)
        for (int unit = 0; unit < 2; unit++)
            ct_free(result->rows[i].mutual_information_text[unit]);
    ct_free(result->rows);
    ct_free(result->sites);
    ct_free(result->problem);
    ct_free(result->lattice);
    ct_free(result->quantities);
    cutropy_cuts_free(&result->cuts);
    ct_free(result);
}

double cutropy_result_quantity(const cutropy_result *result, size_t row, size_t quantity)
{
    const cutropy_row *r = &result->rows[row];
    switch (result->quantities[quantity].kind) {
    case CUTROPY_QUANTITY_BOUNDARY_PIXELS:
        return r->boundary_pixels;
    case CUTROPY_QUANTITY_MUTUAL_INFORMATION:
        return r->mutual_information;
    default:
        return result->records[r->record].extra[quantity];
    }
}

double cutropy_result_quantity_error(const cutropy_result *result, size_t row, size_t quantity)
{
    const cutropy_row *r = &result->rows[row];
    switch (result->quantities[quantity].kind) {
    case CUTROPY_QUANTITY_BOUNDARY_PIXELS:
        return 0;
    case CUTROPY_QUANTITY_MUTUAL_INFORMATION:
        return r->mutual_information_err;
    default:
        return result->records[r->record].extra_err[quantity];
    }
}
