/* SPDX-License-Identifier: Apache-2.0 */
/* From the answer of a device to a record: the same spectrum, checks and entropies as on the CPU.
 *
 * A sketch of quotient and blocks (counts and sizes without members) is all that these need, but
 * for a rank by elimination and for small Schmidt values, which read the matrix. */
#include "engine/answer.h"

#include "engine/entropy.h"
#include "engine/small_values.h"

static cutropy_status sketch_cut(const ct_function *f, const ct_cut_answer *answer, ct_quotient *q,
                                 ct_blocks *blocks)
{
    cutropy_status status = CUTROPY_OK;
    *q = (ct_quotient){.kind = f->kind, .value = {f->value[0], f->value[1]}, .pixels = f->pixels};
    *blocks = (ct_blocks){.count = answer->blocks};
    for (int s = 0; s < 2; s++) {
        q->side[s].count = answer->classes[s];
        CT_NEW_ZERO(blocks->start[s], answer->blocks + 1);
        for (int64_t b = 0; b < answer->blocks; b++) {
            if (answer->block[b].size[s] < 1)
                CT_TRY(ct_fail(CUTROPY_EINTERNAL, "a device found an empty block"));
            blocks->start[s][b + 1] = blocks->start[s][b] + answer->block[b].size[s];
        }
        if (blocks->start[s][answer->blocks] != answer->classes[s])
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "the blocks of a device hold %lld of %lld classes",
                           (long long)blocks->start[s][answer->blocks],
                           (long long)answer->classes[s]));
    }
done:
    return status;
}

static bool same_partition(const ct_quotient *q, const ct_blocks *blocks,
                           const ct_cut_answer *answer)
{
    if (q->side[0].count != answer->classes[0] || q->side[1].count != answer->classes[1] ||
        blocks->count != answer->blocks)
        return false;
    for (int64_t b = 0; b < blocks->count; b++)
        for (int s = 0; s < 2; s++)
            if (ct_block_size(blocks, b, s) != answer->block[b].size[s])
                return false;
    return true;
}

/* Replaces the sketch by the whole quotient, found on the CPU. */
static cutropy_status build_cut(const ct_setting *setting, int threads, const uint64_t *mask,
                                const ct_cut_answer *answer, ct_quotient *q, ct_blocks *blocks)
{
    cutropy_status status = CUTROPY_OK;
    ct_quotient_free(q);
    ct_blocks_free(blocks);
    CT_TRY(ct_quotient_build(setting->f, mask, setting->backend, threads, q));
    CT_TRY(ct_blocks_find(q, blocks));
    if (!same_partition(q, blocks, answer))
        CT_TRY(ct_fail(CUTROPY_EINTERNAL,
                       "backend '%s' and the CPU disagree on the classes of a cut: %lld x %lld in "
                       "%lld blocks, %lld x %lld in %lld",
                       setting->backend->name, (long long)answer->classes[0],
                       (long long)answer->classes[1], (long long)answer->blocks,
                       (long long)q->side[0].count, (long long)q->side[1].count,
                       (long long)blocks->count));
done:
    return status;
}

cutropy_status ct_answer_finish(const ct_setting *setting, int threads, const uint64_t *mask,
                                const ct_cut_answer *answer, bool may_build, bool *postponed,
                                cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    ct_quotient q = {0};
    ct_blocks blocks = {0};
    ct_spectrum spectrum = {0}, fine = {0};
    bool built = false, small;
    *postponed = false;
    CT_TRY(sketch_cut(f, answer, &q, &blocks));
    CT_TRY(ct_spectrum_from_answer(f, &q, &blocks, answer, &spectrum));
    CT_TRY(ct_spectrum_levels(f, &q, &spectrum));
    if (ct_spectrum_needs_elimination(&blocks, &spectrum)) {
        *postponed = !may_build;
        if (*postponed)
            goto done;
        CT_TRY(build_cut(setting, threads, mask, answer, &q, &blocks));
        built = true;
    }
    CT_TRY(ct_spectrum_ranks(&q, &blocks, &spectrum));
    CT_TRY(ct_small_values_needed(&spectrum, setting->quantities, setting->quantity_count, &small));
    if (small) {
        *postponed = !may_build && !built;
        if (*postponed)
            goto done;
        if (!built)
            CT_TRY(build_cut(setting, threads, mask, answer, &q, &blocks));
        CT_TRY(ct_small_values(f, &q, &blocks, setting->backend, setting->memory_limit, &spectrum,
                               &fine));
    }
    CT_TRY(ct_spectrum_finish(&spectrum));
    CT_TRY(ct_entropy_record(f, &q, &blocks, &spectrum, small ? &fine : &spectrum,
                             setting->quantities, setting->quantity_count, record));
    ct_record_solved(setting, record);
done:
    ct_spectrum_free(&fine);
    ct_spectrum_free(&spectrum);
    ct_blocks_free(&blocks);
    ct_quotient_free(&q);
    return status;
}
