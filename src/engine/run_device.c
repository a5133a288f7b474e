/* The cuts of a run on a backend that keeps them whole on its devices: the device goes from the
 * quotient to the eigenvalues, the host makes the records of finished cuts meanwhile. */
#include <stdio.h>

#include "base/parallel.h"
#include "engine/answer.h"
#include "engine/entropy.h"
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

/* Empty and full cuts need no device. */
static cutropy_status finish_trivial(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < run->orbits.count; i++) {
        const int na = pixels_of(run, i);
        if (na != 0 && na != run->f.pixels)
            continue;
        CT_TRY(ct_entropy_trivial(&run->f, run->setting.quantities, run->setting.quantity_count,
                                  &run->result->records[i]));
        run->finished++;
    }
done:
    return status;
}

/* Counting sort by the number of pixels: cuts of one shape come to the device together. */
static cutropy_status sort_cuts(ct_run *run, ct_device_run *d)
{
    cutropy_status status = CUTROPY_OK;
    size_t place[CUTROPY_MAX_PIXELS + 2] = {0};
    const int pixels = run->f.pixels;
    for (size_t i = 0; i < run->orbits.count; i++)
        place[pixels_of(run, i) + 1]++;
    place[1] = 0; /* the empty cut, and below the full one */
    for (int na = 1; na < pixels; na++)
        place[na + 1] += place[na];
    d->count = place[pixels];
    CT_NEW(d->orbit, d->count);
    CT_NEW(d->mask, d->count);
    for (size_t i = 0; i < run->orbits.count; i++) {
        const int na = pixels_of(run, i);
        if (na == 0 || na == pixels)
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
        if (run->result->records[d->orbit[d->first + i]].done)
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
    if (status == CUTROPY_OK && ct_run_report("cuts", run->finished, run->orbits.count, run))
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
    return ct_run_report("cuts", run->finished, run->orbits.count, run);
}

static cutropy_status solve_resident(ct_run *run, ct_resident *resident, ct_device_run *d)
{
    cutropy_status status = CUTROPY_OK;
    const ct_watch watch = {.report = ask, .user = run};
    ct_device_seconds seconds = {0};
    double *stage = run->workers[0].clock.seconds;
    uint64_t workspace, matrices;
    CT_TRY(finish_trivial(run));
    CT_TRY(sort_cuts(run, d));
    ct_run_largest_needs(run, &workspace, &matrices);
    d->side_by_side = ct_side_by_side(workspace, matrices, run->memory_limit, run->threads);
    if (d->count)
        status =
            run->backend->solve(resident, d->mask, d->count, take_answers, d, &watch, &seconds);
    stage[CT_STAGE_QUOTIENT] += seconds.quotient;
    stage[CT_STAGE_BLOCKS] += seconds.blocks;
    stage[CT_STAGE_GRAM] += seconds.gram;
    stage[CT_STAGE_EIGENVALUES] += seconds.eigenvalues;
    if (status == CUTROPY_OK && run->finished < run->orbits.count)
        status = ct_fail(CUTROPY_EINTERNAL, "backend '%s' answered %zu of %zu different cuts",
                         run->backend->name, run->finished, run->orbits.count);
    if (status == CUTROPY_ECANCELLED) {
        run->stop = 1; /* an answer, not a failure */
        status = CUTROPY_OK;
    }
done:
    return status;
}

cutropy_status ct_run_solve_on_device(ct_run *run, bool *served)
{
    cutropy_status status = CUTROPY_OK;
    const ct_backend *backend = run->backend;
    ct_resident *resident = NULL;
    ct_device_run d = {.run = run};
    *served = false;
    if (!backend->hold)
        return CUTROPY_OK;
    status = run->setting.want_cube || run->f.words > 1 ? CUTROPY_EUNSUPPORTED
                                                        : backend->hold(&run->f, &resident);
    if (status == CUTROPY_EUNSUPPORTED) { /* and the result says so */
        snprintf(run->result->backend, sizeof run->result->backend, "%.12s (cuts on the cpu)",
                 backend->name);
        return CUTROPY_OK;
    }
    CT_TRY(status);
    *served = true;
    CT_TRY(solve_resident(run, resident, &d));
done:
    if (resident)
        backend->release(resident);
    device_run_free(&d);
    return status;
}
