/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_device.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cut/blocks.h"
#include "engine/cut/gram.h"
#include "engine/cut/moments.h"

static plain_device_settings settings = {.batch = 5, .lie_at = SIZE_MAX};

struct ct_resident {
    const ct_function *f;
};

/* One answer with its memory. */
typedef struct kept {
    ct_cut_answer answer;
    ct_block_answer *block;
    double *values;
} kept;

static void must(cutropy_status status)
{
    ck_assert_msg(status == CUTROPY_OK, "plain device: %s", cutropy_error());
}

static cutropy_status open_plain(const ct_solver_setting *setting, ct_resident **out)
{
    const ct_function *f = setting->f;
    settings.solved = 0;
    *out = NULL;
    if (settings.decline || f->storage == CT_SUPPORT || setting->want_cube)
        return ct_fail(CUTROPY_EUNSUPPORTED, "declined");
    *out = malloc(sizeof **out);
    ck_assert_ptr_nonnull(*out);
    (*out)->f = f;
    return CUTROPY_OK;
}

static void close_plain(ct_resident *resident)
{
    free(resident);
}

static bool takes(const ct_resident *resident, int na)
{
    return na > 0 && na < resident->f->pixels && na != settings.refuse;
}

/* D^1/2 G D^1/2 as full column-major lower triangle, from the exact G. */
static void scale(const ct_gram *gram, double *a)
{
    for (int64_t i = 0; i < gram->n; i++)
        for (int64_t j = i; j < gram->n; j++)
            a[i * gram->n + j] = __builtin_sqrt((double)gram->weight[i]) *
                                 __builtin_sqrt((double)gram->weight[j]) *
                                 (double)gram->integer[i * gram->n + j];
}

static void answer_block(const ct_function *f, const ct_gram *gram, double *values,
                         ct_block_answer *out)
{
    const bool is_complex = f->kind == CUTROPY_KIND_COMPLEX;
    const bool integers = f->kind == CUTROPY_KIND_LABEL || f->kind == CUTROPY_KIND_INTEGER;
    const int64_t n = gram->n;
    double *a = malloc((size_t)(n * n) * 16);
    ct_eigen_job job = {.n = n, .is_complex = is_complex, .a = a, .values = values};
    ck_assert_ptr_nonnull(a);
    if (integers) {
        out->square_sum = ct_square_sum(gram);
        for (int64_t i = 0; i < n && n <= 2; i++)
            out->weight[i] = gram->weight[i];
        if (n <= 2)
            memcpy(out->g, gram->integer, (size_t)n * sizeof *out->g);
        if (n == 2)
            out->g[2] = gram->integer[3];
        scale(gram, a);
    } else {
        out->square = ct_square_sum_real(gram, is_complex);
        out->gram_error = ct_gram_error(out->size[1 - gram->side], is_complex);
        memcpy(a, gram->number, (size_t)(n * n) * (is_complex ? 16 : 8));
    }
    if (!integers || n > 2) {
        must(ct_operations_cpu()->eigenvalues(1, &job, NULL, 1));
        out->values = values;
    }
    free(a);
}

static void answer_cut(const ct_function *f, uint64_t mask, kept *k)
{
    ct_quotient q = {0};
    ct_blocks blocks = {0};
    ct_arena arena = {0};
    size_t used = 0;
    must(ct_quotient_build(f, &mask, ct_operations_cpu(), 1, &q));
    must(ct_blocks_find(&q, &blocks));
    k->block = calloc((size_t)blocks.count, sizeof *k->block);
    k->values = malloc((size_t)q.side[0].count * sizeof *k->values + 8);
    ck_assert(k->block && k->values);
    for (int64_t b = 0; b < blocks.count; b++) {
        ct_gram gram = {0};
        must(ct_gram_block(&q, &blocks, b, ct_operations_cpu(), 1, &arena, &gram));
        for (int s = 0; s < 2; s++)
            k->block[b].size[s] = ct_block_size(&blocks, b, s);
        answer_block(f, &gram, k->values + used, &k->block[b]);
        used += (size_t)gram.n;
        ct_gram_free(&gram);
    }
    k->answer = (ct_cut_answer){.kind = f->kind,
                                .classes = {q.side[0].count, q.side[1].count},
                                .blocks = blocks.count,
                                .block = k->block};
    ct_arena_free(&arena);
    ct_blocks_free(&blocks);
    ct_quotient_free(&q);
}

static cutropy_status solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t *masks = call->masks;
    const size_t count = call->count;
    for (size_t i = 1; i < count; i++)
        ck_assert_int_le(__builtin_popcountll(masks[i - 1]), __builtin_popcountll(masks[i]));
    for (size_t first = 0; first < count && status == CUTROPY_OK; first += settings.batch) {
        const size_t size = count - first < settings.batch ? count - first : settings.batch;
        kept *all = calloc(size, sizeof *all);
        ct_cut_answer *answers = calloc(size, sizeof *answers);
        ck_assert(all && answers);
        for (size_t i = 0; i < size; i++) {
            answer_cut(resident->f, masks[first + i], &all[i]);
            if (first + i == settings.lie_at)
                settings.lie(&all[i].answer, all[i].block, all[i].values);
            answers[i] = all[i].answer;
        }
        status = ct_solve_take(call, first, size, answers, CT_ALL_THREADS);
        settings.solved += size;
        for (size_t i = 0; i < size; i++) {
            free(all[i].block);
            free(all[i].values);
        }
        free(all);
        free(answers);
    }
    call->seconds->gram += 1;
    return status;
}

plain_device_settings *plain_device_set(void)
{
    return &settings;
}

const ct_operations *plain_device(void)
{
    static const ct_solver solver = {.name = "plain",
                                     .sorted = true,
                                     .batches = true,
                                     .open = open_plain,
                                     .close = close_plain,
                                     .takes = takes,
                                     .solve = solve};
    static ct_operations plain;
    plain = *ct_operations_cpu();
    plain.start(1);
    plain.name = "plain";
    plain.solver = &solver;
    return &plain;
}
