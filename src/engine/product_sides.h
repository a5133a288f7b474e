/* SPDX-License-Identifier: Apache-2.0 */
/* The two sides of a cut of a sum of product states: which sites, and which terms are equal there. */
#ifndef CT_PRODUCT_SIDES_H
#define CT_PRODUCT_SIDES_H

#include "problem/products.h"

/* Terms of weight 0 belong to nothing. Equal parts are one: same factors at every site of the side, same label where that
 * stands here. */
typedef struct ct_product_side {
    int sites;
    int32_t *site;    /* in ascending order */
    bool labelled;    /* the label stands here, too */
    int64_t count;    /* different parts */
    int32_t *term;    /* count: the first term of each */
    int32_t *of_term; /* M: the part of each term; -1: its weight is 0 */
    double
        dimension; /* of the side's space: the sizes of its sites, times the classes of the label */
} ct_product_side;

/* inside: the pixels of mask, else the others. Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED. Cost: sites M. */
cutropy_status ct_product_side_find(const ct_products *p, const uint64_t *mask, bool inside,
                                    ct_product_side *out);
void ct_product_side_free(ct_product_side *side);

#endif
