/* SPDX-License-Identifier: Apache-2.0 */
/* What a sum of product states is before anything is rounded, and the sides of a cut of it: solvers fill them, provers read them. */
#ifndef CT_BASE_PRODUCT_STATE_H
#define CT_BASE_PRODUCT_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* The factor of a level, from its numbers. */
typedef enum ct_factor_kind {
    CT_FACTOR_NUMBERS, /* d numbers; complex: pairs */
    CT_FACTOR_COS,     /* of one value v, x = v / scale: (cos(pi theta x), sin(pi theta x)) */
    CT_FACTOR_POLY,    /* (1, x) */
    CT_FACTOR_PHASE    /* (1, exp(2 i pi theta x)) / sqrt 2 */
} ct_factor_kind;

/* psi = 2^exponent sum_m y_m (x)_n phi_n(m), every double taken as it is. Factors are divided by their norms, which y_m is
 * multiplied by where they are kept. */
typedef struct ct_exact_state {
    int64_t terms; /* M */
    int sites;
    int dimension;
    bool is_complex;
    ct_factor_kind kind;
    double theta, scale;
    bool keep_norms;
    bool complex_weights;
    const int32_t *level; /* sites x M: which factors of a site are equal */
    int64_t *first;       /* sites + 1: the number of the first level of a site among all */
    double *number;       /* of the levels, one after the other */
    double *weight;       /* y: M, or M pairs */
    const int32_t *label; /* M, NULL: none */
} ct_exact_state;

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

/* Doubles of one level. */
static inline int64_t ct_exact_numbers(const ct_exact_state *e)
{
    return e->kind != CT_FACTOR_NUMBERS ? 1 : (int64_t)e->dimension * (e->is_complex ? 2 : 1);
}

#endif
