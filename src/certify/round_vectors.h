/* SPDX-License-Identifier: Apache-2.0 */
/* Approximate eigenvectors as integers, improved by one step, for certificates. */
#ifndef CT_ROUND_VECTORS_H
#define CT_ROUND_VECTORS_H

#include "base/base.h"

/* H = D^1/2 G D^1/2, D = diag(weight); gram: n x n, upper triangle. vectors: eigenvectors of H in
 * double, one after the other. y: n x n, row j about D^-1/2 v_j times a power of two, of 61 bits:
 * to nearly their last bit after one step of refinement (theorem B (13 of docs/theorems.md)), where the
 * gap to other eigenvalues allows it. Nothing is promised about them; whoever proves something with
 * y treats it as approximate. Errors: CUTROPY_EMEMORY. Cost: 3 n^3 terms of ct_product2. */
cutropy_status ct_round_vectors(int64_t n, const int64_t *gram, const int64_t *weight,
                                const double *vectors, int64_t *y);

#endif
