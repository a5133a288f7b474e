/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer says of a block of labels or integers but its eigenvalues. Where <f|f> is beyond 2^62 its integers
 * go to the arena. */
#ifndef CT_BIG_ANSWER_H
#define CT_BIG_ANSWER_H

#include "backend/solver.h"
#include "engine/cut/gram.h"

/* Integers of 64 bits: sums and, where n <= 2, the matrix. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_answer_word_sums(const ct_gram *gram, bool want_cube, ct_cut_answer *answer,
                                   ct_block_answer *out);

/* The same of any number of words, where <f|f> is big. cube (may be NULL): its cubes are added. */
cutropy_status ct_answer_big_sums(ct_arena *arena, const ct_gram *gram, ct_big *cube,
                                  ct_block_answer *out);

/* A block of integers of CT_WIDE_WORDS words: its sums and, where n <= 2, its matrix into *out, else the matrix
 * D^1/2 G D^1/2 that waits for its eigenvalues into *matrix. cube (may be NULL): its cubes are added. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_answer_big_block(ct_arena *arena, const ct_gram *gram, ct_big *cube,
                                   ct_block_answer *out, double **matrix);

/* The one block of an empty or full cut, and the cube. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_answer_big_whole(ct_arena *arena, const ct_big *norm, ct_block_answer *out,
                                   const ct_big **cube);

#endif
