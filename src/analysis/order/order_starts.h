/* SPDX-License-Identifier: Apache-2.0 */
/* Where a search of orders begins. */
#ifndef CT_ORDER_STARTS_H
#define CT_ORDER_STARTS_H

#include <cutropy/order.h>

#include "analysis/order/order_cuts.h"

#define CT_ORDER_STARTS 4

/* start[i], N pixels each, freed with ct_free; those that would be an earlier one again are NULL:
 *   numbers   the pixels by their numbers
 *   rows      by their positions, y and then x
 *   columns   x and then y
 *   spectral  pixels with much mutual information beside each other (ct_order_spectral). It looks at N (N + 1) / 2
 *             cuts, and is left out where these are more than half of the budget
 * Errors: CUTROPY_EMEMORY, those of ct_order_cuts_solve. */
cutropy_status ct_order_starts(ct_order_cuts *cuts, int *start[CT_ORDER_STARTS]);

/* Of a start, or of any other cutropy_order_method. */
const char *ct_order_start_name(int start);

/* "numbers", "rows" or "columns"; -1: another word. */
int ct_order_start_named(const char *name);
/* Of these three. *out is freed with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_order_of_lattice(const cutropy_lattice *lattice, int start, int **out);

#endif
