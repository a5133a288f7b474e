/* SPDX-License-Identifier: Apache-2.0 */
/* A level of an automaton with weights as a block of integers with a proved distance (theorem 23 of docs/theorems.md). */
#ifndef CT_WEIGHTED_BLOCK_H
#define CT_WEIGHTED_BLOCK_H

#include "backend/operations.h"
#include "certify/near_block.h"
#include "problem/weighted.h"

#define CT_STEP_GUARD 16 /* bits of the steps beyond those of the matrix are enough */

/* The cut behind the first k pixels, 0 < k < N. w: in CT_EXACT_NUMBERS. The matrix to 2^-bits, steps with numbers of so many bits. watch may be NULL. block.n = 0: nothing comes out at so few
 * bits. Errors: CUTROPY_EMEMORY, CUTROPY_ECANCELLED. Cost: N passes over a matrix of bond^2 balls, from the last pixel down to k where w is single (2 products a number of
 * its rows and entry), else from either end; and what theorem 20 costs. */
cutropy_status ct_weighted_block_make(const ct_weighted *w, int k, int64_t bits, int64_t steps,
                                      int threads, const ct_watch *watch, ct_near_block *out);

/* Bytes that it takes, about; bonds are enough. */
double ct_weighted_block_bytes(const ct_weighted *w, int64_t bits);

#endif
