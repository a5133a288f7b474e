/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the scaling analysis share. */
#ifndef CT_SCALING_H
#define CT_SCALING_H

#include <cutropy/scaling.h>

#include "engine/function/options.h"
#include "engine/state/state.h"

/* The geometry of the cuts alone, before any run: row, na .. arc and page are filled, entropies and
 * what is proved of them are 0; points has room for cuts->count. Errors: as ct_scaling_points;
 * CUTROPY_EMEMORY. */
cutropy_status ct_scaling_geometry(const cutropy_lattice *lattice, const cutropy_cuts *cuts,
                                   cutropy_length length, cutropy_scaling_point *points);

/* log2 of the dimension of the smaller side, bits: no S is larger. */
double ct_most_bits(const cutropy_problem *problem, const uint64_t *mask);

/* One point for each finished row of a result, in its order; points has room for result->count.
 * random_set and images are filled for 0/1 functions only, range and depth are not.
 * Errors: CUTROPY_EINPUT (CUTROPY_LENGTH_VERTICES on a lattice without vertices), CUTROPY_EMEMORY.
 */
cutropy_status ct_scaling_points(const cutropy_problem *problem, const cutropy_result *result,
                                 cutropy_length length, cutropy_scaling_point *points,
                                 size_t *count);

/* cutropy_run, and the points of the first `family` cuts with their ranges where these are cheap:
 * about a second at most for all of them, the deepest cuts first. points has room for `family`.
 * Errors: those of cutropy_run; on CUTROPY_ECANCELLED *result holds what is finished, or is NULL,
 * and so do the points. */
cutropy_status ct_scaling_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                              size_t family, const cutropy_options *options, cutropy_length length,
                              cutropy_result **result, cutropy_scaling_point *points,
                              size_t *count);

/* Fits the models and judges. Rules: docs/scaling.md. O(count log count) time, O(count) memory.
 * Points may come from several lattices.
 * Errors: CUTROPY_EINPUT (fewer than 4 different pairs), CUTROPY_EMEMORY. */
cutropy_status ct_scaling_judge(const cutropy_scaling_point *points, size_t count,
                                cutropy_scaling *out);

/* Is the model another one than those before it? Strips without end have no m, and corners and ends everywhere the same: their volume law is the
 * constant, and their corner law the area law. */
static inline bool ct_scaling_differs(const cutropy_scaling *scaling, int model)
{
    return !scaling->infinite || (model != CUTROPY_MODEL_CORNERS && model != CUTROPY_MODEL_VOLUME);
}

/* What a model grows with: min(NA, NB) for the volume law, l for the logarithm, L for the others and for none (model -1). */
double ct_scaling_axis(int model, const cutropy_scaling_point *point);

/* Order of points by shape, lattice and record; 0: a symmetry makes the cuts equal, so that one of
 * them says it all. */
int ct_scaling_compare(const cutropy_scaling_point *a, const cutropy_scaling_point *b);
/* The shape alone: N, L, m, corners, ends, parts, arc. */
int ct_scaling_compare_shapes(const cutropy_scaling_point *a, const cutropy_scaling_point *b);

/* Ranges of the points where they are cheap: a budget of passes over f, or of looks at pairs of states of its automaton where that takes less, the deepest cuts first.
 * cuts: those of the run, points[i] belongs to cut points[i].row.
 * Errors: CUTROPY_ECANCELLED (options->progress, stage "ranges"), CUTROPY_EMEMORY. */
cutropy_status ct_scaling_ranges(const cutropy_state *state, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_scaling_point *points,
                                 size_t count);

#endif
