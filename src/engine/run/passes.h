/* SPDX-License-Identifier: Apache-2.0 */
/* Both passes over cuts: answers become records, and where decimals are wanted, records get their proofs. */
#ifndef CT_PASSES_H
#define CT_PASSES_H

#include "engine/run/run_result.h"
#include "engine/run/solve.h"

/* Every record that is open, one an orbit; also after a failure those that were finished before it are done. *outcome: of the
 * first pass. Adds to seconds (CT_STAGES). Errors: those of ct_solve_orbits and ct_prove_records. */
cutropy_status ct_passes(const ct_setting *setting, const ct_orbits *orbits, ct_reporter *reporter,
                         cutropy_record *records, ct_solve_outcome *outcome, double *seconds);

#endif
