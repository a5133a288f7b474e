/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of a sum of product states as balls, from the doubles that were read. */
#ifndef CT_PRODUCT_NUMBERS_H
#define CT_PRODUCT_NUMBERS_H

#include "base/product_state.h"
#include "certify/flint.h"

/* out: d numbers of the factor of a level (number: what the state holds of it); *norm of it. Its angles are known to 2^-prec, however large theta is. */
void ct_exact_factor(const ct_exact_state *e, const double *number, slong prec, acb_ptr out,
                     arb_t norm);

/* out: all y_m, with the norms of the factors where these are kept. */
void ct_exact_weights(const ct_exact_state *e, slong prec, acb_ptr out);

#endif
