/* SPDX-License-Identifier: Apache-2.0 */
/* Infinite strips with weights: what the rows above and below a cut without end tend to. With M the matrix of squares of a row, m M = lambda m
 * and M g = lambda g, all of them positive; errors as in docs/frontier.md (Birkhoff). */
#ifndef CT_WEIGHTED_STRIP_H
#define CT_WEIGHTED_STRIP_H

#include "backend/operations.h"
#include "problem/weighted.h"

typedef struct ct_weighted_strip {
    ct_weighted rows; /* three of them; sites width .. 2 width - 1 are those of every row */
    int width;
    int32_t n;        /* states between two rows */
    double *ways[2];  /* n: m, g */
    double error[2];  /* relative, of every component up to one factor */
    double growth[2]; /* bounds of lambda */
} ct_weighted_strip;

/* Errors: CUTROPY_EUNSUPPORTED (the problem has no such strips, or too many states, or nothing converges), CUTROPY_EINPUT, CUTROPY_EMEMORY,
 * CUTROPY_ECANCELLED. watch may be NULL. Cost: n^2 numbers for as many rows as it takes until every row is like every other. */
cutropy_status ct_weighted_strip_open(const cutropy_problem *problem, uint64_t memory_limit,
                                      int threads, const ct_watch *watch, ct_weighted_strip **out);
void ct_weighted_strip_close(ct_weighted_strip *strip);

#endif
