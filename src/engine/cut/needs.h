/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that one cut needs, before it is computed. */
#ifndef CT_NEEDS_H
#define CT_NEEDS_H

#include "engine/cut/blocks.h"
#include "problem/products.h"

/* Bytes that no machine has stay at 2^63 - 1. */
static inline uint64_t ct_bytes_shift(uint64_t x, int shift)
{
    return shift >= 63 || x > (UINT64_MAX >> 1) >> shift ? UINT64_MAX >> 1 : x << shift;
}

static inline uint64_t ct_bytes_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX / 2 - b / 2 ? UINT64_MAX >> 1 : a + b;
}

/* Memory of the quotient of one cut of an evaluated function: layouts or gathered values, and
 * classes. na: pixels of the smaller side. */
uint64_t ct_workspace_bytes(const ct_function *f, int na);

/* CUTROPY_EMEMORY, with a message, when so much does not fit for one cut. */
cutropy_status ct_workspace_check(const ct_function *f, uint64_t bytes, uint64_t memory_limit);

/* Bytes that a cut of a sum of product states takes, at most. */
uint64_t ct_product_cut_bytes(const ct_products *p);

/* What a cut keeps of an entry of its Gram matrices until it is finished: integers of any size stand beside
 * their doubles. */
uint64_t ct_entry_bytes(const ct_function *f);

/* An upper bound for the Gram matrices of one cut, reached when nothing can be merged. cubes: Tr rho^3 is
 * wanted, which takes matrices of its own where <f|f> is big. */
uint64_t ct_matrix_bytes(const ct_function *f, int na, bool cubes);

/* CUTROPY_EMEMORY, with a message, when the Gram matrices of all blocks of a cut, of which the sizes
 * are known, do not fit. */
cutropy_status ct_matrices_check(const ct_function *f, const ct_blocks *blocks, bool cubes,
                                 uint64_t memory_limit);

/* Pixels of the smaller side of a cut. */
int ct_smaller_side(const uint64_t *mask, size_t words, int pixels);

/* The largest of both needs among `count` cuts of `words` words each. */
void ct_largest_needs(const ct_function *f, const uint64_t *masks, size_t words, size_t count,
                      bool cubes, uint64_t *workspace, uint64_t *matrices);

/* Do cuts with these needs go side by side on the threads, or one by one with the threads inside? */
bool ct_side_by_side(uint64_t workspace, uint64_t matrices, uint64_t memory_limit, int threads);

#endif
