/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/level_blocks.h"

#include <string.h>

void ct_level_gram_free(ct_level_gram *g)
{
    ct_free(g->block);
    ct_free(g->place);
    ct_free(g->size);
    ct_free(g->start);
    ct_free(g->entry);
    ct_free(g->diagonal);
    *g = (ct_level_gram){0};
}

int32_t ct_level_blocks_find(int32_t *parent, int32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

void ct_level_blocks_join(int32_t *parent, int32_t i, int32_t j)
{
    i = ct_level_blocks_find(parent, i);
    j = ct_level_blocks_find(parent, j);
    parent[i > j ? i : j] = i < j ? i : j;
}

cutropy_status ct_level_blocks_number(int32_t *parent, ct_level_gram *g)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(g->block, g->count);
    CT_NEW(g->place, g->count);
    CT_NEW_ZERO(g->size, g->count);
    g->blocks = 0;
    for (int32_t i = 0; i < g->count; i++) { /* the root of a set is its first state */
        const int32_t root = ct_level_blocks_find(parent, i);
        g->block[i] = root == i ? g->blocks++ : g->block[root];
        g->place[i] = g->size[g->block[i]]++;
    }
    CT_NEW(g->start, g->blocks + 1);
    g->start[0] = 0;
    for (int32_t b = 0; b < g->blocks; b++) {
        const size_t n = (size_t)g->size[b];
        g->start[b + 1] = g->start[b] + n * (n + 1) / 2;
    }
done:
    return status;
}

cutropy_status ct_level_blocks_coarse(int32_t (*next)[2], const ct_level_gram *then,
                                      ct_level_gram *g)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *parent = NULL, *first = NULL;
    CT_NEW(parent, g->count);
    CT_NEW(first, 2 * (size_t)then->blocks);
    memset(first, -1, 2 * (size_t)then->blocks * sizeof *first);
    for (int32_t i = 0; i < g->count; i++) {
        parent[i] = i;
        for (int bit = 0; bit < 2; bit++) {
            if (next[i][bit] < 0)
                continue;
            int32_t *one = &first[2 * (size_t)then->block[next[i][bit]] + (size_t)bit];
            if (*one >= 0)
                ct_level_blocks_join(parent, *one, i);
            else
                *one = i;
        }
    }
    CT_TRY(ct_level_blocks_number(parent, g));
done:
    ct_free(first);
    ct_free(parent);
    return status;
}

cutropy_status ct_level_blocks_members(const ct_level_gram *g, int32_t **member, int32_t **begin)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(*member, g->count);
    CT_NEW_ZERO(*begin, g->blocks + 1);
    for (int32_t b = 0; b < g->blocks; b++)
        (*begin)[b + 1] = (*begin)[b] + g->size[b];
    for (int32_t i = 0; i < g->count; i++)
        (*member)[(*begin)[g->block[i]] + g->place[i]] = i;
done:
    return status;
}
