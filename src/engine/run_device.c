/* SPDX-License-Identifier: Apache-2.0 */
/* The cuts of a run on a backend that keeps them whole on its devices: the device goes from the
 * quotient to the eigenvalues, the host makes the records of finished cuts meanwhile. */
#include <stdio.h>

#include "base/parallel.h"
#include "engine/answer.h"
#include "engine/plan.h"
#include "engine/run_state.h"

#define GRAIN 16 /* answers that a thread takes at once */

typedef struct ct_device_run {
    ct_run *run;
    uint32_t *orbit;   /* of each cut that goes to the device */
    uint64_t *mask;    /* of region A, sorted by its pixels */
    size_t count;      /* of both */
    bool side_by_side; /* quotients of the CPU may be found on all threads at once */
    /* the answers being taken */
    size_t first;
    const ct_cut_answer *answers;
    int64_t postponed;
} ct_device_run;

static void device_run_free(ct_device_run *d)
{
    ct_free(d->orbit);
    ct_free(d->mask);
}

static int pixels_of(const ct_run *run, size_t orbit)
{
    return cutropy_mask_pixels(run->orbits.mask + orbit * run->orbits.words, run->orbits.words);
}

/* Which numbers of pixels the devices take; empty and full cuts need no device. */
static void ask_sizes(const ct_run *run, const ct_resident *resident, bool *takes)
{
    for (int na = 1; na < run->f->pixels; na++)
        takes[na] = run->backend->takes(resident, na);
}

/* Counting sort by the number of pixels: cuts of one shape come to the device together. */
static cutropy_status sort_cuts(ct_run *run, const ct_resident *resident, ct_device_run *d)
{
    cutropy_status status = CUTROPY_OK;
    size_t place[66] = {0};
    bool takes[66] = {false};
    ask_sizes(run, resident, takes);
    for (size_t i = 0; i < run->orbits.count; i++)
        if (takes[pixels_of(run, i)])
            place[pixels_of(run, i) + 1]++;
    for (int na = 1; na < 66; na++)
        place[na] += place[na - 1];
    d->count = place[65];
    CT_NEW(d->orbit, d->count);
    CT_NEW(d->mask, d->count);
    for (size_t i = 0; i < run->orbits.count; i++) {
        const int na = pixels_of(run, i);
        if (!takes[na])
            continue;
        d->orbit[place[na]] = (uint32_t)i;
        d->mask[place[na]++] = run->orbits.mask[i];
    }
done:
    return status;
}

static cutropy_status finish_one(ct_device_run *d, size_t i, int threads, bool may_build,
                                 bool *postponed)
{
    ct_run *run = d->run;
    const size_t cut = d->first + i;
    cutropy_status status =
        ct_answer_finish(&run->setting, threads, &d->mask[cut], &d->answers[i], may_build,
                         postponed, &run->result->records[d->orbit[cut]]);
    if (status == CUTROPY_OK && !*postponed)
        __atomic_fetch_add(&run->finished, 1, __ATOMIC_RELAXED);
    return status;
}

static void finish_piece(void *context, size_t first, size_t last, int thread)
{
    ct_device_run *d = context;
    ct_run *run = d->run;
    const double start = ct_now();
    for (size_t i = first; i < last && !ct_run_stopped(run); i++) {
        bool postponed;
        const cutropy_status status = finish_one(d, i, 1, d->side_by_side, &postponed);
        if (status != CUTROPY_OK)
            ct_run_fail(run, status);
        else if (postponed)
            __atomic_fetch_add(&d->postponed, 1, __ATOMIC_RELAXED);
    }
    run->workers[thread].clock.seconds[CT_STAGE_ENTROPY] += ct_now() - start;
}

/* Cuts whose quotient is too large to be built on every thread: one by one with the threads inside.
 */
static cutropy_status finish_postponed(ct_device_run *d, size_t count)
{
    cutropy_status status = CUTROPY_OK;
    ct_run *run = d->run;
    const double start = ct_now();
    for (size_t i = 0; i < count && d->postponed; i++) {
        bool postponed;
        if (run->result->records[d->orbit[d->first + i]].solved)
            continue;
        CT_TRY(ct_run_fits(run, pixels_of(run, d->orbit[d->first + i])));
        CT_TRY(finish_one(d, i, run->threads, true, &postponed));
        d->postponed--;
    }
    run->workers[0].clock.seconds[CT_STAGE_ENTROPY] += ct_now() - start;
done:
    return status;
}

static cutropy_status take_answers(void *context, size_t first, size_t count,
                                   const ct_cut_answer *answers)
{
    ct_device_run *d = context;
    ct_run *run = d->run;
    d->first = first;
    d->answers = answers;
    d->postponed = 0;
    ct_parallel_for(run->threads, count, GRAIN, finish_piece, d);
    if (ct_run_stopped(run)) /* a record failed */
        return ct_error_restore(run->failure, run->failure_text);
    const cutropy_status status = finish_postponed(d, count);
    if (status == CUTROPY_OK && ct_report("cuts", run->finished, run->orbits.count, &run->reporter))
        return ct_fail(CUTROPY_ECANCELLED, "stopped");
    return status;
}

/* The device asks for the sake of stopping; the progress is that of the records. */
static int ask(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ct_run *run = user;
    (void)stage;
    (void)done;
    (void)total;
    return ct_report("cuts", run->finished, run->orbits.count, &run->reporter);
}

static cutropy_status solve_resident(ct_run *run, ct_resident *resident, ct_device_run *d)
{
    cutropy_status status = CUTROPY_OK;
    const ct_watch watch = {.report = ask, .user = run};
    ct_device_seconds seconds = {0};
    double *stage = run->workers[0].clock.seconds;
    uint64_t workspace, matrices;
    CT_TRY(sort_cuts(run, resident, d));
    ct_run_largest_needs(run, &workspace, &matrices);
    d->side_by_side = ct_side_by_side(workspace, matrices, run->memory_limit, run->threads);
    if (d->count)
        status =
            run->backend->solve(resident, d->mask, d->count, take_answers, d, &watch, &seconds);
    stage[CT_STAGE_QUOTIENT] += seconds.quotient;
    stage[CT_STAGE_BLOCKS] += seconds.blocks;
    stage[CT_STAGE_GRAM] += seconds.gram;
    stage[CT_STAGE_EIGENVALUES] += seconds.eigenvalues;
    if (status == CUTROPY_OK && run->finished < d->count)
        status = ct_fail(CUTROPY_EINTERNAL, "backend '%s' answered %zu of %zu cuts",
                         run->backend->name, run->finished, d->count);
    if (status == CUTROPY_ECANCELLED) {
        run->stop = 1; /* an answer, not a failure */
        status = CUTROPY_OK;
    }
done:
    return status;
}

/* How the result names the backend when the operations of the CPU serve cuts too. */
static void say_who_served(ct_run *run, size_t on_devices)
{
    size_t trivial = 0;
    for (size_t i = 0; i < run->orbits.count; i++)
        trivial += pixels_of(run, i) == 0 || pixels_of(run, i) == run->f->pixels;
    if (on_devices + trivial < run->orbits.count)
        snprintf(run->result->backend, sizeof run->result->backend, "%.8s (%scuts on the cpu)",
                 run->backend->name, on_devices ? "some " : "");
}

cutropy_status ct_run_solve_on_devices(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const ct_backend *backend = run->backend;
    ct_resident *resident = NULL;
    ct_device_run d = {.run = run};
    if (!backend->hold)
        return CUTROPY_OK;
    status = run->setting.want_cube || run->f->words > 1 ? CUTROPY_EUNSUPPORTED
                                                         : backend->hold(run->f, &resident);
    if (status == CUTROPY_OK)
        CT_TRY(solve_resident(run, resident, &d));
    else if (status == CUTROPY_EUNSUPPORTED)
        status = CUTROPY_OK;
    say_who_served(run, d.count);
done:
    if (resident)
        backend->release(resident);
    device_run_free(&d);
    return status;
}
