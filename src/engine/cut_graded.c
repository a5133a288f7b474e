/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut_graded.h"

#include "engine/block_rows.h"

void ct_cut_graded_free(ct_cut_graded *cut)
{
    for (int64_t b = 0; b < cut->count; b++)
        ct_graded_free(cut->block[b]);
    ct_free(cut->block);
    *cut = (ct_cut_graded){0};
}

static bool has_room(const ct_quotient *q, const ct_blocks *blocks, const ct_graded_goal *goal)
{
    for (int64_t b = 0; b < blocks->count; b++) {
        const int64_t rows = ct_block_size(blocks, b, 0), columns = ct_block_size(blocks, b, 1);
        const int64_t n =
            (rows < columns ? rows : columns) * (q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1);
        if (ct_graded_work(n, goal->bits) > goal->work_limit ||
            ct_graded_bytes(n, goal->bits) > (double)goal->memory_limit)
            return false;
    }
    return true;
}

static cutropy_status make_block(const ct_quotient *q, const ct_blocks *blocks, int64_t b,
                                 const ct_backend *backend, int threads, ct_graded **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_arena arena = {0};
    ct_gram gram = {0};
    ct_block_rows rows = {0};
    if (q->kind == CUTROPY_KIND_REAL || q->kind == CUTROPY_KIND_COMPLEX) {
        CT_TRY(ct_block_rows_make(q, blocks, b, &rows));
        CT_TRY(ct_graded_numbers(rows.n, rows.k, rows.entry, rows.weight, rows.column_weight, out));
    } else {
        CT_TRY(ct_gram_block(q, blocks, b, backend, threads, &arena, &gram));
        CT_TRY(ct_graded_integers(gram.n, gram.integer, gram.weight, out));
    }
done:
    ct_block_rows_free(&rows);
    ct_gram_free(&gram);
    ct_arena_free(&arena);
    return status;
}

cutropy_status ct_cut_graded_make(const ct_quotient *q, const ct_blocks *blocks,
                                  const ct_backend *backend, int threads,
                                  const ct_graded_goal *goal, ct_cut_graded *out, bool *fits)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_cut_graded){.copies = q->kind == CUTROPY_KIND_COMPLEX ? 2 : 1};
    *fits = has_room(q, blocks, goal);
    if (!*fits)
        return CUTROPY_OK;
    CT_NEW_ZERO(out->block, blocks->count);
    for (; out->count < blocks->count; out->count++)
        CT_TRY(make_block(q, blocks, out->count, backend, threads, &out->block[out->count]));
done:
    return status;
}

cutropy_status ct_cut_graded_enclosure(ct_cut_graded *cut, const ct_graded_goal *goal,
                                       const int64_t *rank_of_block, ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    bool proved = true;
    CT_TRY(ct_enclosure_create(cut->copies, out));
    for (int64_t b = 0; b < cut->count && proved; b++) {
        ct_graded_goal own = *goal;
        own.rank = rank_of_block && rank_of_block[b] >= 0 ? cut->copies * rank_of_block[b] : -1;
        CT_TRY(ct_graded_prove(cut->block[b], &own, &proved));
        if (proved)
            CT_TRY(ct_enclosure_add_graded(*out, cut->block[b], goal->bits));
    }
done:
    if (status != CUTROPY_OK || !proved) {
        ct_enclosure_free(*out);
        *out = NULL;
    }
    return status;
}
