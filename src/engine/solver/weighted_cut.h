/* SPDX-License-Identifier: Apache-2.0 */
/* rho_A at a level of an automaton with weights. */
#ifndef CT_WEIGHTED_CUT_H
#define CT_WEIGHTED_CUT_H

#include "engine/solver/matrix_answer.h"
#include "engine/solver/weighted_pass.h"

/* A matrix with the spectrum of L R, with theorem 21's bound: D^1/2 R D^1/2 where L = D is diagonal, else C^H R C with L = C C^H.
 * 2^unit of the environments is 1 of the matrix. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. */
cutropy_status ct_weighted_cut_make(const ct_weighted_level *level, bool is_complex, int64_t unit,
                                    const ct_operations *operations, int threads,
                                    ct_bounded_matrix *out);

/* Bytes of the automaton, whose bonds are known, and of both passes with a cut at each wanted level (N + 1; NULL: none). */
uint64_t ct_weighted_bytes(const ct_weighted *bonds);
uint64_t ct_weighted_pass_bytes(const ct_weighted *bonds, const bool *wanted);

#endif
