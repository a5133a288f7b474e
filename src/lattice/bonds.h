/* SPDX-License-Identifier: Apache-2.0 */
/* The geometry of a lattice: positions, stars of links, bonds, neighbour lists. */
#ifndef CT_BONDS_H
#define CT_BONDS_H

#include <cutropy/lattice.h>

#include "base/base.h"

/* Bonds, positions and stars of a lattice whose sizes are set. On error the caller frees the
 * lattice. */
cutropy_status ct_lattice_build(cutropy_lattice *lattice);

/* Neighbours of pixel i: list[start[i]] .. list[start[i + 1] - 1], ascending. */
typedef struct ct_adjacency {
    int *start; /* pixels + 1 */
    int *list;  /* 2 x bonds */
} ct_adjacency;

cutropy_status ct_adjacency_make(const cutropy_lattice *lattice, ct_adjacency *out);
void ct_adjacency_free(ct_adjacency *adjacency);

/* ---- numbering of links ---- */

/* Horizontal links in a row of vertices. */
static inline int ct_links_per_row(const cutropy_lattice *lattice)
{
    return lattice->periodic ? lattice->lx : lattice->lx - 1;
}

/* Rows of vertical links. */
static inline int ct_link_rows(const cutropy_lattice *lattice)
{
    return lattice->periodic && !lattice->infinite ? lattice->ly : lattice->ly - 1;
}

/* The link from vertex (x, y) to its right neighbour, x < ct_links_per_row. */
static inline int ct_link_right(const cutropy_lattice *lattice, int x, int y)
{
    return x + ct_links_per_row(lattice) * y;
}

/* The link from vertex (x, y) to the vertex below it, y < ct_link_rows. */
static inline int ct_link_down(const cutropy_lattice *lattice, int x, int y)
{
    return ct_links_per_row(lattice) * lattice->ly + x + lattice->lx * y;
}

#endif
