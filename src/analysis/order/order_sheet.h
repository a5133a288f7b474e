/* SPDX-License-Identifier: Apache-2.0 */
/* What the sheets of orders and of trees share. */
#ifndef CT_ORDER_SHEET_H
#define CT_ORDER_SHEET_H

#include <cutropy/order.h>

#include "sheet/sheet.h"

/* Members of JSON: what was made least, and sums (null: more than 62 bits). */
void ct_order_add_aim(cutropy_sheet *sheet, cutropy_order_aim aim);
void ct_order_add_sums(cutropy_sheet *sheet, const char *key, const cutropy_order_sums *sums);

#endif
