/* SPDX-License-Identifier: Apache-2.0 */
/* What pairs of pixels say about an order: their mutual information as a graph, and its spectral order. */
#ifndef CT_ORDER_PAIRS_H
#define CT_ORDER_PAIRS_H

#include "analysis/order/order_cuts.h"

/* (*weight)[i N + j] = S(i) + S(j) - S(i and j) in bits, rounded to multiples of 2^-30 so that no last digit decides, not below 0,
 * and 0 for i = j; pairs whose cuts did not fit in memory have 0. Looks at N (N + 1) / 2 cuts; sums of product states give them all at once, where they
 * can (engine/solver/product_pairs.h). Errors: CUTROPY_EMEMORY, those of
 * ct_order_cuts_solve. */
cutropy_status ct_order_pairs(ct_order_cuts *cuts, int pixels, double **weight);

/* The members (n of the N pixels of the graph) by the vector that belongs to the second smallest eigenvalue of the Laplacian of
 * their graph (M. Fiedler, Czech. Math. J. 25, 619 (1975); for orders G. Barcza, O. Legeza, K. H. Marti, M. Reiher, Phys. Rev. A
 * 83, 012508 (2011)), each component of the graph by itself, in the order of their first members. The members must ascend. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_order_spectral(const double *weight, int pixels, int *member, int n);

#endif
