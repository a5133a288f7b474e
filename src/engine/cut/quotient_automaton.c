/* SPDX-License-Identifier: Apache-2.0 */
/* The quotient of a cut from the automata of f: their states are its classes. */
#include <string.h>

#include <cutropy/cut.h>

#include "engine/cut/quotient.h"
#include "frontier/automaton.h"

/* Classes of a side of the cut: states of level `level` of one direction of reading. */
static cutropy_status take_classes(const ct_reading *reading, int direction, int level,
                                   ct_classes *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_counts *counts = &reading->count[direction];
    out->count = reading->side[direction].count[level];
    out->words = (int)counts->words;
    CT_NEW(out->weight, (size_t)out->count * counts->words);
    memcpy(out->weight, counts->count[level],
           (size_t)out->count * counts->words * sizeof *out->weight);
done:
    return status;
}

/* cells: a set of the first classes for each of the second. Sorted by the first (by_set = false) or
 * by the second. */
static cutropy_status take_edges(const uint64_t *cells, int64_t firsts, int64_t seconds,
                                 bool by_set, ct_quotient *q)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = ct_set_words((int32_t)firsts);
    int64_t *place = NULL;
    CT_NEW_ZERO(place, firsts + 1);
    for (int64_t j = 0; j < seconds; j++)
        for (size_t w = 0; w < words; w++)
            for (uint64_t rest = cells[(size_t)j * words + w]; rest; rest &= rest - 1, q->edges++)
                place[64 * w + (size_t)ct_lowest(rest) + 1]++;
    for (int64_t i = 0; i < firsts; i++)
        place[i + 1] += place[i];
    CT_NEW(q->edge, q->edges);
    int64_t next = 0;
    for (int64_t j = 0; j < seconds; j++)
        for (size_t w = 0; w < words; w++)
            for (uint64_t rest = cells[(size_t)j * words + w]; rest; rest &= rest - 1) {
                const int64_t i = (int64_t)(64 * w) + ct_lowest(rest);
                int32_t *edge = q->edge[by_set ? next++ : place[i]++];
                edge[by_set] = (int32_t)i;
                edge[!by_set] = (int32_t)j;
            }
done:
    ct_free(place);
    return status;
}

/* The same from lists. */
static cutropy_status take_lists(const ct_cell_lists *lists, int64_t firsts, int64_t seconds,
                                 bool by_set, ct_quotient *q)
{
    cutropy_status status = CUTROPY_OK;
    int64_t *place = NULL;
    q->edges = lists->start[seconds];
    CT_NEW_ZERO(place, firsts + 1);
    CT_NEW(q->edge, q->edges);
    for (int64_t e = 0; e < q->edges; e++)
        place[lists->row[e] + 1]++;
    for (int64_t i = 0; i < firsts; i++)
        place[i + 1] += place[i];
    for (int64_t j = 0; j < seconds; j++)
        for (int64_t e = lists->start[j]; e < lists->start[j + 1]; e++) {
            int32_t *edge = q->edge[by_set ? e : place[lists->row[e]]++];
            edge[by_set] = lists->row[e];
            edge[!by_set] = (int32_t)j;
        }
done:
    ct_free(place);
    return status;
}

cutropy_status ct_quotient_from_automaton(const ct_function *f, const uint64_t *mask,
                                          ct_quotient *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_automaton *a = f->automaton;
    uint64_t *cells = NULL;
    ct_cell_lists lists = {0};
    bool are_short;
    ct_place place;
    out->storage = CT_Q_EDGES;
    if (!ct_automaton_place(a, mask, &place))
        return ct_fail(CUTROPY_EINTERNAL, "the automaton does not know a cut of %d pixels",
                       cutropy_mask_pixels(mask, f->words));
    const ct_reading *reading = &a->reading[place.reading];
    CT_TRY(take_classes(reading, 0, place.k, &out->side[place.swapped]));
    CT_TRY(take_classes(reading, 1, f->pixels - place.k, &out->side[!place.swapped]));
    /* sets of the classes of one side for each of the other, from where less lies behind them */
    const int k[2] = {place.k, f->pixels - place.k};
    const ct_levels *side = reading->side;
    const bool other = ct_cells_measure(&side[1], &side[0], k[1]).bits <
                       ct_cells_measure(&side[0], &side[1], k[0]).bits;
    const bool by_set = place.swapped != other;
    const int64_t firsts = out->side[by_set].count, seconds = out->side[!by_set].count;
    CT_TRY(ct_cell_lists_make(&side[other], &side[!other], k[other], &lists, &are_short));
    if (are_short) {
        CT_TRY(take_lists(&lists, firsts, seconds, by_set, out));
        goto done;
    }
    CT_TRY(ct_cells(&side[other], &side[!other], k[other], &cells));
    CT_TRY(take_edges(cells, firsts, seconds, by_set, out));
done:
    ct_cell_lists_free(&lists);
    ct_free(cells);
    return status;
}
