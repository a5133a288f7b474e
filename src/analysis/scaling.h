/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the scaling analysis share. */
#ifndef CT_SCALING_H
#define CT_SCALING_H

#include <cutropy/scaling.h>

#include "engine/options.h"
#include "engine/state.h"

/* Order of points by shape, then by spectrum; 0: a symmetry makes the cuts equal, so that one of
 * them says it all. */
int ct_scaling_compare(const cutropy_scaling_point *a, const cutropy_scaling_point *b);
/* The shape alone: N, L, m, corners, ends, parts, arc. */
int ct_scaling_compare_shapes(const cutropy_scaling_point *a, const cutropy_scaling_point *b);

/* Ranges of the points where they are cheap: a budget of passes over f, the deepest cuts first.
 * cuts: those of the run, points[i] belongs to cut points[i].row.
 * Errors: CUTROPY_ECANCELLED (options->progress, stage "ranges"), CUTROPY_EMEMORY. */
cutropy_status ct_scaling_ranges(const cutropy_state *state, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_scaling_point *points,
                                 size_t count);

#endif
