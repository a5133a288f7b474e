/* SPDX-License-Identifier: Apache-2.0 */
/* The solver that answers every cut: quotient, blocks, Gram matrices, eigenvalues. */
#ifndef CT_SOLVER_CPU_H
#define CT_SOLVER_CPU_H

#include "backend/solver.h"
#include "base/arena.h"
#include "engine/cut/blocks.h"

/* Small cuts side by side on the threads, cuts with a large workspace one by one with the threads
 * inside. Its answers have their quotients. Empty and full cuts are answered too. */
const ct_solver *ct_solver_cpu(void);

/* One block of a cut, of which nothing but its answer is kept: its eigenvalues go to values[0 .. n - 1]. The arena is room while it
 * works. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. */
cutropy_status ct_cpu_answer_block(const ct_solver_setting *setting, const ct_quotient *q,
                                   const ct_blocks *blocks, int64_t block, const ct_watch *watch,
                                   ct_arena *arena, double *values, ct_cut_answer *answer,
                                   ct_block_answer *out);

#endif
