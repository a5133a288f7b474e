/* SPDX-License-Identifier: Apache-2.0 */
/* The slot `product_cuts` of ct_operations. */
#ifndef CT_CUDA_PRODUCT_CUTS_H
#define CT_CUDA_PRODUCT_CUTS_H

#include "backend/operations.h"

/* As the slot says. As many cuts at a time as the first device of the run has room for; the CPU has those whose smaller side has fewer than
 * CT_CUDA_PRODUCTS parts, what has no room, and what an eigen-solver gave up. */
cutropy_status ct_cuda_product_cuts(const struct ct_products *p, size_t count,
                                    const ct_product_side *side, ct_product_found *found);

#endif
