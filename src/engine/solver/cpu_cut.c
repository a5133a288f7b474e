/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/cpu_cut.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "engine/cut/apart.h"
#include "engine/cut/gram.h"
#include "engine/cut/moments.h"
#include "engine/cut/needs.h"
#include "engine/function/function.h"
#include "engine/record/record.h"
#include "engine/solver/big_answer.h"

void ct_cpu_cut_free(ct_cpu_cut *cut)
{
    ct_big_free(&cut->cube);
    ct_blocks_free(&cut->blocks);
    ct_quotient_free(&cut->quotient);
}

/* Turns the exact G into D^1/2 G D^1/2 in double, in place (an integer and a double have the same
 * size). */
static cutropy_status scale_matrix(const ct_gram *gram, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = gram->n;
    double *root = NULL;
    CT_NEW(root, n);
    for (int64_t i = 0; i < n; i++)
        root[i] = sqrt((double)gram->weight[i]);
    for (int64_t i = 0; i < n; i++) {
        unsigned char *row = (unsigned char *)(gram->integer + i * n);
        for (int64_t j = i; j < n; j++) {
            int64_t exact;
            memcpy(&exact, row + 8 * j, sizeof exact);
            double scaled = root[i] * root[j] * (double)exact;
            memcpy(row + 8 * j, &scaled, sizeof scaled);
        }
    }
    *out = (double *)(void *)gram->integer;
done:
    ct_free(root);
    return status;
}

/* The block's matrix waits for its eigenvalues. */
static cutropy_status add_job(ct_cpu_worker *worker, const ct_gram *gram, double *a,
                              bool is_complex, ct_cpu_cut *cut, ct_block_answer *out)
{
    void *values;
    const cutropy_status status =
        ct_arena_get(&worker->arena, "answer", (size_t)gram->n * sizeof(double), &values);
    if (status != CUTROPY_OK)
        return status;
    cut->job[cut->jobs++] =
        (ct_eigen_job){.n = gram->n, .is_complex = is_complex, .a = a, .values = values};
    out->values = values;
    return CUTROPY_OK;
}

/* Of real or complex numbers. k: columns. */
static cutropy_status answer_numbers(ct_cpu_worker *worker, const ct_gram *gram, int64_t k,
                                     bool is_complex, ct_cpu_cut *cut, ct_block_answer *out)
{
    out->square = ct_square_sum_real(gram, is_complex);
    out->gram_error = ct_gram_error(k, is_complex);
    out->exponent = gram->exponent;
    return add_job(worker, gram, gram->number, is_complex, cut, out);
}

/* Sums, closed forms, and jobs for the rest. */
static cutropy_status answer_block(const ct_solver_setting *setting, ct_cpu_worker *worker,
                                   ct_cpu_cut *cut, int64_t block, int threads,
                                   ct_cut_answer *answer, ct_block_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_gram gram = {0};
    double *a = NULL;
    *out = (ct_block_answer){
        .size = {ct_block_size(&cut->blocks, block, 0), ct_block_size(&cut->blocks, block, 1)}};
    CT_TRY(ct_gram_block(&cut->quotient, &cut->blocks, block, setting->operations, threads,
                         &worker->arena, &gram));
    if (gram.words > 1) {
        CT_TRY(ct_answer_big_block(&worker->arena, &gram, setting->want_cube ? &cut->cube : NULL,
                                   out, &a));
        if (gram.n <= 2)
            goto done;
    } else if (answer->kind == CUTROPY_KIND_LABEL || answer->kind == CUTROPY_KIND_INTEGER) {
        CT_TRY(ct_answer_word_sums(&gram, setting->want_cube, answer, out));
        if (gram.n <= 2)
            goto done;
        CT_TRY(scale_matrix(&gram, &a));
    } else if (gram.n == 1 && cut->blocks.count == 1) {
        goto done; /* a projector */
    } else {
        CT_TRY(answer_numbers(worker, &gram, out->size[1 - gram.side],
                              answer->kind == CUTROPY_KIND_COMPLEX, cut, out));
        goto done;
    }
    CT_TRY(add_job(worker, &gram, a, false, cut, out));
done:
    ct_gram_free(&gram);
    return status;
}

cutropy_status ct_cpu_answer_block(const ct_solver_setting *setting, const ct_quotient *q,
                                   const ct_blocks *blocks, int64_t block, const ct_watch *watch,
                                   ct_arena *arena, double *values, ct_cut_answer *answer,
                                   ct_block_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_cpu_worker worker = {.arena = *arena};
    ct_eigen_job job;
    ct_cpu_cut cut = {.quotient = *q, .blocks = *blocks, .job = &job}; /* a view */
    CT_TRY(answer_block(setting, &worker, &cut, block, setting->threads, answer, out));
    if (!cut.jobs)
        goto done;
    CT_TRY(setting->operations->eigenvalues(1, &job, watch, setting->threads));
    memcpy(values, job.values, (size_t)job.n * sizeof *values);
    out->values = values;
done:
    *arena = worker.arena;
    ct_arena_reset(arena);
    return status;
}

/* A is empty or full: one row or column, whose square is <f|f>. */
static cutropy_status answer_trivial(const ct_solver_setting *setting, ct_cpu_worker *worker,
                                     int threads, ct_cut_answer *answer)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    const ct_u128 norm = f->norm_exact;
    void *room;
    CT_TRY(ct_arena_get(&worker->arena, "answer", sizeof(ct_block_answer), &room));
    ct_block_answer *block = room;
    *answer = (ct_cut_answer){.kind = ct_has_exact_norm(f) ? f->kind : CUTROPY_KIND_REAL,
                              .blocks = 1,
                              .block = block,
                              .has_cube = norm < (ct_u128)1 << 42};
    if (answer->has_cube)
        answer->cube_sum = norm * norm * norm;
    /* orbits are represented by their smaller side, so A is empty */
    CT_TRY(ct_quotient_empty_cut(f, threads, answer->classes));
    *block = (ct_block_answer){.size = {answer->classes[0], answer->classes[1]},
                               .square_sum = norm * norm,
                               .g = {(int64_t)norm},
                               .weight = {1}};
    if (ct_is_big(f))
        CT_TRY(ct_answer_big_whole(&worker->arena, &f->norm_big, block, &answer->cube_big));
done:
    return status;
}

/* Up to the Gram matrices; adds the memory that the cut keeps until it is finished to *bytes. */
static cutropy_status start_whole(const ct_solver_setting *setting, ct_cpu_worker *worker,
                                  const uint64_t *mask, int threads, ct_cpu_cut *cut,
                                  ct_cut_answer *answer, size_t *bytes)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    ct_solver_seconds *seconds = &worker->seconds;
    void *block, *job;
    double last = ct_now();
    CT_TRY(ct_quotient_build(f, mask, setting->operations, threads, &cut->quotient));
    ct_lap(&seconds->quotient, &last);
    CT_TRY(ct_blocks_find(&cut->quotient, &cut->blocks));
    ct_lap(&seconds->blocks, &last);
    CT_TRY(ct_matrices_check(f, &cut->blocks, setting->want_cube, setting->memory_limit));
    const size_t count = (size_t)cut->blocks.count;
    CT_TRY(ct_arena_get(&worker->arena, "answer", count * sizeof(ct_block_answer), &block));
    CT_TRY(ct_arena_get(&worker->arena, "answer", count * sizeof(ct_eigen_job), &job));
    cut->job = job;
    *answer = (ct_cut_answer){.kind = cut->quotient.kind,
                              .classes = {cut->quotient.side[0].count, cut->quotient.side[1].count},
                              .blocks = cut->blocks.count,
                              .block = block,
                              .has_cube = setting->want_cube,
                              .quotient = &cut->quotient,
                              .members = &cut->blocks,
                              .cube_big = setting->want_cube && ct_is_big(f) ? &cut->cube : NULL};
    for (int64_t b = 0; b < cut->blocks.count; b++)
        CT_TRY(
            answer_block(setting, worker, cut, b, threads, answer, (ct_block_answer *)block + b));
    ct_lap(&seconds->gram, &last);
    *bytes += ct_quotient_bytes(&cut->quotient);
    for (size_t k = 0; k < cut->jobs; k++)
        *bytes += (size_t)(cut->job[k].n * cut->job[k].n) * ct_entry_bytes(f);
done:
    return status;
}

/* The same where single numbers tell rows and columns apart. */
static cutropy_status start_apart(const ct_solver_setting *setting, ct_cpu_worker *worker,
                                  const uint64_t *mask, int threads, ct_cpu_cut *cut,
                                  ct_cut_answer *answer, size_t *bytes)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    void *room, *job;
    ct_gram gram = {0};
    double last = ct_now();
    CT_TRY(ct_arena_get(&worker->arena, "answer", sizeof(ct_block_answer), &room));
    CT_TRY(ct_arena_get(&worker->arena, "answer", sizeof(ct_eigen_job), &job));
    const int64_t n = INT64_C(1) << cutropy_mask_pixels(mask, f->words),
                  k = (INT64_C(1) << f->pixels) / n;
    int64_t rows[2] = {0, n}, columns[2] = {0, k};
    CT_TRY(ct_matrices_check(f, &(ct_blocks){.count = 1, .start = {rows, columns}},
                             setting->want_cube, setting->memory_limit));
    CT_TRY(ct_apart_gram(f, *mask, setting->operations, threads, &worker->arena, &gram));
    ct_block_answer *block = room;
    cut->job = job;
    *block = (ct_block_answer){.size = {gram.n, k}};
    *answer = (ct_cut_answer){.kind = f->kind,
                              .classes = {gram.n, k},
                              .blocks = 1,
                              .block = block,
                              .has_cube = setting->want_cube};
    CT_TRY(answer_numbers(worker, &gram, k, f->kind == CUTROPY_KIND_COMPLEX, cut, block));
    *bytes += (size_t)(gram.n * gram.n) * ct_entry_bytes(f);
    ct_lap(&worker->seconds.gram, &last);
done:
    return status;
}

/* Which of them; proofs would look for the quotient again. */
cutropy_status ct_cpu_cut_start(const ct_solver_setting *setting, bool apart, ct_cpu_worker *worker,
                                const uint64_t *mask, int threads, ct_cpu_cut *cut,
                                ct_cut_answer *answer, size_t *bytes)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    const double start = ct_now();
    *cut = (ct_cpu_cut){0};
    if (ct_cut_is_trivial(f, mask))
        return answer_trivial(setting, worker, threads, answer);
    CT_TRY(ct_workspace_check(f, ct_workspace_bytes(f, cutropy_mask_pixels(mask, f->words)),
                              setting->memory_limit));
    if (!apart && !setting->want_exact)
        CT_TRY(ct_apart_cut(f, *mask, threads, &apart));
    worker->seconds.quotient += ct_now() - start;
    CT_TRY((apart ? start_apart : start_whole)(setting, worker, mask, threads, cut, answer, bytes));
done:
    return status;
}

cutropy_status ct_cpu_cut_fail(ct_cpu_worker *worker, cutropy_status status, ct_cpu_cut *cut,
                               ct_cut_answer *answer)
{
    const char *text = cutropy_error();
    const size_t bytes = strlen(text) + 1;
    void *why;
    const cutropy_status kept = ct_arena_get(&worker->arena, "failure", bytes, &why);
    if (kept != CUTROPY_OK)
        return kept;
    memcpy(why, text, bytes);
    ct_cpu_cut_free(cut);
    *cut = (ct_cpu_cut){0};
    *answer = (ct_cut_answer){.status = status, .why = why};
    return CUTROPY_OK;
}
