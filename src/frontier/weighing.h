/* SPDX-License-Identifier: Apache-2.0 */
/* A function known through automata with weights: the orders of its pixels, and which of them serves a cut. */
#ifndef CT_WEIGHING_H
#define CT_WEIGHING_H

#include "frontier/weighted_strip.h"

/* By the numbers of the pixels, by rows, by columns. */
#define CT_ORDERS 3

typedef struct ct_weighing {
    const cutropy_problem *problem; /* borrowed */
    uint16_t *order[CT_ORDERS];     /* N; NULL: it has none, or one that stands before it */
    ct_weighted bonds[CT_ORDERS];   /* of each, bonds only */
    ct_weighted_strip *strip;       /* of an infinite strip, whose orders are NULL */
    int least;                      /* the order with the fewest states */
} ct_weighing;

/* Errors: CUTROPY_EUNSUPPORTED (the problem has no such automaton, or too many states in every
 * order), CUTROPY_EMEMORY. */
cutropy_status ct_weighing_open(const cutropy_problem *problem, ct_weighing **out);

/* Of an infinite strip. Errors: those of ct_weighted_strip_open. */
cutropy_status ct_weighing_open_strip(const cutropy_problem *problem, uint64_t memory_limit,
                                      int threads, const ct_watch *watch, ct_weighing **out);

void ct_weighing_close(ct_weighing *weighing);

/* The order of a cut: region A, or its complement, are its first k pixels. */
typedef struct ct_weighing_spot {
    int order; /* CT_ORDERS: one of its own */
    int k;
    uint16_t *own;   /* N */
    int32_t n;       /* states at the cut */
    uint64_t states; /* on all levels */
} ct_weighing_spot;

/* Free out->own with ct_free. Errors: CUTROPY_EUNSUPPORTED (too many states; the problem has other cuts), CUTROPY_EMEMORY. */
cutropy_status ct_weighing_place(const ct_weighing *weighing, const uint64_t *mask,
                                 ct_weighing_spot *out);

#endif
