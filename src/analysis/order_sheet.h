/* SPDX-License-Identifier: Apache-2.0 */
/* What the sheets of orders and of trees share. */
#ifndef CT_ORDER_SHEET_H
#define CT_ORDER_SHEET_H

#include <cutropy/order.h>

#include "sheet/sheet.h"

typedef void ct_order_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell);

/* A sheet of `of` with the origin of the result and what was made least (a cutropy_order_aim; -1: nothing); its own is *unit, bits or nats of one bit. Errors:
 * CUTROPY_EMEMORY; ct_sheet_finish is the caller's. */
cutropy_status ct_order_sheet_make(const void *of, const cutropy_result *result, int aim,
                                   size_t rows, const ct_column_words *words, size_t count,
                                   ct_order_cell *cell, cutropy_base base, cutropy_sheet **out,
                                   double *unit);

/* A member of JSON; sums of more than 62 bits are null. */
void ct_order_add_sums(cutropy_sheet *sheet, const char *key, const cutropy_order_sums *sums,
                       double unit);

#endif
