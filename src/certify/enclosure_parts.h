/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of ct_enclosure, for the files of src/certify. */
#ifndef CT_ENCLOSURE_PARTS_H
#define CT_ENCLOSURE_PARTS_H

#include "base/base.h"
#include "certify/flint.h"

#define CT_LEAST_BITS 192 /* of the balls: far below the radius of a bound in doubles */

typedef struct ct_ball_level {
    arb_t value;   /* C_jj of H, in units of H */
    arb_t weyl;    /* an eigenvalue of H, in the order of the C_jj of its block */
    double column; /* >= 2-norm of the other entries of its column, units of 2^exponent of H */
    slong exponent;
} ct_ball_level;

struct ct_enclosure {
    int copies;
    slong bits;   /* of the balls */
    arb_t norm;   /* of all copies */
    int64_t rank; /* of all copies, -1: not known */
    double slack; /* the eigenvalues are off by so much in all; their sum, which is the norm, too */
    size_t count, room;
    ct_ball_level *level;
    arb_ptr low, high; /* of the sorted eigenvalues of rho, made by ct_enclosure_sort */
};

/* +- radius, upwards */
void ct_ball_widen(arb_t x, double radius);

/* Fills low and high, once: low[k] <= k-th largest eigenvalue of rho <= high[k], the k-th largest of the lower and of the
 * upper ends. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_enclosure_sort(struct ct_enclosure *e);
/* The k-th largest eigenvalue of one copy, sorted before. */
void ct_enclosure_sorted(const struct ct_enclosure *e, size_t k, arb_t out);

#endif
