/* SPDX-License-Identifier: Apache-2.0 */
/* One cut on the CPU: quotient, blocks and Gram matrices, up to its eigenvalues. */
#ifndef CT_CPU_CUT_H
#define CT_CPU_CUT_H

#include "backend/solver.h"
#include "base/arena.h"
#include "engine/cut/blocks.h"

/* What one thread keeps from cut to cut. */
typedef struct ct_cpu_worker {
    ct_solver_seconds seconds;
    ct_arena arena; /* matrices that wait for their eigenvalues, and answers */
} ct_cpu_worker;

/* A cut between its stages. */
typedef struct ct_cpu_cut {
    ct_quotient quotient;
    ct_blocks blocks;
    ct_big cube;       /* where <f|f> is big */
    ct_eigen_job *job; /* in the arena */
    size_t jobs;
} ct_cpu_cut;

/* Up to the Gram matrices, with their jobs; adds the memory that the cut keeps until it is finished to *bytes. apart:
 * ct_apart_function. Errors: those of one cut (ct_fails_alone), CUTROPY_EMEMORY, CUTROPY_EINTERNAL. */
cutropy_status ct_cpu_cut_start(const ct_solver_setting *setting, bool apart, ct_cpu_worker *worker,
                                const uint64_t *mask, int threads, ct_cpu_cut *cut,
                                ct_cut_answer *answer, size_t *bytes);
/* The cut has failed for itself; the message is kept. */
cutropy_status ct_cpu_cut_fail(ct_cpu_worker *worker, cutropy_status status, ct_cpu_cut *cut,
                               ct_cut_answer *answer);
void ct_cpu_cut_free(ct_cpu_cut *cut);

/* One block of a cut, of which nothing but its answer is kept: its eigenvalues go to values[0 .. n - 1]. The arena is room while it
 * works. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_ECANCELLED. */
cutropy_status ct_cpu_answer_block(const ct_solver_setting *setting, const ct_quotient *q,
                                   const ct_blocks *blocks, int64_t block, const ct_watch *watch,
                                   ct_arena *arena, double *values, ct_cut_answer *answer,
                                   ct_block_answer *out);

#endif
