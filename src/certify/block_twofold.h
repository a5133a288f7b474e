/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of theorem B in twice the working precision, with steps that bring vectors and eigenvalues to it. */
#ifndef CT_BLOCK_TWOFOLD_H
#define CT_BLOCK_TWOFOLD_H

#include "certify/block_terms.h"

/* vectors, values, refine and the cost: as in ct_block_bound_make. The arrays of `terms` are the caller's. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_block_twofold(const ct_block_gram *gram, const double *vectors,
                                const double *values, int refine, ct_block_terms *terms);

#endif
