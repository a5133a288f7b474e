/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/run/passes.h"

#include "engine/prove/prove.h"
#include "engine/record/record.h"
#include "engine/run/solve_affine.h"

static cutropy_status solve(const ct_solve_task *task, ct_solve_outcome *outcome, double *seconds)
{
    const cutropy_status status = task->setting->f->storage == CT_AFFINE
                                      ? ct_solve_affine(task, outcome)
                                      : ct_solve_orbits(task, outcome);
    seconds[CT_STAGE_QUOTIENT] += outcome->seconds.quotient;
    seconds[CT_STAGE_BLOCKS] += outcome->seconds.blocks;
    seconds[CT_STAGE_GRAM] += outcome->seconds.gram;
    seconds[CT_STAGE_EIGENVALUES] += outcome->seconds.eigenvalues;
    seconds[CT_STAGE_ENTROPY] += outcome->record_seconds;
    return status;
}

cutropy_status ct_passes(const ct_setting *setting, const ct_orbits *orbits, ct_reporter *reporter,
                         cutropy_record *records, ct_solve_outcome *outcome, double *seconds)
{
    cutropy_status status = CUTROPY_OK;
    ct_kept kept = {0}; /* where proofs follow */
    const ct_solve_task task = {.setting = setting,
                                .orbits = orbits,
                                .records = records,
                                .reporter = reporter,
                                .kept = setting->digits ? &kept : NULL};
    char text[512];
    if (setting->digits)
        CT_TRY(ct_kept_start(orbits->count, setting->memory_limit, &kept));
    status = solve(&task, outcome, seconds);
    if (status == CUTROPY_ECANCELLED && setting->digits)
        status = ct_fail(status, "stopped after %zu of %zu different cuts, before their proofs",
                         outcome->finished, orbits->count);
    if (!setting->digits || (status != CUTROPY_OK && !ct_fails_alone(status)))
        goto done;
    /* also over what was solved before a failure */
    ct_error_save(text, sizeof text);
    const cutropy_status proved =
        ct_prove_records(setting, orbits, &kept, reporter, records, &seconds[CT_STAGE_PROOFS]);
    status = status == CUTROPY_OK ? proved : ct_error_restore(status, text);
done:
    ct_kept_free(&kept);
    return status;
}
