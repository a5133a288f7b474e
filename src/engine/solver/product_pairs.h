/* SPDX-License-Identifier: Apache-2.0 */
/* Entropies of all sites and pairs of sites of a sum of product states at once. */
#ifndef CT_PRODUCT_PAIRS_H
#define CT_PRODUCT_PAIRS_H

#include "backend/operations.h"
#include "problem/products.h"

/* No label with the two sites: it stands with the others, if there is one. */
bool ct_product_pairs_serve(const ct_products *p);
uint64_t ct_product_pairs_bytes(const ct_products *p, int threads);

/* entropy[i N + j] = S of the sites i and j in bits, of one site where i = j; both triangles. Plain doubles without a bound: for heuristics. The same bits
 * for any number of threads. Cost: N^2 / 2 pairs, M^2 (log2 N + 2 d^2 + 2) / 2 steps each (four times as many where factors are complex), where pair by pair takes N times M^2 / 2. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. watch may be NULL. */
cutropy_status ct_product_pairs(const ct_products *p, const ct_operations *operations, int threads,
                                const ct_watch *watch, double *entropy);

#endif
