/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of ct_train, for the files of src/certify: one level, its pivots, and R_k, found modulo primes and lifted to rationals. */
#ifndef CT_TRAIN_PARTS_H
#define CT_TRAIN_PARTS_H

#include "certify/rationals.h"

struct ct_train_levels; /* train.h */

/* R_k of the pivots while it is found: residues modulo the product of the primes so far. */
typedef struct ct_residues {
    int32_t count;
    int32_t *column;
    fmpz *value;
} ct_residues;

typedef struct ct_lifting {
    const struct ct_train_levels *levels;
    int level;
    int32_t states, rank;
    int32_t (*next)[2];
    const ct_rationals *behind; /* R_{k+1} */
    int32_t right;              /* its columns */
    int32_t *pivot;             /* rank states */
    bool *lifted;               /* states: their row of R_k is proved */
    ct_residues *residues;      /* states */
    ct_rationals *row;          /* states, of one row each */
    fmpz_t modulus;             /* product of the primes */
    int32_t *uses;              /* 2 right */
    fmpz *sum;                  /* 2 right: of the check */
} ct_lifting;

/* Level k, with R_{k+1} and how many columns it has. Free it, also after an error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_lifting_start(const struct ct_train_levels *levels, int k,
                                const ct_rationals *behind, int32_t right, ct_lifting *out);
/* Pivots, rank and R_k. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_lifting_solve(ct_lifting *l, ct_rationals *out);
void ct_lifting_free(ct_lifting *l);

#endif
