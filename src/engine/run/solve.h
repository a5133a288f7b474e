/* SPDX-License-Identifier: Apache-2.0 */
/* All orbits of a run through the solvers; a record of every answer. */
#ifndef CT_SOLVE_H
#define CT_SOLVE_H

#include "base/report.h"
#include "backend/solver.h"
#include "engine/cut/kept.h"
#include "engine/function/orbits.h"
#include "engine/function/result.h"
#include "engine/function/setting.h"

typedef struct ct_solve_task {
    const ct_setting *setting;
    const ct_orbits *orbits;
    cutropy_record *records; /* one an orbit: cleared, solved before, or elsewhere */
    ct_reporter *reporter;   /* stage "cuts" */
    ct_kept *kept;           /* gets what proofs need of small cuts; NULL: none follow */
} ct_solve_task;

/* What became of it, also after a failure. */
typedef struct ct_solve_outcome {
    size_t wanted;   /* records that are not elsewhere */
    size_t finished; /* those that are solved, or failed */
    size_t
        on_devices; /* orbits that the devices of the operations serve, in this run or an earlier one */
    size_t
        grams_on_devices; /* orbits that other solvers answered from a Gram matrix of a device, in this run */
    ct_solver_seconds seconds;
    double record_seconds; /* of all threads */
} ct_solve_outcome;

/* What is wanted, and finished before it begins. */
void ct_solve_count(const ct_solve_task *task, ct_solve_outcome *outcome);

/* First the solver of the operations, if they have one, then the CPU's with what is left. Errors: those
 * of the solvers and of ct_record_make; CUTROPY_ECANCELLED when reporter asked to stop before the
 * end. */
cutropy_status ct_solve_orbits(const ct_solve_task *task, ct_solve_outcome *outcome);

#endif
