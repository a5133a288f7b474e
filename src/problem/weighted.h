/* SPDX-License-Identifier: Apache-2.0 */
/* Automata with weights: f(s) = A_0[s_p0] A_1[s_p1] .. A_N-1[s_pN-1] for an order p of the pixels, where A_k[x] is a sparse
 * matrix of bond[k] x bond[k + 1] numbers: what reading bit x at pixel p_k multiplies by and leads to. bond[0] = bond[N] = 1. It is
 * a matrix product state whose bonds may be states of an automaton. */
#ifndef CT_WEIGHTED_H
#define CT_WEIGHTED_H

#include "problem/problem.h"

/* Numbers before anything is rounded: each is a form of x, a sum of doubles times a power of two. */
typedef enum ct_formula_kind {
    CT_SUM,      /* x */
    CT_EXP,      /* exp x */
    CT_TWO_COSH, /* exp x + exp -x */
} ct_formula_kind;

typedef struct ct_formula {
    ct_formula_kind kind;
    size_t start, count; /* its summands; start: in doubles */
    int exponent;        /* of that power; 0 unless whoever adds the number sets it */
} ct_formula;

typedef struct ct_formulas {
    size_t count, room, doubles, summand_room;
    ct_formula *number;
    double *summand; /* complex: pairs */
} ct_formulas;

/* A_k[0] above A_k[1]: row x * bond[k] + i is row i of A_k[x], with its numbers in start[row] .. start[row + 1] - 1. */
typedef struct ct_weighted_site {
    int64_t *start;
    int32_t *state; /* columns, ascending in a row */
    double *value;  /* complex: pairs */
    int factors;
    int32_t *
        factor; /* of each number, its exact factors (summands where w->adds), -1: none; NULL: the values are exact */
} ct_weighted_site;

struct ct_weighted {
    int pixels;
    bool is_complex;
    bool
        single; /* every image leads to one state: at most one number in a row, and it is the start's */
    double
        error; /* of every number, relative, at most, in units of u = 2^-53; 0: the numbers are f's own */
    int32_t numbers;        /* in a row, at most */
    int32_t *bond;          /* N + 1 */
    ct_weighted_site *site; /* N; NULL: bonds are all that was asked for */
    bool adds;              /* exact numbers are added up, not multiplied */
    ct_formulas exact;
};

/* One number more, of `count` summands (complex: pairs). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_formulas_add(ct_formulas *numbers, ct_formula_kind kind, const double *summand,
                               size_t count, bool is_complex);
void ct_formulas_free(ct_formulas *numbers);

/* f as sums or products of functions of few pixels, which are read in any order; states are the bits of pixels that wait for others. */
typedef struct ct_local_term {
    int count;            /* of pixels */
    const int32_t *pixel; /* count, ascending */
    const double *value;  /* 2^count numbers, bit j of the index: pixel[j]; complex: pairs */
    int32_t exact;        /* the exact number of value 0; the others follow */
} ct_local_term;

typedef struct ct_local {
    bool is_sum; /* else a product */
    bool is_complex;
    double constant; /* of a sum */
    double error;    /* of every number of a product, relative, in units of u */
    size_t terms;
    const ct_local_term *term;
    ct_formulas *
        exact; /* of the values, where they are asked for, and moved; NULL: the values themselves */
} ct_local;

/* Pixels that wait at a time, at most. */
#define CT_MOST_WAITING 20

/* order: N pixels. Errors: CUTROPY_EUNSUPPORTED (too many states), CUTROPY_EMEMORY, CUTROPY_EINPUT (a product outside 2^+-400). */
cutropy_status ct_weighted_local(const ct_local *local, int pixels, const uint16_t *order,
                                 ct_weighted_detail detail, ct_weighted *out);

/* All bonds are `inner` but the first and the last; every row has room for `numbers` numbers (the last site: 1), which start where they
 * must and are not set. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_weighted_new(int pixels, int32_t inner, int32_t numbers, bool is_complex,
                               ct_weighted_detail detail, ct_weighted *out);

/* CUTROPY_EUNSUPPORTED unless the pixels come in the order of their numbers. */
cutropy_status ct_weighted_in_order(const cutropy_problem *problem, const uint16_t *order);

/* Of all numbers and where they lead. */
uint64_t ct_weighted_checksum(const ct_weighted *w);

void ct_weighted_free(ct_weighted *w);

#endif
