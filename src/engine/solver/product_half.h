/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of one side of a cut of a sum of product states as columns of numbers: R with R^H R the Gram matrix of the parts, up to
 * conjugates, from their numbers where the space of the side is small, else by Cholesky. */
#ifndef CT_PRODUCT_HALF_H
#define CT_PRODUCT_HALF_H

#include <math.h>

#include "backend/operations.h"
#include "engine/cut/product_sides.h"

/* What bounds are made of (theorem 19 of docs/theorems.md): */
#define CT_UNIT_ROUNDING 0x1p-53
#define CT_SECOND_ORDER                                                                            \
    1.01 /* what terms of second order add: errors stay below 1e-3 or the cut is refused by its check */
#define CT_PAIRS 2.83 /* 2 sqrt(2): an operation with complex numbers, in units of u */

typedef struct ct_half {
    const ct_products *p;
    const ct_operations *operations;
    const ct_product_side *side;
    int threads;
    bool expanded;   /* into the space of the side; else L^T, G = L L^H */
    int64_t rank;    /* rows */
    double *rows;    /* rank x parts, row-major; not expanded: zeros left of the diagonal */
    int32_t *column; /* of every part */
    double lost;     /* ||G - L L^H||_F where L stopped, over all terms */
    double reach;    /* || |R| ||_2^2 of the columns of all terms, at most */
    double spread;   /* ||Y G Y||_F over all terms; expanded: INFINITY, G is not formed */
} ct_half;

/* Doubles of one number. */
static inline size_t ct_product_parts(const ct_products *p)
{
    return p->is_complex ? 2 : 1;
}

static inline double ct_square_of(const double *number, size_t parts)
{
    return number[0] * number[0] + (parts == 2 ? number[1] * number[1] : 0);
}

/* The sum of |y| over all terms, at least. */
static inline double ct_product_weight_sum(const ct_products *p)
{
    double sum = 0;
    for (int64_t m = 0; m < p->terms; m++)
        sum += fabs(p->weight[m]);
    return CT_SECOND_ORDER * sum;
}

/* All that follows `expanded` of a half whose first members are set. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC,
 * CUTROPY_EUNSUPPORTED. Cost: parts times the dimension of the space where it is expanded; else N M^2 / 2 for G and M^3 / 3 for L. */
cutropy_status ct_half_make(ct_half *h);
void ct_half_free(ct_half *h);

#endif
