/* SPDX-License-Identifier: Apache-2.0 */
/* Many cuts of a sum of product states from their sides to their eigenvalues, by the devices of the operations. */
#ifndef CT_PRODUCT_DEVICE_H
#define CT_PRODUCT_DEVICE_H

#include "engine/solver/product_cut.h"

/* Cuts that are asked for together, so that a run may be stopped in between. */
size_t ct_product_device_cuts(const ct_products *p);

/* cuts[i]: both sides, and rho with its eigenvalues instead of its numbers (as of ct_product_cut_make); rho.values NULL: the CPU has this one.
 * masks: `words` each; cuts: `count`, cleared. After a failure free them too. threads find the sides. Errors: CUTROPY_EMEMORY, CUTROPY_EDEVICE. */
cutropy_status ct_product_device_make(const ct_products *p, const uint64_t *masks, size_t words,
                                      size_t count, const ct_operations *operations, int threads,
                                      ct_product_cut *cuts);

#endif
