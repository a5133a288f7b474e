/* SPDX-License-Identifier: Apache-2.0 */
/* K = W G W^T on the parts of one side of a cut of a sum of product states: G the Gram matrix of the other side's parts, W the sums of
 * y. Where the label stands on that other side, K is a sum over its classes, each with the parts that occur there. */
#ifndef CT_PRODUCT_KERNEL_H
#define CT_PRODUCT_KERNEL_H

#include "backend/operations.h"
#include "engine/cut/product_sides.h"

/* One class, or all. */
typedef struct ct_kernel {
    int64_t n;       /* parts */
    int32_t *column; /* n, ascending: their columns */
    double *number;  /* n x n, Hermitian, complex: pairs */
    int64_t steps;   /* roundings in a number of it, at most, beside those of overlaps and y */
    /* of all classes so far, over all their terms: */
    double square;   /* ||Y G Y||_F^2 */
    double absolute; /* sum |y_s y_t G_st| */
} ct_kernel;

/* The terms of one class. column: of every part of `own`. out->square and out->absolute grow. Errors: CUTROPY_EMEMORY. Cost: overlaps
 * of the parts that occur, and twice the square of the terms. */
cutropy_status ct_kernel_make(const ct_products *p, const ct_operations *operations,
                              const ct_product_side *own, const int32_t *column,
                              const ct_product_side *other, int64_t terms, const int32_t *term,
                              int threads, ct_kernel *out);
/* Keeps square and absolute. */
void ct_kernel_free(ct_kernel *k);

#endif
