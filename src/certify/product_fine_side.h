/* SPDX-License-Identifier: Apache-2.0 */
/* What a cut of a sum of product states is made of in twice the working precision (product_fine_cut.c). */
#ifndef CT_PRODUCT_FINE_SIDE_H
#define CT_PRODUCT_FINE_SIDE_H

#include "certify/product_fine.h"

/* G of the parts of a side and K = W conj(G') W^H of the other side's, whole, as real matrices. |K_ij| <= size_i size_j. */
typedef struct ct_fine_side {
    int64_t n, parts;
    ct_twofold gram, kernel;
    double gram_error;   /* Frobenius norm */
    double kernel_error; /* of entry (i, j), times size_i size_j */
    double *size;        /* n / parts */
} ct_fine_side;

/* Errors: CUTROPY_EMEMORY. */
cutropy_status ct_fine_side_make(const ct_product_fine *f, const ct_product_side *own,
                                 const ct_product_side *other, int threads, ct_fine_side *out);
void ct_fine_side_free(ct_fine_side *s);

#endif
