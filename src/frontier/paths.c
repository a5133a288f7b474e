/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/paths.h"

#include <string.h>

/* Words of level k turned into those of level k + 1, each from the first state that leads there. */
static cutropy_status extend(const ct_levels *levels, int k, uint8_t **word)
{
    cutropy_status status = CUTROPY_OK;
    const size_t length = (size_t)k;
    uint8_t *longer = NULL;
    bool *known = NULL;
    CT_NEW(longer, (size_t)levels->count[k + 1] * (length + 1));
    CT_NEW_ZERO(known, levels->count[k + 1]);
    for (int32_t i = 0; i < levels->count[k]; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t to = levels->next[k][i][bit];
            if (to < 0 || known[to])
                continue;
            uint8_t *out = longer + (size_t)to * (length + 1);
            if (length)
                memcpy(out, *word + (size_t)i * length, length);
            out[length] = (uint8_t)bit;
            known[to] = true;
        }
    ct_free(*word);
    *word = longer;
    longer = NULL;
done:
    ct_free(longer);
    ct_free(known);
    return status;
}

cutropy_status ct_paths_first(const ct_levels *levels, int level, uint8_t **out)
{
    cutropy_status status = CUTROPY_OK;
    uint8_t *word = NULL;
    *out = NULL;
    CT_NEW_ZERO(word, 1);
    for (int k = 0; k < level; k++)
        CT_TRY(extend(levels, k, &word));
    *out = word;
    word = NULL;
done:
    ct_free(word);
    return status;
}

int32_t ct_paths_walk(const ct_levels *levels, int level, int32_t state, const uint8_t *bit,
                      int step, int count)
{
    for (int k = 0; k < count && state >= 0; k++)
        state = levels->next[level + k][state][bit[k * step]];
    return state;
}

cutropy_status ct_paths_partners(const ct_levels *levels, const ct_levels *others, int level,
                                 int32_t *partner)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = levels->pixels, from = pixels - level;
    uint8_t *rest = NULL; /* what the other order reads behind the state, its first pixel last */
    CT_NEW(rest, level + 1);
    for (int32_t c = 0; c < others->count[from]; c++) {
        int32_t state = c;
        for (int k = 0; k < level; k++) { /* every state has a way to label 1 */
            const int32_t *next = others->next[from + k][state];
            const uint8_t bit = next[0] < 0;
            rest[level - 1 - k] = bit;
            state = next[bit];
        }
        partner[c] = ct_paths_walk(levels, 0, 0, rest, 1, level);
        if (partner[c] < 0)
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "two orders of the pixels disagree about an image"));
    }
done:
    ct_free(rest);
    return status;
}

cutropy_status ct_paths_mirror(const ct_levels *levels, int level, int width, int32_t *mirror,
                               bool *is_one)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t count = levels->count[level];
    uint8_t *word = NULL;
    bool moves = false;
    *is_one = false;
    CT_TRY(ct_paths_first(levels, level, &word));
    for (int32_t i = 0; i < count; i++) {
        int32_t state = 0;
        for (int k = 0; k < level; k += width)
            state = state < 0 ? state
                              : ct_paths_walk(levels, k, state,
                                              word + (size_t)i * (size_t)level + k + width - 1, -1,
                                              width);
        if (state < 0)
            goto done;
        mirror[i] = state;
        moves = moves || state != i;
    }
    for (int32_t i = 0; i < count && moves; i++)
        moves = mirror[mirror[i]] == i;
    *is_one = moves;
done:
    ct_free(word);
    return status;
}
