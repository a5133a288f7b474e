/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/solver_cpu.h"

#include "base/clock.h"
#include "base/queue.h"
#include "engine/cut/apart.h"
#include "engine/cut/needs.h"
#include "engine/record/record.h"
#include "engine/solver/cpu_cut.h"
#include "engine/solver/plain_resident.h"

#define PIECE 64                /* cuts that a thread takes at once */
#define WAITING_BYTES (8 << 20) /* of cuts that wait for one batch of eigenvalues */

/* One call of `solve`. */
typedef struct ct_cpu_run {
    const ct_solver_setting *setting;
    ct_cpu_worker *worker; /* one a thread; the first also serves cuts that have all threads */
    const ct_solve_call *call;
    bool apart; /* ct_apart_function */
    ct_queue queue;
} ct_cpu_run;

/* Cuts that wait for their eigenvalues, in the order of their masks. */
typedef struct ct_batch {
    size_t first, count; /* masks */
    size_t bytes;
    ct_cpu_cut cut[PIECE];
    ct_cut_answer answer[PIECE];
} ct_batch;

/* All waiting matrices as one batch. */
static cutropy_status solve_matrices(const ct_cpu_run *run, int threads, const ct_batch *batch)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = run->setting;
    ct_eigen_job *jobs = NULL;
    size_t total = 0;
    for (size_t i = 0; i < batch->count; i++)
        total += batch->cut[i].jobs;
    if (!total)
        return CUTROPY_OK;
    CT_NEW(jobs, total);
    total = 0;
    for (size_t i = 0; i < batch->count; i++)
        for (size_t k = 0; k < batch->cut[i].jobs; k++)
            jobs[total++] = batch->cut[i].job[k];
    /* one thread of many may not call back; a cut that has all threads may */
    CT_TRY(setting->operations->eigenvalues(
        total, jobs, threads == setting->threads ? run->call->watch : NULL, threads));
done:
    ct_free(jobs);
    return status;
}

static void free_batch(ct_cpu_worker *worker, ct_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        ct_cpu_cut_free(&batch->cut[i]);
    ct_arena_reset(&worker->arena);
    batch->first += batch->count;
    batch->count = 0;
    batch->bytes = 0;
}

/* The next cut joins the batch. */
static cutropy_status add_cut(const ct_cpu_run *run, int threads, ct_cpu_worker *worker, size_t i,
                              ct_batch *batch)
{
    const ct_solver_setting *setting = run->setting;
    const size_t k = batch->count++;
    const cutropy_status status =
        ct_cpu_cut_start(run->setting, run->apart, worker, run->call->masks + i * setting->f->words,
                         threads, &batch->cut[k], &batch->answer[k], &batch->bytes);
    return ct_fails_alone(status)
               ? ct_cpu_cut_fail(worker, status, &batch->cut[k], &batch->answer[k])
               : status;
}

/* All cuts of the batch. *again: their eigenvalues failed together, and nothing was answered.
 * thread: whose worker it is, CT_ALL_THREADS for cuts with the threads inside. */
static cutropy_status finish_batch(const ct_cpu_run *run, int threads, int thread,
                                   ct_cpu_worker *worker, ct_batch *batch, bool *again)
{
    cutropy_status status = CUTROPY_OK;
    double last = ct_now();
    status = solve_matrices(run, threads, batch);
    *again = ct_fails_alone(status) && batch->count > 1;
    if (*again)
        status = CUTROPY_OK;
    else if (ct_fails_alone(status))
        status = ct_cpu_cut_fail(worker, status, &batch->cut[0], &batch->answer[0]);
    CT_TRY(status);
    ct_lap(&worker->seconds.eigenvalues, &last);
    if (batch->count && !*again)
        CT_TRY(ct_solve_take(run->call, batch->first, batch->count, batch->answer, thread));
done:
    free_batch(worker, batch);
    return status;
}

/* The same; where eigenvalues fail, the cuts go again one by one, so that one fails alone. */
static cutropy_status finish_cuts(const ct_cpu_run *run, int threads, int thread,
                                  ct_cpu_worker *worker, ct_batch *batch)
{
    cutropy_status status = CUTROPY_OK;
    const size_t first = batch->first, last = first + batch->count;
    bool again;
    CT_TRY(finish_batch(run, threads, thread, worker, batch, &again));
    if (!again)
        goto done;
    batch->first = first;
    for (size_t i = first; i < last && !ct_queue_stopped(&run->queue); i++) {
        CT_TRY(add_cut(run, threads, worker, i, batch));
        CT_TRY(finish_batch(run, threads, thread, worker, batch, &again));
    }
done:
    return status;
}

/* Whether cut i would make too much wait: where nothing but the cut decides the size of its matrix. */
static bool is_too_much(const ct_cpu_run *run, const ct_batch *batch, size_t i)
{
    const ct_function *f = run->setting->f;
    return run->apart && batch->bytes &&
           batch->bytes +
                   ct_matrix_bytes(f, ct_smaller_side(run->call->masks + i, 1, f->pixels), false) >
               WAITING_BYTES;
}

/* Cuts first .. last - 1. */
static cutropy_status solve_cuts(const ct_cpu_run *run, size_t first, size_t last, int threads,
                                 int thread)
{
    cutropy_status status = CUTROPY_OK;
    ct_cpu_worker *worker = &run->worker[thread < 0 ? 0 : thread];
    ct_batch batch;
    batch.first = first;
    batch.count = batch.bytes = 0;
    for (size_t i = first; i < last && !ct_queue_stopped(&run->queue); i++) {
        if (is_too_much(run, &batch, i))
            CT_TRY(finish_cuts(run, threads, thread, worker, &batch));
        CT_TRY(add_cut(run, threads, worker, i, &batch));
        CT_TRY(ct_solve_take(run->call, i, 0, NULL, thread)); /* a batch may take a second */
        if (batch.bytes >= WAITING_BYTES)
            CT_TRY(finish_cuts(run, threads, thread, worker, &batch));
    }
    if (!ct_queue_stopped(&run->queue))
        CT_TRY(finish_cuts(run, threads, thread, worker, &batch));
done:
    free_batch(worker, &batch);
    return status;
}

static cutropy_status piece_body(void *context, size_t first, size_t last, int thread)
{
    return solve_cuts(context, first, last, 1, thread);
}

/* room: for cuts side by side. */
static cutropy_status solve_all(ct_cpu_run *run, bool room)
{
    cutropy_status status = CUTROPY_OK;
    const int threads = run->queue.threads;
    ct_memory_keep();
    if (room && (run->queue.count >= 2 * (size_t)threads || threads == 1))
        CT_TRY(ct_queue_run(&run->queue));
    else
        for (size_t i = 0; i < run->queue.count; i++)
            CT_TRY(solve_cuts(run, i, i + 1, threads, CT_ALL_THREADS));
done:
    ct_memory_drop();
    return status;
}

static cutropy_status solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = &resident->setting;
    const int threads = setting->threads;
    const size_t count = call->count;
    const size_t grain = count / ((size_t)threads * 8) + 1;
    ct_cpu_run run = {.setting = setting,
                      .call = call,
                      .queue = {.threads = threads,
                                .count = count,
                                .grain = grain < PIECE ? grain : PIECE,
                                .work = piece_body,
                                .context = &run}};
    uint64_t workspace, matrices;
    CT_NEW_ZERO(run.worker, threads);
    ct_largest_needs(setting->f, call->masks, setting->f->words, count, setting->want_cube,
                     &workspace, &matrices);
    if (!setting->want_exact)
        CT_TRY(ct_apart_function(setting->f, call->masks, count, workspace, threads, &run.apart));
    CT_TRY(solve_all(&run, ct_side_by_side(workspace, matrices, setting->memory_limit, threads)));
done:
    for (int t = 0; run.worker && t < threads; t++) {
        ct_seconds_add(&run.worker[t].seconds, call->seconds);
        ct_arena_free(&run.worker[t].arena);
    }
    ct_free(run.worker);
    return status;
}

/* Sorted: matrices whose eigenvalues are computed side by side should be of one size. */
const ct_solver *ct_solver_cpu(void)
{
    static const ct_solver cpu = {.name = "cpu",
                                  .sorted = true,
                                  .open = ct_plain_open,
                                  .close = ct_plain_close,
                                  .solve = solve};
    return &cpu;
}
