/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of product states once more in twice the working precision, where the bound of doubles is wide: the terms nearly cancel. */
#ifndef CT_PRODUCT_REFINE_H
#define CT_PRODUCT_REFINE_H

#include "certify/product_fine.h"
#include "engine/function/refiner.h"
#include "engine/solver/product_cut.h"

/* A bound beyond this part of <psi|psi> is wide: some 1e-7 bits of S. */
#define CT_WIDE 0x1p-30

/* <psi|psi> times 4^-exponent and its error, where that is wide; memory_limit: nothing is done in less. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. */
cutropy_status ct_refine_norm(ct_refiner *r, uint64_t memory_limit, int threads, double *norm,
                              double *error);

/* The matrix of a cut anew, where its error is wide. Less memory than it takes is an error where the old one says next to nothing, else the cut
 * stays as it is; a new one that says next to nothing is an error too, unless the row is to be proved. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC,
 * those of eigenvalues. */
cutropy_status ct_refine_cut(ct_refiner *r, const ct_operations *operations, uint64_t memory_limit,
                             const ct_watch *watch, bool proved, int threads, ct_product_cut *cut);

#endif
