/* SPDX-License-Identifier: Apache-2.0 */
/* Entropy maps: the cuts of all pictures (map_cuts.c) in one run, the mutual information and the ranges of
 * pixels, the verdict of the law. */
#include <stdio.h>

#include "analysis/range/range.h"
#include "analysis/range/range_cut.h"
#include "analysis/scaling/law_point.h"
#include "analysis/map/map_cuts.h"
#include "analysis/scaling/scaling.h"
#include "base/bits.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "frontier/automaton.h"
#include "frontier/level_range.h"
#include "problem/products.h"
#include "lattice/lattice.h"
#include "output/map.h"

/* Ranges are drawn where they take seconds: a pass over f for every pixel. */
#define RANGED_TABLE 25                 /* pixels */
#define RANGED_VALUES 22                /* pixels */
#define RANGED_LIST (UINT64_C(1) << 26) /* images x pixels */
#define RANGED_LOOKS 1e9                /* of automata: at pairs of states along the rows */

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
    char text[2][24], words[CT_PRODUCTS_WORDS];
    if (f->storage == CT_AFFINE)
        snprintf(family->missing, sizeof family->missing,
                 "ranges are read off images, which linear equations do not list");
    else if (f->storage == CT_AUTOMATON && ranged_looks(f->automaton) > RANGED_LOOKS)
        snprintf(family->missing, sizeof family->missing,
                 "the pairs of states of %d pixels take too long for a map; cutropy range does it",
                 f->pixels);
    else if (f->products)
        snprintf(family->missing, sizeof family->missing,
                 "ranges are read off images, which %s does not list",
                 ct_products_words(f->products, words));
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

cutropy_status cutropy_map_make(const cutropy_problem *problem,
                                const cutropy_map_options *map_options,
                                const cutropy_options *options, cutropy_map **out)
{
    cutropy_status status = CUTROPY_OK;
    static const cutropy_quantity spectrum = {.kind = CUTROPY_QUANTITY_SPECTRUM};
    static const cutropy_map_options standard = CUTROPY_MAP_OPTIONS;
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    cutropy_options run = *ct_options_or_standard(options);
    cutropy_map *map = NULL;
    cutropy_state *state = NULL;
    ct_map_cuts p = {.problem = problem, .lattice = lattice, .cuts = {.words = lattice->words}};
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
    CT_TRY(ct_lattice_has_end(lattice));
    CT_TRY(ct_lattice_copy(lattice, &map->lattice));
    const bool automata = ct_frontier_open(problem, false, &frontier);
    if (automata && lattice->pixels >= CT_TRIAL_PIXELS && run.solver != CT_SOLVE_ENUMERATE)
        p.longest = ct_map_longest_boundary(lattice);
    CT_TRY(ct_map_cuts_fill(&p));
    const bool unlisted = automata || ct_affine_serves(problem);
    CT_TRY(ct_state_open_for(NULL, problem, &p.cuts, &run, unlisted ? NULL : "a map", &state));
    if (p.longest &&
        state->f.storage != CT_AUTOMATON) { /* whoever computes instead takes every cut */
        p.longest = 0;
        CT_TRY(ct_map_cuts_fill(&p));
    }
    if (state->f.products && state->f.products->sides & CT_LABEL_A)
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
