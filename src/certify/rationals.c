/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/rationals.h"

#include "base/array.h"

void ct_rationals_free(ct_rationals *r)
{
    for (size_t i = 0; i < r->count; i++)
        fmpz_clear(r->numerator + i);
    for (int32_t i = 0; r->denominator && i < r->rows; i++)
        fmpz_clear(r->denominator + i);
    ct_free(r->start);
    ct_free(r->column);
    ct_free(r->numerator);
    ct_free(r->denominator);
    *r = (ct_rationals){0};
}

cutropy_status ct_rationals_start(int32_t rows, ct_rationals *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_rationals){.rows = rows};
    CT_NEW_ZERO(out->start, rows + 1);
    CT_NEW(out->denominator, rows);
    for (int32_t i = 0; i < rows; i++)
        fmpz_init_set_ui(out->denominator + i, 1);
done:
    return status;
}

cutropy_status ct_rationals_add(ct_rationals *r, int32_t column)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(CT_ROOM("rationals", r->column, r->count, r->column_room, 1));
    CT_TRY(CT_ROOM("rationals", r->numerator, r->count, r->numerator_room, 1));
    r->column[r->count] = column;
    fmpz_init(r->numerator + r->count++);
done:
    return status;
}
