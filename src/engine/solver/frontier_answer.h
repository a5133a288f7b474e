/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a cut from the Gram matrix of a level. */
#ifndef CT_FRONTIER_ANSWER_H
#define CT_FRONTIER_ANSWER_H

#include "backend/solver.h"
#include "base/arena.h"
#include "frontier/automaton.h"
#include "frontier/level_gram.h"

/* Between the first `level` pixels of a direction of reading, whose classes the Gram matrix has, and the
 * others. */
typedef struct ct_level_cut {
    const ct_reading *reading;
    int direction, level;
    int width;    /* pixels of a line where the level ends one and lines may be mirrored, else 0 */
    bool swapped; /* region A are the others */
} ct_level_cut;

/* An answer and what it consists of. */
typedef struct ct_level_answer {
    ct_cut_answer answer;
    ct_arena arena, matrices; /* the second until the eigenvalues are known */
    ct_big cube;
    ct_eigen_job *job; /* of the blocks in turn: one each, or one for each half */
    size_t jobs;
} ct_level_answer;

/* Everything but the eigenvalues. Errors: CUTROPY_EMEMORY, CUTROPY_EINTERNAL. Free with ct_level_answer_free, also
 * after an error. */
cutropy_status ct_level_answer_make(const ct_solver_setting *setting, const ct_level_cut *cut,
                                    const ct_level_gram *g, ct_level_answer *out);

/* The eigenvalues. Errors: those of the operation. */
cutropy_status ct_level_answer_solve(const ct_solver_setting *setting, const ct_watch *watch,
                                     ct_level_answer *a);
void ct_level_answer_free(ct_level_answer *a);

#endif
