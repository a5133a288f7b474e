/* SPDX-License-Identifier: Apache-2.0 */
/* Functions as plain arrays: what problem->data is, for a device that evaluates the function
 * itself. The CPU's evaluator reads the same structs; a kernel must give the same bits, so that the
 * order of every sum is part of the form. */
#ifndef CT_FORMS_H
#define CT_FORMS_H

#include "problem/amplitude.h"

/* FORM_RANDOM: label of image s = ct_random(seed, s) >= threshold. */
typedef struct ct_random_labels {
    uint64_t seed, threshold;
    size_t count; /* by count: a list, no form */
} ct_random_labels;

/* FORM_ISING: the energy depends only on two integers, so that values of equal energy are equal to
 * the last bit: value[unequal bonds * (pixels + 1) + lit pixels]. */
typedef struct ct_ising {
    int pixels, bonds;
    int distances;                    /* bonds sorted by the difference of their pixel numbers */
    int distance[CT_INDEX_PIXELS];    /* j - i */
    uint64_t starts[CT_INDEX_PIXELS]; /* pixels i with a bond to i + distance */
    double beta, j, h;
    double value[]; /* bonds + 1 x pixels + 1; up to 40 pixels, as all but beta, j and h */
} ct_ising;

/* FORM_LOGISTIC: score = (bias + the weights of the lit high pixels, ascending) + low[low pixels].
 */
typedef struct ct_logistic {
    bool sigmoid; /* 1 / (1 + e^-score), else e^score */
    double weight[CT_INDEX_PIXELS], bias;
    double low[CT_LOW_IMAGES]; /* sum of w_i s_i over the low pixels */
} ct_logistic;

/* FORM_MPS: f = left(low pixels) . right(high pixels): the left row vectors of all low images stand
 * in a table; right is built from the last pixel down. */
#define CT_MPS_CHI 128
typedef struct ct_mps {
    int pixels, chi, parts; /* parts: 1 real, 2 complex */
    double *tensor;         /* [pixel][s][a][b][part], chi x chi apart */
    double *left;           /* [b][part][low image] */
} ct_mps;

/* Bond dimension to the left of pixel i. */
static inline int ct_mps_bond(const ct_mps *mps, int i)
{
    return i == 0 || i == mps->pixels ? 1 : mps->chi;
}

/* FORM_RBM: f = prod over the terms t = 1, 3, .. of (low[t] high[t] + low[t + 1] high[t + 1]),
 * times low[0] high[0], in this order: each 2 cosh(theta) = e^theta + e^-theta is split into
 * factors of the low and of the high pixels. terms: exp(a.sigma), then e^theta_h, e^-theta_h of
 * each hidden unit. */
#define CT_RBM_HIDDEN 256
#define CT_RBM_TERMS (1 + 2 * CT_RBM_HIDDEN)
typedef struct ct_rbm {
    int pixels, hidden, terms, parts;
    double *weight[2]; /* [part] real, imaginary: a (N), then b (hidden), then W (hidden x N) */
    double *low[2];    /* [part][term][low image] */
    /* The factors of the high pixels of an image: re[term], im[term] (NULL: real). */
    void (*high)(const struct ct_rbm *rbm, uint64_t image, double *re, double *im);
} ct_rbm;

#endif
