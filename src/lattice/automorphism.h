/* SPDX-License-Identifier: Apache-2.0 */
/* Symmetries of a lattice as permutations of its pixels. */
#ifndef CT_AUTOMORPHISM_H
#define CT_AUTOMORPHISM_H

#include <cutropy/lattice.h>

#include "base/hash.h"

typedef struct ct_permutations {
    int pixels;
    size_t count;
    uint16_t *map; /* count x pixels: map[g*pixels + i] = image of pixel i */
} ct_permutations;

/* All geometric automorphisms, each permutation once, the identity first, in a fixed order:
 * reflections, rotations and (Lx = Ly) transpositions of the lattice, on a torus or ring combined
 * with every translation. Links move with their end vertices and directions, so the double links of
 * a 2-wide torus stay distinct. When candidates x pixels exceed 2^24 entries (large tori only) the
 * list is no group any more: it then holds the identity, the point group and the translations by
 * one step, which generate all the others. Errors: CUTROPY_EMEMORY; *out is empty then. */
cutropy_status ct_lattice_automorphisms(const cutropy_lattice *lattice, ct_permutations *out);
void ct_permutations_free(ct_permutations *permutations);

/* The slot of the table of permutations that holds this one, or the free one where it belongs. */
uint32_t *ct_permutations_find(const ct_permutations *permutations, const ct_hash *table,
                               const uint16_t *map);

/* out = the image of a mask: bit map[i] of out = bit i of mask. out must not overlap mask. */
void ct_mask_permute(const uint64_t *mask, const uint16_t *map, int pixels, uint64_t *out);

#endif
