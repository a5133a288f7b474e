/* SPDX-License-Identifier: Apache-2.0 */
/* The state: f is evaluated and measured once. */
#include "engine/state/state.h"

#include <math.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "base/report.h"
#include "certify/thread.h"
#include "engine/function/choose.h"
#include "engine/function/evaluate.h"
#include "engine/function/function.h"
#include "engine/function/memory_limit.h"
#include "engine/state/function_make.h"
#include "problem/frontier.h"
#include "problem/products.h"

void cutropy_state_free(cutropy_state *state)
{
    if (!state)
        return;
    for (int use = 0; use < 2; use++)
        ct_symmetry_free(&state->symmetry[use]);
    ct_function_free(&state->f);
    if (state->operations)
        state->operations->stop();
    ct_free(state->norm);
    ct_free(state->norm_error);
    ct_free(state);
}

cutropy_status ct_options_check(const cutropy_options *options)
{
    if (options->threads < 0 || options->threads > CUTROPY_MAX_THREADS)
        return ct_fail(CUTROPY_EINPUT, "%d threads: give 0 (all cores) or 1 to %d",
                       options->threads, CUTROPY_MAX_THREADS);
    if (options->digits < 0 || options->digits > CUTROPY_MAX_DIGITS)
        return ct_fail(CUTROPY_EINPUT, "%d digits: give 1 to %d, or 0 for none", options->digits,
                       CUTROPY_MAX_DIGITS);
    return CUTROPY_OK;
}

static cutropy_status evaluate(cutropy_state *state, const ct_watch *watch, struct ct_team *team)
{
    cutropy_status status = CUTROPY_OK;
    const ct_evaluate_options how = {
        .threads = state->threads, .memory_limit = state->memory_limit, .watch = watch};
    CT_TRY(ct_enumerates(state->problem));
    CT_TRY(ct_evaluate(state->operations, state->problem, &how, team, &state->f));
    CT_TRY(ct_function_measure(&state->f, state->threads));
done:
    return status;
}

/* By enumeration or by automata; measured. */
static cutropy_status learn(cutropy_state *state, const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    ct_reporter reporter = {.progress = options->progress, .user = options->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    const double start = ct_now();
    const bool products = state->problem->products != NULL;
    char words[CT_PRODUCTS_WORDS];
    if (options->solver == CT_SOLVE_PRODUCTS && !products)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "solver products: %s is no sum of product states",
                       state->problem->text));
    if (products && options->solver != CT_SOLVE_AUTO && options->solver != CT_SOLVE_PRODUCTS)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "%s is %s, which solver products serves alone",
                       state->problem->text, ct_products_words(state->problem->products, words)));
    if (products)
        CT_TRY(ct_function_products(state->problem, state->operations, state->threads,
                                    state->memory_limit, options->bracket, &state->f));
    else if (state->problem->lattice->infinite)
        CT_TRY(ct_function_strip(state->problem, options->solver, state->memory_limit,
                                 state->threads, &watch, &state->f));
    else if (options->solver == CT_SOLVE_FRONTIER && state->problem->weigh)
        CT_TRY(ct_function_weighted(state->problem, state->memory_limit, state->threads, &watch,
                                    &state->f));
    else if (options->solver == CT_SOLVE_FRONTIER)
        CT_TRY(ct_function_read(state->problem, options->by_columns, state->memory_limit, &watch,
                                &state->f));
    else if (options->solver == CT_SOLVE_AFFINE)
        CT_TRY(ct_function_affine(state->problem, &state->f));
    else
        CT_TRY(evaluate(state, &watch, options->team));
    CT_TRY(ct_function_norm_text(&state->f, &state->norm));
    CT_TRY(ct_function_norm_error_text(&state->f, &state->norm_error));
    state->evaluate_seconds = ct_now() - start;
done:
    return status;
}

cutropy_status ct_state_open_on(const ct_operations *backend, const cutropy_problem *problem,
                                const cutropy_options *options, cutropy_state **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_state *state = NULL;
    *out = NULL;
    options = ct_options_or_standard(options);
    CT_TRY(ct_options_check(options));
    ct_certify_thread();
    CT_NEW_ZERO(state, 1);
    state->problem = problem;
    state->threads = options->threads > 0 ? options->threads : ct_available_threads();
    CT_TRY(backend->start(state->threads));
    state->operations = backend;
    state->memory_limit = ct_memory_limit(options);
    CT_TRY(learn(state, options));
    *out = state;
    state = NULL;
done:
    cutropy_state_free(state);
    return status;
}

cutropy_status cutropy_state_open(const cutropy_problem *problem, const cutropy_options *options,
                                  cutropy_state **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_operations *backend = NULL;
    *out = NULL;
    CT_TRY(ct_choose_backend(ct_options_or_standard(options), &backend));
    status = ct_state_open_on(backend, problem, options, out);
    backend->stop();
done:
    return status;
}

cutropy_status ct_state_symmetry(cutropy_state *state, bool use, const ct_symmetry **out)
{
    cutropy_status status = CUTROPY_OK;
    const bool read = state->f.storage == CT_AUTOMATON; /* there are no images to try */
    const bool uniform =
        state->f.storage == CT_WEIGHTED && state->problem->uniform && !state->f.lattice->infinite;
    ct_frontier frontier;
    use = use && (!ct_has_no_images(&state->f) || uniform ||
                  (read && ct_frontier_open(state->problem, false, &frontier) && frontier.turns));
    *out = &state->symmetry[use];
    if (state->has_symmetry[use])
        return CUTROPY_OK;
    if (uniform && use)
        status = ct_symmetry_uniform(&state->f, &state->symmetry[use]);
    else if (read && use)
        status = ct_symmetry_turned(&state->f, frontier.any_order, &state->symmetry[use]);
    else
        status = ct_symmetry_find(&state->f, use, state->threads, &state->symmetry[use]);
    state->has_symmetry[use] = status == CUTROPY_OK;
    return status;
}

cutropy_status ct_state_needs_words(const cutropy_state *state, const char *who)
{
    if (!ct_is_big(&state->f))
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EUNSUPPORTED,
        "the squares of the integer values add up to 2^62 or more, which %s cannot hold; "
        "pass them as f8 (double)",
        who);
}

const cutropy_lattice *cutropy_state_lattice(const cutropy_state *state)
{
    return state->f.lattice;
}

cutropy_kind cutropy_state_kind(const cutropy_state *state)
{
    return state->f.kind;
}

const char *cutropy_state_norm(const cutropy_state *state)
{
    return state->norm;
}

const char *cutropy_state_norm_error(const cutropy_state *state)
{
    return state->norm_error;
}

uint64_t cutropy_state_checksum(const cutropy_state *state)
{
    return state->f.checksum;
}

uint64_t cutropy_state_ones(const cutropy_state *state)
{
    return state->f.kind == CUTROPY_KIND_LABEL ? state->f.ones : 0;
}
