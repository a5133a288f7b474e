/* SPDX-License-Identifier: Apache-2.0 */
/* The range of a cut and Assumption 1 (docs/range.md) from the levels of an order that reads region A first: what pairs of images of A do.
 *
 * Level na holds the row classes. For a pair of states of level k <= na, V is the largest r such that two ways on from there, which lead to
 * different classes, differ in no pixel that is nearer to B than r: the largest over the bits x, y of the pixel of V behind them, but no more than
 * the distance of the pixel where x and y differ. Then V of the first state is the range: images of A that agree on all pixels nearer than
 * that may still be of two classes, and those that agree on it as well may not. Assumption 1 fails if two ways to level na that differ in
 * a pixel of distance 1 have a continuation in common. */
#ifndef CT_LEVEL_RANGE_H
#define CT_LEVEL_RANGE_H

#include "frontier/levels.h"

#define CT_LEVEL_FAR INT32_MAX

typedef struct ct_level_range {
    const ct_levels *levels;
    int na;                  /* pixels of A, 0 < na < N */
    const int32_t *distance; /* na: from the pixel that is read k-th to B, CT_LEVEL_FAR: no way */
} ct_level_range;

typedef struct ct_level_range_found {
    int32_t range; /* 0: one class; CT_LEVEL_FAR: no r will do */
    bool assumption1;
    uint8_t *
        images; /* where it fails, 2 x N: pixels of two images in the order in which they are read. Free with ct_free */
} ct_level_range_found;

/* Bytes at once, and looks at pairs of states of the next level. */
void ct_level_range_cost(const ct_level_range *cut, double *bytes, double *looks);
/* Errors: CUTROPY_EMEMORY (also where it takes more than memory_limit), CUTROPY_ECANCELLED. watch may be NULL. */
cutropy_status ct_level_range_find(const ct_level_range *cut, uint64_t memory_limit, int threads,
                                   const ct_watch *watch, ct_level_range_found *out);

#endif
