/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/counts.h"

#include <string.h>

void ct_counts_free(ct_counts *counts)
{
    for (int k = 0; counts->count && k < counts->levels; k++)
        ct_free(counts->count[k]);
    ct_free(counts->count);
    *counts = (ct_counts){0};
}

/* The counts of level k + 1, which are zero so far, from those of level k. */
static void add_level(const ct_levels *levels, int k, size_t words, const uint64_t *from,
                      uint64_t *to)
{
    for (int32_t i = 0; i < levels->count[k]; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t next = levels->next[k][i][bit];
            if (next >= 0)
                (void)ct_words_add(to + (size_t)next * words, from + (size_t)i * words,
                                   words); /* at most 2^k */
        }
}

static uint64_t most_states(const ct_levels *levels)
{
    uint64_t most = 1;
    for (int k = 0; k <= levels->pixels; k++)
        most = (uint64_t)levels->count[k] > most ? (uint64_t)levels->count[k] : most;
    return most;
}

static cutropy_status check(const char *what, uint64_t bytes, uint64_t memory_limit)
{
    if (bytes <= memory_limit)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "solver frontier: the %s of its automaton need %s, but %s may be used (--memory raises the limit)",
        what, CT_BYTES(bytes), CT_BYTES(memory_limit));
}

/* How many words the number of label-1 images needs for one bit more, from two levels at a time: no state has more images. */
static cutropy_status find_words(const ct_levels *levels, uint64_t memory_limit, size_t *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = (size_t)levels->pixels / 64 + 1;
    const size_t most = (size_t)most_states(levels);
    uint64_t *now = NULL, *then = NULL;
    *out = words;
    if (words == 1 || !levels->count[levels->pixels])
        return CUTROPY_OK;
    CT_TRY(check("counts of two levels", 2 * (uint64_t)most * words * sizeof *now, memory_limit));
    CT_NEW_ZERO(now, most * words);
    CT_NEW(then, most * words);
    now[0] = 1;
    for (int k = 0; k < levels->pixels; k++) {
        uint64_t *swap = now;
        memset(then, 0, (size_t)levels->count[k + 1] * words * sizeof *then);
        add_level(levels, k, words, now, then);
        now = then;
        then = swap;
    }
    *out = ct_words_bits(now, words) / 64 + 1;
done:
    ct_free(now);
    ct_free(then);
    return status;
}

cutropy_status ct_counts_make(const ct_levels *levels, uint64_t memory_limit, ct_counts *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = levels->pixels;
    uint64_t states = 0;
    *out = (ct_counts){.levels = pixels + 1};
    CT_TRY(find_words(levels, memory_limit, &out->words));
    for (int k = 0; k <= pixels; k++)
        states += (uint64_t)levels->count[k];
    CT_TRY(check("counts", states * out->words * sizeof **out->count, memory_limit));
    CT_NEW_ZERO(out->count, pixels + 1);
    for (int k = 0; k <= pixels; k++)
        CT_NEW_ZERO(out->count[k], (size_t)levels->count[k] * out->words);
    if (levels->count[0])
        out->count[0][0] = 1;
    for (int k = 0; k < pixels; k++)
        add_level(levels, k, out->words, out->count[k], out->count[k + 1]);
done:
    if (status != CUTROPY_OK)
        ct_counts_free(out);
    return status;
}
