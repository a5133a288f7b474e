/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/reverse.h"

#include <string.h>

#include "base/array.h"
#include "base/hash.h"

/* The row classes of level k whose successor by `bit` is in a set of level k + 1; false: none. */
static bool preimage(int32_t (*next)[2], int32_t count, int bit, const uint64_t *set, uint64_t *out)
{
    uint64_t any = 0;
    for (int32_t first = 0; first < count; first += 64) {
        const int32_t last = count - first < 64 ? count : first + 64;
        uint64_t word = 0;
        for (int32_t i = first; i < last; i++) {
            const int32_t to = next[i][bit];
            if (to >= 0)
                word |= (set[to >> 6] >> (to & 63) & 1) << (i - first);
        }
        out[first >> 6] = word;
        any |= word;
    }
    return any;
}

/* Sets of one level, each once. */
typedef struct ct_sets {
    uint64_t *set; /* count x words */
    size_t words, count, room;
    ct_hash table;
} ct_sets;

static void sets_free(ct_sets *s)
{
    ct_free(s->set);
    ct_hash_free(&s->table);
    *s = (ct_sets){0};
}

/* The set behind the last one is a candidate: it stays if it is new. */
static cutropy_status sets_keep(ct_sets *s, int32_t *number)
{
    cutropy_status status = CUTROPY_OK;
    const ct_word_rows rows = {.row = s->set, .words = s->words};
    CT_TRY(ct_hash_room_rows(&s->table, s->count + 1, &rows));
    uint32_t *slot = ct_hash_find_row(&s->table, &rows, s->set + s->count * s->words);
    if (!*slot)
        *slot = (uint32_t)++s->count;
    *number = (int32_t)*slot - 1;
done:
    return status;
}

static cutropy_status check_memory(const ct_sets *now, const ct_sets *then, uint64_t limit, int k)
{
    const uint64_t bytes = 8 * (now->count * now->words + 2 * then->count * then->words);
    char needs[24], may[24];
    if (bytes <= limit && then->count < INT32_MAX)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the automaton read backwards has more than %zu states before pixel %d, and their sets need more "
        "than %s, but %s may be used (--memory raises the limit)",
        then->count, k, ct_bytes_format(bytes, needs), ct_bytes_format(limit, may));
}

/* The level before pixel k. */
static cutropy_status step_back(const ct_levels *levels, int k, uint64_t memory_limit,
                                const ct_watch *watch, ct_sets *now, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    const int level = levels->pixels - 1 - k; /* of the other direction, which is left */
    ct_sets then = {.words = ct_set_words(levels->count[k])};
    CT_NEW(out->next[level], now->count);
    for (size_t c = 0; c < now->count; c++) {
        if (c % 256 == 0) {
            CT_TRY(check_memory(now, &then, memory_limit, k));
            if (watch &&
                watch->report("evaluate", (uint64_t)level, (uint64_t)levels->pixels, watch->user))
                CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped while the automaton was built"));
        }
        for (int bit = 0; bit < 2; bit++) {
            int32_t *to = &out->next[level][c][bit];
            CT_TRY(ct_array_room("sets", &then.set, then.count, &then.room, 1,
                                 then.words * sizeof *then.set));
            *to = -1;
            if (preimage(levels->next[k], levels->count[k], bit, now->set + c * now->words,
                         then.set + then.count * then.words))
                CT_TRY(sets_keep(&then, to));
        }
    }
    out->count[level + 1] = (int32_t)then.count;
    sets_free(now);
    *now = then;
    then = (ct_sets){0};
done:
    sets_free(&then);
    return status;
}

cutropy_status ct_levels_reverse(const ct_levels *levels, uint64_t memory_limit,
                                 const ct_watch *watch, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_sets now = {.words = 1, .count = 1, .room = 1};
    *out = (ct_levels){.pixels = levels->pixels};
    CT_NEW_ZERO(out->count, levels->pixels + 1);
    CT_NEW_ZERO(out->next, levels->pixels);
    CT_NEW(now.set, 1);
    now.set[0] = 1; /* the accepting state */
    out->count[0] = 1;
    for (int k = levels->pixels - 1; k >= 0; k--)
        CT_TRY(step_back(levels, k, memory_limit, watch, &now, out));
done:
    sets_free(&now);
    if (status != CUTROPY_OK)
        ct_levels_free(out);
    return status;
}

/* cells: of cut k + 1, made those of cut k. Every column class has a parent, whose set it is the
 * preimage of. */
static cutropy_status cells_before(const ct_levels *rows, const ct_levels *columns, int k,
                                   uint64_t **cells)
{
    cutropy_status status = CUTROPY_OK;
    const int level = rows->pixels - 1 - k;
    const size_t from = ct_set_words(rows->count[k + 1]), words = ct_set_words(rows->count[k]);
    int32_t found = 0; /* column classes are numbered by their first parents */
    uint64_t *before = NULL;
    CT_NEW(before, (size_t)columns->count[level + 1] * words);
    for (int32_t c = 0; c < columns->count[level]; c++)
        for (int bit = 0; bit < 2; bit++)
            if (columns->next[level][c][bit] == found) {
                preimage(rows->next[k], rows->count[k], bit, *cells + (size_t)c * from,
                         before + (size_t)found * words);
                found++;
            }
    ct_free(*cells);
    *cells = before;
done:
    return status;
}

cutropy_status ct_cells(const ct_levels *rows, const ct_levels *columns, int k, uint64_t **out)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *cells = NULL;
    *out = NULL;
    CT_NEW(cells, 1);
    cells[0] = 1;
    for (int level = rows->pixels - 1; level >= k; level--)
        CT_TRY(cells_before(rows, columns, level, &cells));
    *out = cells;
    cells = NULL;
done:
    ct_free(cells);
    return status;
}
