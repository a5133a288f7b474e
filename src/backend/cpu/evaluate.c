/* SPDX-License-Identifier: Apache-2.0 */
/* The loops over all images, on all threads. */
#include "backend/cpu/evaluate.h"

#include <omp.h>

#include "backend/cpu/walk.h"
#include "problem/problem.h"

/* Images in one piece of work of fill_labels and fill_values. */
#define CHUNK_WORDS 1024
#define CHUNK_VALUES 16384

static int report(const ct_evaluate_options *options, uint64_t done, uint64_t total)
{
    const ct_watch *watch = options->watch;
    return watch && watch->report ? watch->report("evaluate", done, total, watch->user) : 0;
}

static cutropy_status fill_labels(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t *table)
{
    const uint64_t words = ct_table_words(problem->lattice->pixels),
                   chunks = (words + CHUNK_WORDS - 1) / CHUNK_WORDS;
    int stop = 0;
#pragma omp parallel for num_threads(options->threads) schedule(monotonic : dynamic, 4)
    for (uint64_t c = 0; c < chunks; c++) {
        int stopped;
#pragma omp atomic read
        stopped = stop;
        if (stopped)
            continue;
        uint64_t first = c * CHUNK_WORDS;
        uint64_t count = words - first < CHUNK_WORDS ? words - first : CHUNK_WORDS;
        problem->fill_labels(problem, first, count, table + first);
        if (omp_get_thread_num() == 0 && report(options, c, chunks)) {
#pragma omp atomic write
            stop = 1;
        }
    }
    return stop ? ct_fail(CUTROPY_ECANCELLED, "stopped during evaluation") : CUTROPY_OK;
}

cutropy_status ct_cpu_fill_table(const cutropy_problem *problem, const ct_evaluate_options *options,
                                 uint64_t *table)
{
    return problem->body == CT_BODY_NONE
               ? fill_labels(problem, options, table)
               : ct_walk_table(problem->body_data, problem->body, options, table);
}

cutropy_status ct_cpu_list_images(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t limit,
                                  uint64_t **images, uint64_t *count, bool *overflow)
{
    return ct_walk_list(problem->body_data, problem->body, options, limit, images, count, overflow);
}

static void drop_negative_zeros(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] += 0.0; /* -0.0 + 0.0 = +0.0: equal rows become equal bits */
}

cutropy_status ct_cpu_fill_values(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, void *values)
{
    const size_t bytes = ct_value_bytes(problem->kind);
    const uint64_t images = UINT64_C(1) << problem->lattice->pixels;
    const uint64_t chunks = (images + CHUNK_VALUES - 1) / CHUNK_VALUES;
    int stop = 0;
#pragma omp parallel for num_threads(options->threads) schedule(monotonic : dynamic, 1)
    for (uint64_t c = 0; c < chunks; c++) {
        int stopped;
#pragma omp atomic read
        stopped = stop;
        if (stopped)
            continue;
        uint64_t first = c * CHUNK_VALUES;
        uint64_t count = images - first < CHUNK_VALUES ? images - first : CHUNK_VALUES;
        void *part = (char *)values + first * bytes;
        problem->fill_values(problem, first, count, part);
        if (problem->kind != CUTROPY_KIND_INTEGER)
            drop_negative_zeros(part, count * bytes / 8);
        if (omp_get_thread_num() == 0 && report(options, c, chunks)) {
#pragma omp atomic write
            stop = 1;
        }
    }
    return stop ? ct_fail(CUTROPY_ECANCELLED, "stopped during evaluation") : CUTROPY_OK;
}
