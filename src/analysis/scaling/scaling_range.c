/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of the cuts of a scaling analysis, as many as are cheap: a range that does not grow with
 * the depth of the region bounds S by the boundary (Theorem 3 of arXiv 1710.05520). Read off the
 * images of f, or off its automaton where that takes less. */
#include <math.h>
#include <stdlib.h>

#include "analysis/range/range_cut.h"
#include "analysis/scaling/scaling.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/report.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "frontier/level_range.h"

#define BUDGET 0x1p24                 /* entries of f read in all: less than a second */
#define LOOKS 0x1p28                  /* or looks at pairs of states: as long */
#define WORKSPACE (UINT64_C(1) << 28) /* bytes */

/* A cut that waits for its range. */
typedef struct candidate {
    int32_t depth;
    cutropy_scaling_point *point;
} candidate;

typedef struct ranging {
    const ct_function *f;
    const cutropy_cuts *cuts;
    ct_adjacency adjacency;
    ct_range_setting how;
    ct_automaton *automaton; /* NULL: images are read */
    double left;             /* of the budget */
} ranging;

static int compare(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->depth != y->depth)
        return x->depth > y->depth ? -1 : 1;
    if (x->point->na != y->point->na) /* A and B have ranges of their own */
        return x->point->na > y->point->na ? -1 : 1;
    return ct_scaling_compare(x->point, y->point);
}

static const uint64_t *mask_of(const ranging *r, const cutropy_scaling_point *p)
{
    return r->cuts->masks + p->row * r->cuts->words;
}

/* Entries of f that a range reads. */
static double entries(const ct_function *f)
{
    if (ct_has_no_images(f))
        return INFINITY; /* it has none */
    return f->storage == CT_SUPPORT ? (double)f->ones * f->pixels : ldexp(1, f->pixels);
}

/* Looks at pairs of states, about: those of a region are taken for as many as those of all lines. */
static cutropy_status looks(const ranging *r, const cutropy_scaling_point *p, double *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_automaton_options how = {.memory_limit = r->how.memory_limit, .watch = r->how.watch};
    ct_automaton *a = r->automaton;
    const ct_reading *lines = &a->reading[a->reading[CT_BY_ROWS].open ? CT_BY_ROWS : CT_BY_COLUMNS];
    ct_level_range cut = {.levels = &lines->side[0], .na = r->f->pixels};
    ct_place place;
    double bytes;
    if (ct_frontier_place(a->problem, mask_of(r, p), &place)) {
        CT_TRY(ct_automaton_read_lines(a, place.reading == CT_BY_COLUMNS, &how));
        cut =
            (ct_level_range){.levels = &a->reading[place.reading].side[place.swapped], .na = p->na};
    }
    ct_level_range_cost(&cut, &bytes, out);
done:
    return status;
}

/* What a cut costs; INFINITY: it has no room. */
static cutropy_status price(const ranging *r, const cutropy_scaling_point *p, double *out)
{
    if (r->automaton)
        return looks(r, p, out);
    *out = ct_range_bytes(r->f, p->na) > r->how.memory_limit ? INFINITY : entries(r->f);
    return CUTROPY_OK;
}

static cutropy_status measure(const ranging *r, cutropy_scaling_point *p)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t witness[2 * CT_MAX_WORDS] = {0};
    const uint64_t *mask = mask_of(r, p);
    ct_cut_range found = {.witness = witness};
    ct_layers layers = {0};
    CT_TRY(ct_layers_make(&r->adjacency, r->f->pixels, mask, &layers));
    CT_TRY(r->automaton ? ct_range_from_automaton(r->automaton, mask, &layers, &r->how, &found)
                        : ct_range_cut(r->f, mask, &layers, &r->how, &found));
    const int32_t range = found.needed ? layers.distance[found.needed - 1] : 0;
    if (range != CT_FAR) { /* else S has no such bound */
        p->range = range;
        p->depth = ct_layers_depth(&layers);
    }
done:
    ct_layers_free(&layers);
    return status;
}

static cutropy_status find_depths(const ranging *r, cutropy_scaling_point *points, size_t count,
                                  candidate *list, size_t *candidates)
{
    cutropy_status status = CUTROPY_OK;
    *candidates = 0;
    for (size_t i = 0; i < count; i++) {
        ct_layers layers = {0};
        if (!points[i].na || !points[i].nb)
            continue;
        CT_TRY(ct_layers_make(&r->adjacency, r->f->pixels, mask_of(r, &points[i]), &layers));
        list[(*candidates)++] = (candidate){ct_layers_depth(&layers), &points[i]};
        ct_layers_free(&layers);
    }
done:
    return status;
}

/* Which road: the automaton that f is known through, or one of its own where there is one and images are too many for all cuts. A function without
 * either has no ranges. *own: to be closed. */
static cutropy_status choose_road(const cutropy_problem *problem, size_t candidates, ranging *r,
                                  ct_automaton **own)
{
    ct_frontier frontier;
    const ct_automaton_options how = {.memory_limit = r->how.memory_limit, .watch = r->how.watch};
    r->left = BUDGET;
    if (r->f->storage != CT_AUTOMATON) {
        if (entries(r->f) * (double)candidates <= BUDGET ||
            !ct_frontier_open(problem, false, &frontier))
            return CUTROPY_OK;
        const cutropy_status status =
            ct_automaton_open(problem, ct_frontier_is_wide(problem), &how, own);
        if (status != CUTROPY_OK)
            return status == CUTROPY_EMEMORY ? CUTROPY_OK : status;
    }
    r->automaton = *own ? *own : r->f->automaton;
    r->left = LOOKS;
    return CUTROPY_OK;
}

/* Automata of a region may turn out to have no room. */
static cutropy_status measure_if_cheap(ranging *r, cutropy_scaling_point *p)
{
    cutropy_status status = CUTROPY_OK;
    double cost = INFINITY;
    CT_TRY(price(r, p, &cost));
    if (cost > r->left)
        return CUTROPY_OK;
    r->left -= cost;
    CT_TRY(measure(r, p));
done:
    return r->automaton && status == CUTROPY_EMEMORY ? CUTROPY_OK : status;
}

cutropy_status ct_scaling_ranges(const cutropy_state *state, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_scaling_point *points,
                                 size_t count)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t limit = ct_memory_limit(options);
    ct_reporter reporter = {.progress = options->progress, .user = options->user, .last = ct_now()};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    ranging r = {
        .f = &state->f,
        .cuts = cuts,
        .how = {.backend = state->operations,
                .threads = options->threads > 0 ? options->threads : ct_available_threads(),
                .memory_limit = limit < WORKSPACE ? limit : WORKSPACE,
                .watch = &watch}};
    ct_automaton *own = NULL;
    candidate *list = NULL;
    size_t candidates = 0;
    if (state->f.lattice->infinite)
        return CUTROPY_OK;
    CT_TRY(ct_adjacency_make(state->f.lattice, &r.adjacency));
    CT_NEW(list, count + 1);
    CT_TRY(find_depths(&r, points, count, list, &candidates));
    qsort(list, candidates, sizeof *list, compare);
    CT_TRY(choose_road(state->problem, candidates, &r, &own));
    for (size_t i = 0; i < candidates; i++) {
        if (i && !compare(&list[i - 1], &list[i]))
            continue;
        if (ct_report("ranges", i, candidates, &reporter))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped among the ranges of %zu cuts", candidates));
        CT_TRY(measure_if_cheap(&r, list[i].point));
    }
done:
    ct_automaton_close(own);
    ct_free(list);
    ct_adjacency_free(&r.adjacency);
    return status;
}
