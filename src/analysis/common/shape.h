/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of a cut: corners, ends and parts of its boundary. */
#ifndef CT_SHAPE_H
#define CT_SHAPE_H

#include "lattice/lattice.h"

typedef struct ct_shape {
    int corners; /* grids: points of the dual lattice where the boundary turns */
    int ends;    /* grids: bonds along an open border that are cut */
    int rim;     /* pixels of the smaller side with a neighbour on the other; A's when equal */
    int parts;   /* connected parts of A and of B together */
    int arc;     /* chains: 1 A or B is a prefix of an open chain, 2 an arc of a ring; else 0 */
} ct_shape;

/* How many connected parts the pixels outside the mask (parts[0]) and those in it (parts[1]) form. */
void ct_count_parts(const cutropy_lattice *lattice, const uint64_t *mask, int parts[2]);

void ct_shape_of(const cutropy_lattice *lattice, const uint64_t *mask, ct_shape *out);

#endif
