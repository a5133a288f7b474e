/* SPDX-License-Identifier: Apache-2.0 */
/* Overlaps of the parts of a side of a sum of product states, enclosed. */
#ifndef CT_PRODUCT_OVERLAPS_H
#define CT_PRODUCT_OVERLAPS_H

#include "base/base.h"
#include "base/product_state.h"
#include "certify/flint.h"

/* out: parts x parts balls, the upper triangle of the Gram matrix, off by less than 2^-bits. Clear with _acb_vec_clear. Errors:
 * CUTROPY_EMEMORY. Cost: a product of (bits + 24) / 64 words, four where numbers are complex, for every site and pair of parts, and d for every pair of
 * factors of a site. */
cutropy_status ct_product_overlaps(const ct_exact_state *e, const ct_product_side *side, slong bits,
                                   int threads, acb_ptr *out);

#endif
