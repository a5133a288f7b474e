/* SPDX-License-Identifier: Apache-2.0 */
/* Images that lead to states: what single states mean. */
#ifndef CT_PATHS_H
#define CT_PATHS_H

#include "frontier/levels.h"

/* The smallest image that leads to each state of a level, `level` bytes (0 or 1) a state in the order in which they
 * are read; free *out with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_paths_first(const ct_levels *levels, int level, uint8_t **out);

/* The state behind `count` pixels from a state of a level on, -1: dead. The pixels are bit[0], bit[step],
 * bit[2 step] .. */
int32_t ct_paths_walk(const ct_levels *levels, int level, int32_t state, const uint8_t *bit,
                      int step, int count);

/* Of two orders that are each other's reverse: for each state of level N - level of `others` one of level `level` of
 * `levels` with which it makes an image of label 1. partner: others->count[N - level]. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_paths_partners(const ct_levels *levels, const ct_levels *others, int level,
                                 int32_t *partner);

/* Whole lines of `width` pixels, each read from its other end: the state that the mirrored images of each state lead to,
 * as far as their smallest ones tell. mirror: count[level]; *is_one = false: these are no involution, or the identity.
 * Errors: CUTROPY_EMEMORY. */
cutropy_status ct_paths_mirror(const ct_levels *levels, int level, int width, int32_t *mirror,
                               bool *is_one);

#endif
