/* SPDX-License-Identifier: Apache-2.0 */
/* A function of images as the least automaton of levels: what of the first k pixels the others must know.
 *
 * Level k holds the classes of equal non-zero rows of the cut whose region A are the first k pixels: minimised from the
 * last level backwards, two states are one exactly if they lead to the same labels (Myhill, Nerode). They are numbered
 * by the smallest of the images that lead to them, the first pixel being the most significant, whoever built them. */
#ifndef CT_LEVELS_H
#define CT_LEVELS_H

#include "backend/operations.h"
#include "problem/frontier.h"

typedef struct ct_levels {
    int pixels; /* N */
    int32_t
        *count; /* N + 1: states of level k; the first and the last have one, or none where f = 0 */
    int32_t (**next)[2]; /* N: next[k][i][bit]: state of level k + 1, -1: every label is 0 */
} ct_levels;

/* Errors: CUTROPY_EMEMORY (what it needs is more than memory_limit), CUTROPY_ECANCELLED. watch may be NULL. */
cutropy_status ct_levels_build(const ct_frontier *frontier, uint64_t memory_limit,
                               const ct_watch *watch, ct_levels *out);
void ct_levels_free(ct_levels *levels);

/* Without states; a copy. *out is to be freed also after an error (CUTROPY_EMEMORY). */
cutropy_status ct_levels_new(int pixels, ct_levels *out);
cutropy_status ct_levels_copy(const ct_levels *levels, ct_levels *out);

/* A hash of the automaton, which f alone decides. */
uint64_t ct_levels_checksum(const ct_levels *levels);

/* A hash of the function that no order changes: modulo 2^61 - 1, the sum over all images of label 1 of the product of a fixed random
 * number for each pixel and its bit. pixel: N, that is read k-th. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_levels_fingerprint(const ct_levels *levels, const uint16_t *pixel, uint64_t *out);

#endif
