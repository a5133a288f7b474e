/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a run before it starts. */
#ifndef CT_PLAN_H
#define CT_PLAN_H

#include <cutropy/run.h>

#include "engine/blocks.h"
#include "engine/options.h"

/* Memory of the quotient of one cut of an evaluated function: layouts or gathered values, and
 * classes. na: pixels of the smaller side. */
uint64_t ct_workspace_bytes(const ct_function *f, int na);

/* CUTROPY_EMEMORY, with a message, when so much does not fit for one cut. */
cutropy_status ct_workspace_check(const ct_function *f, uint64_t bytes, uint64_t memory_limit);

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

/* The largest of both needs among `count` cuts of `words` words each. */
void ct_largest_needs(const ct_function *f, const uint64_t *masks, size_t words, size_t count,
                      bool cubes, uint64_t *workspace, uint64_t *matrices);

/* CUTROPY_EMEMORY for what cutropy_make_plan knows not to fit, though the function alone would. */
cutropy_status ct_plan_check(const cutropy_problem *problem, const cutropy_cuts *cuts,
                             uint64_t memory_limit);

/* Do cuts with these needs go side by side on the threads, or one by one with the threads inside?
 */
bool ct_side_by_side(uint64_t workspace, uint64_t matrices, uint64_t memory_limit, int threads);

#endif
