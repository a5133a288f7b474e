/* SPDX-License-Identifier: Apache-2.0 */
/* An order that reads region A first, and keeps few pixels waiting for neighbours. */
#ifndef CT_REGION_ORDER_H
#define CT_REGION_ORDER_H

#include "lattice/lattice.h"

/* How many orders there are to start from: by rows and by columns, forwards and backwards. */
#define CT_STARTS 4

typedef struct ct_region_order {
    int start;       /* which of them: 2 by columns + backwards */
    uint16_t *pixel; /* N: the pixel that is read k-th */
} ct_region_order;

/* start[s]: N pixels in order, or NULL: not to start from. Region A is read in that order, then what lies in its bounding box, bands
 * from there to one of the corners of the lattice (or none), then the others in that order. Of these at most 20 orders, that
 * with the least sum of 2^w over the levels, w of whose pixels have neighbours that are still to be read: an estimate for
 * functions that ask for neighbours, and nothing more. Free out->pixel with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_region_order_choose(const cutropy_lattice *lattice, const uint64_t *mask,
                                      const uint16_t *const start[CT_STARTS], ct_region_order *out);

#endif
