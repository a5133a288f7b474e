/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of ct_graded, for the files of src/certify. */
#ifndef CT_GRADED_PARTS_H
#define CT_GRADED_PARTS_H

#include "certify/flint.h"
#include "base/base.h"

/* H = 2^exponent D^1/2 G D^1/2. The columns y_j of Y stand for x_j = 2^-scale D^1/2 y_j, which have
 * about unit length. K = Y^T D Y = 4^scale X^T X and M = Y^T D G D Y = 4^scale X^T H X are exact,
 * mu_j = M_jj / K_jj are the Rayleigh quotients. */
typedef struct ct_graded {
    slong n, scale;
    slong exponent, weight_bits;
    fmpz_mat_t dgd; /* D G D */
    fmpz *weight;   /* n */
    fmpz_t trace;   /* of D G */
    fmpz_mat_t y, k, m;
    arf_ptr mu, root; /* n; root_j = sqrt(K_jj), both rounded */
    double *size;     /* n: log2 mu_j, about; -infinity for zero */
    slong *order;     /* n: by descending size */
    slong resolved;   /* the first of them have small relative errors, the others are the tail */
    bool tail_is_zero;
    bool started, proved;
    /* what theorem C says of Y; units of DG */
    mag_t phi, gamma, relative, tail;
} ct_graded;

struct ct_graded_goal; /* graded.h */

/* The eigenvalue of column order[i] (units of H), i < n: for every k the k-th largest eigenvalue
 * lies between the k-th largest lower and the k-th largest upper end. Only when proved. */
void ct_graded_level(const ct_graded *block, slong i, slong bits, arb_t out);

/* Y <- Y (I + U): the next vectors, of length 2^scale. Pairs that are too close for their coupling
 * are solved together in double precision. *good = false: no vectors came out. Errors:
 * CUTROPY_EMEMORY, CUTROPY_ENUMERIC. */
cutropy_status ct_graded_turn(ct_graded *block, const struct ct_graded_goal *goal, slong scale,
                              bool *good);

#endif
