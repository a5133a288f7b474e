/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/map/map_cuts.h"

#include <stdio.h>
#include <string.h>

#include <cutropy/topological.h>

#include "base/bits.h"
#include "frontier/automaton.h"
#include "lattice/cut_list.h"
#include "problem/products.h"

#define STANDARD_CONNECTED 6 /* pixels */

static cutropy_status append(ct_map_cuts *p, const uint64_t *mask)
{
    return ct_cuts_append(&p->cuts, &p->room, mask, 1);
}

/* Has the cut more pixels than options.largest, or, as a region that automata read for itself, too many classes? These grow
 * with the boundary pixels, on the side where there are fewer. */
static bool is_large(const ct_map_cuts *p, const uint64_t *mask)
{
    const int pixels = p->lattice->pixels, largest = p->options.largest,
              na = cutropy_mask_pixels(mask, p->lattice->words);
    uint64_t other[CT_MAX_WORDS] = {0};
    ct_place place;
    if (largest && na > largest && pixels - na > largest)
        return true;
    if (!p->longest || ct_frontier_place(p->problem, mask, &place))
        return false;
    for (int i = 0; i < pixels; i++)
        if (!ct_bit(mask, (uint64_t)i))
            ct_set_bit(other, (uint64_t)i);
    return cutropy_boundary_pixels(p->lattice, mask) > p->longest &&
           cutropy_boundary_pixels(p->lattice, other) > p->longest;
}

/* Why, of a cut that is. */
static void say_large(const ct_map_cuts *p, const char *which, cutropy_map_family *family)
{
    if (p->longest)
        snprintf(
            family->missing, sizeof family->missing,
            "%s more boundary pixels than a line across%s: automata would have too many states",
            which, p->options.largest ? ", or more than --largest pixels on both sides" : "");
    else
        snprintf(family->missing, sizeof family->missing, "%s more than %d pixels on both sides",
                 which, p->options.largest);
}

static cutropy_status append_family(ct_map_cuts *p, cutropy_map_family *family,
                                    const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        if (is_large(p, mask))
            family->left_out++;
        else
            CT_TRY(append(p, mask));
    }
    family->count = p->cuts.count - family->first;
    if (!family->count)
        say_large(p, "every cut has", family);
done:
    return status;
}

static void too_many(cutropy_map_family *family, const char *what, double count, size_t most)
{
    snprintf(family->missing, sizeof family->missing, "%s: %.0f cuts are more than %zu", what,
             count, most);
}

/* n (n + 1) / 2 intervals of a line, n (n - 1) + 1 of a ring. */
static double intervals(int n, int periodic)
{
    return periodic ? (double)n * (n - 1) + 1 : (double)n * (n + 1) / 2;
}

/* Fills family->missing when the lattice has no such cuts or too many of them. */
static void judge(const ct_map_cuts *p, cutropy_map_family_id id, cutropy_map_family *family)
{
    const cutropy_lattice *l = p->lattice;
    const double most = (double)p->options.most_cuts;
    const bool chain = l->kind == CUTROPY_LATTICE_CHAIN;
    double count = 0;
    if (id == CUTROPY_MAP_ROWS && (chain || l->ly < 2))
        snprintf(family->missing, sizeof family->missing, "%s has one row only", l->name);
    else if (id == CUTROPY_MAP_COLUMNS && chain)
        snprintf(family->missing, sizeof family->missing,
                 "the columns of a chain are its prefix cuts");
    else if (id == CUTROPY_MAP_COLUMNS && l->lx < 2)
        snprintf(family->missing, sizeof family->missing, "%s has one column only", l->name);
    if (id == CUTROPY_MAP_RECTANGLES)
        count = intervals(l->lx, l->periodic) * intervals(l->ly, l->periodic);
    if (!*family->missing && count > most)
        too_many(family, family->name, count, p->options.most_cuts);
}

/* ---- large lattices: not all pairs and rectangles, but some everywhere ---- */

static int shared(int length, int stride)
{
    return (length + stride - 1) / stride;
}

/* Pixels whose places are multiples of the stride; on links those of the numbers. */
static bool is_chosen(const cutropy_lattice *l, int pixel, int stride)
{
    return l->kind == CUTROPY_LATTICE_LINKS
               ? pixel % stride == 0
               : pixel % l->lx % stride == 0 && pixel / l->lx % stride == 0;
}

static cutropy_status choose_pixels(ct_map_cuts *p)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *l = p->lattice;
    cutropy_map *map = p->map;
    const double most = (double)p->options.most_cuts;
    double n = l->pixels;
    for (map->pair_stride = 1; n * (n - 1) / 2 > most && n > 1;) {
        const int s = ++map->pair_stride;
        n = l->kind == CUTROPY_LATTICE_LINKS ? shared(l->pixels, s)
                                             : (double)shared(l->lx, s) * shared(l->ly, s);
    }
    ct_free(map->chosen);
    CT_NEW(map->chosen, (size_t)n);
    for (int i = 0; i < l->pixels; i++)
        if (is_chosen(l, i, map->pair_stride))
            map->chosen[map->chosen_count++] = i;
done:
    return status;
}

static cutropy_status append_pair(ct_map_cuts *p, int i, int j)
{
    uint64_t mask[CT_MAX_WORDS] = {0};
    ct_set_bit(mask, (uint64_t)i);
    ct_set_bit(mask, (uint64_t)j);
    return append(p, mask);
}

/* On a large lattice the pairs of all bonds come first. */
static cutropy_status add_pairs(ct_map_cuts *p)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *l = p->lattice;
    cutropy_map_family *family = &p->family[CUTROPY_MAP_PAIRS];
    *family = (cutropy_map_family){.name = "pairs", .first = p->cuts.count};
    CT_TRY(choose_pixels(p));
    if (p->options.largest == 1 && l->pixels > 3) {
        snprintf(family->missing, sizeof family->missing,
                 "pairs have more than one pixel on both sides");
        goto done;
    }
    for (int b = 0; p->map->pair_stride > 1 && b < l->bonds; b++)
        CT_TRY(append_pair(p, l->bond[b][0], l->bond[b][1]));
    for (size_t i = 0; i < p->map->chosen_count; i++)
        for (size_t j = i + 1; j < p->map->chosen_count; j++)
            CT_TRY(append_pair(p, p->map->chosen[i], p->map->chosen[j]));
    family->count = p->cuts.count - family->first;
    if (!family->count)
        snprintf(family->missing, sizeof family->missing, "no two pixels lie that far apart");
done:
    return status;
}

/* The rectangles of a large grid whose corners lie on every stride-th line, the last line included. */
static cutropy_status add_some_rectangles(ct_map_cuts *p)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *l = p->lattice;
    cutropy_map_family *family = &p->family[CUTROPY_MAP_RECTANGLES];
    cutropy_cuts cuts = {.words = l->words};
    const int stride_of_all = l->lx > l->ly ? l->lx : l->ly;
    size_t room = 0;
    int s = 2;
    while (s < stride_of_all &&
           intervals(shared(l->lx, s), 0) * intervals(shared(l->ly, s), 0) >
               (double)p->options.most_cuts / 2) /* a picture that can be read */
        s++;
    for (int y0 = 0; y0 < l->ly; y0 += s)
        for (int y1 = y0; y1 < l->ly; y1 += s)
            for (int x0 = 0; x0 < l->lx; x0 += s)
                for (int x1 = x0; x1 < l->lx; x1 += s) {
                    uint64_t mask[CT_MAX_WORDS] = {0};
                    int pixels = 0;
                    for (int y = y0; y < l->ly && y < y1 + s; y++)
                        for (int x = x0; x < l->lx && x < x1 + s; x++, pixels++)
                            ct_set_bit(mask, (uint64_t)(x + y * l->lx));
                    if (pixels == l->pixels)
                        continue;
                    CT_TRY(ct_cuts_append(&cuts, &room, mask, 1));
                }
    *family->missing = '\0';
    p->map->rectangle_stride = s;
    CT_TRY(append_family(p, family, &cuts));
done:
    cutropy_cuts_free(&cuts);
    return status;
}

static cutropy_status add_family(ct_map_cuts *p, cutropy_map_family_id id, const char *name)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_map_family *family = &p->family[id];
    cutropy_cuts cuts = {0};
    *family = (cutropy_map_family){.first = p->cuts.count};
    snprintf(family->name, sizeof family->name, "%s", name);
    judge(p, id, family);
    if (*family->missing)
        return id == CUTROPY_MAP_RECTANGLES && p->lattice->kind == CUTROPY_LATTICE_GRID
                   ? add_some_rectangles(p)
                   : CUTROPY_OK;
    CT_TRY(cutropy_cuts_parse(name, p->lattice, &cuts));
    CT_TRY(append_family(p, family, &cuts));
done:
    cutropy_cuts_free(&cuts);
    return status;
}

/* Connected regions: the size that was asked for, or the largest standard one with few cuts. */
static cutropy_status add_connected(ct_map_cuts *p)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_map_family *family = &p->family[CUTROPY_MAP_CONNECTED];
    cutropy_cuts cuts = {0};
    const int asked = p->options.connected, half = p->lattice->pixels / 2;
    int size = asked ? asked : half < STANDARD_CONNECTED ? half : STANDARD_CONNECTED;
    *family = (cutropy_map_family){.first = p->cuts.count};
    for (;; size--) {
        snprintf(family->name, sizeof family->name, "connected:%d", size);
        CT_TRY(cutropy_cuts_parse(family->name, p->lattice, &cuts));
        if (cuts.count <= p->options.most_cuts || asked || size == 1)
            break;
        cutropy_cuts_free(&cuts);
    }
    if (cuts.count > p->options.most_cuts)
        too_many(family, family->name, (double)cuts.count, p->options.most_cuts);
    else
        CT_TRY(append_family(p, family, &cuts));
done:
    cutropy_cuts_free(&cuts);
    return status;
}

/* The cuts of a topological constant: all, or none where the lattice has no room for the regions.
 */
static cutropy_status add_topological(ct_map_cuts *p, cutropy_map_family_id id,
                                      cutropy_topological_kind kind, const char *name)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_map_family *family = &p->family[id];
    cutropy_cuts regions = {0}, cuts = {0};
    *family = (cutropy_map_family){.first = p->cuts.count};
    snprintf(family->name, sizeof family->name, "%s", name);
    status = cutropy_topological_regions(p->lattice, kind, &regions);
    if (status == CUTROPY_EINPUT) {
        snprintf(family->missing, sizeof family->missing, "%s has no room for the regions",
                 p->lattice->name);
        status = CUTROPY_OK;
        goto done;
    }
    if (status)
        goto done;
    CT_TRY(cutropy_topological_cuts(kind, &regions, &cuts));
    CT_TRY(append_family(p, family, &cuts));
    if (family->left_out && family->count) {
        p->cuts.count = family->first;
        family->count = 0;
        say_large(p, "some of its cuts have", family);
    }
done:
    cutropy_cuts_free(&regions);
    cutropy_cuts_free(&cuts);
    return status;
}

/* All pixels but one. These cuts come first, as ct_ranges_of wants them. */
static cutropy_status add_range(ct_map_cuts *p)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_map_family *family = &p->family[CUTROPY_MAP_RANGE];
    const int pixels = p->lattice->pixels;
    snprintf(family->name, sizeof family->name, "all but one");
    for (int i = 0; i < pixels; i++) {
        uint64_t mask[CT_MAX_WORDS] = {0};
        for (int j = 0; j < pixels; j++)
            if (j != i)
                ct_set_bit(mask, (uint64_t)j);
        CT_TRY(append(p, mask));
    }
    family->count = p->cuts.count;
done:
    return status;
}

/* All pixels: what stands on the other side is the label. */
static cutropy_status add_label(ct_map_cuts *p)
{
    uint64_t mask[CT_MAX_WORDS] = {0};
    cutropy_map_family *family = &p->family[CUTROPY_MAP_LABEL];
    *family = (cutropy_map_family){.name = "label", .first = p->cuts.count};
    if (!p->problem->products || p->problem->products->sides != CT_LABEL_B) {
        snprintf(family->missing, sizeof family->missing, "the function has no label");
        return CUTROPY_OK;
    }
    for (int i = 0; i < p->lattice->pixels; i++)
        ct_set_bit(mask, (uint64_t)i);
    family->count = 1;
    return append(p, mask);
}

cutropy_status ct_map_cuts_fill(ct_map_cuts *p)
{
    static const char *const names[] = {"sites",    "pairs", "rows",      "columns",
                                        "prefixes", "half",  "rectangles"};
    cutropy_status status = CUTROPY_OK;
    memset(p->family, 0, CUTROPY_MAP_FAMILIES * sizeof *p->family);
    p->cuts.count = 0;
    p->map->chosen_count = 0;
    p->map->rectangle_stride = 1;
    CT_TRY(add_range(p));
    for (int id = 0; id < CUTROPY_MAP_CONNECTED; id++)
        CT_TRY(id == CUTROPY_MAP_PAIRS ? add_pairs(p)
                                       : add_family(p, (cutropy_map_family_id)id, names[id]));
    CT_TRY(add_connected(p));
    CT_TRY(add_topological(p, CUTROPY_MAP_KITAEV_PRESKILL, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL,
                           "Kitaev-Preskill"));
    CT_TRY(add_topological(p, CUTROPY_MAP_LEVIN_WEN, CUTROPY_TOPOLOGICAL_LEVIN_WEN, "Levin-Wen"));
    CT_TRY(add_label(p));
done:
    return status;
}

int ct_map_longest_boundary(const cutropy_lattice *l)
{
    const int side = l->kind == CUTROPY_LATTICE_CHAIN ? 1 : l->lx < l->ly ? l->lx : l->ly;
    return (side < 4 ? 4 : side) * (l->periodic ? 2 : 1);
}
