/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of product states in twice the working precision, where doubles leave too little because terms cancel (theorem 19 of docs/theorems.md):
 * from the doubles that were read to a matrix with the eigenvalues of a cut. */
#ifndef CT_PRODUCT_FINE_H
#define CT_PRODUCT_FINE_H

#include "certify/near_block.h"
#include "certify/product2.h"
#include "problem/products.h"

typedef struct ct_product_fine {
    const ct_products *p;
    ct_twofold factor; /* as ct_products.factor, norm 1 */
    ct_twofold weight; /* M, as ct_products.weight */
    double sum;        /* of |y|, at least */
} ct_product_fine;

/* Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC (numbers that no pair of doubles holds). Cost: a sine and a cosine of 160 bits for every different
 * value of every site, 3 us on one thread. */
cutropy_status ct_product_fine_make(const ct_products *p, int threads, ct_product_fine *out);
void ct_product_fine_free(ct_product_fine *f);

/* <psi|psi> times 4^-exponent, and a bound of its error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_product_fine_norm(const ct_product_fine *f, int threads, double *norm,
                                    double *error);

/* What an overlap over so many sites is off by, at most. */
double ct_product_fine_overlap_error(const ct_product_fine *f, int sites);

/* A matrix that has about the non-zero eigenvalues of rho_A times <psi|psi>, each `copies` times. */
typedef struct ct_fine_cut {
    int64_t n;
    int copies;     /* 2: complex, as a real matrix of twice the size */
    ct_twofold h;   /* n x n, upper triangle row-major */
    double error;   /* sum of the differences of the eigenvalues, all copies, at most */
    double *below;  /* n: h with this added to its diagonal has no negative eigenvalue */
    bool full_rank; /* the rank is proved to be that of the matrices */
} ct_fine_cut;

/* side: A and the rest; rank: try to prove it. Errors: CUTROPY_EMEMORY. Cost, M parts: sites M^2 (12 d + 15) / 2 operations and M^3 terms of
 * ct_product2, with rank two thirds of that more; complex: four and eight times that. */
cutropy_status ct_product_fine_cut(const ct_product_fine *f, const ct_product_side side[2],
                                   bool rank, int threads, ct_fine_cut *out);
void ct_fine_cut_free(ct_fine_cut *cut);

/* The same as a block of integers. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_product_fine_block(const ct_fine_cut *cut, ct_near_block *out);

/* Bytes that a cut takes, at most, and the numbers. */
double ct_product_fine_bytes(const ct_products *p);

#endif
