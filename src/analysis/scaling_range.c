/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of the cuts of a scaling analysis, as many as are cheap: a range that does not grow with
 * the depth of the region bounds S by the boundary (Theorem 3 of arXiv 1710.05520). */
#include <stdlib.h>

#include "analysis/range_cut.h"
#include "analysis/scaling.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/report.h"
#include "engine/options.h"
#include "engine/memory_limit.h"

#define BUDGET (UINT64_C(1) << 24)    /* entries of f read in all: less than a second */
#define WORKSPACE (UINT64_C(1) << 28) /* bytes */

/* A cut that waits for its range. */
typedef struct candidate {
    int32_t depth;
    cutropy_scaling_point *point;
} candidate;

static int compare(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->depth != y->depth)
        return x->depth > y->depth ? -1 : 1;
    if (x->point->na != y->point->na) /* A and B have ranges of their own */
        return x->point->na > y->point->na ? -1 : 1;
    return ct_scaling_compare(x->point, y->point);
}

/* Entries of f that a range reads. */
static uint64_t cost(const ct_function *f)
{
    if (ct_has_no_images(f))
        return UINT64_MAX; /* it has no entries */
    return f->storage == CT_SUPPORT ? f->ones * (uint64_t)f->pixels : UINT64_C(1) << f->pixels;
}

static cutropy_status measure(const ct_function *f, const ct_adjacency *adjacency,
                              const ct_range_setting *how, const uint64_t *mask,
                              cutropy_scaling_point *p)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t witness[2 * CT_MAX_WORDS];
    ct_cut_range found = {.witness = witness};
    ct_layers layers = {0};
    CT_TRY(ct_layers_make(adjacency, f->pixels, mask, &layers));
    CT_TRY(ct_range_cut(f, mask, &layers, how, &found));
    const int32_t range = found.needed ? layers.distance[found.needed - 1] : 0;
    if (range != CT_FAR) { /* else S has no such bound */
        p->range = range;
        p->depth = ct_layers_depth(&layers);
    }
done:
    ct_layers_free(&layers);
    return status;
}

static cutropy_status find_depths(const ct_adjacency *adjacency, int pixels,
                                  const cutropy_cuts *cuts, cutropy_scaling_point *points,
                                  size_t count, candidate *list, size_t *candidates)
{
    cutropy_status status = CUTROPY_OK;
    *candidates = 0;
    for (size_t i = 0; i < count; i++) {
        ct_layers layers = {0};
        if (!points[i].na || !points[i].nb)
            continue;
        CT_TRY(
            ct_layers_make(adjacency, pixels, cuts->masks + points[i].row * cuts->words, &layers));
        list[(*candidates)++] = (candidate){ct_layers_depth(&layers), &points[i]};
        ct_layers_free(&layers);
    }
done:
    return status;
}

cutropy_status ct_scaling_ranges(const cutropy_state *state, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_scaling_point *points,
                                 size_t count)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = &state->f;
    const uint64_t limit = ct_memory_limit(options);
    const ct_range_setting how = {.backend = state->operations,
                                  .threads = options->threads > 0 ? options->threads
                                                                  : ct_available_threads(),
                                  .memory_limit = limit};
    ct_adjacency adjacency = {0};
    candidate *list = NULL;
    size_t candidates = 0;
    uint64_t left = BUDGET;
    ct_reporter reporter = {.progress = options->progress, .user = options->user, .last = ct_now()};
    CT_TRY(ct_adjacency_make(f->lattice, &adjacency));
    CT_NEW(list, count + 1);
    CT_TRY(find_depths(&adjacency, f->pixels, cuts, points, count, list, &candidates));
    qsort(list, candidates, sizeof *list, compare);
    for (size_t i = 0; i < candidates && cost(f) <= left; i++) {
        cutropy_scaling_point *p = list[i].point;
        const uint64_t bytes = ct_range_bytes(f, p->na);
        if ((i && !compare(&list[i - 1], &list[i])) || bytes > limit || bytes > WORKSPACE)
            continue;
        if (ct_report("ranges", i, candidates, &reporter))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped among the ranges of %zu cuts", candidates));
        CT_TRY(measure(f, &adjacency, &how, cuts->masks + p->row * cuts->words, p));
        left -= cost(f);
    }
done:
    ct_free(list);
    ct_adjacency_free(&adjacency);
    return status;
}
