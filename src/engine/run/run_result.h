/* SPDX-License-Identifier: Apache-2.0 */
/* What a result says of the problem, the function and the machine. */
#ifndef CT_RUN_RESULT_H
#define CT_RUN_RESULT_H

#include "engine/function/orbits.h"
#include "engine/state/state.h"

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

/* A result without numbers: what was asked, the function, the machine. *out is to be freed also after
 * an error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_result_start(const cutropy_state *state, const cutropy_cuts *cuts,
                               const cutropy_options *options, int threads, cutropy_result **out);
/* How the result names the backend when the CPU served cuts beside its devices; both numbers as in ct_solve_outcome. */
void ct_result_say_who(const cutropy_state *state, const ct_orbits *orbits, size_t on_devices,
                       size_t grams_on_devices, cutropy_result *result);
/* And when ranks solved some cuts together. */
void ct_result_say_together(int ranks, cutropy_result *result);
/* seconds: CT_STAGES of them. */
void ct_result_timings(cutropy_result *result, const double *seconds, double total);

#endif
