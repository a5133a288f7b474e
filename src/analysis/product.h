/* Whether a cut matrix has rank 1. */
#ifndef CT_PRODUCT_H
#define CT_PRODUCT_H

#include "engine/quotient.h"

/* 1 or 0, by the 2 x 2 minors of Q in exact integers; -1 for real and complex functions, whose
 * products are rounded. */
int ct_quotient_is_product(const ct_quotient *q);

#endif
