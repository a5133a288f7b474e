/* SPDX-License-Identifier: Apache-2.0 */
/* Orbits are handed to a solver, its answers become records: on the thread that brings them, or on all
 * threads while the devices work on the next ones. */
#include "engine/run/solve.h"

#include "base/clock.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "engine/cut/needs.h"
#include "engine/prove/prove.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"
#include "engine/solver/solver_cpu.h"
#include "engine/solver/solver_frontier.h"
#include "engine/solver/solver_products.h"
#include "engine/solver/solver_strip.h"
#include "engine/solver/solver_weighted.h"

#define GRAIN 16 /* answers that a thread takes at once */

/* What one solver gets. */
typedef struct ct_share {
    const ct_solve_task *task;
    ct_solve_outcome *outcome;
    size_t count;    /* of both */
    uint32_t *orbit; /* of each cut */
    uint64_t *mask;  /* of region A */
    size_t answered;
    size_t serves;     /* cuts that the solver would take if none were known, of all parts */
    bool side_by_side; /* quotients may be found again on all threads at once */
    double *seconds;   /* of each thread, for records */
    /* the answers being taken by all threads */
    size_t first;
    const ct_cut_answer *answers;
    int64_t postponed;
    ct_stop stop;
} ct_share;

static void share_free(ct_share *share)
{
    ct_free(share->orbit);
    ct_free(share->mask);
    ct_free(share->seconds);
}

static const uint64_t *mask_of(const ct_solve_task *task, size_t orbit)
{
    return task->orbits->mask + orbit * task->orbits->words;
}

static int pixels_of(const ct_solve_task *task, size_t orbit)
{
    return cutropy_mask_pixels(mask_of(task, orbit), task->orbits->words);
}

/* ---- which cuts ---- */

static bool is_open(const cutropy_record *record)
{
    return !record->solved && !record->failed && !record->elsewhere;
}

/* Orbits that are open and that the solver takes, in their order, or sorted by their pixels. */
static cutropy_status choose_cuts(const ct_solver *solver, const ct_resident *resident,
                                  ct_share *share)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solve_task *task = share->task;
    const size_t words = task->orbits->words, pixels = (size_t)task->setting->f->pixels;
    size_t *place = NULL;
    bool *takes = NULL;
    CT_NEW_ZERO(place, pixels + 2);
    CT_NEW(takes, pixels + 1);
    for (size_t na = 0; na <= pixels; na++)
        takes[na] = !solver->takes || solver->takes(resident, (int)na);
    for (size_t i = 0; i < task->orbits->count; i++) {
        const size_t na = (size_t)pixels_of(task, i);
        share->serves += takes[na];
        if (takes[na] && is_open(&task->records[i]))
            place[solver->sorted ? na + 1 : pixels + 1]++;
    }
    for (size_t na = 1; na <= pixels + 1; na++)
        place[na] += place[na - 1];
    share->count = place[pixels + 1];
    CT_NEW(share->orbit, share->count);
    CT_NEW(share->mask, share->count * words);
    for (size_t i = 0; i < task->orbits->count; i++) {
        const size_t na = (size_t)pixels_of(task, i);
        if (!takes[na] || !is_open(&task->records[i]))
            continue;
        const size_t k = place[solver->sorted ? na : 0]++;
        share->orbit[k] = (uint32_t)i;
        for (size_t w = 0; w < words; w++)
            share->mask[k * words + w] = mask_of(task, i)[w];
    }
done:
    ct_free(place);
    ct_free(takes);
    return status;
}

/* ---- records ---- */

/* Whether the proofs are those of the answer's matrices: of integers that have no quotient here, or one that costs
 * more than they did. */
static bool only_answered(const ct_solve_task *task, size_t orbit, const ct_cut_answer *answer)
{
    const int na = pixels_of(task, orbit);
    const ct_function *f = task->setting->f;
    return (ct_is_big(f) || f->storage == CT_AUTOMATON) && !answer->quotient && na != 0 &&
           na != f->pixels;
}

static cutropy_status make_record(ct_share *share, size_t i, const ct_cut_answer *answer,
                                  int threads, bool may_find, bool *postponed)
{
    const ct_solve_task *task = share->task;
    cutropy_record *record = &task->records[share->orbit[i]];
    cutropy_status status;
    *postponed = false;
    if (answer->status != CUTROPY_OK)
        status = ct_error_restore(answer->status, answer->why);
    else
        status = ct_record_make(task->setting, share->mask + i * task->orbits->words, threads,
                                answer, may_find, postponed, record);
    if (status == CUTROPY_OK && !*postponed && task->setting->digits &&
        only_answered(task, share->orbit[i], answer)) {
        status =
            ct_prove_answer(task->setting, share->mask + i * task->orbits->words, answer, record);
        if (status == CUTROPY_OK)
            ct_record_done(record);
    }
    if (status == CUTROPY_OK && task->kept && answer->quotient && !record->done)
        ct_kept_move(task->kept, share->orbit[i], answer->quotient, answer->members);
    if (ct_fails_alone(status)) {
        *postponed = false;
        status = ct_record_fail(record, status);
    }
    if (status == CUTROPY_OK && !*postponed) {
        if (answer->gram_on_device)
            __atomic_fetch_add(&share->outcome->grams_on_devices, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&share->answered, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&share->outcome->finished, 1, __ATOMIC_RELAXED);
        status = ct_journal_put(task->setting->journal, share->orbit[i], record);
    }
    return status;
}

static cutropy_status report(const ct_share *share)
{
    const size_t finished = __atomic_load_n(&share->outcome->finished, __ATOMIC_RELAXED);
    if (ct_report("cuts", finished, share->outcome->wanted, share->task->reporter))
        return ct_fail(CUTROPY_ECANCELLED, "stopped");
    return CUTROPY_OK;
}

/* From one of the threads of a solver, on which it stays. */
static cutropy_status take_alone(ct_share *share, size_t first, size_t count,
                                 const ct_cut_answer *answers, int thread)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    for (size_t i = 0; i < count; i++) {
        bool postponed;
        CT_TRY(make_record(share, first + i, &answers[i], 1, true, &postponed));
    }
done:
    share->seconds[thread] += ct_now() - start;
    return status != CUTROPY_OK || thread ? status : report(share);
}

static void make_piece(void *context, size_t first, size_t last, int thread)
{
    ct_share *share = context;
    const double start = ct_now();
    for (size_t i = first; i < last && !ct_stopped(&share->stop); i++) {
        bool postponed;
        const cutropy_status status = make_record(share, share->first + i, &share->answers[i], 1,
                                                  share->side_by_side, &postponed);
        if (status != CUTROPY_OK)
            ct_stop_fail(&share->stop, status);
        else if (postponed)
            __atomic_fetch_add(&share->postponed, 1, __ATOMIC_RELAXED);
    }
    share->seconds[thread] += ct_now() - start;
}

/* Cuts whose quotient is too large to be found on every thread: one by one with the threads inside. */
static cutropy_status make_postponed(ct_share *share, size_t count)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    for (size_t i = 0; i < count && share->postponed; i++) {
        bool postponed;
        if (!is_open(&share->task->records[share->orbit[share->first + i]]))
            continue;
        CT_TRY(make_record(share, share->first + i, &share->answers[i],
                           share->task->setting->threads, true, &postponed));
        share->postponed--;
    }
done:
    share->seconds[0] += ct_now() - start;
    return status;
}

static cutropy_status take_together(ct_share *share, size_t first, size_t count,
                                    const ct_cut_answer *answers)
{
    cutropy_status status = CUTROPY_OK;
    share->first = first;
    share->answers = answers;
    share->postponed = 0;
    ct_parallel_for(share->task->setting->threads, count, GRAIN, make_piece, share);
    CT_TRY(ct_stop_failure(&share->stop));
    CT_TRY(make_postponed(share, count));
    CT_TRY(report(share));
done:
    return status;
}

static cutropy_status take(void *context, size_t first, size_t count, const ct_cut_answer *answers,
                           int thread)
{
    return thread == CT_ALL_THREADS ? take_together(context, first, count, answers)
                                    : take_alone(context, first, count, answers, thread);
}

/* ---- one solver ---- */

/* A device asks for the sake of stopping; the progress is that of the records. */
static int ask(const char *stage, uint64_t done, uint64_t total, void *user)
{
    const ct_share *share = user;
    (void)stage;
    (void)done;
    (void)total;
    return report(share) != CUTROPY_OK;
}

static cutropy_status solve_share(const ct_solver *solver, ct_resident *resident, ct_share *share)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solve_task *task = share->task;
    const ct_watch watch =
        solver->batches ? (ct_watch){.report = ask, .user = share} : *task->setting->watch;
    uint64_t workspace, matrices;
    CT_NEW_ZERO(share->seconds, task->setting->threads);
    CT_TRY(choose_cuts(solver, resident, share));
    if (!share->count)
        goto done;
    ct_largest_needs(task->setting->f, share->mask, task->orbits->words, share->count,
                     task->setting->want_cube, &workspace, &matrices);
    share->side_by_side =
        ct_side_by_side(workspace, matrices, task->setting->memory_limit, task->setting->threads);
    const ct_solve_call call = {.masks = share->mask,
                                .count = share->count,
                                .take = take,
                                .context = share,
                                .watch = &watch,
                                .seconds = &share->outcome->seconds};
    CT_TRY(solver->solve(resident, &call));
    if (share->answered < share->count)
        status = ct_fail(CUTROPY_EINTERNAL, "backend '%s' answered %zu of %zu cuts", solver->name,
                         share->answered, share->count);
done:
    for (int t = 0; share->seconds && t < task->setting->threads; t++)
        share->outcome->record_seconds += share->seconds[t];
    return status;
}

static cutropy_status solve_with(const ct_solver *solver, const ct_solve_task *task,
                                 ct_solve_outcome *outcome)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting *s = task->setting;
    const ct_solver_setting setting = {.f = s->f,
                                       .operations = s->backend,
                                       .threads = s->threads,
                                       .memory_limit = s->memory_limit,
                                       .want_cube = s->want_cube,
                                       .largest = s->largest,
                                       .want_exact = s->digits > 0};
    ct_share share = {.task = task, .outcome = outcome};
    ct_resident *resident = NULL;
    status = solver->open(&setting, &resident);
    if (status == CUTROPY_OK)
        status = solve_share(solver, resident, &share);
    else if (status == CUTROPY_EUNSUPPORTED)
        status = CUTROPY_OK; /* the next solver takes its cuts */
    if (resident && solver->on_devices)
        outcome->on_devices += solver->on_devices(resident, share.serves);
    else if (solver == s->backend->solver)
        outcome->on_devices += share.serves;
    if (resident)
        solver->close(resident);
    share_free(&share);
    return status;
}

/* Who is asked before the CPU's solver of quotients: NULL, nobody. */
static const ct_solver *first_asked(const ct_setting *setting)
{
    switch (setting->f->storage) {
    case CT_STRIP:
        return ct_solver_strip();
    case CT_WEIGHTED:
        return ct_solver_weighted();
    case CT_AUTOMATON:
        return ct_solver_frontier();
    case CT_PRODUCTS:
        return ct_solver_products();
    case CT_LEVELS:
        return NULL;
    default:
        return setting->backend->solver;
    }
}

void ct_solve_count(const ct_solve_task *task, ct_solve_outcome *outcome)
{
    for (size_t i = 0; i < task->orbits->count; i++) {
        outcome->wanted += !task->records[i].elsewhere;
        outcome->finished += task->records[i].solved;
    }
}

cutropy_status ct_solve_orbits(const ct_solve_task *task, ct_solve_outcome *outcome)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver *first = first_asked(task->setting);
    *outcome = (ct_solve_outcome){0};
    ct_solve_count(task, outcome);
    if (first)
        CT_TRY(solve_with(first, task, outcome));
    if (outcome->finished < outcome->wanted)
        CT_TRY(solve_with(ct_solver_cpu(), task, outcome));
done:
    if (status == CUTROPY_ECANCELLED) /* asked to stop, perhaps too late */
        status = outcome->finished < outcome->wanted
                     ? ct_fail(status, "stopped after %zu of %zu different cuts", outcome->finished,
                               outcome->wanted)
                     : CUTROPY_OK;
    return status;
}
