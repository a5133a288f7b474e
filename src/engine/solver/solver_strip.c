/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/solver_strip.h"
#include "engine/solver/plain_resident.h"

#include <math.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/sum.h"
#include "frontier/level_blocks.h"
#include "frontier/strip.h"

typedef struct ct_strip_answer {
    const ct_strip *strip;
    const ct_level_gram *g;
    int32_t *member, *begin; /* the states of all blocks */
    double total;            /* sum_i m_i g_i */
    double relative;         /* error of every entry of rho beyond the bounds of G */
    ct_eigen_job *job;       /* one a block */
    ct_cut_answer answer;
    ct_arena arena;
} ct_strip_answer;

/* Both bounds of G_ij of a block. */
static const double *bounds_of(const ct_level_gram *g, int32_t block, int32_t i, int32_t j)
{
    return (const double *)(const void *)ct_level_gram_entry(g, block, i, j);
}

/* The block of rho in the middle of its bounds; *square: ||rho||_F^2, *off: the Frobenius norm of half their distance. */
static void fill_matrix(const ct_strip_answer *a, int32_t block, double *h, double *trace,
                        double *square, double *off)
{
    const int32_t n = a->g->size[block], *of = a->member + a->begin[block];
    const double *m = a->strip->ways[0];
    ct_sum squares = {0}, traces = {0};
    double distance = 0;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = i; j < n; j++) {
            const double *bounds = bounds_of(a->g, block, i, j);
            const double weight = sqrt(m[of[i]] * m[of[j]]) / a->total,
                         half = weight * (bounds[1] - bounds[0]) / 2;
            const double entry = weight * (i == j ? a->strip->ways[1][of[i]]
                                                  : bounds[0] + (bounds[1] - bounds[0]) / 2);
            h[(size_t)i * (size_t)n + (size_t)j] = entry;
            ct_sum_add(&squares, (i == j ? 1 : 2) * entry * entry);
            distance += i == j ? 0 : 2 * half * half;
            if (i == j)
                ct_sum_add(&traces, entry);
        }
    *trace = ct_sum_value(&traces);
    *square = ct_sum_value(&squares);
    *off = sqrt(distance) * (1 + 0x1p-20);
}

static cutropy_status answer_block(ct_strip_answer *a, int32_t block, ct_block_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t n = a->g->size[block];
    void *matrix, *values;
    double trace, off;
    CT_TRY(ct_arena_get(&a->arena, "gram", (size_t)n * (size_t)n * sizeof(double), &matrix));
    CT_TRY(ct_arena_get(&a->arena, "answer", (size_t)n * sizeof(double), &values));
    *out = (ct_block_answer){.size = {n, n}, .values = values};
    fill_matrix(a, block, matrix, &trace, &out->square, &off);
    /* ||rho - computed||_F <= relative Tr rho + off, in units of u Tr */
    out->gram_error = (a->relative + off / trace) / CT_STRIP_UNIT * (1 + 0x1p-20);
    a->job[block] = (ct_eigen_job){.n = n, .a = matrix, .values = values};
done:
    return status;
}

static cutropy_status check_memory(const ct_level_gram *g, uint64_t limit)
{
    uint64_t bytes = 16 * (uint64_t)g->start[g->blocks];
    for (int32_t b = 0; b < g->blocks; b++)
        bytes += 8 * (uint64_t)g->size[b] * (uint64_t)g->size[b];
    if (bytes <= limit)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the matrix of %d states of a strip needs %s but %s may be used (--memory raises "
        "the limit)",
        g->count, CT_BYTES(bytes), CT_BYTES(limit));
}

static cutropy_status make_answer(const ct_solver_setting *setting, const ct_watch *watch,
                                  ct_solver_seconds *seconds, ct_strip_answer *a)
{
    cutropy_status status = CUTROPY_OK;
    const ct_strip *s = a->strip;
    const double start = ct_now();
    ct_sum total = {0};
    void *block, *job;
    for (int32_t i = 0; i < a->g->count; i++)
        ct_sum_add(&total, s->ways[0][i] * s->ways[1][i]);
    a->total = ct_sum_value(&total);
    /* of sqrt(m_i m_j), of G_ij where it is g_i, of the total: both vectors twice at most */
    a->relative = (2 * s->error[0] + 2 * s->error[1]) * (1 + 0x1p-20) + 8 * CT_STRIP_UNIT;
    CT_TRY(check_memory(a->g, setting->memory_limit));
    CT_TRY(ct_level_blocks_members(a->g, &a->member, &a->begin));
    CT_TRY(
        ct_arena_get(&a->arena, "answer", (size_t)a->g->blocks * sizeof(ct_block_answer), &block));
    CT_TRY(ct_arena_get(&a->arena, "answer", (size_t)a->g->blocks * sizeof(ct_eigen_job), &job));
    a->job = job;
    a->answer = (ct_cut_answer){.kind = CUTROPY_KIND_REAL,
                                .classes = {a->g->count, a->g->count},
                                .blocks = a->g->blocks,
                                .block = block};
    for (int32_t b = 0; b < a->g->blocks; b++)
        CT_TRY(answer_block(a, b, (ct_block_answer *)block + b));
    seconds->gram += ct_now() - start;
    CT_TRY(setting->operations->eigenvalues((size_t)a->g->blocks, a->job, watch, setting->threads));
    seconds->eigenvalues += ct_now() - start;
done:
    return status;
}

static void answer_free(ct_strip_answer *a)
{
    ct_free(a->member);
    ct_free(a->begin);
    ct_arena_free(&a->arena);
}

static cutropy_status solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = &resident->setting;
    const double start = ct_now();
    ct_level_gram g = {0};
    ct_strip_answer a = {.strip = setting->f->strip, .g = &g};
    const ct_strip_how how = {.memory_limit = setting->memory_limit,
                              .threads = setting->threads,
                              .watch = call->watch,
                              .device = setting->operations->levels};
    int rows;
    bool on_device;
    CT_TRY(ct_strip_gram(a.strip, &how, &g, &rows, &on_device));
    call->seconds->gram += ct_now() - start;
    CT_TRY(make_answer(setting, call->watch, call->seconds, &a));
    a.answer.gram_on_device = on_device;
    for (size_t i = 0; i < call->count; i++) /* the strip has one cut */
        CT_TRY(ct_solve_take(call, i, 1, &a.answer, CT_ALL_THREADS));
done:
    answer_free(&a);
    ct_level_gram_free(&g);
    return status;
}

const ct_solver *ct_solver_strip(void)
{
    static const ct_solver strip = {
        .name = "strip", .open = ct_plain_open, .close = ct_plain_close, .solve = solve};
    return &strip;
}
