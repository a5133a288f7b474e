/* SPDX-License-Identifier: Apache-2.0 */
/* What the bit-sliced label problems share: the plain data of their bodies and the lattices that
 * they accept. */
#ifndef CT_PROBLEM_LABEL_H
#define CT_PROBLEM_LABEL_H

#include "problem/args.h"

#define CT_SPARSE_PIXELS 20 /* a list of values up to this N becomes a table */
#define CT_INDEX_PIXELS 40  /* largest N of functions that are evaluated by image number */

/* Kinds of lattices, to be or-ed. */
#define CT_ON_GRID (1u << CUTROPY_LATTICE_GRID)
#define CT_ON_LINKS (1u << CUTROPY_LATTICE_LINKS)
#define CT_ON_CHAIN (1u << CUTROPY_LATTICE_CHAIN)

/* Makes `body` the evaluator of the problem: *problem->body_data holds N, lx, ly, periodic and, up to 64
 * pixels, the neighbours by the bonds of the lattice; everything else is 0. Beyond 64 pixels only the
 * automaton or the equations of the body serve (problem/frontier.h, problem/affine.h); a body with neither: CUTROPY_EINPUT. */
cutropy_status ct_label_body(cutropy_problem *problem, const char *name, ct_body body);

/* Are there masks and neighbours, which end at 64 pixels? */
static inline bool ct_label_is_sliced(const cutropy_problem *problem)
{
    return problem->body_data->pixels <= CT_BODY_PIXELS;
}

/* CUTROPY_EINPUT unless the lattice is one of the kinds CT_ON_...; says what the problem needs. */
cutropy_status ct_label_lattice(const cutropy_problem *problem, const char *name, unsigned kinds);

/* The parameter k of the body: a number of pixels. CUTROPY_EINPUT beyond N. */
cutropy_status ct_label_count(const ct_args *args, const char *name, cutropy_problem *problem);

/* The most pixels with which it can be enumerated. */
static inline int ct_label_most(const cutropy_problem *problem)
{
    return problem->list_images            ? CUTROPY_MAX_PIXELS
           : problem->body != CT_BODY_NONE ? CT_BODY_PIXELS
                                           : CT_INDEX_PIXELS;
}

/* CUTROPY_EINPUT when N > CT_INDEX_PIXELS. */
cutropy_status ct_label_index(const cutropy_problem *problem, const char *name);

#endif
