/* SPDX-License-Identifier: Apache-2.0 */
/* What a state that is known through automata serves. */
#include "base/report.h"
#include "engine/memory_limit.h"
#include "engine/state.h"
#include "frontier/automaton.h"
#include "problem/label.h"

/* The first cut that no order of the pixels serves; count: there is none. *by_columns: some cut needs that
 * order. */
static size_t first_unserved(const cutropy_problem *problem, const cutropy_cuts *cuts,
                             bool *by_columns)
{
    *by_columns = false;
    for (size_t i = 0; i < cuts->count; i++) {
        ct_place place;
        if (!ct_frontier_place(problem, cuts->masks + i * cuts->words, &place))
            return i;
        *by_columns = *by_columns || place.by_columns;
    }
    return cuts->count;
}

bool ct_frontier_serves(const cutropy_problem *problem, const cutropy_cuts *cuts)
{
    bool by_columns;
    return first_unserved(problem, cuts, &by_columns) == cuts->count;
}

/* Pixels from which on automata are tried first (a user's own: always), and bytes that they may take before enumeration is tried
 * instead; where there is nothing to enumerate, they have what there is. */
#define TRIAL_PIXELS 32
#define TRIAL (UINT64_C(1) << 28)

cutropy_status ct_state_try_automata(const ct_operations *backend, const cutropy_problem *problem,
                                     const cutropy_cuts *cuts, const cutropy_options *options,
                                     cutropy_state **out)
{
    cutropy_options trial = *options;
    *out = NULL;
    const uint64_t limit = ct_memory_limit(options);
    const int pixels = problem->lattice->pixels, least = problem->automaton ? 1 : TRIAL_PIXELS;
    const bool only = pixels > ct_label_most(problem);
    if (pixels < least || !ct_frontier_serves(problem, cuts))
        return CUTROPY_OK;
    trial.solver = CT_SOLVE_FRONTIER;
    trial.memory_limit = limit < TRIAL || only ? limit : TRIAL;
    const cutropy_status status = ct_state_open_on(backend, problem, &trial, out);
    if (!only && (status == CUTROPY_EMEMORY || status == CUTROPY_EUNSUPPORTED))
        return CUTROPY_OK;
    if (*out)
        (*out)->memory_limit = limit;
    return status;
}

static cutropy_status fail_unserved(const cutropy_problem *problem, const uint64_t *mask)
{
    const cutropy_lattice *lattice = problem->lattice;
    char text[CUTROPY_MAX_PIXELS / 4 + 3];
    ct_frontier f;
    const char *orders = ct_frontier_open(problem, true, &f) ? "by rows or columns" : "by rows";
    cutropy_mask_format(mask, lattice->words, text, sizeof text);
    return ct_fail(
        CUTROPY_EUNSUPPORTED,
        "solver frontier: cut %s is none between the first pixels of %s, %s, and the others", text,
        lattice->name, orders);
}

static const char *const names[] = {"auto", "enumerate", "frontier", "affine"};

static ct_solver_choice solver_of(const ct_function *f)
{
    return f->storage == CT_AUTOMATON ? CT_SOLVE_FRONTIER
           : f->storage == CT_AFFINE  ? CT_SOLVE_AFFINE
                                      : CT_SOLVE_ENUMERATE;
}

cutropy_status ct_state_prepare_cuts(cutropy_state *state, const cutropy_cuts *cuts,
                                     const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_problem *problem = state->problem;
    const ct_solver_choice mine = solver_of(&state->f);
    bool by_columns;
    if (options->solver != CT_SOLVE_AUTO && options->solver != mine)
        return ct_fail(CUTROPY_EUNSUPPORTED, "solver %s: the state was opened with solver %s",
                       names[options->solver], names[mine]);
    if (mine != CT_SOLVE_FRONTIER)
        return CUTROPY_OK;
    const size_t i = first_unserved(problem, cuts, &by_columns);
    if (i < cuts->count)
        return fail_unserved(problem, cuts->masks + i * cuts->words);
    if (by_columns) {
        ct_reporter reporter = {.progress = options->progress, .user = options->user};
        const ct_watch watch = {.report = ct_report, .user = &reporter};
        const ct_automaton_options how = {.memory_limit = state->memory_limit, .watch = &watch};
        CT_TRY(ct_automaton_turn(state->f.automaton, &how));
    }
done:
    return status;
}

cutropy_status ct_fail_reader(ct_solver_choice solver, const char *who)
{
    return ct_fail(CUTROPY_EUNSUPPORTED,
                   "solver %s: there are no images to read for %s; use solver enumerate",
                   names[solver], who);
}

cutropy_status ct_state_needs_images(const cutropy_state *state, const char *who)
{
    return ct_has_no_images(&state->f) ? ct_fail_reader(solver_of(&state->f), who) : CUTROPY_OK;
}
