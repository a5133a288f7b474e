/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/solver_products.h"

#include <math.h>

#include "base/clock.h"
#include "base/queue.h"
#include "engine/cut/needs.h"
#include "engine/record/record.h"
#include "engine/solver/plain_resident.h"
#include "engine/solver/product_bracket.h"
#include "engine/solver/product_cut.h"
#include "engine/solver/product_device.h"
#include "engine/solver/product_refine.h"

typedef struct ct_products_run {
    ct_resident *resident;
    ct_solver_seconds *seconds; /* one a thread */
    const ct_solve_call *call;
    size_t *rest; /* cuts that no device answered */
    size_t left;  /* of them */
    ct_queue queue;
} ct_products_run;

/* An answer with all it holds. */
typedef struct ct_product_answer {
    ct_product_cut cut;
    ct_matrix_answer made;
    ct_bracket_answer bracket;
} ct_product_answer;

/* Eigenvalues of the matrix, which goes; of a better one where its bound is wide. workers: threads that do this side by side. */
static cutropy_status find_values(const ct_solver_setting *setting, const ct_watch *watch,
                                  int threads, int workers, ct_product_answer *out)
{
    const cutropy_status status = ct_refine_cut(setting->f->refiner, setting->operations,
                                                setting->memory_limit / (uint64_t)workers, watch,
                                                setting->want_exact, threads, &out->cut);
    if (status != CUTROPY_OK)
        return status;
    const ct_product_side *side = out->cut.side;
    const int64_t parts[2] = {side[0].count, side[1].count};
    const int64_t n = parts[0] < parts[1] ? parts[0] : parts[1];
    const double space = fmin(side[0].dimension, side[1].dimension);
    return ct_matrix_answer_make(setting, watch, threads, &out->cut.rho, parts,
                                 space < (double)n ? (int64_t)space : n, "the terms nearly cancel",
                                 &out->made);
}

static cutropy_status answer(const ct_products_run *run, size_t i, int threads, int thread,
                             ct_product_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = &run->resident->setting;
    const ct_function *f = setting->f;
    ct_solver_seconds *seconds = &run->seconds[thread < 0 ? 0 : thread];
    double last = ct_now();
    if (setting->largest) {
        CT_TRY(ct_product_bracket_make(f->products, run->call->masks + i * f->words, f->norm,
                                       f->norm_error, setting->largest, setting->operations,
                                       setting->memory_limit, thread < 0 ? run->call->watch : NULL,
                                       threads, &out->bracket));
        out->made.answer =
            (ct_cut_answer){.kind = f->kind,
                            .classes = {out->bracket.parts[0], out->bracket.parts[1]},
                            .blocks = 1,
                            .bracket = &out->bracket};
        ct_lap(&seconds->eigenvalues, &last);
        goto done;
    }
    CT_TRY(ct_workspace_check(f, ct_product_cut_bytes(f->products), setting->memory_limit));
    CT_TRY(ct_product_cut_make(f->products, run->call->masks + i * f->words, setting->operations,
                               threads, &out->cut));
    ct_lap(&seconds->gram, &last);
    CT_TRY(find_values(setting, thread < 0 ? run->call->watch : NULL, threads,
                       thread < 0 ? 1 : setting->threads, out));
    ct_lap(&seconds->eigenvalues, &last);
done:
    return status;
}

/* The answer is taken, or why there is none; it goes. */
static cutropy_status hand_over(const ct_products_run *run, size_t i, int thread,
                                cutropy_status status, ct_product_answer *made)
{
    char why[512];
    if (ct_fails_alone(status)) {
        ct_error_save(why, sizeof why);
        made->made.answer = (ct_cut_answer){.status = status, .why = why};
        status = CUTROPY_OK;
    }
    if (status == CUTROPY_OK)
        status = ct_solve_take(run->call, i, 1, &made->made.answer, thread);
    ct_product_cut_free(&made->cut);
    ct_free(made->made.values);
    return status;
}

static cutropy_status solve_cut(const ct_products_run *run, size_t i, int threads, int thread)
{
    ct_product_answer made = {.made.answer.status = CUTROPY_OK};
    const cutropy_status status = answer(run, i, threads, thread, &made);
    return hand_over(run, i, thread, status, &made);
}

static cutropy_status piece_body(void *context, size_t first, size_t last, int thread)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products_run *run = context;
    for (size_t i = first; i < last && !ct_queue_stopped(&run->queue); i++)
        CT_TRY(solve_cut(run, run->rest[i], 1, thread));
done:
    return status;
}

/* One answer that devices found, which goes; the CPU has what they did not. */
static cutropy_status take_found(ct_products_run *run, size_t i, ct_product_cut *cut)
{
    const ct_solver_setting *setting = &run->resident->setting;
    ct_product_answer made = {.cut = *cut};
    if (!cut->rho.values) {
        run->rest[run->left++] = i;
        return CUTROPY_OK;
    }
    *cut = (ct_product_cut){0};
    const double error = made.cut.rho.error;
    const cutropy_status status = find_values(setting, NULL, setting->threads, 1, &made);
    if (made.cut.rho.error == error)
        run->resident->on_devices++;
    else /* made again */
        run->resident->on_cpu++;
    return hand_over(run, i, CT_ALL_THREADS, status, &made);
}

/* Rest and left: all cuts, or those that the devices of the operations do not answer. */
static cutropy_status solve_on_devices(ct_products_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const size_t count = run->call->count;
    const ct_solver_setting *setting = &run->resident->setting;
    const ct_function *f = setting->f;
    const size_t piece = ct_product_device_cuts(f->products);
    ct_product_cut *cuts = NULL;
    if (!setting->operations->product_cuts || setting->largest) {
        for (run->left = 0; run->left < count; run->left++)
            run->rest[run->left] = run->left;
        return CUTROPY_OK;
    }
    CT_NEW_ZERO(cuts, piece);
    for (size_t first = 0; first < count && status == CUTROPY_OK; first += piece) {
        const size_t here = count - first < piece ? count - first : piece;
        double last = ct_now();
        CT_TRY(ct_solve_take(run->call, first, 0, NULL, CT_ALL_THREADS)); /* stop? */
        status = ct_product_device_make(f->products, run->call->masks + first * f->words, f->words,
                                        here, setting->operations, setting->threads, cuts);
        ct_lap(&run->seconds->gram, &last);
        for (size_t i = 0; i < here; i++) {
            if (status == CUTROPY_OK)
                status = take_found(run, first + i, &cuts[i]);
            ct_product_cut_free(&cuts[i]);
        }
    }
done:
    ct_free(cuts);
    return status;
}

static cutropy_status solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = &resident->setting;
    const int threads = setting->threads;
    const uint64_t bytes = ct_product_cut_bytes(setting->f->products);
    ct_products_run run = {.resident = resident, .call = call};
    ct_memory_keep();
    CT_NEW(run.rest, call->count);
    CT_NEW_ZERO(run.seconds, threads);
    CT_TRY(solve_on_devices(&run));
    resident->on_cpu += run.left;
    run.queue = (ct_queue){
        .threads = threads, .count = run.left, .grain = 1, .work = piece_body, .context = &run};
    if (threads > 1 && !setting->largest && run.left >= 2 * (size_t)threads &&
        bytes <= setting->memory_limit / 2 / (uint64_t)threads)
        CT_TRY(ct_queue_run(&run.queue));
    else
        for (size_t i = 0; i < run.left; i++) {
            CT_TRY(ct_solve_take(call, run.rest[i], 0, NULL, CT_ALL_THREADS)); /* stop? */
            CT_TRY(solve_cut(&run, run.rest[i], threads, CT_ALL_THREADS));
        }
done:
    ct_memory_drop();
    for (int t = 0; run.seconds && t < threads; t++)
        ct_seconds_add(&run.seconds[t], call->seconds);
    ct_free(run.seconds);
    ct_free(run.rest);
    return status;
}

static size_t on_devices(const ct_resident *resident, size_t serves)
{
    return resident->setting.operations->product_cuts && (resident->on_devices || !resident->on_cpu)
               ? serves - resident->on_cpu
               : 0;
}

const ct_solver *ct_solver_products(void)
{
    static const ct_solver products = {.name = "products",
                                       .open = ct_plain_open,
                                       .close = ct_plain_close,
                                       .on_devices = on_devices,
                                       .solve = solve};
    return &products;
}
