/* SPDX-License-Identifier: Apache-2.0 */
/* What a state that is known through automata serves. */
#include <cutropy/cut.h>

#include "base/report.h"
#include "engine/function/evaluate.h"
#include "engine/function/memory_limit.h"
#include "engine/function/result.h"
#include "engine/solver/plan_frontier.h"
#include "engine/state/state.h"
#include "frontier/automaton.h"
#include "problem/label.h"
#include "lattice/lattice.h"
#include "problem/products.h"

/* What cuts ask of the readings of a problem. */
typedef struct ct_asked {
    bool rows, columns, regions;
} ct_asked;

static ct_asked ask(const cutropy_problem *problem, const cutropy_cuts *cuts)
{
    const int pixels = problem->lattice->pixels;
    ct_asked asked = {false, false, false};
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        const int na = cutropy_mask_pixels(mask, cuts->words);
        ct_place place;
        if (na == 0 || na == pixels)
            continue;
        const bool by_lines = ct_frontier_place(problem, mask, &place);
        asked.rows |= by_lines && place.reading == CT_BY_ROWS;
        asked.columns |= by_lines && place.reading == CT_BY_COLUMNS;
        asked.regions |= !by_lines;
    }
    return asked;
}

bool ct_frontier_by_columns(const cutropy_problem *problem, const cutropy_cuts *cuts)
{
    if (ct_frontier_is_wide(problem))
        return true;
    if (!cuts)
        return false;
    const ct_asked asked = ask(problem, cuts);
    return asked.columns && !asked.rows && !asked.regions;
}

/* Bytes that automata may take before enumeration is tried
 * instead; where there is nothing to enumerate, they have what there is. Regions that are none of the first pixels of an order cost a
 * pass each, and a list of so many images less. */
#define SHORT_LIST (1 << 20)
#define TRIAL (UINT64_C(1) << 28)

/* Do the automata of all cuts keep to the trial, and their matrices, most of which any solver has, to what there is? */
static cutropy_status survey(cutropy_state *state, const cutropy_cuts *cuts,
                             const cutropy_options *options, uint64_t limit)
{
    cutropy_status status = CUTROPY_OK;
    ct_reporter reporter = {.progress = options->progress, .user = options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    cutropy_plan plan = {.memory_limit = options->memory_limit};
    CT_TRY(ct_state_prepare_cuts(state, cuts, options));
    CT_TRY(ct_plan_frontier(&state->f, cuts, &watch, &plan));
    if (plan.function_bytes + plan.workspace_bytes > limit)
        status = ct_fail(CUTROPY_EMEMORY, "solver frontier: the cuts need too much");
done:
    return status;
}

/* Would enumeration keep f, as a truth table or a list? */
static bool is_enumerable(const ct_function *f, uint64_t memory_limit)
{
    return f->pixels <= CT_INDEX_PIXELS ||
           (f->pixels <= CT_BODY_PIXELS && f->ones <= ct_longest_list(memory_limit, f->pixels));
}

/* Automata with weights, where they have all cuts that enumeration could take, too; proofs of large ones are enumeration's where that
 * fits. */
static cutropy_status try_weights(const ct_operations *backend, const cutropy_problem *problem,
                                  const cutropy_cuts *cuts, const cutropy_options *options,
                                  cutropy_state **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options how = *options;
    cutropy_plan plan = {.memory_limit = ct_memory_limit(options)};
    const bool only = problem->lattice->pixels > CT_INDEX_PIXELS;
    how.solver = CT_SOLVE_FRONTIER;
    if (!only) {
        const uint64_t values = UINT64_C(8) << problem->lattice->pixels;
        const bool proofs = ct_options_digits(options) != 0;
        if (!cuts || (proofs && !problem->weighs_less && values <= plan.memory_limit))
            return CUTROPY_OK;
        status = ct_plan_weighted(problem, cuts, ct_options_digits(options), &plan);
        if (status == CUTROPY_EUNSUPPORTED)
            return CUTROPY_OK;
        CT_TRY(status);
        if (!plan.fits)
            return CUTROPY_OK;
    }
    CT_TRY(ct_state_open_on(backend, problem, &how, out));
done:
    return status;
}

cutropy_status ct_state_try_automata(const ct_operations *backend, const cutropy_problem *problem,
                                     const cutropy_cuts *cuts, const cutropy_options *options,
                                     cutropy_state **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options trial = *options;
    ct_frontier frontier;
    *out = NULL;
    const uint64_t limit = ct_memory_limit(options);
    const int pixels = problem->lattice->pixels;
    const bool own = problem->automaton != NULL, only = pixels > ct_label_most(problem);
    if (problem->weigh &&
        (pixels >= CT_TRIAL_PIXELS || (problem->weighs_less && ct_options_digits(options))))
        return try_weights(backend, problem, cuts, options, out);
    if ((pixels < CT_TRIAL_PIXELS && !own && cuts) || !ct_frontier_open(problem, false, &frontier))
        return CUTROPY_OK;
    const bool regions = cuts && ask(problem, cuts).regions;
    trial.solver = CT_SOLVE_FRONTIER;
    trial.by_columns = ct_frontier_by_columns(problem, cuts);
    trial.memory_limit = limit < TRIAL || only ? limit : TRIAL;
    CT_TRY(ct_state_open_on(backend, problem, &trial, out));
    if (regions && !only && (own || is_enumerable(&(*out)->f, limit))) {
        if (!own && (*out)->f.ones <= SHORT_LIST)
            CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "solver frontier: a list of images is shorter"));
        CT_TRY(survey(*out, cuts, &trial, limit));
    }
    (*out)->memory_limit = limit;
done:
    if (status != CUTROPY_OK) {
        cutropy_state_free(*out);
        *out = NULL;
    }
    return !only && (status == CUTROPY_EMEMORY || status == CUTROPY_EUNSUPPORTED) ? CUTROPY_OK
                                                                                  : status;
}

cutropy_status ct_state_fail_both(const cutropy_problem *problem, cutropy_status status)
{
    char text[512], most[24];
    ct_frontier frontier;
    if (status != CUTROPY_EMEMORY || problem->lattice->pixels < CT_TRIAL_PIXELS ||
        !ct_frontier_open(problem, false, &frontier))
        return status;
    ct_error_save(text, sizeof text);
    return ct_fail(status,
                   "%s; its automata do not fit in %s, which auto gives them: --solver frontier "
                   "gives them all of it",
                   text, ct_bytes_format(TRIAL, most));
}

static const char *const names[] = {"auto", "enumerate", "frontier", "affine", "products"};

static ct_solver_choice solver_of(const ct_function *f)
{
    if (f->products)
        return CT_SOLVE_PRODUCTS;
    switch (f->storage) {
    case CT_AUTOMATON:
    case CT_STRIP:
    case CT_WEIGHTED:
        return CT_SOLVE_FRONTIER;
    case CT_AFFINE:
        return CT_SOLVE_AFFINE;
    default:
        return CT_SOLVE_ENUMERATE;
    }
}

/* What a sum of product states cannot be asked. */
static cutropy_status check_products(const ct_function *f, const cutropy_options *options)
{
    const bool integers = f->storage == CT_LEVELS;
    if (options->bracket && (integers || f->products->is_complex))
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "bracket: brackets are made of sums of real product states; %s",
                       integers ? "these levels are integers" : "these are complex");
    if (options->bracket && (options->quantity_count || options->digits || options->certify))
        return ct_fail(CUTROPY_EUNSUPPORTED, "bracket: a bracket has no proofs and no other "
                                             "quantities: leave out certify, digits, quantities");
    for (size_t i = 0; i < options->quantity_count && f->products->sides & CT_LABEL_A; i++)
        if (options->quantities[i].kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
            return ct_fail(CUTROPY_EUNSUPPORTED,
                           "mutual_information of pixels: the label stands with every region; use "
                           "label_side=b");
    return CUTROPY_OK;
}

/* Quantities of a label need one, beside the other pixels. */
static cutropy_status check_label(const ct_function *f, const cutropy_options *options)
{
    const bool there = f->products && f->products->sides == CT_LABEL_B;
    for (size_t i = 0; i < options->quantity_count && !there; i++)
        if (ct_label_quantity(options->quantities[i].kind) >= 0)
            return ct_fail(
                CUTROPY_EINPUT,
                "quantities of the label need a data set with label=onehot, label_side=b");
    return CUTROPY_OK;
}

cutropy_status ct_state_prepare_cuts(cutropy_state *state, const cutropy_cuts *cuts,
                                     const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    const ct_solver_choice mine = solver_of(&state->f);
    CT_TRY(check_label(&state->f, options));
    if (options->solver != CT_SOLVE_AUTO && options->solver != mine)
        return ct_fail(CUTROPY_EUNSUPPORTED, "solver %s: the state was opened with solver %s",
                       names[options->solver], names[mine]);
    if (options->bracket && mine != CT_SOLVE_PRODUCTS)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "bracket: brackets are made of data sets with map=cos or map=poly, and of "
                       "real factors, not of %s",
                       state->problem->text);
    if (state->f.lattice->infinite)
        return ct_strip_serves(&state->f, cuts, options);
    for (size_t q = 0; q < options->quantity_count; q++)
        if (options->quantities[q].kind == CUTROPY_QUANTITY_GROWTH)
            return ct_fail(CUTROPY_EINPUT,
                           "growth: a quantity of infinite strips, grid:8xinf, not of %s",
                           state->problem->lattice->name);
    if (mine == CT_SOLVE_PRODUCTS)
        return check_products(&state->f, options);
    if (state->f.storage != CT_AUTOMATON)
        return CUTROPY_OK;
    const ct_asked asked = ask(state->problem, cuts);
    ct_reporter reporter = {.progress = options->progress, .user = options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    const ct_automaton_options how = {.memory_limit = state->memory_limit, .watch = &watch};
    if (asked.rows)
        CT_TRY(ct_automaton_read_lines(state->f.automaton, false, &how));
    if (asked.columns)
        CT_TRY(ct_automaton_read_lines(state->f.automaton, true, &how));
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
    const ct_function *f = &state->f;
    char words[CT_PRODUCTS_WORDS];
    if (f->products)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s has no list of images to read for %s",
                       ct_products_words(f->products, words), who);
    if (f->storage == CT_SPARSE)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "%s: a list of values is no table of all images beyond %d pixels", who,
                       CT_SPARSE_PIXELS);
    if (f->lattice->infinite)
        return ct_lattice_has_end(f->lattice);
    return ct_has_no_images(f) ? ct_fail_reader(solver_of(f), who) : CUTROPY_OK;
}
