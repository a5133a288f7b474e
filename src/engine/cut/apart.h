/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of numbers of which single ones tell rows and columns apart, as those of random amplitudes: one block, whose rows
 * and columns are classes of their own. Such a cut needs neither a search for classes nor for blocks, and no copy of
 * f. */
#ifndef CT_APART_H
#define CT_APART_H

#include "engine/cut/gram.h"

/* *apart: all numbers of f are different and not 0, the largest is not extreme, and `count` cuts (masks of one word) would look
 * at no fewer of them. False otherwise, and where that takes more than `workspace` bytes: nothing is known. Errors:
 * CUTROPY_EMEMORY. Cost: one look at each number, as far as the first that repeats. */
cutropy_status ct_apart_function(const ct_function *f, const uint64_t *masks, size_t count,
                                 uint64_t workspace, int threads, bool *apart);

/* *apart: the first numbers of all rows are different and not 0, and those of all columns (so of every cut where
 * ct_apart_function says so); the largest is not extreme. mask: the smaller side, not empty. Errors: CUTROPY_EMEMORY. Cost: one
 * look at each row and column, as far as the first that repeats. */
cutropy_status ct_apart_cut(const ct_function *f, uint64_t mask, int threads, bool *apart);

/* The Gram matrix of such a cut, on either side where both are equal. The matrix lies in the arena. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_apart_gram(const ct_function *f, uint64_t mask, const ct_operations *backend,
                             int threads, ct_arena *arena, ct_gram *out);

#endif
