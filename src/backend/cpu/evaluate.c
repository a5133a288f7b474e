/* SPDX-License-Identifier: Apache-2.0 */
/* The loops over all images, on all threads. */
#include "backend/cpu/evaluate.h"

#include "backend/cpu/image_queue.h"
#include "backend/cpu/walk.h"
#include "problem/problem.h"

/* Images in one piece of work of fill_labels and fill_values. */
#define CHUNK_WORDS 1024
#define CHUNK_VALUES 16384

/* What the pieces of fill_labels and fill_values share. */
typedef struct ct_filling {
    const cutropy_problem *problem;
    uint64_t total; /* words or images */
    uint64_t chunk; /* of them in one piece of work */
    uint64_t skip;  /* chunks in front of the first piece */
    void *out;
    ct_queue queue;
} ct_filling;

/* How many chunks there are, and how many to skip. per: images of a word, or 1. */
static size_t chunks(ct_filling *f, const ct_evaluate_options *options, uint64_t per)
{
    const uint64_t end = options->last ? options->last / per : f->total;
    f->skip = options->last ? options->first / per / f->chunk : 0;
    return options->last && options->first == options->last
               ? 0
               : (size_t)((end + f->chunk - 1) / f->chunk - f->skip);
}

static cutropy_status label_piece(void *context, size_t first, size_t last, int thread)
{
    cutropy_status status = CUTROPY_OK;
    ct_filling *f = context;
    uint64_t *table = f->out;
    for (size_t c = first; c < last && !ct_queue_stopped(&f->queue); c++) {
        const uint64_t start = (f->skip + c) * f->chunk, rest = f->total - start;
        CT_TRY(f->problem->fill_labels(f->problem, start, rest < f->chunk ? rest : f->chunk,
                                       table + start));
        ct_queue_finished(&f->queue, 1, thread);
    }
done:
    return status;
}

static cutropy_status fill_labels(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t *table)
{
    ct_filling f = {.problem = problem,
                    .total = ct_table_words(problem->lattice->pixels),
                    .chunk = problem->piece ? problem->piece : CHUNK_WORDS,
                    .out = table};
    f.queue = (ct_queue){.count = chunks(&f, options, 64),
                         .grain = problem->piece ? 1 : 4,
                         .work = label_piece,
                         .context = &f};
    return ct_cpu_image_queue(&f.queue, options);
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

static cutropy_status value_piece(void *context, size_t first, size_t last, int thread)
{
    cutropy_status status = CUTROPY_OK;
    ct_filling *f = context;
    const size_t bytes = ct_value_bytes(f->problem->kind);
    for (size_t c = first; c < last; c++) {
        const uint64_t start = (f->skip + c) * f->chunk, rest = f->total - start;
        const size_t count = rest < f->chunk ? rest : f->chunk;
        void *part = (char *)f->out + start * bytes;
        CT_TRY(f->problem->fill_values(f->problem, start, count, part));
        if (f->problem->kind != CUTROPY_KIND_INTEGER)
            drop_negative_zeros(part, count * bytes / 8);
        ct_queue_finished(&f->queue, 1, thread);
    }
done:
    return status;
}

cutropy_status ct_cpu_fill_values(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, void *values)
{
    ct_filling f = {.problem = problem,
                    .total = UINT64_C(1) << problem->lattice->pixels,
                    .chunk = CHUNK_VALUES,
                    .out = values};
    f.queue =
        (ct_queue){.count = chunks(&f, options, 1), .grain = 1, .work = value_piece, .context = &f};
    return ct_cpu_image_queue(&f.queue, options);
}
