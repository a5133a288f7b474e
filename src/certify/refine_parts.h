/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of ct_refined, for the files of src/certify. */
#ifndef CT_REFINE_PARTS_H
#define CT_REFINE_PARTS_H

#include "base/base.h"
#include "certify/flint.h"

#define CT_BITS_PER_PLACE 3.3219280948873626

struct ct_refined {
    fmpz_t norm;
    int decimals;
    slong bits; /* of the arithmetic with entropies */
    bool failed;
    fmpz_t trace;
    arb_t resolved;     /* S_R */
    arb_t tail;         /* m */
    mag_t slack;        /* of S_R, either way */
    mag_t q;            /* S_R may be too large by this much */
    mag_t tail_slack;   /* of m */
    int64_t tail_count; /* k */
};

/* One block while it is refined. */
typedef struct ct_block_work {
    slong n, scale; /* Y holds vectors of length about 2^scale */
    slong shift;    /* bits of them that D^-1/2 takes away */
    fmpz_mat_t g, y, k, m;
    fmpz *weight;    /* n */
    mag_ptr inverse; /* 1 / K_ii, above */
    mag_ptr column;  /* sum over i of e_ij^2, above */
    mag_t phi, omega, beta, q2;
} ct_block_work;

/* ---- refine_bounds.c ---- */

/* K = Y^T D Y and M = (D Y)^T G (D Y). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_refine_products(ct_block_work *w);
/* phi, omega, beta, q2 and the columns of e, from K and M; false: a vector vanished, or phi is not below 1/16. */
bool ct_refine_bounds(ct_block_work *w);
/* 2 M_ij K_ii K_jj - K_ij (M_ii K_jj + M_jj K_ii) = 2 e_ij (K_ii K_jj)^(3/2) */
void ct_refine_defect(fmpz_t out, const ct_block_work *w, slong i, slong j, fmpz_t help);
/* (||e_j|| + q2)^2 / (mu_j - q2) in out; false when the index is better off in the tail, that is
 * when this is not below mu_j. */
bool ct_refine_resolved(const ct_block_work *w, slong j, const arb_t mu, mag_t out);

/* ---- refine_turn.c ---- */

/* Y <- Y S^-1 (1 + U) 2^scale. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_refine_turn(ct_block_work *w, slong scale);

/* ---- refine_sums.c ---- */

/* Without a norm. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_refined_start(int decimals, struct ct_refined **out);
/* resolved: the first of them are R, the others the tail; -1: whoever is better off in R. false: a
 * vector that has to be in R is not above its error. */
bool ct_refined_take(struct ct_refined *r, const ct_block_work *w, int64_t resolved);
/* r += copies of one, which holds a single block */
void ct_refined_add_copies(struct ct_refined *r, const struct ct_refined *one, uint64_t copies);

#endif
