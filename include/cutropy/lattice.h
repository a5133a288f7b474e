/* SPDX-License-Identifier: Apache-2.0 */
/* Lattices: pixels, their positions and their bonds.
 *
 * Image bit i (least significant first, bit i of word i/64) = pixel i.
 *   grid LxxLy[:torus]   pixel x + Lx*y at (x, y); bonds join horizontal and vertical neighbours.
 *   chain N[:ring]       pixel i at (i, 0).
 *   links LxxLy[:torus]  a grid of Lx x Ly vertices; pixels sit on its links: all horizontal links
 *                        row by row, then all vertical links row by row. Two links are bonded when
 *                        they share a vertex.
 *   grid Lxxinf[:cylinder], links Lxxinf[:cylinder]
 *                        a strip of width Lx without end above and below; on a cylinder x is
 *                        periodic. Pixels, bonds and positions are those of a window around its one
 *                        cut, between two of its rows (docs/frontier.md): Ly = 2 rows of a grid,
 *                        4 rows of vertices.
 * The torus needs Lx, Ly >= 2; at 2 its double links are distinct pixels. A bond is an unordered
 * pair of different pixels and is listed once (a torus of width 2 has no double bonds). */
#ifndef CUTROPY_LATTICE_H
#define CUTROPY_LATTICE_H

#include <stddef.h>
#include <stdint.h>

#include <cutropy/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CUTROPY_MAX_PIXELS 4096

typedef enum cutropy_lattice_kind {
    CUTROPY_LATTICE_GRID,
    CUTROPY_LATTICE_LINKS,
    CUTROPY_LATTICE_CHAIN
} cutropy_lattice_kind;

/* Read only (cutropy/status.h). */
typedef struct cutropy_lattice {
    cutropy_lattice_kind kind;
    int lx, ly;            /* chain: lx = N, ly = 1; links: vertices per row, rows of vertices */
    int periodic;          /* torus or ring; infinite: cylinder */
    int pixels;            /* N */
    size_t words;          /* 64-bit words per image: (N + 63) / 64 */
    int bonds;             /* number of bonds */
    int (*bond)[2];        /* bonds x 2 pixel numbers, bond[b][0] < bond[b][1], sorted */
    double (*position)[2]; /* N x 2: x, y in lattice units; y grows downwards (row 0 first) */
    int vertices;          /* links only, else 0: Lx * Ly, vertex = x + Lx*y */
    int (*star)[4];        /* links only: the links that meet at a vertex */
    int *star_degree;      /* links only: how many of the four are used */
    char name[40];         /* canonical text, e.g. "grid:4x4", "links:3x3:torus", "chain:12:ring" */
    int infinite;          /* a strip without end: ly rows of it are shown */
} cutropy_lattice;

/* Parses "grid:4x4", "4x4", "grid:4x4:torus", "4x4:torus", "links:3x3[:torus]", "chain:12[:ring]",
 * "grid:8xinf[:cylinder]", "8xinf", "links:8xinf[:cylinder]". Errors: CUTROPY_EINPUT with one line that shows the valid forms, CUTROPY_EMEMORY. *out is NULL on
 * error. */
cutropy_status cutropy_lattice_parse(const char *text, cutropy_lattice **out);

/* NULL is allowed. */
void cutropy_lattice_free(cutropy_lattice *lattice);

#ifdef __cplusplus
}
#endif
#endif
