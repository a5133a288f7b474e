/* SPDX-License-Identifier: Apache-2.0 */
/* Connected regions of a lattice, each once.
 *
 * Redelmeier's algorithm (D. H. Redelmeier, Discrete Math. 36 (1981) 191) on the graph of bonds:
 * regions whose smallest pixel is `root` grow from it; every pixel that was offered once and
 * refused is excluded in that branch. A first pass counts by size, so that the second one writes
 * each size to its place. */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "lattice/cut_list.h"

#define REGION_LIMIT 50000000

typedef struct search {
    const cutropy_lattice *lattice;
    ct_adjacency adjacency;
    int root, largest;
    bool *offered;                 /* pixels: is or was among the candidates of this branch */
    int *candidate;                /* pixels: the candidates, a stack shared by all levels */
    uint64_t region[CT_MAX_WORDS]; /* the region of this branch */
    size_t total;                  /* regions found, without the whole lattice */
    size_t *place;                 /* largest + 1: pass 1 counts of a size, pass 2 next index */
    uint64_t *out;                 /* NULL in pass 1; index x words */
} search;

/* Counts or writes the region; false when there are too many. */
static bool emit(search *s, int size)
{
    size_t words = s->lattice->words;
    if (size == s->lattice->pixels)
        return true;
    if (s->out)
        memcpy(s->out + s->place[size] * words, s->region, words * sizeof *s->region);
    s->place[size]++;
    return ++s->total <= REGION_LIMIT;
}

static int offer_neighbours(search *s, int pixel, int end)
{
    for (int k = s->adjacency.start[pixel]; k < s->adjacency.start[pixel + 1]; k++) {
        int next = s->adjacency.list[k];
        if (next <= s->root || s->offered[next])
            continue;
        s->offered[next] = true;
        s->candidate[end++] = next;
    }
    return end;
}

/* All regions that extend the present one (size - 1 pixels) by candidates begin .. end-1 and what
 * these offer. */
static bool extend(search *s, int size, int begin, int end)
{
    bool go_on = true;
    for (int c = begin; c < end && go_on; c++) {
        int pixel = s->candidate[c];
        ct_set_bit(s->region, (uint64_t)pixel);
        go_on = emit(s, size);
        if (go_on && size < s->largest) {
            int new_end = offer_neighbours(s, pixel, end);
            go_on = extend(s, size + 1, c + 1, new_end);
            for (int k = end; k < new_end; k++)
                s->offered[s->candidate[k]] = false;
        }
        s->region[pixel / 64] &= ~(UINT64_C(1) << (pixel % 64));
    }
    return go_on;
}

static bool run_search(search *s)
{
    s->total = 0;
    for (s->root = 0; s->root < s->lattice->pixels; s->root++) {
        s->candidate[0] = s->root;
        if (!extend(s, 1, 0, 1))
            return false;
    }
    return true;
}

/* Masks as integers: from the high word. */
static int compare_masks(const void *left, const void *right, void *user)
{
    const uint64_t *a = left, *b = right;
    for (size_t w = *(const size_t *)user; w-- > 0;)
        if (a[w] != b[w])
            return a[w] < b[w] ? -1 : 1;
    return 0;
}

static void sort_sizes(search *s)
{
    size_t words = s->lattice->words, first = 0;
    for (int size = 1; size <= s->largest; size++) {
        size_t end = s->place[size]; /* after pass 2 the end of this size */
        if (end > first)             /* no masks: no array to point into */
            qsort_r(s->out + first * words, end - first, words * sizeof *s->out, compare_masks,
                    &words);
        first = end;
    }
}

/* place[size] = first index of the size. */
static void counts_to_places(search *s)
{
    size_t first = 0;
    for (int size = 1; size <= s->largest; size++) {
        size_t count = s->place[size];
        s->place[size] = first;
        first += count;
    }
}

static cutropy_status find_regions(search *s, ct_cut_list *regions)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_adjacency_make(s->lattice, &s->adjacency));
    CT_NEW_ZERO(s->offered, s->lattice->pixels);
    CT_NEW(s->candidate, s->lattice->pixels);
    CT_NEW_ZERO(s->place, s->largest + 1);
    if (!run_search(s)) {
        status =
            ct_fail(CUTROPY_EINPUT,
                    "cuts 'connected:%d' of %s are more than %d regions; choose a smaller size",
                    s->largest, s->lattice->name, REGION_LIMIT);
        goto done;
    }
    CT_TRY(ct_cut_list_reserve(regions, "connected", s->total));
    s->out = regions->masks;
    counts_to_places(s);
    run_search(s);
    sort_sizes(s);
    regions->count = s->total;
done:
    ct_adjacency_free(&s->adjacency);
    ct_free(s->offered);
    ct_free(s->candidate);
    ct_free(s->place);
    return status;
}

cutropy_status ct_cuts_connected(ct_cut_list *list, int largest)
{
    cutropy_status status = CUTROPY_OK;
    ct_cut_list regions = {.lattice = list->lattice, .words = list->words};
    search s = {.lattice = list->lattice, .largest = largest};
    if (!list->check) {
        CT_TRY(find_regions(&s, list));
        goto done;
    }
    CT_TRY(find_regions(&s, &regions));
    for (size_t k = 0; k < regions.count; k++)
        CT_TRY(ct_cut_list_add(list, regions.masks + k * regions.words));
done:
    ct_cut_list_free(&regions);
    return status;
}
