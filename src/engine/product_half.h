/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrix of one side of a cut of a sum of product states, and its Cholesky factor. */
#ifndef CT_PRODUCT_HALF_H
#define CT_PRODUCT_HALF_H

#include "backend/operations.h"
#include "engine/product_sides.h"

/* What bounds are made of (theorem 19 of docs/theorems.md): */
#define CT_UNIT_ROUNDING 0x1p-53
#define CT_SECOND_ORDER                                                                            \
    1.01 /* what terms of second order add: errors stay below 1e-3 or the cut is refused by its check */
#define CT_PAIRS 2.83 /* 2 sqrt(2): an operation with complex numbers, in units of u */

/* One side of a cut at work. */
typedef struct ct_half {
    const ct_products *p;
    const ct_operations *operations;
    const ct_product_side *side;
    int threads;
    bool factored; /* gram becomes L; else the whole Hermitian matrix */
    double *gram;
    int32_t *order; /* rows of L */
    int64_t rank;
    double lost;   /* ||G - L L^H||_F where L stopped, over all terms */
    double spread; /* ||Y G Y||_F over all terms */
    double size;   /* ||G||_F of the parts */
    cutropy_status status;
    char why[256];
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

/* gram, spread and size, with factored L, order, rank and lost, of a half whose other members are set. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED. */
cutropy_status ct_half_make(ct_half *h);
void ct_half_free(ct_half *h);

#endif
