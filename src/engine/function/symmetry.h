/* SPDX-License-Identifier: Apache-2.0 */
/* Pixel permutations that leave f unchanged, and the canonical form of a cut under them.
 *
 * Two kinds are tested: the automorphisms of the lattice, and transpositions of two pixels.
 * Transpositions that hold make classes of exchangeable pixels (f depends only on how many of a
 * class are lit). Each one is proved on every image. */
#ifndef CT_SYMMETRY_H
#define CT_SYMMETRY_H

#include "backend/function.h"
#include "lattice/automorphism.h"

typedef struct ct_symmetry {
    int pixels;
    size_t words;
    bool sided;                /* ct_is_sided */
    ct_permutations group;     /* lattice automorphisms that hold, the identity first */
    uint64_t (*table)[8][256]; /* N <= 64: table[g][k][byte] = image of byte k of a mask under
                                  element g */
    int classes;               /* exchangeable classes with at least two pixels */
    uint64_t *class_mask;      /* classes x words */
    double order;              /* size of the group that they generate together */
} ct_symmetry;

/* Whether a cut and its complement differ: the label of a sum of product states stands on one side. */
bool ct_is_sided(const ct_function *f);

/* use = false: the identity alone. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_symmetry_find(const ct_function *f, bool use, int threads, ct_symmetry *out);
/* Without a test: what is known of a function that is the same when its pixels are read backwards, or that depends
 * on nothing but how many are lit. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_symmetry_turned(const ct_function *f, bool any_order, ct_symmetry *out);
/* Without a test: all automorphisms of the lattice, of a function that depends on its bonds alone. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_symmetry_uniform(const ct_function *f, ct_symmetry *out);
void ct_symmetry_free(ct_symmetry *symmetry);

/* The representative of a cut: the smaller side (or the smaller mask of both), smallest under the
 * group. *swapped: the representative belongs to the complement. scratch: 3 x words. */
void ct_symmetry_canonical(const ct_symmetry *symmetry, const uint64_t *mask, uint64_t *out,
                           bool *swapped, uint64_t *scratch);

#endif
