/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a run before it starts. */
#include "engine/run/plan.h"

#include <stdio.h>

#include "base/parallel.h"
#include "base/report.h"
#include "engine/cut/needs.h"
#include "engine/function/function.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "engine/function/orbits.h"
#include "engine/prove/prove_products.h"
#include "engine/solver/plan_frontier.h"
#include "engine/solver/product_bracket.h"
#include "engine/solver/weighted_cut.h"
#include "engine/state/function_make.h"
#include "engine/state/state.h"
#include "frontier/affine.h"
#include "frontier/strip.h"
#include "frontier/weighing.h"
#include "problem/label.h"
#include "problem/problem.h"

/* Different cuts, those of a part at most: each size is dealt out, and symmetries only leave fewer of it. */
static cutropy_status count_distinct(const cutropy_cuts *cuts, const ct_symmetry *identity,
                                     int pixels, const ct_part *part, uint64_t *count)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t parts = part->count ? (uint64_t)part->count : 1;
    ct_orbits orbits = {0};
    uint64_t *of_size = NULL;
    CT_NEW_ZERO(of_size, pixels / 2 + 1);
    for (size_t i = 0; i < cuts->count; i++) {
        uint32_t orbit;
        bool swapped;
        CT_TRY(ct_orbits_add(&orbits, identity, cuts->masks + i * cuts->words, &orbit, &swapped));
    }
    for (size_t i = 0; i < orbits.count; i++)
        of_size[ct_smaller_side(orbits.mask + i * orbits.words, orbits.words, pixels)]++;
    *count = 0;
    for (int size = 0; size <= pixels / 2; size++)
        *count += (of_size[size] + parts - 1) / parts;
done:
    ct_free(of_size);
    ct_orbits_free(&orbits);
    return status;
}

/* The function as evaluation would store it, without values. */
static void expected_function(const cutropy_problem *problem, ct_function *f, cutropy_plan *plan)
{
    const int pixels = f->pixels;
    const char *storage = "values";
    plan->known = 1;
    f->storage = CT_VALUES;
    if (problem->list_images) {
        const bool labels = problem->kind == CUTROPY_KIND_LABEL;
        storage = labels ? "support" : "sparse";
        f->storage = labels ? CT_SUPPORT : CT_SPARSE;
    } else if (problem->kind == CUTROPY_KIND_LABEL) {
        plan->known = problem->body == CT_BODY_NONE;
        storage = plan->known ? "table" : "support?";
        f->storage = CT_TABLE;
        plan->function_bytes = pixels <= 40 ? 8 * ct_table_words(pixels) : CUTROPY_UNKNOWN;
    } else {
        plan->function_bytes = ct_bytes_shift(ct_value_bytes(problem->kind), pixels);
    }
    if (!problem->list_images)
        plan->images = pixels < 63 ? UINT64_C(1) << pixels : CUTROPY_UNKNOWN;
    snprintf(plan->storage, sizeof plan->storage, "%s", storage);
}

/* The largest quotient and matrices of the cuts, once a thread when they go side by side. */
static void plan_workspace(const ct_function *f, const cutropy_cuts *cuts, int threads,
                           cutropy_plan *plan)
{
    uint64_t quotients, matrices;
    int largest = 0;
    ct_largest_needs(f, cuts->masks, cuts->words, cuts->count, false, &quotients, &matrices);
    for (size_t i = 0; i < cuts->count; i++) {
        const int na = ct_smaller_side(cuts->masks + i * cuts->words, cuts->words, f->pixels);
        largest = na > largest ? na : largest;
    }
    const uint64_t copies =
        cuts->count > 1 && ct_side_by_side(quotients, matrices, plan->memory_limit, threads)
            ? (uint64_t)threads
            : 1;
    plan->workspace_bytes = ct_bytes_add(quotients, matrices);
    if (plan->workspace_bytes < UINT64_MAX / 2 / copies)
        plan->workspace_bytes *= copies;
    plan->largest_matrix = ct_bytes_shift(1, largest);
    if ((f->storage == CT_SUPPORT || f->storage == CT_SPARSE) && plan->largest_matrix > f->ones + 1)
        plan->largest_matrix = f->ones + 1;
}

/* Labels by index may turn out to be few, and then need less than their table. */
static uint64_t least_bytes(const ct_function *f, const cutropy_cuts *cuts,
                            const cutropy_plan *plan)
{
    uint64_t quotient = 0, matrices;
    if (!plan->known)
        return 0;
    if (f->storage == CT_VALUES)
        ct_largest_needs(f, cuts->masks, cuts->words, cuts->count, false, &quotient, &matrices);
    return ct_bytes_add(plan->function_bytes, quotient);
}

cutropy_status ct_plan_check(const cutropy_problem *problem, const cutropy_cuts *cuts,
                             uint64_t memory_limit)
{
    ct_function f = {.pixels = problem->lattice->pixels, .kind = problem->kind};
    cutropy_plan plan = {0};
    char function[24], more[24], limit[24];
    if (problem->list_images || problem->products)
        return CUTROPY_OK;
    expected_function(problem, &f, &plan);
    const uint64_t least = least_bytes(&f, cuts, &plan);
    if (plan.function_bytes > memory_limit || least <= memory_limit)
        return CUTROPY_OK; /* evaluation says how many pixels fit */
    return ct_fail(
        CUTROPY_EMEMORY,
        "%d pixels need %s for the function and %s for the largest cut but %s may be used "
        "(--memory raises the limit)",
        f.pixels, ct_bytes_format(plan.function_bytes, function),
        ct_bytes_format(least - plan.function_bytes, more), ct_bytes_format(memory_limit, limit));
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Cuts go side by side where their matrices take half of what there is, at most. */
static void plan_products(const ct_function *f, const cutropy_options *run, cutropy_plan *plan)
{
    const ct_products *p = f->products;
    const int threads = run->threads > 0 ? run->threads : ct_available_threads(),
              digits = ct_options_digits(run);
    const uint64_t bytes = run->bracket ? ct_product_bracket_bytes(p, run->bracket)
                           : digits && !p->bits
                               ? larger(ct_product_cut_bytes(p), ct_prove_products_bytes(p, digits))
                               : ct_product_cut_bytes(p);
    const bool together = !run->bracket && plan->cuts >= 2 * (uint64_t)threads &&
                          bytes <= plan->memory_limit / 2 / (uint64_t)threads;
    snprintf(plan->storage, sizeof plan->storage, "products");
    plan->known = 1;
    plan->function_bytes = ct_products_bytes(p->terms, p->sites, p->dimension, p->is_complex);
    plan->largest_matrix = (uint64_t)p->terms;
    plan->operations = run->bracket ? ct_product_bracket_work(p, run->bracket, plan->memory_limit)
                       : digits && !p->bits ? ct_prove_products_work(p, digits)
                                            : 0;
    plan->workspace_bytes = bytes * (together ? (uint64_t)threads : 1);
    plan->least_bytes = plan->function_bytes + bytes;
    plan->fits = plan->least_bytes <= plan->memory_limit;
}

/* Equations are read for the plan: that takes as long as they are. */
static cutropy_status plan_equations(const cutropy_problem *problem, cutropy_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    ct_function f = {0};
    CT_TRY(ct_function_affine(problem, &f));
    ct_affine_bytes(f.affine, &plan->function_bytes, &plan->workspace_bytes);
    snprintf(plan->storage, sizeof plan->storage, "equations");
    plan->known = 1;
    plan->least_bytes = plan->function_bytes;
    plan->fits = plan->least_bytes <= plan->memory_limit;
done:
    ct_function_free(&f);
    return status;
}

/* The automaton of a row is built for the plan, or equations. */
static void plan_strip(const ct_function *f, cutropy_plan *plan)
{
    uint64_t bytes, pairs;
    plan->known = 1;
    if (f->storage == CT_AFFINE) {
        ct_affine_bytes(f->affine, &plan->function_bytes, &plan->workspace_bytes);
        snprintf(plan->storage, sizeof plan->storage, "equations");
    } else if (f->storage == CT_WEIGHTED) {
        const uint64_t n = (uint64_t)f->weighing->strip->n;
        snprintf(plan->storage, sizeof plan->storage, "weights");
        plan->function_bytes = ct_weighted_bytes(&f->weighing->strip->rows);
        plan->workspace_bytes = 24 * n * n;
        plan->largest_matrix = n;
        for (int x = 0; x < f->weighing->strip->width; x++)
            plan->states += (uint64_t)f->weighing->strip->rows.bond[f->weighing->strip->width + x];
    } else {
        const uint64_t n = (uint64_t)f->strip->row.count[0];
        ct_strip_bytes(f->strip, &bytes, &pairs);
        const uint64_t matrices = 8 * n * (n + 1) + 8 * n * n;
        snprintf(plan->storage, sizeof plan->storage, "strip");
        plan->function_bytes = bytes;
        plan->workspace_bytes = pairs > matrices ? pairs : matrices;
        plan->largest_matrix = n;
        for (int x = 0; x < f->strip->row.pixels; x++)
            plan->states += (uint64_t)f->strip->row.count[x];
    }
    plan->least_bytes = plan->function_bytes;
    plan->fits = plan->least_bytes <= plan->memory_limit;
}

static cutropy_status plan_infinite(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                    const cutropy_options *run, cutropy_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_state *state = NULL;
    CT_TRY(ct_state_open_on(ct_operations_cpu(), problem, run, &state));
    CT_TRY(ct_state_prepare_cuts(state, cuts, run));
    plan_strip(&state->f, plan);
done:
    cutropy_state_free(state);
    return status;
}

/* *planned: the automata would serve the run. */
static cutropy_status plan_automata(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                    const cutropy_options *run, const ct_symmetry *identity,
                                    cutropy_plan *plan, bool *planned)
{
    cutropy_status status = CUTROPY_OK;
    ct_reporter reporter = {.progress = run->progress, .user = run->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    cutropy_state *state = NULL;
    if (run->solver == CT_SOLVE_FRONTIER) {
        cutropy_options how = *run;
        how.by_columns = ct_frontier_by_columns(problem, cuts);
        CT_TRY(ct_state_open_on(ct_operations_cpu(), problem, &how, &state));
    } else if (run->solver == CT_SOLVE_AUTO)
        CT_TRY(ct_state_try_automata(ct_operations_cpu(), problem, cuts, run, &state));
    *planned = state != NULL;
    if (state && state->f.storage == CT_WEIGHTED) {
        CT_TRY(ct_plan_weighted(problem, cuts, ct_options_digits(run), plan));
    } else if (state) { /* a part has whole directions of reading */
        CT_TRY(
            count_distinct(cuts, identity, state->f.pixels, &(ct_part){0}, &plan->distinct_cuts));
        CT_TRY(ct_state_prepare_cuts(state, cuts, run));
        CT_TRY(ct_plan_frontier(&state->f, cuts, &watch, plan));
    }
done:
    cutropy_state_free(state);
    return status;
}

static cutropy_status plan_enumeration(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                       const cutropy_options *run, ct_function *f,
                                       cutropy_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    ct_images list = {0};
    expected_function(problem, f, plan);
    if (problem->list_images) {
        CT_TRY(problem->list_images(problem, &list));
        f->ones = list.count;
        plan->function_bytes =
            list.count * (f->words * 8 + (list.values ? ct_value_bytes(f->kind) : 0));
    }
    plan_workspace(f, cuts, run->threads > 0 ? run->threads : ct_available_threads(), plan);
    if (plan->function_bytes == CUTROPY_UNKNOWN)
        plan->workspace_bytes = CUTROPY_UNKNOWN;
    plan->least_bytes = least_bytes(f, cuts, plan);
    plan->fits = plan->least_bytes <= plan->memory_limit;
done:
    ct_free(list.words);
    ct_free(list.values);
    return status;
}

cutropy_status cutropy_make_plan(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_plan **out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options *run = ct_options_or_standard(options);
    const bool any = run->solver == CT_SOLVE_AUTO;
    cutropy_plan *plan = NULL;
    ct_function f = ct_function_of(problem);
    ct_symmetry identity = {0};
    bool planned = true;
    *out = NULL;
    CT_NEW_ZERO(plan, 1);
    plan->cuts = cuts->count;
    plan->memory_limit = ct_memory_limit(run);
    CT_TRY(ct_symmetry_find(&f, false, 1, &identity));
    CT_TRY(count_distinct(cuts, &identity, f.pixels, &run->part, &plan->distinct_cuts));
    for (size_t q = 0; run->part.count && q < run->quantity_count; q++)
        if (run->quantities[q].kind == CUTROPY_QUANTITY_MUTUAL_INFORMATION)
            plan->distinct_cuts += (uint64_t)f.pixels; /* single pixels, in every part */
    if (problem->products)
        plan_products(&f, run, plan);
    else if (problem->lattice->infinite)
        CT_TRY(plan_infinite(problem, cuts, run, plan));
    else if (run->solver == CT_SOLVE_AFFINE || (any && ct_affine_first(problem)))
        CT_TRY(plan_equations(problem, plan));
    else if (problem->weigh && (run->solver == CT_SOLVE_FRONTIER ||
                                (any && problem->lattice->pixels > CT_INDEX_PIXELS)))
        CT_TRY(ct_plan_weighted(problem, cuts, ct_options_digits(run), plan));
    else
        CT_TRY(plan_automata(problem, cuts, run, &identity, plan, &planned));
    if (!planned)
        CT_TRY(plan_enumeration(problem, cuts, run, &f, plan));
    *out = plan;
    plan = NULL;
done:
    cutropy_plan_free(plan);
    ct_symmetry_free(&identity);
    return status;
}

void cutropy_plan_free(cutropy_plan *plan)
{
    ct_free(plan);
}
