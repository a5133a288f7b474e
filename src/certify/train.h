/* SPDX-License-Identifier: Apache-2.0 */
/* The exact matrix product state of a function that is given as levels of classes, and with it the rank of every prefix cut,
 * proved from both sides.
 *
 * F_k: the different rows of the cut matrix of the first k pixels, one a state of level k. Its first independent rows
 * are the pivots; R_k F_k[pivots] = F_k. From the last level backwards, with R_N = the values,
 *     M_k = [R_{k+1}[next(., 0)] | R_{k+1}[next(., 1)]] = R_k M_k[pivots]
 * and M_k[pivots], of shape (left, 2, right), is the tensor of site k (I. V. Oseledets, SIAM J. Sci. Comput. 33, 2295 (2011);
 * D. V. Savostyanov, Linear Algebra Appl. 458, 217 (2014): skeletons). R_k is found modulo primes and lifted to rationals;
 * then M_k = R_k M_k[pivots] is checked in integers, so that the rank is at most the number of pivots, which are
 * independent modulo a prime that divides no denominator, so that it is not less. */
#ifndef CT_TRAIN_H
#define CT_TRAIN_H

#include "base/base.h"

typedef struct ct_train_levels {
    int sites;                          /* N */
    const int32_t *count;               /* N + 1: states; count[0] = 1 */
    int32_t (*const *next)[2];          /* N: next[k][i][bit], -1: zero */
    const int64_t *value;               /* count[N], not 0 */
    uint64_t memory_limit;              /* of the echelon form and of the sites, about */
    bool (*stop)(int left, void *user); /* asked now and then; left: sites; may be NULL */
    void *user;
} ct_train_levels;

typedef struct ct_train ct_train;

/* Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED; *out is NULL then. */
cutropy_status ct_train_make(const ct_train_levels *levels, ct_train **out);
void ct_train_free(ct_train *train);

/* Rank of the cut of the first k pixels, 0 <= k <= N; 1 at both ends. */
int32_t ct_train_bond(const ct_train *train, int k);

/* Site k is numerators / denominator, of shape (left, 2, right), row-major, with denominator > 0. Whether all of
 * them are 64-bit integers: */
bool ct_train_fits(const ct_train *train, int site);
/* Then these, numerator: left x 2 x right. */
void ct_train_integers(const ct_train *train, int site, int64_t *numerator, int64_t *denominator);
/* The longest of them as decimal text. */
size_t ct_train_digits(const ct_train *train, int site);
/* Texts of so many characters, the rest of each filled with zero bytes; numerator: left x 2 x right of them. */
void ct_train_texts(const ct_train *train, int site, size_t digits, char *numerator,
                    char *denominator);

#endif
