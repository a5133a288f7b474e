/* SPDX-License-Identifier: Apache-2.0 */
/* Least squares with up to five columns. */
#ifndef CT_FIT_H
#define CT_FIT_H

#include "base/base.h"

#define CT_FIT_COLUMNS 5

typedef struct ct_fit {
    int rank;                                /* independent columns */
    double coefficient[CT_FIT_COLUMNS];      /* NaN: the column is a combination of earlier ones */
    double inverse_diagonal[CT_FIT_COLUMNS]; /* of (X^T X)^-1, NaN likewise */
    double square_sum;                       /* of the residuals */
    double largest;                          /* largest |residual| */
} ct_fit;

/* Minimises |y - X c|; x: columns x count, one column after the other. A column counts as a
 * combination of the earlier ones when less than 1e-10 of its length is left beside them. */
cutropy_status ct_least_squares(const double *x, int columns, const double *y, size_t count,
                                ct_fit *out);

#endif
