/* SPDX-License-Identifier: Apache-2.0 */
/* Which cuts a map takes. */
#ifndef CT_MAP_CUTS_H
#define CT_MAP_CUTS_H

#include "output/map.h"
#include "problem/problem.h"

/* All cuts in one list. A cut may stand in several families; the run computes it once. */
typedef struct ct_map_cuts {
    const cutropy_problem *problem;
    const cutropy_lattice *lattice;
    int longest; /* boundary pixels of a region that automata read for itself; 0: nobody asks */
    cutropy_map_options options;
    cutropy_map *map;
    cutropy_map_family *family; /* those of the map */
    cutropy_cuts cuts;
    size_t room; /* of cuts */
} ct_map_cuts;

/* Every family from the first on: cuts, family, and of the map the chosen pixels and the strides. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_map_cuts_fill(ct_map_cuts *p);

/* A line across the lattice, or two around a torus. */
int ct_map_longest_boundary(const cutropy_lattice *l);

#endif
