/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of theorem B for a block of integers, by matrix products that are exact whatever the
 * order of their additions. */
#ifndef CT_BLOCK_SLICES_H
#define CT_BLOCK_SLICES_H

#include "certify/block_terms.h"

/* As ct_block_bound_make, without refinement. *served = false: the numbers are too large (or the
 * block is not one of exact doubles), use products in twice the working precision. The arrays of
 * `terms` are the caller's. kept (may be NULL): n x n, row j the vector y_j that the terms belong
 * to. Errors: CUTROPY_EMEMORY. Cost: 4.2 products of BLAS, 2.1 n^3 additions and multiplications
 * each. */
cutropy_status ct_block_slices(const ct_block_gram *gram, const double *vectors,
                               const double *values, ct_block_terms *terms, double *kept,
                               bool *served);

#endif
