/* SPDX-License-Identifier: Apache-2.0 */
/* The two sides of a cut of a sum of product states: which sites, and which terms are equal there. */
#ifndef CT_PRODUCT_SIDES_H
#define CT_PRODUCT_SIDES_H

#include "base/product_state.h"
#include "problem/products.h"

/* inside: the pixels of mask, else the others. Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED. Cost: sites M. */
cutropy_status ct_product_side_find(const ct_products *p, const uint64_t *mask, bool inside,
                                    ct_product_side *out);
void ct_product_side_free(ct_product_side *side);

#endif
