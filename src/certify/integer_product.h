/* SPDX-License-Identifier: Apache-2.0 */
/* Products of matrices of long integers: by residues in exact products of doubles. */
#ifndef CT_INTEGER_PRODUCT_H
#define CT_INTEGER_PRODUCT_H

#include "base/base.h"
#include "certify/flint.h"

/* c = a b; c may be a or b where the sizes allow it. Errors: CUTROPY_EMEMORY. Cost: one product of doubles for every 22 bits or so of an
 * entry of c; memory: 4 bytes for an entry of a, b and c and every such product. */
cutropy_status ct_integer_product(const fmpz_mat_t a, const fmpz_mat_t b, int threads,
                                  fmpz_mat_t c);

#endif
