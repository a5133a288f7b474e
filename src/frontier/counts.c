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

static cutropy_status count_level(const ct_levels *levels, int k, ct_counts *c)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = c->words;
    CT_NEW_ZERO(c->count[k + 1], (size_t)levels->count[k + 1] * words);
    for (int32_t i = 0; i < levels->count[k]; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t to = levels->next[k][i][bit];
            if (to >= 0)
                (void)ct_words_add(c->count[k + 1] + (size_t)to * words,
                                   c->count[k] + (size_t)i * words, words); /* at most 2^k */
        }
done:
    return status;
}

/* Numbers that need fewer words than room was left for. */
static void narrow(const ct_levels *levels, size_t words, ct_counts *c)
{
    for (int k = 0; k < c->levels; k++)
        for (size_t i = 0; i < (size_t)levels->count[k]; i++)
            memmove(c->count[k] + i * words, c->count[k] + i * c->words, words * 8);
    c->words = words;
}

cutropy_status ct_counts_make(const ct_levels *levels, ct_counts *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = levels->pixels;
    *out = (ct_counts){.levels = pixels + 1, .words = (size_t)pixels / 64 + 1};
    CT_NEW_ZERO(out->count, pixels + 1);
    CT_NEW_ZERO(out->count[0], (size_t)levels->count[0] * out->words);
    if (levels->count[0])
        out->count[0][0] = 1;
    for (int k = 0; k < pixels; k++)
        CT_TRY(count_level(levels, k, out));
    if (levels->count[pixels]) /* no state has more images than there are with label 1 */
        narrow(levels, ct_words_bits(out->count[pixels], out->words) / 64 + 1, out);
done:
    if (status != CUTROPY_OK)
        ct_counts_free(out);
    return status;
}
