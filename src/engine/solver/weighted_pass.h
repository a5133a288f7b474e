/* SPDX-License-Identifier: Apache-2.0 */
/* Both passes over the levels of an automaton with weights, and what they round. */
#ifndef CT_WEIGHTED_PASS_H
#define CT_WEIGHTED_PASS_H

#include "frontier/environment.h"

/* A level that was asked for. `left` is diagonal where w->single. error: single: ||computed - rho||_F <= error u Tr rho for
 * rho = left^1/2 right left^1/2; else a bound of the sum of |p - p'| over its eigenvalues, in units of 2^exponent (theorem 21). */
typedef struct ct_weighted_level {
    int k;
    const ct_environment *left, *right;
    double error;
    int64_t exponent;
} ct_weighted_level;

typedef struct ct_weighted_pass {
    const ct_weighted *w;
    int threads;
    const ct_watch *watch; /* may be NULL; stage "levels" */
    const bool *wanted;    /* N + 1 levels; NULL: none */
    cutropy_status (*take)(void *context, const ct_weighted_level *level);
    void *context;
} ct_weighted_pass;

/* *norm 2^*exponent is <f|f>, with an error of *error 2^*exponent at most. Memory: two matrices, and where w is not single two of every
 * wanted level. Errors: CUTROPY_EMEMORY, CUTROPY_EINPUT (f = 0), CUTROPY_ECANCELLED, those of take. */
cutropy_status ct_weighted_run(const ct_weighted_pass *pass, double *norm, double *error,
                               int64_t *exponent);

#endif
