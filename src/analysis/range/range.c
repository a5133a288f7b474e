/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_ranges_run: the entropies of all cuts, then the range of each, side by side on the
 * threads where their memory allows. */
#include "analysis/range/range.h"

#include "analysis/range/range_cut.h"
#include "base/parallel.h"
#include "base/queue.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "engine/run/run.h"
#include "problem/frontier.h"

#define SIDE_BY_SIDE (UINT64_C(1) << 28) /* workspaces of all threads together */

typedef struct ranges_run {
    const cutropy_options *options;
    int threads;
    uint64_t memory_limit;
    const ct_operations *backend;
    const ct_watch *watch;
    const ct_function *f;
    ct_adjacency adjacency;
    cutropy_ranges *ranges;
    ct_queue queue;
    int inside; /* threads of one cut */
} ranges_run;

void cutropy_ranges_free(cutropy_ranges *ranges)
{
    if (!ranges)
        return;
    cutropy_result_free(ranges->result);
    ct_free(ranges->rows);
    ct_free(ranges->witness);
    ct_free(ranges);
}

/* ---- one cut ---- */

static void copy_entropy(const cutropy_result *result, size_t i, cutropy_range *row)
{
    const cutropy_row *from = &result->rows[i];
    const cutropy_record *record = &result->records[from->record];
    *row = (cutropy_range){.na = from->na,
                           .boundary = from->boundary,
                           .boundary_pixels = from->boundary_pixels,
                           .entropy = record->entropy,
                           .entropy_err = record->entropy_err,
                           .guarantee = record->guarantee};
    for (int side = 0; side < 2; side++)
        row->classes[side] = record->classes[side ^ (from->swapped != 0)];
}

static void copy_range(const ct_layers *layers, const ct_cut_range *found, cutropy_range *row)
{
    int32_t r = found->needed ? layers->distance[found->needed - 1] : 0;
    row->range = r == CT_FAR ? CUTROPY_NO_RANGE : r;
    row->range_pixels = r == CT_FAR ? CUTROPY_NO_RANGE : ct_layers_within(layers, r);
    row->depth = ct_layers_depth(layers);
    row->assumption1 = found->assumption1;
}

static cutropy_status solve_cut(ranges_run *run, size_t i, int threads)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_range *row = &run->ranges->rows[i];
    const size_t words = run->f->words;
    const uint64_t *mask = run->ranges->result->cuts.masks + i * words;
    ct_layers layers = {0};
    ct_cut_range found = {.witness = run->ranges->witness + 2 * i * words};
    const ct_range_setting how = {.backend = run->backend,
                                  .threads = threads,
                                  .memory_limit = run->memory_limit,
                                  .watch = run->watch};
    CT_TRY(ct_layers_make(&run->adjacency, run->f->pixels, mask, &layers));
    CT_TRY(ct_range_cut(run->f, mask, &layers, &how, &found));
    if (found.classes != row->classes[0])
        CT_TRY(ct_fail(CUTROPY_EINTERNAL,
                       "the range found %lld row classes and the quotient %lld: this is a defect",
                       (long long)found.classes, (long long)row->classes[0]));
    copy_range(&layers, &found, row);
    __atomic_store_n(&row->done, 1, __ATOMIC_RELEASE); /* others may read it now */
done:
    ct_layers_free(&layers);
    return status;
}

/* ---- all cuts ---- */

static cutropy_status solve_piece(void *context, size_t first, size_t last, int thread)
{
    ranges_run *run = context;
    for (size_t i = first; i < last && !ct_queue_stopped(&run->queue); i++) {
        const cutropy_status status = solve_cut(run, i, run->inside);
        if (status != CUTROPY_OK)
            return status;
        ct_queue_finished(&run->queue, 1, thread);
    }
    return CUTROPY_OK;
}

static cutropy_status largest_workspace(const ranges_run *run, uint64_t *bytes)
{
    *bytes = 0;
    for (size_t i = 0; i < run->ranges->count; i++) {
        uint64_t here = ct_range_bytes(run->f, run->ranges->rows[i].na);
        *bytes = here > *bytes ? here : *bytes;
    }
    if (*bytes <= run->memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "the range of a cut of %d pixels needs %s but %s may be used (--memory raises "
                   "the limit; cuts that keep fewer pixels need less)",
                   run->f->pixels, CT_BYTES(*bytes), CT_BYTES(run->memory_limit));
}

static cutropy_status solve_all(ranges_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const size_t count = run->ranges->count, threads = (size_t)run->threads;
    uint64_t workspace;
    CT_TRY(largest_workspace(run, &workspace));
    const bool side_by_side = count > 1 && run->f->storage != CT_AUTOMATON &&
                              workspace <= SIDE_BY_SIDE / threads &&
                              workspace <= run->memory_limit / threads;
    const size_t grain = count / (threads * 8) + 1;
    ct_reporter reporter = {.progress = run->options->progress, .user = run->options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    run->watch = &watch;
    run->inside = side_by_side ? 1 : run->threads;
    run->queue = (ct_queue){.threads = side_by_side ? run->threads : 1,
                            .count = count,
                            .grain = side_by_side && grain < 64 ? grain : 64,
                            .work = solve_piece,
                            .context = run,
                            .stage = "ranges",
                            .reporter = &reporter};
    status = ct_queue_run(&run->queue);
    if (status == CUTROPY_ECANCELLED)
        ct_fail(status, "stopped after the ranges of %zu of %zu cuts", run->queue.finished, count);
done:
    return status;
}

static cutropy_status prepare(ranges_run *run, cutropy_result *result, size_t ranged)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(run->ranges, 1);
    run->ranges->result = result;
    run->ranges->count = ranged;
    CT_NEW_ZERO(run->ranges->rows, ranged);
    CT_NEW_ZERO(run->ranges->witness, 2 * ranged * run->f->words);
    for (size_t i = 0; i < ranged; i++)
        copy_entropy(result, i, &run->ranges->rows[i]);
    CT_TRY(ct_adjacency_make(run->f->lattice, &run->adjacency));
done:
    return status;
}

cutropy_status ct_ranges_of(const cutropy_state *state, cutropy_result *result, size_t ranged,
                            const cutropy_options *options, cutropy_ranges **out)
{
    cutropy_status status = CUTROPY_OK;
    ranges_run run = {.options = options, .backend = state->operations, .f = &state->f};
    *out = NULL;
    run.threads = options->threads > 0 ? options->threads : ct_available_threads();
    run.memory_limit = ct_memory_limit(options);
    if (state->f.storage != CT_AUTOMATON)
        CT_TRY(ct_state_needs_images(state, "ranges"));
    CT_TRY(prepare(&run, result, ranged));
    if (options->shown)
        options->shown(run.ranges, options->shown_user);
    CT_TRY(solve_all(&run));
    run.ranges->complete = 1;
done:
    if (options->shown)
        options->shown(NULL, options->shown_user);
    if (status == CUTROPY_OK || status == CUTROPY_ECANCELLED) {
        *out = run.ranges;
        run.ranges = NULL;
    }
    if (run.ranges)
        run.ranges->result = NULL; /* still the caller's */
    cutropy_ranges_free(run.ranges);
    ct_adjacency_free(&run.adjacency);
    return status;
}

cutropy_status ct_ranges_run(cutropy_state *state, const cutropy_cuts *cuts, size_t ranged,
                             const cutropy_options *options, cutropy_ranges **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options plain = ct_options_without_quantities(options);
    cutropy_result *result = NULL;
    *out = NULL;
    plain.shown = NULL;
    CT_TRY(cutropy_state_run(state, cuts, &plain, &result));
    plain.shown = options->shown;
    CT_TRY(ct_ranges_of(state, result, ranged, &plain, out));
done:
    if (!*out)
        cutropy_result_free(result);
    return status;
}

cutropy_status ct_ranges_finished(const cutropy_ranges *partial, cutropy_ranges **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_ranges *copy = NULL;
    *out = NULL;
    CT_NEW(copy, 1);
    *copy = *partial;
    CT_NEW_ZERO(copy->rows, partial->count);
    for (size_t i = 0; i < partial->count; i++)
        if (__atomic_load_n(&partial->rows[i].done, __ATOMIC_ACQUIRE))
            copy->rows[i] = partial->rows[i];
    *out = copy;
done:
    return status;
}

cutropy_status cutropy_ranges_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                  const cutropy_options *options, cutropy_ranges **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options plain = *ct_options_or_standard(options);
    cutropy_state *state = NULL;
    ct_frontier frontier;
    *out = NULL;
    const bool automata = !problem->lattice->infinite && plain.solver != CT_SOLVE_AFFINE &&
                          ct_frontier_open(problem, false, &frontier);
    if (automata && plain.solver == CT_SOLVE_AUTO && ct_affine_first(problem))
        plain.solver = CT_SOLVE_FRONTIER; /* equations know no classes of images */
    CT_TRY(ct_state_open_for(NULL, problem, cuts, &plain, automata ? NULL : "ranges", &state));
    CT_TRY(ct_ranges_run(state, cuts, cuts->count, &plain, out));
done:
    cutropy_state_free(state);
    return status;
}

/* ---- what was found ---- */

const cutropy_result *cutropy_ranges_result(const cutropy_ranges *ranges)
{
    return ranges->result;
}

size_t cutropy_ranges_count(const cutropy_ranges *ranges)
{
    return ranges->count;
}

const cutropy_range *cutropy_ranges_row(const cutropy_ranges *ranges, size_t i)
{
    return &ranges->rows[i];
}

const uint64_t *cutropy_ranges_witness(const cutropy_ranges *ranges, size_t i)
{
    const bool fails = ranges->rows[i].done && !ranges->rows[i].assumption1;
    return fails ? ranges->witness + 2 * i * ranges->result->cuts.words : NULL;
}

int cutropy_ranges_complete(const cutropy_ranges *ranges)
{
    return ranges->complete;
}
