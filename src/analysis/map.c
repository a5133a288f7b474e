/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy maps: the cuts of all pictures in one run, the mutual information and the ranges of
 * pixels. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/topological.h>

#include "analysis/range.h"
#include "analysis/range_cut.h"
#include "analysis/law_point.h"
#include "analysis/scaling.h"
#include "base/array.h"
#include "base/bits.h"
#include "engine/options.h"
#include "engine/memory_limit.h"
#include "engine/run.h"
#include "frontier/automaton.h"
#include "frontier/level_range.h"
#include "problem/products.h"
#include "lattice/lattice.h"
#include "output/map.h"

#define STANDARD_CONNECTED 6 /* pixels */
/* Ranges are drawn where they take seconds: a pass over f for every pixel. */
#define RANGED_TABLE 25                 /* pixels */
#define RANGED_VALUES 22                /* pixels */
#define RANGED_LIST (UINT64_C(1) << 26) /* images x pixels */
#define RANGED_LOOKS 1e9                /* of automata: at pairs of states along the rows */

/* All cuts in one list. A cut may stand in several families; the run computes it once. */
typedef struct plan {
    const cutropy_problem *problem;
    const cutropy_lattice *lattice;
    int longest; /* boundary pixels of a region that automata read for itself; 0: nobody asks */
    cutropy_map_options options;
    cutropy_map *map;
    cutropy_map_family *family; /* those of the map */
    cutropy_cuts cuts;
    size_t room; /* of cuts */
} plan;

static cutropy_status append(plan *p, const uint64_t *masks, size_t count)
{
    const size_t bytes = p->cuts.words * sizeof *masks;
    const cutropy_status status =
        ct_array_room("cuts of the map", &p->cuts.masks, p->cuts.count, &p->room, count, bytes);
    if (status != CUTROPY_OK)
        return status;
    if (count)
        memcpy(p->cuts.masks + p->cuts.count * p->cuts.words, masks, count * bytes);
    p->cuts.count += count;
    return CUTROPY_OK;
}

/* Has the cut more pixels than options.largest, or, as a region that automata read for itself, too many classes? These grow
 * with the boundary pixels, on the side where there are fewer. */
static bool is_large(const plan *p, const uint64_t *mask)
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
static void say_large(const plan *p, const char *which, cutropy_map_family *family)
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

static cutropy_status append_family(plan *p, cutropy_map_family *family, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        if (is_large(p, mask))
            family->left_out++;
        else
            CT_TRY(append(p, mask, 1));
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
static void judge(const plan *p, cutropy_map_family_id id, cutropy_map_family *family)
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

static cutropy_status choose_pixels(plan *p)
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

static cutropy_status append_pair(plan *p, int i, int j)
{
    uint64_t mask[CT_MAX_WORDS] = {0};
    ct_set_bit(mask, (uint64_t)i);
    ct_set_bit(mask, (uint64_t)j);
    return append(p, mask, 1);
}

/* On a large lattice the pairs of all bonds come first. */
static cutropy_status add_pairs(plan *p)
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
static cutropy_status add_some_rectangles(plan *p)
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
                    CT_TRY(ct_array_room("rectangles", &cuts.masks, cuts.count, &room, 1,
                                         cuts.words * sizeof *mask));
                    memcpy(cuts.masks + cuts.count++ * cuts.words, mask, cuts.words * sizeof *mask);
                }
    *family->missing = '\0';
    p->map->rectangle_stride = s;
    CT_TRY(append_family(p, family, &cuts));
done:
    cutropy_cuts_free(&cuts);
    return status;
}

static cutropy_status add_family(plan *p, cutropy_map_family_id id, const char *name)
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
static cutropy_status add_connected(plan *p)
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
static cutropy_status add_topological(plan *p, cutropy_map_family_id id,
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
static cutropy_status add_range(plan *p)
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
        CT_TRY(append(p, mask, 1));
    }
    family->count = p->cuts.count;
done:
    return status;
}

/* All pixels: what stands on the other side is the label. */
static cutropy_status add_label(plan *p, const cutropy_problem *problem)
{
    uint64_t mask[CT_MAX_WORDS] = {0};
    cutropy_map_family *family = &p->family[CUTROPY_MAP_LABEL];
    *family = (cutropy_map_family){.name = "label", .first = p->cuts.count};
    if (!problem->products || problem->products->sides != CT_LABEL_B) {
        snprintf(family->missing, sizeof family->missing, "the function has no label");
        return CUTROPY_OK;
    }
    for (int i = 0; i < p->lattice->pixels; i++)
        ct_set_bit(mask, (uint64_t)i);
    family->count = 1;
    return append(p, mask, 1);
}

static cutropy_status add_all(plan *p, const cutropy_problem *problem)
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
    CT_TRY(add_label(p, problem));
done:
    return status;
}

static const cutropy_record *record_of(const cutropy_result *result, size_t row)
{
    return &result->records[result->rows[row].record];
}

static cutropy_status fill_mutual_information(cutropy_map *map)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_result *r = map->result;
    const size_t n = (size_t)map->lattice->pixels, count = map->family[CUTROPY_MAP_PAIRS].count;
    const size_t sites = map->family[CUTROPY_MAP_SITES].first;
    const size_t first = map->family[CUTROPY_MAP_PAIRS].first, words = r->cuts.words;
    if (!count)
        return CUTROPY_OK;
    CT_NEW(map->pair, count);
    if (map->pair_stride == 1) {
        CT_NEW_ZERO(map->mutual_information, n * n);
        CT_NEW_ZERO(map->mutual_information_err, n * n);
    }
    for (map->pairs = 0; map->pairs < count; map->pairs++) {
        ct_map_pair *pair = &map->pair[map->pairs];
        const uint64_t *mask = r->cuts.masks + (first + map->pairs) * words;
        pair->i = pair->j = 0;
        while (!ct_bit(mask, (uint64_t)pair->i))
            pair->i++;
        for (pair->j = pair->i + 1; !ct_bit(mask, (uint64_t)pair->j);)
            pair->j++;
        const size_t i = (size_t)pair->i, j = (size_t)pair->j;
        const cutropy_record *one = record_of(r, sites + i), *other = record_of(r, sites + j);
        const cutropy_record *both = record_of(r, first + map->pairs);
        pair->information = one->entropy + other->entropy - both->entropy;
        pair->err = one->entropy_err + other->entropy_err + both->entropy_err;
        if (map->pair_stride > 1)
            continue;
        map->mutual_information[i * n + j] = map->mutual_information[j * n + i] = pair->information;
        map->mutual_information_err[i * n + j] = map->mutual_information_err[j * n + i] = pair->err;
    }
done:
    return status;
}

/* Looks at pairs of states for the ranges of all pixels, about: regions have a few times as many states as lines. */
static double ranged_looks(const ct_automaton *a)
{
    const ct_reading *r = &a->reading[a->reading[CT_BY_ROWS].open ? CT_BY_ROWS : CT_BY_COLUMNS];
    const ct_level_range cut = {.levels = &r->side[0], .na = r->side[0].pixels};
    double bytes, looks;
    ct_level_range_cost(&cut, &bytes, &looks);
    return looks * r->side[0].pixels;
}

/* Fills family->missing when the ranges would take too long or too much memory. */
static void judge_ranges(const ct_function *f, uint64_t limit, cutropy_map_family *family)
{
    const uint64_t needs = ct_range_bytes(f, f->pixels - 1);
    char text[2][24];
    if (f->storage == CT_AFFINE)
        snprintf(family->missing, sizeof family->missing,
                 "ranges are read off images, which linear equations do not list");
    else if (f->storage == CT_AUTOMATON && ranged_looks(f->automaton) > RANGED_LOOKS)
        snprintf(family->missing, sizeof family->missing,
                 "the pairs of states of %d pixels take too long for a map; cutropy range does it",
                 f->pixels);
    else if (f->storage == CT_PRODUCTS)
        snprintf(family->missing, sizeof family->missing,
                 "ranges are read off images, which a sum of product states does not list");
    else if (f->storage == CT_SUPPORT && f->ones > RANGED_LIST / (uint64_t)f->pixels)
        snprintf(family->missing, sizeof family->missing,
                 "sorting a list of %llu images for each of %d pixels takes too long for a map; "
                 "cutropy range does it",
                 (unsigned long long)f->ones, f->pixels);
    else if (f->storage != CT_SUPPORT && f->storage != CT_AUTOMATON &&
             f->pixels > (f->storage == CT_TABLE ? RANGED_TABLE : RANGED_VALUES))
        snprintf(family->missing, sizeof family->missing,
                 "a pass over 2^%d images for every pixel takes too long for a map; cutropy range "
                 "does it",
                 f->pixels);
    else if (needs > limit)
        snprintf(family->missing, sizeof family->missing,
                 "it needs %s but %s may be used (--memory raises the limit)",
                 ct_bytes_format(needs, text[0]), ct_bytes_format(limit, text[1]));
}

static cutropy_status fill_ranges(cutropy_map *map, const cutropy_state *state,
                                  const cutropy_options *options)
{
    cutropy_map_family *family = &map->family[CUTROPY_MAP_RANGE];
    judge_ranges(&state->f, ct_memory_limit(options), family);
    if (*family->missing)
        return CUTROPY_OK;
    return ct_ranges_of(state, map->result, family->count, options, &map->ranges);
}

/* The cuts of the verdict: rows first .. first + count - 1 of the result. They are those of cutropy
 * scaling without --cuts, so that both say the same. */
static void choose_law_cuts(cutropy_map *map, size_t *first, size_t *count)
{
    const cutropy_map_family *rectangles = &map->family[CUTROPY_MAP_RECTANGLES];
    const cutropy_map_family *prefixes = &map->family[CUTROPY_MAP_PREFIXES];
    const bool chain = map->lattice->kind == CUTROPY_LATTICE_CHAIN;
    const cutropy_map_family *from = chain ? prefixes : rectangles, *to = from;
    snprintf(map->law_cuts, sizeof map->law_cuts, "%s", chain ? "prefixes" : "rectangles");
    if ((!from->count || map->rectangle_stride > 1) && !chain) {
        from = &map->family[CUTROPY_MAP_ROWS];
        to = prefixes;
        snprintf(map->law_cuts, sizeof map->law_cuts, "rows, columns, prefixes");
    }
    *first = from->first;
    *count = to->first + to->count - from->first;
}

static cutropy_status keep_points(cutropy_map *map, const cutropy_scaling_point *points,
                                  size_t count, size_t first)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(map->law_point, count + 1);
    map->law_points = count;
    for (size_t i = 0; i < count; i++) {
        map->law_point[i] = ct_law_point_of(map->law, &points[i]);
        map->law_point[i].row += first;
    }
done:
    return status;
}

static cutropy_status judge_law(cutropy_map *map, const cutropy_problem *problem,
                                const cutropy_state *state, const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_scaling_point *points = NULL;
    size_t first, count;
    choose_law_cuts(map, &first, &count);
    cutropy_result view = *map->result;
    view.rows += first;
    view.cuts.masks += first * view.cuts.words;
    view.count = view.cuts.count = count;
    map->law_length = map->lattice->vertices ? CUTROPY_LENGTH_VERTICES : CUTROPY_LENGTH_BONDS;
    CT_NEW(points, count + 1);
    CT_NEW(map->law, 1);
    CT_TRY(ct_scaling_points(problem, &view, map->law_length, points, &count));
    CT_TRY(ct_scaling_ranges(state, &view.cuts, options, points, count));
    status = ct_scaling_judge(points, count, map->law);
    if (status == CUTROPY_EINPUT) {
        snprintf(map->law_missing, sizeof map->law_missing, "%s", cutropy_error());
        ct_free(map->law);
        map->law = NULL;
        status = CUTROPY_OK;
    } else if (!status) {
        status = keep_points(map, points, count, first);
    }
done:
    ct_free(points);
    return status;
}

/* A line across the lattice, or two around a torus. */
static int longest_boundary(const cutropy_lattice *l)
{
    const int side = l->kind == CUTROPY_LATTICE_CHAIN ? 1 : l->lx < l->ly ? l->lx : l->ly;
    return (side < 4 ? 4 : side) * (l->periodic ? 2 : 1);
}

cutropy_status cutropy_map_make(const cutropy_problem *problem,
                                const cutropy_map_options *map_options,
                                const cutropy_options *options, cutropy_map **out)
{
    cutropy_status status = CUTROPY_OK;
    static const cutropy_quantity spectrum = {.kind = CUTROPY_QUANTITY_SPECTRUM};
    static const cutropy_map_options standard = CUTROPY_MAP_OPTIONS;
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    cutropy_options run = options ? *options : ct_default_options();
    cutropy_map *map = NULL;
    cutropy_state *state = NULL;
    plan p = {.problem = problem, .lattice = lattice, .cuts = {.words = lattice->words}};
    ct_frontier frontier;
    *out = NULL;
    run.quantities = &spectrum;
    run.quantity_count = 1;
    run.shown = NULL;
    map_options = map_options ? map_options : &standard;
    CT_TRY(ct_options_known("CUTROPY_MAP_OPTIONS", map_options->size, sizeof *map_options));
    p.options = *map_options;
    CT_NEW_ZERO(map, 1);
    p.map = map;
    p.family = map->family;
    if (lattice->pixels < 2)
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "a map needs two pixels or more; %s has one", lattice->name));
    CT_TRY(ct_lattice_copy(lattice, &map->lattice));
    const bool automata = !lattice->infinite && ct_frontier_open(problem, false, &frontier);
    if (automata && lattice->pixels >= CT_TRIAL_PIXELS && run.solver != CT_SOLVE_ENUMERATE)
        p.longest = longest_boundary(lattice);
    CT_TRY(add_all(&p, problem));
    const bool unlisted = automata || (!lattice->infinite && ct_affine_serves(problem));
    CT_TRY(ct_state_open_for(NULL, problem, &p.cuts, &run, unlisted ? NULL : "a map", &state));
    if (p.longest &&
        state->f.storage != CT_AUTOMATON) { /* whoever computes instead takes every cut */
        p.longest = 0;
        CT_TRY(add_all(&p, problem));
    }
    if (state->f.storage == CT_PRODUCTS && state->f.products->sides & CT_LABEL_A)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED,
                       "a map of pixels: the label stands with every region; use label_side=b"));
    CT_TRY(cutropy_state_run(state, &p.cuts, &run, &map->result));
    CT_NEW(map->most, p.cuts.count);
    for (size_t i = 0; i < p.cuts.count; i++)
        map->most[i] = ct_most_bits(problem, p.cuts.masks + i * p.cuts.words);
    CT_TRY(fill_mutual_information(map));
    CT_TRY(fill_ranges(map, state, &run));
    CT_TRY(judge_law(map, problem, state, &run));
    CT_TRY(ct_map_examples(state, &run, map));
    ct_map_verdicts(map);
    *out = map;
    map = NULL;
done:
    cutropy_state_free(state);
    cutropy_cuts_free(&p.cuts);
    cutropy_map_free(map);
    return status;
}

void cutropy_map_free(cutropy_map *map)
{
    if (!map)
        return;
    if (map->ranges)
        map->ranges->result = NULL; /* that of the map */
    cutropy_ranges_free(map->ranges);
    cutropy_lattice_free(map->lattice);
    cutropy_result_free(map->result);
    ct_free(map->law);
    ct_free(map->law_point);
    ct_free(map->most);
    ct_free(map->example);
    ct_free(map->pair);
    ct_free(map->chosen);
    ct_free(map->mutual_information);
    ct_free(map->mutual_information_err);
    ct_free(map);
}
