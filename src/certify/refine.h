/* SPDX-License-Identifier: Apache-2.0 */
/* Enclosures of S where characteristic polynomials are too large: eigenvectors refined in integers.
 *
 * Theorems A and B (12, 13 of docs/theorems.md) with Y an integer matrix of approximate eigenvectors and
 * K = Y^T D Y, M = Y^T D G D Y computed exactly, D = diag(m): nothing is rounded but upper bounds.
 * Wrong vectors widen the enclosure or are rejected; they never make it wrong. */
#ifndef CT_REFINE_H
#define CT_REFINE_H

#include "certify/digits.h"

typedef struct ct_refined ct_refined;

/* Decimals and norm T as for ct_algebra. Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED. */
cutropy_status ct_refined_create(const ct_big *norm, int decimals, ct_refined **out);
void ct_refined_free(ct_refined *refined);

/* Adds a block. vector: n x n doubles, row j about the unit
 * eigenvector j of D^1/2 G D^1/2 (any other numbers are allowed, and then prove less). Cost: three
 * products of n x n integer matrices for each of the about log2(decimals / 13) refinements.
 * *added = false: no bound came out of these vectors, and the cut has no enclosure. */
cutropy_status ct_refined_add(ct_refined *refined, const ct_integer_block *block,
                              const double *vector, bool *added);

/* The same without refinement, for integer vectors that are given: row j of `vector` stands for
 * D^-1/2 times eigenvector j, descending eigenvalues, and the block counts `copies` times; the first
 * *resolved (out) become R, the others the tail. What docs/certificate.md says, with bounds that are never tighter than
 * those of the verifier. *added = false: it would refuse these vectors. */
cutropy_status ct_refined_add_vectors(ct_refined *refined, const ct_integer_block *block,
                                      const int64_t *vector, uint64_t copies, int64_t *resolved,
                                      bool *added);

/* The enclosure itself, its ends rounded outwards to so many decimals ("-17e-40"); false: there is
 * none. */
#define CT_INTERVAL_TEXT 80
bool ct_refined_interval(const ct_refined *refined, ct_unit unit, int decimals, char *lower,
                         char *upper);

/* S to as many decimals as the enclosure shows, at most those asked for; -1 and NULL: none, or the
 * blocks do not add up to T. */
cutropy_status ct_refined_entropy(const ct_refined *refined, ct_unit unit, ct_decimal *out);

#endif
