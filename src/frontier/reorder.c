/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/reorder.h"

#include <string.h>

#include "frontier/pairs.h"

#define DEAD (-1)

typedef struct ct_reordering {
    ct_levels *levels;
    uint64_t bytes, memory_limit; /* of all transitions */
    ct_hash table;
} ct_reordering;

#define EXCHANGE_BYTES 64 /* a state: transitions before and behind, its slots */

static cutropy_status check_memory(const ct_reordering *r, int32_t states)
{
    const uint64_t bytes = r->bytes + (uint64_t)states * EXCHANGE_BYTES;
    if (bytes <= r->memory_limit && states < INT32_MAX / 2)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the automaton that reads region A first has %d states at one level and needs %s, but %s may be "
        "used (--memory raises the limit)",
        states, CT_BYTES(bytes), CT_BYTES(r->memory_limit));
}

/* The level between two pixels that are exchanged: a state for each pair of states behind both. next: of the level before
 * them, when they are. Returns how many. */
static int32_t pair_up(ct_reordering *r, int k, int32_t (*next)[2], int32_t (*pair)[2])
{
    const ct_levels *l = r->levels;
    int32_t(*first)[2] = l->next[k], (*second)[2] = l->next[k + 1];
    const int32_t states = l->count[k];
    int32_t count = 0;
    memset(r->table.slot, 0, r->table.slots * sizeof *r->table.slot);
    for (int32_t i = 0; i < states; i++)
        for (int bit = 0; bit < 2; bit++) {
            int32_t wanted[2];
            for (int b = 0; b < 2; b++)
                wanted[b] = first[i][b] == DEAD ? DEAD : second[first[i][b]][bit];
            next[i][bit] = ct_pairs_number(&r->table, pair, &count, wanted);
        }
    return count;
}

/* Pixels k and k + 1 of the order change places. */
static cutropy_status exchange(ct_reordering *r, int k)
{
    cutropy_status status = CUTROPY_OK;
    ct_levels *l = r->levels;
    const size_t states = (size_t)l->count[k];
    int32_t(*next)[2] = NULL, (*pair)[2] = NULL, (*fitted)[2] = NULL;
    CT_TRY(check_memory(r, l->count[k]));
    if (4 * states > r->table.slots ||
        64 * (states + 1) < r->table.slots) { /* it is cleared each time */
        ct_hash_free(&r->table);
        CT_TRY(ct_hash_start(&r->table, 2 * states));
    }
    CT_NEW(next, states);
    CT_NEW(pair, 2 * states);
    const int32_t count = pair_up(r, k, next, pair);
    CT_NEW(fitted, count);
    memcpy(fitted, pair, (size_t)count * sizeof *pair);
    ct_free(l->next[k]);
    ct_free(l->next[k + 1]);
    l->next[k] = next;
    l->next[k + 1] = fitted;
    next = fitted = NULL;
    r->bytes += (uint64_t)count * sizeof *pair;
    r->bytes -= (uint64_t)l->count[k + 1] * sizeof *pair;
    l->count[k + 1] = count;
done:
    ct_free(next);
    ct_free(pair);
    ct_free(fitted);
    return status;
}

/* States of every level by the first way to them, bit 0 before bit 1: by the smallest of their images. */
static cutropy_status number_states(ct_levels *l)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *name = NULL, (*sorted)[2] = NULL;
    for (int k = 0; k + 1 < l->pixels; k++) {
        int32_t count = 0;
        CT_NEW(name, l->count[k + 1]);
        CT_NEW(sorted, l->count[k + 1]);
        memset(name, -1, (size_t)l->count[k + 1] * sizeof *name);
        for (int32_t i = 0; i < l->count[k]; i++)
            for (int bit = 0; bit < 2; bit++) {
                int32_t *to = &l->next[k][i][bit];
                if (*to == DEAD)
                    continue;
                if (name[*to] < 0) {
                    memcpy(sorted[count], l->next[k + 1][*to], sizeof *sorted);
                    name[*to] = count++;
                }
                *to = name[*to];
            }
        ct_free(l->next[k + 1]);
        l->next[k + 1] = sorted;
        sorted = NULL;
        ct_free(name);
        name = NULL;
    }
done:
    ct_free(name);
    ct_free(sorted);
    return status;
}

cutropy_status ct_levels_reorder(const ct_levels *levels, const uint16_t *rank, bool backwards,
                                 uint64_t memory_limit, const ct_watch *watch, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = levels->pixels;
    ct_reordering r = {.levels = out, .memory_limit = memory_limit};
    uint16_t *now = NULL;
    CT_TRY(ct_levels_copy(levels, out));
    for (int k = 0; k < pixels; k++)
        r.bytes += (uint64_t)levels->count[k] * sizeof *levels->next[k];
    CT_NEW(now, pixels);
    memcpy(now, rank, (size_t)pixels * sizeof *now);
    for (int i = 1; i < pixels; i++) {
        if (ct_asked_to_stop(watch, "evaluate", (uint64_t)i, (uint64_t)pixels))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped while the automaton was reordered"));
        for (int k = i - 1; k >= 0 && now[k] > now[k + 1]; k--) {
            const uint16_t moved = now[k];
            CT_TRY(exchange(&r, backwards ? pixels - 2 - k : k));
            now[k] = now[k + 1];
            now[k + 1] = moved;
        }
    }
    CT_TRY(number_states(out));
done:
    ct_free(now);
    ct_hash_free(&r.table);
    if (status != CUTROPY_OK)
        ct_levels_free(out);
    return status;
}
