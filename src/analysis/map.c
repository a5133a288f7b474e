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
#include "problem/products.h"
#include "lattice/lattice.h"
#include "output/map.h"

#define STANDARD_CONNECTED 6 /* pixels */
/* Ranges are drawn where they take seconds: a pass over f for every pixel. */
#define RANGED_TABLE 25                 /* pixels */
#define RANGED_VALUES 22                /* pixels */
#define RANGED_LIST (UINT64_C(1) << 26) /* images x pixels */

/* All cuts in one list. A cut may stand in several families; the run computes it once. */
typedef struct plan {
    const cutropy_lattice *lattice;
    cutropy_map_options options;
    cutropy_map_family *family;
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

static cutropy_status append_family(plan *p, cutropy_map_family *family, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = p->lattice->pixels, largest = p->options.largest;
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        int na = cutropy_mask_pixels(mask, cuts->words);
        if (largest && na > largest && pixels - na > largest)
            family->left_out++;
        else
            CT_TRY(append(p, mask, 1));
    }
    family->count = p->cuts.count - family->first;
    if (!family->count)
        snprintf(family->missing, sizeof family->missing,
                 "every cut has more than %d pixels on both sides", largest);
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
    const double n = l->pixels, most = (double)p->options.most_cuts;
    const bool chain = l->kind == CUTROPY_LATTICE_CHAIN;
    double count = 0;
    if (id == CUTROPY_MAP_ROWS && (chain || l->ly < 2))
        snprintf(family->missing, sizeof family->missing, "%s has one row only", l->name);
    else if (id == CUTROPY_MAP_COLUMNS && chain)
        snprintf(family->missing, sizeof family->missing,
                 "the columns of a chain are its prefix cuts");
    else if (id == CUTROPY_MAP_COLUMNS && l->lx < 2)
        snprintf(family->missing, sizeof family->missing, "%s has one column only", l->name);
    if (id == CUTROPY_MAP_PAIRS)
        count = n * (n - 1) / 2;
    else if (id == CUTROPY_MAP_RECTANGLES)
        count = intervals(l->lx, l->periodic) * intervals(l->ly, l->periodic);
    if (!*family->missing && count > most)
        too_many(family, family->name, count, p->options.most_cuts);
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
        return CUTROPY_OK;
    /* families have no full mask, but the only pair of two pixels is one */
    if (id == CUTROPY_MAP_PAIRS && p->lattice->pixels == 2)
        name = "0x3";
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
        snprintf(family->missing, sizeof family->missing,
                 "some of its cuts have more than %d pixels on both sides", p->options.largest);
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

static cutropy_status add_all(plan *p)
{
    static const char *const names[] = {"sites",    "pairs", "rows",      "columns",
                                        "prefixes", "half",  "rectangles"};
    cutropy_status status = CUTROPY_OK;
    CT_TRY(add_range(p));
    for (int id = 0; id < CUTROPY_MAP_CONNECTED; id++)
        CT_TRY(add_family(p, (cutropy_map_family_id)id, names[id]));
    CT_TRY(add_connected(p));
    CT_TRY(add_topological(p, CUTROPY_MAP_KITAEV_PRESKILL, CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL,
                           "Kitaev-Preskill"));
    CT_TRY(add_topological(p, CUTROPY_MAP_LEVIN_WEN, CUTROPY_TOPOLOGICAL_LEVIN_WEN, "Levin-Wen"));
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

static const cutropy_record *record_of(const cutropy_result *result, size_t row)
{
    return &result->records[result->rows[row].record];
}

static cutropy_status fill_mutual_information(cutropy_map *map)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_result *r = map->result;
    const size_t n = (size_t)map->lattice->pixels;
    const size_t sites = map->family[CUTROPY_MAP_SITES].first;
    size_t row = map->family[CUTROPY_MAP_PAIRS].first;
    if (map->family[CUTROPY_MAP_PAIRS].count != n * (n - 1) / 2)
        return CUTROPY_OK;
    CT_NEW_ZERO(map->mutual_information, n * n);
    CT_NEW_ZERO(map->mutual_information_err, n * n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++, row++) {
            const cutropy_record *one = record_of(r, sites + i), *other = record_of(r, sites + j);
            const cutropy_record *both = record_of(r, row);
            double value = one->entropy + other->entropy - both->entropy;
            double err = one->entropy_err + other->entropy_err + both->entropy_err;
            map->mutual_information[i * n + j] = map->mutual_information[j * n + i] = value;
            map->mutual_information_err[i * n + j] = map->mutual_information_err[j * n + i] = err;
        }
    }
done:
    return status;
}

/* Fills family->missing when the ranges would take too long or too much memory. */
static void judge_ranges(const ct_function *f, uint64_t limit, cutropy_map_family *family)
{
    const uint64_t needs = ct_range_bytes(f, f->pixels - 1);
    char text[2][24];
    if (f->storage == CT_PRODUCTS)
        snprintf(family->missing, sizeof family->missing,
                 "ranges are read off images, which a sum of product states does not list");
    else if (f->storage == CT_SUPPORT && f->ones > RANGED_LIST / (uint64_t)f->pixels)
        snprintf(family->missing, sizeof family->missing,
                 "sorting a list of %llu images for each of %d pixels takes too long for a map; "
                 "cutropy range does it",
                 (unsigned long long)f->ones, f->pixels);
    else if (f->storage != CT_SUPPORT &&
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
    if (!from->count && !chain) {
        from = &map->family[CUTROPY_MAP_ROWS];
        to = prefixes;
        snprintf(map->law_cuts, sizeof map->law_cuts, "rows,columns,prefixes");
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
    plan p = {.lattice = lattice, .cuts = {.words = lattice->words}};
    *out = NULL;
    run.quantities = &spectrum;
    run.quantity_count = 1;
    run.shown = NULL;
    map_options = map_options ? map_options : &standard;
    CT_TRY(ct_options_known("CUTROPY_MAP_OPTIONS", map_options->size, sizeof *map_options));
    p.options = *map_options;
    CT_NEW_ZERO(map, 1);
    p.family = map->family;
    if (lattice->pixels < 2)
        CT_TRY(
            ct_fail(CUTROPY_EINPUT, "a map needs two pixels or more; %s has one", lattice->name));
    CT_TRY(ct_lattice_copy(lattice, &map->lattice));
    CT_TRY(add_all(&p));
    CT_TRY(add_label(&p, problem));
    CT_TRY(ct_state_open_for(NULL, problem, &p.cuts, &run, "a map", &state));
    if (state->f.storage == CT_PRODUCTS && state->f.products->sides & CT_LABEL_A)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED,
                       "a map of pixels: the label stands with every region; use label_side=b"));
    CT_TRY(cutropy_state_run(state, &p.cuts, &run, &map->result));
    CT_TRY(fill_mutual_information(map));
    CT_TRY(fill_ranges(map, state, &run));
    CT_TRY(judge_law(map, problem, state, &run));
    CT_TRY(ct_map_examples(&state->f, map));
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
    ct_free(map->example);
    ct_free(map->mutual_information);
    ct_free(map->mutual_information_err);
    ct_free(map);
}
