/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a cut that a device has solved. */
#ifndef CT_ANSWER_H
#define CT_ANSWER_H

#include "engine/solve_cut.h"

/* Spectrum, checks, rank and entropies from the answer of a device. Where a rank needs elimination
 * or small Schmidt values are asked for, quotient and blocks are found again on the CPU, and must be those of the answer. may_build =
 * false: such a cut is left alone and *postponed is set. Errors: CUTROPY_EINTERNAL (an answer that
 * contradicts itself or the CPU), CUTROPY_ENUMERIC, CUTROPY_EMEMORY. */
cutropy_status ct_answer_finish(const ct_setting *setting, int threads, const uint64_t *mask,
                                const ct_cut_answer *answer, bool may_build, bool *postponed,
                                cutropy_record *record);

#endif
