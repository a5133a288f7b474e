/* SPDX-License-Identifier: Apache-2.0 */
/* Which road an evaluation takes: the search, random labels, amplitudes, or the CPU.
 *
 * The CPU has a head start, about as long as the opening of a device takes: a search that prunes
 * well is over by then. Only what is less than half done goes to the device, from the beginning. */
#include "backend/cuda/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "backend/cuda/amplitudes.h"
#include "backend/cuda/search.h"
#include "backend/cuda/text.h"
#include "backend/cuda/thresholds.h"
#include "problem/problem.h"

/* ---- the head start ---- */

typedef struct ct_head_start {
    const ct_watch *watch; /* the caller's, may be NULL */
    double end;            /* on the clock of ct_now */
    bool over;
} ct_head_start;

/* CUTROPY_CUDA_HEAD_START, an integer: milliseconds; 0 sends everything to the device. */
static cutropy_status head_start_ms(int64_t *out)
{
    const char *text = getenv("CUTROPY_CUDA_HEAD_START");
    char *end = NULL;
    *out = CT_CUDA_HEAD_START;
    if (!text || !*text)
        return CUTROPY_OK;
    *out = strtol(text, &end, 10);
    if (*end || *out < 0 || *out > 3600000)
        return ct_fail(CUTROPY_EINPUT,
                       "CUTROPY_CUDA_HEAD_START is '%s': give 0 to 3600000 milliseconds", text);
    return CUTROPY_OK;
}

static int ask_both(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ct_head_start *start = user;
    if (ct_asked_to_stop(start->watch, stage, done, total))
        return 1;
    start->over = 2 * done < total && ct_now() >= start->end;
    return start->over;
}

/* The options under which the CPU tries; *start and *watch must live as long. */
static cutropy_status with_head_start(const ct_evaluate_options *options, ct_head_start *start,
                                      ct_watch *watch, ct_evaluate_options *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t ms = 0;
    *start = (ct_head_start){.watch = options->watch};
    *watch = (ct_watch){.report = ask_both, .user = start};
    *out = *options;
    out->watch = watch;
    CT_TRY(head_start_ms(&ms));
    start->end = ct_now() + 1e-3 * (double)ms;
    start->over = ms == 0;
done:
    return status;
}

/* ---- the device ---- */

/* Opens the first device of the run for an evaluation. */
static cutropy_status open_device(ct_evaluation *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_device_describe(0, &out->device));
    CT_TRY(ct_device_use(&out->device));
    CT_TRY(ct_device_room(&out->device));
    CT_CUDA(out->device.number, cudaStreamCreateWithFlags(&out->stream, cudaStreamNonBlocking));
done:
    return status;
}

static void close_device(ct_evaluation *evaluation)
{
    if (evaluation->stream) {
        (void)cudaStreamSynchronize(evaluation->stream); /* what failed before was reported */
        (void)cudaStreamDestroy(evaluation->stream);
    }
    ct_region_close(&evaluation->region);
}

/* ---- both ---- */

/* One evaluation: its two roads and what they fill. */
typedef struct ct_task {
    const cutropy_problem *problem;
    const ct_evaluate_options *options;
    cutropy_status (*on_cpu)(const struct ct_task *task, const ct_evaluate_options *options);
    cutropy_status (*on_device)(const struct ct_task *task, ct_evaluation *evaluation,
                                bool *served);
    bool device_can;
    uint64_t limit, **images, *count; /* a list */
    bool *overflow;
    uint64_t *table;
    void *values;
} ct_task;

static cutropy_status evaluate(const ct_task *task)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation evaluation = {.problem = task->problem, .options = task->options};
    ct_evaluate_options tried;
    ct_head_start start;
    ct_watch watch;
    bool served = false;
    if (!task->device_can || task->problem->lattice->pixels < CT_CUDA_EVALUATE)
        return task->on_cpu(task, task->options);
    CT_TRY(with_head_start(task->options, &start, &watch, &tried));
    if (!start.over)
        status = task->on_cpu(task, &tried);
    if (!start.over)
        return status;
    CT_TRY(open_device(&evaluation));
    CT_TRY(task->on_device(task, &evaluation, &served));
    if (!served)
        status = task->on_cpu(task, task->options);
done:
    close_device(&evaluation);
    return status;
}

static cutropy_status list_on_cpu(const ct_task *task, const ct_evaluate_options *options)
{
    return ct_operations_cpu()->list_images(task->problem, options, task->limit, task->images,
                                            task->count, task->overflow);
}

static cutropy_status list_on_device(const ct_task *task, ct_evaluation *evaluation, bool *served)
{
    return ct_search_list(evaluation, task->limit, task->images, task->count, task->overflow,
                          served);
}

cutropy_status ct_cuda_list_images(const cutropy_problem *problem,
                                   const ct_evaluate_options *options, uint64_t limit,
                                   uint64_t **images, uint64_t *count, bool *overflow)
{
    const ct_task task = {.problem = problem,
                          .options = options,
                          .on_cpu = list_on_cpu,
                          .on_device = list_on_device,
                          .device_can = true,
                          .limit = limit,
                          .images = images,
                          .count = count,
                          .overflow = overflow};
    return evaluate(&task);
}

/* What an earlier attempt has left is cleared. */
static cutropy_status table_on_cpu(const ct_task *task, const ct_evaluate_options *options)
{
    memset(task->table, 0, ct_table_words(task->problem->lattice->pixels) * sizeof *task->table);
    return ct_operations_cpu()->fill_table(task->problem, options, task->table);
}

static cutropy_status table_on_device(const ct_task *task, ct_evaluation *evaluation, bool *served)
{
    if (task->problem->device_code)
        return ct_text_fill(evaluation, task->table, served);
    return task->problem->body != CT_BODY_NONE ? ct_search_table(evaluation, task->table, served)
                                               : ct_random_table(evaluation, task->table, served);
}

cutropy_status ct_cuda_fill_table(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t *table)
{
    const ct_task task = {.problem = problem,
                          .options = options,
                          .on_cpu = table_on_cpu,
                          .on_device = table_on_device,
                          .device_can = problem->body != CT_BODY_NONE ||
                                        problem->form == CT_FORM_RANDOM || problem->device_code,
                          .table = table};
    return evaluate(&task);
}

static cutropy_status values_on_cpu(const ct_task *task, const ct_evaluate_options *options)
{
    return ct_operations_cpu()->fill_values(task->problem, options, task->values);
}

static cutropy_status values_on_device(const ct_task *task, ct_evaluation *evaluation, bool *served)
{
    return task->problem->device_code ? ct_text_fill(evaluation, task->values, served)
                                      : ct_amplitudes_fill(evaluation, task->values, served);
}

cutropy_status ct_cuda_fill_values(const cutropy_problem *problem,
                                   const ct_evaluate_options *options, void *values)
{
    const ct_task task = {.problem = problem,
                          .options = options,
                          .on_cpu = values_on_cpu,
                          .on_device = values_on_device,
                          .device_can = ct_amplitudes_serves(problem) || problem->device_code,
                          .values = values};
    return evaluate(&task);
}
