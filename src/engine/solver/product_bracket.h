/* SPDX-License-Identifier: Apache-2.0 */
/* A cut of a sum of more product states than matrices of M x M numbers fit: the K largest eigenvalues and a bracket of S (theorem 22 of
 * docs/theorems.md). */
#ifndef CT_PRODUCT_BRACKET_H
#define CT_PRODUCT_BRACKET_H

#include "backend/solver.h"
#include "engine/cut/product_sides.h"

/* norm: <psi|psi> times 4^-exponent, +- norm_error. Real factors. Overlaps are found again in every product; nothing of M x M is stored. Deterministic: the vectors
 * begin with numbered random numbers. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. */
cutropy_status ct_product_bracket_make(const ct_products *p, const uint64_t *mask, double norm,
                                       double norm_error, int largest,
                                       const ct_operations *operations, uint64_t memory_limit,
                                       const ct_watch *watch, int threads, ct_bracket_answer *out);

/* Bytes that it takes at least, and floating-point operations that it takes at most. */
uint64_t ct_product_bracket_bytes(const ct_products *p, int largest);
double ct_product_bracket_work(const ct_products *p, int largest, uint64_t memory_limit);

#endif
