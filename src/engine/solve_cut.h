/* SPDX-License-Identifier: Apache-2.0 */
/* One cut through the stages: quotient, blocks, Gram, eigenvalues, entropies. */
#ifndef CT_SOLVE_CUT_H
#define CT_SOLVE_CUT_H

#include <cutropy/result.h>

#include "base/arena.h"
#include "base/clock.h"
#include "engine/spectrum.h"

/* Stages that are timed. */
typedef enum ct_stage {
    CT_STAGE_EVALUATE,
    CT_STAGE_SYMMETRY,
    CT_STAGE_QUOTIENT,
    CT_STAGE_BLOCKS,
    CT_STAGE_GRAM,
    CT_STAGE_EIGENVALUES,
    CT_STAGE_ENTROPY,
    CT_STAGE_PROOFS,
    CT_STAGES
} ct_stage;

typedef struct ct_clock {
    double seconds[CT_STAGES];
} ct_clock;

/* What one thread keeps from cut to cut. */
typedef struct ct_worker {
    ct_clock clock;
    ct_arena arena; /* matrices that wait for their eigenvalues */
} ct_worker;

/* What all cuts of a run share. */
typedef struct ct_setting {
    const ct_function *f;
    const ct_backend *backend;
    uint64_t memory_limit;
    int threads; /* of the run */
    const ct_watch *watch;
    const cutropy_quantity *quantities;
    size_t quantity_count;
    int digits;     /* decimals that are proved later; 0: none */
    bool certify;   /* by enclosures first: algebra where it is cheap and may find closed forms */
    bool want_cube; /* Tr rho^3 of labels or integers, as a fraction */
} ct_setting;

/* A cut between its stages. */
typedef struct ct_cut {
    const uint64_t *mask; /* the smaller side */
    ct_quotient quotient;
    ct_blocks blocks;
    ct_spectrum spectrum;
    cutropy_record *record;
    bool trivial; /* empty or full */
} ct_cut;

/* Up to the Gram matrices; adds the memory that the cut keeps until it is finished to *waiting. */
cutropy_status ct_cut_start(const ct_setting *setting, int threads, ct_worker *worker, ct_cut *cut,
                            size_t *waiting);
/* Eigenvalues of all waiting matrices of several cuts, then every record. Frees the cuts, also on
 * error, and resets the worker's arena. */
cutropy_status ct_cuts_finish(const ct_setting *setting, int threads, ct_worker *worker,
                              ct_cut *cuts, size_t count);
void ct_cut_free(ct_cut *cut);
/* The last thing that happens to a record but for its proofs; without digits it is done. */
void ct_record_solved(const ct_setting *setting, cutropy_record *record);
/* From now on other threads may read it. */
void ct_record_done(cutropy_record *record);

#endif
