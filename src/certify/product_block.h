/* SPDX-License-Identifier: Apache-2.0 */
/* A cut of a sum of product states as a block of integers with a proved distance (theorem 20 of docs/theorems.md). */
#ifndef CT_PRODUCT_BLOCK_H
#define CT_PRODUCT_BLOCK_H

#include "base/product_state.h"
#include "certify/near_block.h"

/* Gram matrices to 2^-bits. rank: try to prove it. side: A and the rest. block.n = 0: nothing comes out at so few bits. Errors: CUTROPY_EMEMORY. Cost, M parts: sites M^2 / 2
 * products of numbers of so many bits, M^3 / 3 for a Cholesky factor (three of them with rank), three products of M x M integer matrices. */
cutropy_status ct_product_block_make(const ct_exact_state *e, const ct_product_side side[2],
                                     int64_t bits, bool rank, int threads, ct_near_block *out);

/* Bytes that it takes, at most. */
double ct_product_block_bytes(int64_t terms, bool is_complex, int64_t bits);

#endif
