/* SPDX-License-Identifier: Apache-2.0 */
/* What --digits and --certify add to a record: decimals, closed forms, exact ranks and fractions. */
#ifndef CT_PROVE_H
#define CT_PROVE_H

#include <cutropy/result.h>

#include "backend/solver.h"
#include "base/report.h"
#include "engine/cut/blocks.h"
#include "engine/cut/kept.h"
#include "engine/function/orbits.h"
#include "engine/function/result.h"
#include "engine/function/setting.h"

/* The second pass of a run: proves every record that is solved and not yet done, and makes it done;
 * record i belongs to orbit i. Whoever solved it, the CPU proves: it finds the quotient again, which
 * costs a hundredth of a proof, where it is not among those kept. Small cuts go side by side on the threads, others one by one with the
 * threads inside. reporter (stage "proofs"): may ask to stop; what was proved before is done, and
 * nothing else. Adds the seconds of all threads. Errors: those of ct_prove (engine/prove/proof.h). */
cutropy_status ct_prove_records(const ct_setting *setting, const ct_orbits *orbits, ct_kept *kept,
                                ct_reporter *reporter, cutropy_record *records, double *seconds);

/* One record whose answer has no quotient, of a function with a big <f|f> (ct_is_big) or of automata: from the matrices
 * of the answer. mask: region A. Nothing is proved where one of them is missing. Errors: those of ct_prove, CUTROPY_ENUMERIC (matrices that
 * contradict the sums of the answer). */
cutropy_status ct_prove_answer(const ct_setting *setting, const uint64_t *mask,
                               const ct_cut_answer *answer, cutropy_record *record);

#endif
