/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solve_cut.h"

#include "engine/entropy.h"
#include "engine/plan.h"
#include "engine/small_values.h"

/* Adds the time since *last to a stage and moves *last on. */
static void lap(ct_clock *clock, ct_stage stage, double *last)
{
    double now = ct_now();
    clock->seconds[stage] += now - *last;
    *last = now;
}

void ct_cut_free(ct_cut *cut)
{
    ct_spectrum_free(&cut->spectrum);
    ct_blocks_free(&cut->blocks);
    ct_quotient_free(&cut->quotient);
}

void ct_record_solved(const ct_setting *setting, cutropy_record *record)
{
    record->solved = 1;
    if (!setting->digits)
        ct_record_done(record);
}

void ct_record_done(cutropy_record *record)
{
    __atomic_store_n(&record->done, 1, __ATOMIC_RELEASE);
}

static bool is_trivial(const ct_function *f, const uint64_t *mask)
{
    int lit = 0;
    for (size_t w = 0; w < f->words; w++)
        lit += __builtin_popcountll(mask[w]);
    return lit == 0 || lit == f->pixels;
}

cutropy_status ct_cut_start(const ct_setting *setting, int threads, ct_worker *worker, ct_cut *cut,
                            size_t *waiting)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    double last = ct_now();
    cut->trivial = is_trivial(f, cut->mask);
    if (cut->trivial)
        return CUTROPY_OK;
    CT_TRY(ct_quotient_build(f, cut->mask, setting->backend, threads, &cut->quotient));
    lap(&worker->clock, CT_STAGE_QUOTIENT, &last);
    CT_TRY(ct_blocks_find(&cut->quotient, &cut->blocks));
    lap(&worker->clock, CT_STAGE_BLOCKS, &last);
    CT_TRY(ct_matrices_check(f, &cut->blocks, setting->memory_limit));
    CT_TRY(ct_spectrum_start(f, &cut->quotient, &cut->blocks, setting->backend, threads,
                             setting->want_cube, &worker->arena, &cut->spectrum));
    lap(&worker->clock, CT_STAGE_GRAM, &last);
    *waiting += ct_quotient_bytes(&cut->quotient);
    for (size_t i = 0; i < cut->spectrum.pending_count; i++) {
        const ct_eigen_job *job = &cut->spectrum.pending[i].job;
        *waiting += (size_t)(job->n * job->n) * (job->is_complex ? 16 : 8);
    }
done:
    return status;
}

/* All waiting matrices as one batch. */
static cutropy_status solve_waiting(const ct_setting *setting, int threads, const ct_cut *cuts,
                                    size_t count)
{
    cutropy_status status = CUTROPY_OK;
    ct_eigen_job *jobs = NULL;
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += cuts[i].spectrum.pending_count;
    if (!total)
        return CUTROPY_OK;
    /* one thread of many may not call back; a cut that has all threads may */
    const ct_watch *watch = threads == setting->threads ? setting->watch : NULL;
    CT_NEW(jobs, total);
    total = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < cuts[i].spectrum.pending_count; k++)
            jobs[total++] = cuts[i].spectrum.pending[k].job;
    CT_TRY(setting->backend->eigenvalues(total, jobs, watch, threads));
done:
    ct_free(jobs);
    return status;
}

static cutropy_status finish_cut(const ct_setting *setting, int threads, ct_cut *cut)
{
    cutropy_status status = CUTROPY_OK;
    ct_spectrum fine = {0};
    bool small;
    if (cut->trivial) { /* A is empty: orbits are represented by their smaller side */
        int64_t classes[2];
        CT_TRY(ct_quotient_empty_cut(setting->f, threads, classes));
        CT_TRY(ct_entropy_trivial(setting->f, classes, setting->quantities, setting->quantity_count,
                                  cut->record));
        ct_record_solved(setting, cut->record);
        goto done;
    }
    CT_TRY(ct_spectrum_levels(setting->f, &cut->quotient, &cut->spectrum));
    CT_TRY(ct_spectrum_ranks(&cut->quotient, &cut->blocks, &cut->spectrum));
    CT_TRY(ct_small_values_needed(&cut->spectrum, setting->quantities, setting->quantity_count,
                                  &small));
    if (small)
        CT_TRY(ct_small_values(setting->f, &cut->quotient, &cut->blocks, setting->backend,
                               setting->memory_limit, &cut->spectrum, &fine));
    CT_TRY(ct_spectrum_finish(&cut->spectrum));
    CT_TRY(ct_entropy_record(setting->f, &cut->quotient, &cut->blocks, &cut->spectrum,
                             small ? &fine : &cut->spectrum, setting->quantities,
                             setting->quantity_count, cut->record));
    ct_record_solved(setting, cut->record);
done:
    ct_spectrum_free(&fine);
    return status;
}

cutropy_status ct_cuts_finish(const ct_setting *setting, int threads, ct_worker *worker,
                              ct_cut *cuts, size_t count)
{
    cutropy_status status = CUTROPY_OK;
    double last = ct_now();
    CT_TRY(solve_waiting(setting, threads, cuts, count));
    lap(&worker->clock, CT_STAGE_EIGENVALUES, &last);
    for (size_t i = 0; i < count; i++)
        CT_TRY(finish_cut(setting, threads, &cuts[i]));
    lap(&worker->clock, CT_STAGE_ENTROPY, &last);
done:
    for (size_t i = 0; i < count; i++)
        ct_cut_free(&cuts[i]);
    ct_arena_reset(&worker->arena);
    return status;
}
