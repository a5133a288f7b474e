/* SPDX-License-Identifier: Apache-2.0 */
/* The pixels of A by their distance to B. */
#ifndef CT_LAYERS_H
#define CT_LAYERS_H

#include "lattice/lattice.h"

#define CT_FAR INT32_MAX /* no bonds lead to B */

/* Key bit k of an sA is its pixel[k]: keys are compared from bit 0 on, so images that agree near B
 * have a long common beginning. */
typedef struct ct_layers {
    int na;
    int *pixel;        /* the na pixels of A, nearest first */
    int32_t *distance; /* na: bonds from pixel[k] to the nearest pixel of B, 1, 2, ... or CT_FAR */
} ct_layers;

cutropy_status ct_layers_make(const ct_adjacency *adjacency, int pixels, const uint64_t *mask,
                              ct_layers *out);
void ct_layers_free(ct_layers *layers);

/* |R_r|: the number of pixels within distance r; they are pixel[0] .. pixel[|R_r| - 1]. */
int ct_layers_within(const ct_layers *layers, int32_t r);

/* The largest distance that is not CT_FAR, 0 when there is none. */
int32_t ct_layers_depth(const ct_layers *layers);

#endif
