/* SPDX-License-Identifier: Apache-2.0 */
/* What an order is made of. */
#ifndef CT_ORDER_H
#define CT_ORDER_H

#include <cutropy/order.h>

#include "base/base.h"
#include "engine/function/result.h"

/* Behind the first k + 1 pixels of an order. */
typedef struct ct_order_place {
    int64_t rank;                /* -1: more than 62 bits, open, or not done */
    double entropy, entropy_err; /* bits; NaN: the cut failed alone */
} ct_order_place;

struct cutropy_order {
    int count; /* N */
    cutropy_order_aim aim;
    cutropy_result *result; /* all cuts, or, of a search, those of the two orders */
    int *pixel;             /* N */
    size_t words;           /* of a mask */
    uint64_t *mask[2];      /* N x words: the pixels so far; of the order; of that of the numbers */
    ct_order_place *place[2]; /* N each */
    cutropy_order_sums sums[2];
    int cuts;     /* of an order: N - 1, and that of all pixels where a label stands on a side */
    int done[2];  /* those that have numbers */
    bool partial; /* some of either order have none: described all the same */
    uint64_t budget, searched; /* of a search: cuts that it might look at, and did; else 0 */
    const char *start;         /* of a search: the order it came from */
    const char *method;        /* of an order that was made at once; else NULL */
};

/* Masks, places and sums of an order (which = 0) or of that of the numbers (1), from the records of its cuts after 0 .. N pixels; NULL: a trivial one.
 * Errors: CUTROPY_EMEMORY. */
cutropy_status ct_order_describe(cutropy_order *order, int which, const int *pixel,
                                 const cutropy_record **records);
/* Runs the cuts of both orders and describes them. Errors: those of cutropy_state_run, of cuts that fail alone with order->partial set;
 * CUTROPY_ENUMERIC (an open rank, without a method). */
cutropy_status ct_order_run(cutropy_state *state, const cutropy_options *options,
                            cutropy_order *order);

#endif
