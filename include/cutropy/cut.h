/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts: which pixels form region A. B is the rest; S(A) = S(B).
 *
 * A mask is lattice->words 64-bit words, bit i = pixel i is in A ("keep" semantics). */
#ifndef CUTROPY_CUT_H
#define CUTROPY_CUT_H

#include <cutropy/lattice.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An ordered list of masks, without repetitions (the first occurrence stays). A program may as well fill
 * one with masks of its own, and then frees them itself. */
typedef struct cutropy_cuts {
    size_t words;    /* words per mask */
    size_t count;    /* number of cuts */
    uint64_t *masks; /* count x words */
} cutropy_cuts;

/* Parses a comma-separated list of
 *   all            every mask 1 .. 2^(N-1) - 1 in increasing order (a cut and its complement are
 *                  one cut), N <= 40
 *   rows, columns  the first k rows (columns), k = 1 .. Ly-1 (Lx-1). links: row y = the horizontal
 *                  links of vertex row y and the vertical links below it; column x alike. A chain
 *                  has N-1 columns and no rows
 *   prefixes       the first k pixels, k = 1 .. N-1
 *   sites, pairs   every pixel; every pair i < j in lexicographic order (of two pixels, all)
 *   rectangles     every w x h rectangle of pixels except the whole lattice (torus: also wrapped
 *                  ones); chain: intervals; links: all links between vertices of the rectangle,
 *                  empty ones left out
 *   connected[:K]  connected regions of at most K pixels (default: half of N), by size, then by mask
 *   half           the first floor(N/2) pixels
 *   canonical:L    the 2^L x 2^L blocks of a grid, row by row (2^L of a chain), block i of n from floor(i Lx / n) on;
 *                  quadrants: canonical:1
 *   0x...          a hexadecimal mask
 *   {0-3,7}        a list of pixels
 *   x<2, x+y<=3    words: all pixels whose position (x, y) or number i fulfils it; sums of x, y, i with
 *                  whole factors (2*x-y), then <, <=, >, >=, = or != and a number; several with &
 *                  where all must hold, lists and words alike. Links lie halfway between vertices
 *   @FILE, @-      a file or standard input: one mask, list or word a line, or pictures of grids: Ly lines of Lx letters, A a
 *                  pixel of A, a point one of B; blank lines and lines that begin with # are skipped
 * The empty and the full mask are allowed as a mask, a list or a picture (S = 0); words that say nothing
 * or everything are refused.
 * Errors: CUTROPY_EINPUT (unknown family, bad digit, pixel outside the lattice, no cut left),
 * CUTROPY_EIO, CUTROPY_EMEMORY. *out is empty on error. */
cutropy_status cutropy_cuts_parse(const char *text, const cutropy_lattice *lattice,
                                  cutropy_cuts *out);
void cutropy_cuts_free(cutropy_cuts *cuts);

/* "0x1f": no leading zeros, at least one digit, at most 2 + 16 * words characters: as much of it as
 * fits, ended by a zero byte, and its whole length, as snprintf does it. */
size_t cutropy_mask_format(const uint64_t *mask, size_t words, char *buffer, size_t size);

int cutropy_mask_pixels(const uint64_t *mask, size_t words); /* NA */

/* L_AB: the number of bonds between A and B. */
int cutropy_boundary(const cutropy_lattice *lattice, const uint64_t *mask);
/* The number of pixels of A with a neighbour in B. */
int cutropy_boundary_pixels(const cutropy_lattice *lattice, const uint64_t *mask);

#ifdef __cplusplus
}
#endif
#endif
