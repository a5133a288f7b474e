/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/solver_frontier.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "engine/record/record.h"
#include "engine/solver/frontier_answer.h"
#include "engine/solver/plain_resident.h"
#include "engine/solver/plan_frontier.h"
#include "frontier/level_walk.h"

/* A cut that is asked for, and where it lies: at a level of one of the directions of reading. */
typedef struct ct_wanted {
    size_t mask; /* its number */
    int pass;    /* 2 reading + direction; REGION: it is read for itself */
    int level;
    bool swapped;
} ct_wanted;

#define REGION (2 * CT_BY_REGION)

/* An answer that waits to be taken, with the cuts that it is one of. */
typedef struct ct_waiting {
    ct_level_answer made;
    const ct_wanted *first;
    size_t count;
    cutropy_status status; /* of the answer alone */
    char why[512];
} ct_waiting;

typedef struct ct_frontier_run {
    const ct_solver_setting *setting;
    const ct_solve_call *call;
    ct_waiting *waiting; /* one a thread */
    size_t count;
    cutropy_status left; /* why the last pass came to no end */
    char why[512];
    ct_stop stop;
} ct_frontier_run;

/* ---- where the cuts lie ---- */

/* Passes from the last pixel backwards, and in each from the last level on. */
static int compare_wanted(const void *a, const void *b)
{
    const ct_wanted *x = a, *y = b;
    if (x->pass != y->pass)
        return x->pass < y->pass ? -1 : 1;
    if (x->level != y->level)
        return x->level > y->level ? -1 : 1;
    if (x->swapped != y->swapped)
        return x->swapped ? 1 : -1;
    return x->mask < y->mask ? -1 : x->mask > y->mask;
}

static ct_wanted wanted_at(const ct_frontier_spot *spot, size_t number)
{
    return (ct_wanted){.mask = number,
                       .pass = 2 * spot->reading + spot->direction,
                       .level = spot->level,
                       .swapped = spot->swapped};
}

/* ---- answers ---- */

static void take_one(void *context, size_t first, size_t last, int thread)
{
    ct_frontier_run *run = context;
    for (size_t w = first; w < last && !ct_stopped(&run->stop); w++) {
        ct_waiting *waiting = &run->waiting[w];
        const ct_cut_answer failed = {.status = waiting->status, .why = waiting->why};
        for (size_t i = 0; i < waiting->count && !ct_stopped(&run->stop); i++) {
            const cutropy_status status =
                ct_solve_take(run->call, waiting->first[i].mask, 1,
                              waiting->status == CUTROPY_OK ? &waiting->made.answer : &failed,
                              run->count == 1 ? CT_ALL_THREADS : thread);
            if (status != CUTROPY_OK)
                ct_stop_fail(&run->stop, status);
        }
    }
}

/* Whatever waits becomes records, side by side; one alone has all threads. */
static cutropy_status flush(ct_frontier_run *run)
{
    cutropy_status status = CUTROPY_OK;
    if (run->count == 1)
        take_one(run, 0, 1, 0);
    else
        ct_parallel_for(run->setting->threads, run->count, 1, take_one, run);
    CT_TRY(ct_stop_failure(&run->stop));
done:
    for (size_t w = 0; w < run->count; w++)
        ct_level_answer_free(&run->waiting[w].made);
    run->count = 0;
    return status;
}

/* The status of one answer, whose message is kept; the others go on. */
static cutropy_status fail_alone(ct_waiting *waiting, cutropy_status status)
{
    if (!ct_fails_alone(status))
        return status;
    waiting->status = status;
    ct_error_save(waiting->why, sizeof waiting->why);
    ct_level_answer_free(&waiting->made);
    return CUTROPY_OK;
}

/* There is room for one more, always. */
static ct_waiting *add_waiting(ct_frontier_run *run, const ct_wanted *first, size_t count)
{
    ct_waiting *waiting = &run->waiting[run->count++];
    *waiting = (ct_waiting){.first = first, .count = count};
    return waiting;
}

static cutropy_status flush_full(ct_frontier_run *run)
{
    return run->count == (size_t)run->setting->threads ? flush(run) : CUTROPY_OK;
}

/* Cuts of one level and one side. */
static cutropy_status answer(ct_frontier_run *run, const ct_wanted *first, size_t count,
                             const ct_level_gram *g, bool on_device)
{
    cutropy_status status = CUTROPY_OK;
    const ct_automaton *a = run->setting->f->automaton;
    const cutropy_lattice *lattice = run->setting->f->lattice;
    const int reading = first->pass / 2;
    const int width = lattice->kind != CUTROPY_LATTICE_GRID || reading == CT_BY_REGION ? 0
                      : reading == CT_BY_COLUMNS                                       ? lattice->ly
                                                 : lattice->lx;
    const ct_level_cut cut = {.reading = &a->reading[reading],
                              .direction = first->pass % 2,
                              .level = first->level,
                              .width = width > 1 && first->level % width == 0 ? width : 0,
                              .swapped = first->swapped};
    ct_waiting *waiting = add_waiting(run, first, count);
    double last = ct_now();
    status = ct_level_answer_make(run->setting, &cut, g, &waiting->made);
    waiting->made.answer.gram_on_device = on_device;
    ct_lap(&run->call->seconds->gram, &last);
    if (status == CUTROPY_OK)
        status = ct_level_answer_solve(run->setting, run->call->watch, &waiting->made);
    ct_lap(&run->call->seconds->eigenvalues, &last);
    if (status != CUTROPY_OK)
        status = fail_alone(waiting, status);
    return status == CUTROPY_OK ? flush_full(run) : status;
}

/* ---- passes ---- */

/* Of cuts of one level. */
static size_t same_side(const ct_wanted *wanted, size_t count)
{
    size_t same = 1;
    while (same < count && wanted[same].swapped == wanted->swapped)
        same++;
    return same;
}

/* The cuts at the level of the walk; its entries may have no room here. */
static cutropy_status answer_level(ct_frontier_run *run, const ct_wanted *wanted, size_t count,
                                   ct_level_walk *walk)
{
    cutropy_status status = CUTROPY_OK;
    double last = ct_now();
    status = ct_level_walk_read(walk, wanted->level);
    ct_lap(&run->call->seconds->gram, &last);
    if (status != CUTROPY_OK) {
        CT_TRY(fail_alone(add_waiting(run, wanted, count), status));
        return flush_full(run);
    }
    for (size_t same; count; wanted += same, count -= same) {
        same = same_side(wanted, count);
        CT_TRY(answer(run, wanted, same, &walk->g, walk->matrix != NULL));
    }
done:
    return status;
}

/* The cuts of one direction, which do not come to an end together: those behind the first levels that have no room are *left, the last ones. */
static cutropy_status run_pass(ct_frontier_run *run, const ct_wanted *wanted, size_t count,
                               size_t *left)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = run->setting;
    const ct_reading *r = &setting->f->automaton->reading[wanted->pass / 2];
    const int direction = wanted->pass % 2;
    ct_level_walk walk = {.levels = &r->side[direction],
                          .counts = &r->count[direction],
                          .device = setting->operations->levels,
                          .memory_limit = setting->memory_limit,
                          .threads = setting->threads};
    *left = 0;
    CT_TRY(ct_level_walk_start(&walk));
    for (int level = setting->f->pixels;; level--) {
        size_t here = 0;
        while (here < count && wanted[here].level == level)
            here++;
        if (here)
            CT_TRY(answer_level(run, wanted, here, &walk));
        wanted += here;
        count -= here;
        if (!count)
            break;
        CT_TRY(ct_solve_take(run->call, wanted->mask, 0, NULL, CT_ALL_THREADS)); /* stop? */
        double last = ct_now();
        status = ct_level_walk_step(&walk, level - 1);
        ct_lap(&run->call->seconds->gram, &last);
        if (ct_fails_alone(status)) {
            run->left = status;
            ct_error_save(run->why, sizeof run->why);
            *left = count;
            break;
        }
        CT_TRY(status);
    }
    CT_TRY(flush(run));
done:
    ct_level_walk_end(&walk);
    return status;
}

/* A cut that is read for itself: the automata of its region stand until its answer is taken. */
static cutropy_status run_region(ct_frontier_run *run, const uint64_t *mask, ct_wanted *wanted)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = run->setting;
    const ct_automaton_options how = {.memory_limit = setting->memory_limit,
                                      .watch = run->call->watch};
    ct_frontier_spot spot;
    ct_frontier_road road;
    ct_level_gram g = {0};
    size_t left;
    double start = ct_now();
    status = ct_automaton_read_region(setting->f->automaton, mask, &how);
    run->call->seconds->quotient += ct_now() - start;
    if (status != CUTROPY_OK) {
        CT_TRY(fail_alone(add_waiting(run, wanted, 1), status));
        return flush(run);
    }
    CT_TRY(ct_frontier_spot_of_region(setting->f, mask, &spot));
    *wanted = wanted_at(&spot, wanted->mask);
    CT_TRY(ct_frontier_road_find(setting->f, &spot, &road));
    if (!road.is_product) {
        CT_TRY(run_pass(run, wanted, 1, &left));
        if (left)
            CT_TRY(fail_alone(add_waiting(run, wanted, 1), ct_error_restore(run->left, run->why)));
        CT_TRY(flush(run));
        goto done;
    }
    start = ct_now();
    status = ct_level_product_make(&road.product, setting->memory_limit, setting->threads, &g);
    run->call->seconds->gram += ct_now() - start;
    if (status != CUTROPY_OK) {
        CT_TRY(fail_alone(add_waiting(run, wanted, 1), status));
    } else {
        CT_TRY(ct_level_gram_check(
            &g, &setting->f->automaton->reading[CT_BY_REGION].count[spot.direction], spot.level));
        CT_TRY(answer(run, wanted, 1, &g, false));
    }
    CT_TRY(flush(run));
done:
    ct_level_gram_free(&g);
    return status;
}

static cutropy_status solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_setting *setting = &resident->setting;
    const uint64_t *masks = call->masks;
    const size_t words = setting->f->words, count = call->count;
    ct_frontier_run run = {.setting = setting, .call = call};
    ct_wanted *wanted = NULL;
    ct_place place;
    size_t first = 0, left = 0;
    CT_NEW(wanted, count);
    CT_NEW_ZERO(run.waiting, setting->threads);
    for (size_t i = 0; i < count; i++) {
        ct_frontier_spot spot;
        wanted[i] = (ct_wanted){.mask = i, .pass = REGION};
        if (!ct_frontier_place(setting->f->automaton->problem, masks + i * words, &place))
            continue;
        CT_TRY(ct_frontier_spot_find(setting->f, masks + i * words, &spot));
        wanted[i] = wanted_at(&spot, i);
    }
    qsort(wanted, count, sizeof *wanted, compare_wanted);
    for (size_t last; first < count && wanted[first].pass < REGION; first = last) {
        for (last = first + 1; last < count && wanted[last].pass == wanted[first].pass;)
            last++;
        CT_TRY(run_pass(&run, wanted + first, last - first, &left));
        for (size_t i = last - left; i < last;
             i++) /* an order of their own may have fewer states */
            CT_TRY(run_region(&run, masks + wanted[i].mask * words, &wanted[i]));
    }
    for (; first < count; first++)
        CT_TRY(run_region(&run, masks + wanted[first].mask * words, &wanted[first]));
done:
    for (size_t w = 0; run.waiting && w < run.count; w++)
        ct_level_answer_free(&run.waiting[w].made);
    ct_free(run.waiting);
    ct_free(wanted);
    return status;
}

/* ---- the solver ---- */

static bool takes(const ct_resident *resident, int na)
{
    return na > 0 && na < resident->setting.f->pixels;
}

const ct_solver *ct_solver_frontier(void)
{
    static const ct_solver frontier = {.name = "frontier",
                                       .open = ct_plain_open,
                                       .close = ct_plain_close,
                                       .takes = takes,
                                       .solve = solve};
    return &frontier;
}
