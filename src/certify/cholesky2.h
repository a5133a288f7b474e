/* SPDX-License-Identifier: Apache-2.0 */
/* Cholesky factors with pivots in twice the working precision. */
#ifndef CT_CHOLESKY2_H
#define CT_CHOLESKY2_H

#include "certify/product2.h"

/* About u^T u = a in the order of the pivots, whose columns come first: a is n x n, upper triangle, and is lost; u: *rank rows of n numbers,
 * row k zero left of k; column i of u belongs to column order[i] of a. It stops where no diagonal entry of what is left exceeds
 * n 2^-104 times the largest. Nothing is proved of it: whoever must know multiplies out. The same bits for any number of threads. Errors:
 * CUTROPY_EMEMORY. Cost: n^2 rank / 2 terms of ct_product2 at most. */
cutropy_status ct_cholesky2(int64_t n, ct_twofold a, int threads, int32_t *order, int64_t *rank,
                            ct_twofold u);

#endif
