/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/reverse.h"

#include <stdlib.h>
#include <string.h>

#include "frontier/states.h"

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

static cutropy_status check_memory(const ct_states *now, const ct_states *then, uint64_t limit,
                                   int k)
{
    const uint64_t bytes = 8 * (now->count * now->rows.words + 2 * then->count * then->rows.words);
    if (bytes <= limit && then->count < INT32_MAX)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the automaton read backwards has more than %zu states before pixel %d, and their sets need more "
        "than %s, but %s may be used (--memory raises the limit)",
        then->count, k, CT_BYTES(bytes), CT_BYTES(limit));
}

/* The level before pixel k. */
static cutropy_status step_back(const ct_levels *levels, int k, uint64_t memory_limit,
                                const ct_watch *watch, ct_states *now, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    const int level = levels->pixels - 1 - k; /* of the other direction, which is left */
    ct_states then = {.rows.words = ct_set_words(levels->count[k])};
    uint64_t *set = NULL;
    CT_NEW(out->next[level], now->count);
    CT_NEW(set, then.rows.words);
    for (size_t c = 0; c < now->count; c++) {
        if (c % 256 == 0) {
            CT_TRY(check_memory(now, &then, memory_limit, k));
            if (ct_asked_to_stop(watch, "evaluate", (uint64_t)level, (uint64_t)levels->pixels))
                CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped while the automaton was built"));
        }
        for (int bit = 0; bit < 2; bit++) {
            int32_t *to = &out->next[level][c][bit];
            *to = -1;
            if (preimage(levels->next[k], levels->count[k], bit, now->state + c * now->rows.words,
                         set))
                CT_TRY(ct_states_add(&then, set, to));
        }
    }
    out->count[level + 1] = (int32_t)then.count;
    ct_states_free(now);
    *now = then;
    then = (ct_states){0};
done:
    ct_states_free(&then);
    ct_free(set);
    return status;
}

cutropy_status ct_levels_reverse(const ct_levels *levels, uint64_t memory_limit,
                                 const ct_watch *watch, ct_levels *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_states now = {.rows.words = 1}; /* sets of states: at first of the accepting one */
    int32_t number;
    CT_TRY(ct_levels_new(levels->pixels, out));
    CT_TRY(ct_states_add(&now, &(uint64_t){1}, &number));
    out->count[0] = 1;
    for (int k = levels->pixels - 1; k >= 0; k--)
        CT_TRY(step_back(levels, k, memory_limit, watch, &now, out));
done:
    ct_states_free(&now);
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

ct_cells_size ct_cells_measure(const ct_levels *rows, const ct_levels *columns, int k)
{
    ct_cells_size size = {0};
    uint64_t before = 0;
    for (int level = rows->pixels; level >= k; level--) {
        const int32_t sets = columns->count[rows->pixels - level];
        const uint64_t bytes = 8 * ct_set_words(rows->count[level]) * (uint64_t)sets;
        size.bits += (double)rows->count[level] * sets;
        size.bytes = bytes + before > size.bytes ? bytes + before : size.bytes;
        before = bytes;
    }
    return size;
}

/* ---- the same as lists ---- */

void ct_cell_lists_free(ct_cell_lists *lists)
{
    ct_free(lists->start);
    ct_free(lists->row);
    *lists = (ct_cell_lists){0};
}

/* The states of level k that lead to each state of level k + 1 by one bit, ascending. */
static cutropy_status invert(const ct_levels *rows, int k, int bit, ct_cell_lists *out)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t to = rows->count[k + 1], from = rows->count[k];
    int64_t *place = NULL;
    CT_NEW_ZERO(out->start, (size_t)to + 1);
    CT_NEW(out->row, from);
    CT_NEW(place, to);
    for (int32_t i = 0; i < from; i++)
        if (rows->next[k][i][bit] >= 0)
            out->start[rows->next[k][i][bit] + 1]++;
    for (int32_t i = 0; i < to; i++) {
        out->start[i + 1] += out->start[i];
        place[i] = out->start[i];
    }
    for (int32_t i = 0; i < from; i++)
        if (rows->next[k][i][bit] >= 0)
            out->row[place[rows->next[k][i][bit]]++] = i;
done:
    ct_free(place);
    return status;
}

static int64_t list_length(const ct_cell_lists *lists, int32_t i)
{
    return lists->start[i + 1] - lists->start[i];
}

static int compare_rows(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* The preimage of a set: the lists of its members together. Returns its length; out NULL: only that. */
static int64_t join_lists(const ct_cell_lists *cells, int32_t c, const ct_cell_lists *inverse,
                          int32_t *out)
{
    int64_t length = 0;
    for (int64_t e = cells->start[c]; e < cells->start[c + 1]; e++) {
        const int32_t a = cells->row[e];
        if (out && list_length(inverse, a))
            memcpy(out + length, inverse->row + inverse->start[a],
                   (size_t)list_length(inverse, a) * sizeof *out);
        length += list_length(inverse, a);
    }
    if (out)
        qsort(out, (size_t)length, sizeof *out, compare_rows);
    return length;
}

/* Lists of cut k + 1, made those of cut k, as cells_before. */
static cutropy_status lists_before(const ct_levels *rows, const ct_levels *columns, int k,
                                   ct_cell_lists *cells, bool *are_short)
{
    cutropy_status status = CUTROPY_OK;
    const int level = rows->pixels - 1 - k;
    const int32_t found_at_last = columns->count[level + 1];
    ct_cell_lists inverse[2] = {{0}}, before = {0};
    CT_NEW_ZERO(before.start, (size_t)found_at_last + 1);
    for (int bit = 0; bit < 2; bit++)
        CT_TRY(invert(rows, k, bit, &inverse[bit]));
    for (int pass = 0; pass < 2 && *are_short; pass++) { /* lengths, then members */
        int32_t found = 0;
        for (int32_t c = 0; c < columns->count[level]; c++)
            for (int bit = 0; bit < 2; bit++) {
                if (columns->next[level][c][bit] != found)
                    continue;
                const int64_t length = join_lists(cells, c, &inverse[bit],
                                                  pass ? before.row + before.start[found] : NULL);
                if (!pass)
                    before.start[found + 1] = before.start[found] + length;
                found++;
            }
        if (pass)
            break;
        *are_short = (uint64_t)before.start[found_at_last] <=
                     2 * ct_set_words(rows->count[k]) * (uint64_t)found_at_last;
        if (*are_short)
            CT_NEW(before.row, before.start[found_at_last]);
    }
    ct_cell_lists_free(cells);
    *cells = before;
    before = (ct_cell_lists){0};
done:
    ct_cell_lists_free(&before);
    for (int bit = 0; bit < 2; bit++)
        ct_cell_lists_free(&inverse[bit]);
    return status;
}

cutropy_status ct_cell_lists_make(const ct_levels *rows, const ct_levels *columns, int k,
                                  ct_cell_lists *out, bool *are_short)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_cell_lists){0};
    *are_short = true;
    CT_NEW_ZERO(out->start, 2);
    CT_NEW_ZERO(out->row, 1);
    out->start[1] = 1;
    for (int level = rows->pixels - 1; level >= k && *are_short; level--)
        CT_TRY(lists_before(rows, columns, level, out, are_short));
done:
    if (status != CUTROPY_OK || !*are_short)
        ct_cell_lists_free(out);
    return status;
}
