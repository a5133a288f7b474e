/* SPDX-License-Identifier: Apache-2.0 */
/* The maker of records: from the answer of a cut, whoever answered (linear equations have none: solve_affine.h). */
#ifndef CT_RECORD_H
#define CT_RECORD_H

#include "engine/cut/spectrum.h"
#include "engine/function/result.h"
#include "engine/function/setting.h"

/* Fills *record, cleared before, and makes it solved, and done where no proofs follow (setting->digits): checks the answer and its exact identities, settles the ranks, then
 * entropies in bits with their errors, exact fractions and quantities (MUTUAL_INFORMATION and
 * BOUNDARY_PIXELS belong to rows). Where something is open that the answer has no quotient for, this is
 * found on the CPU with so many threads; may_find = false: such a cut is left alone and *postponed is
 * set. Errors: CUTROPY_EINTERNAL (an answer that contradicts itself or the CPU), CUTROPY_ENUMERIC,
 * CUTROPY_EMEMORY. */
cutropy_status ct_record_make(const ct_setting *setting, const uint64_t *mask, int threads,
                              const ct_cut_answer *answer, bool may_find, bool *postponed,
                              cutropy_record *record);

/* The last thing that happens to a record: from now on other threads may read it. */
void ct_record_done(cutropy_record *record);

/* Whether a failure with this status concerns the cut alone, and others go on: CUTROPY_EMEMORY,
 * CUTROPY_ENUMERIC, CUTROPY_EUNSUPPORTED. */
bool ct_fails_alone(cutropy_status status);

/* Empties a record whose cut failed, and keeps status and the message of this thread. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_record_fail(cutropy_record *record, cutropy_status status);

/* The failure of a finished run: CUTROPY_OK, or the status of the first record that failed; the
 * message says how many did where others are done. */
cutropy_status ct_records_failure(const cutropy_record *records, size_t count);

void ct_record_free(cutropy_record *record);

#endif
