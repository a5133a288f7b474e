/* SPDX-License-Identifier: Apache-2.0 */
/* What a result says of the problem, the function and the machine. */
#include <stdio.h>
#include <string.h>

#include "engine/function/function.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "engine/run/run_result.h"
#include "problem/products.h"

static void describe_function(const cutropy_state *state, cutropy_result *r)
{
    static const char *const storage[] = {"support",  "table", "values", "automaton", "equations",
                                          "products", "strip", "sparse", "weights",   "products"};
    const ct_function *f = &state->f;
    const ct_products *p = state->problem->products;
    r->checksum = f->checksum;
    r->ones = f->kind == CUTROPY_KIND_LABEL ? f->ones : 0;
    r->infinite = f->lattice->infinite;
    r->two_levels = !p || (p->dimension <= 2 && !(p->sides & CT_LABEL_A));
    snprintf(r->storage, sizeof r->storage, "%s", storage[f->storage]);
}

cutropy_status ct_result_start(const cutropy_state *state, const cutropy_cuts *cuts,
                               const cutropy_options *options, int threads, cutropy_result **out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_problem *problem = state->problem;
    const ct_operations *operations = state->operations;
    cutropy_result *r = NULL;
    CT_NEW_ZERO(r, 1);
    *out = r;
    r->kind = problem->kind;
    r->cuts = (cutropy_cuts){.words = cuts->words, .count = cuts->count};
    r->threads = threads;
    r->digits = ct_options_digits(options);
    r->quantity_count = options->quantity_count;
    r->count = cuts->count;
    CT_NEW(r->cuts.masks, cuts->count * cuts->words);
    memcpy(r->cuts.masks, cuts->masks, cuts->count * cuts->words * sizeof *cuts->masks);
    CT_NEW(r->quantities, options->quantity_count);
    if (options->quantity_count)
        memcpy(r->quantities, options->quantities,
               options->quantity_count * sizeof *options->quantities);
    CT_NEW_ZERO(r->rows, cuts->count);
    r->problem = ct_strdup(problem->text);
    r->lattice = ct_strdup(problem->lattice->name);
    r->norm = ct_strdup(state->norm);
    r->norm_error = ct_strdup(state->norm_error);
    if (!r->problem || !r->lattice || !r->norm || !r->norm_error)
        status = ct_fail_memory("result", 64);
    snprintf(r->backend, sizeof r->backend, "%s", operations->name);
    r->libraries = operations->libraries;
    snprintf(r->instruction_set, sizeof r->instruction_set, "%s", operations->instruction_set());
    describe_function(state, r);
done:
    return status;
}

void ct_result_say_who(const cutropy_state *state, const ct_orbits *orbits, size_t on_devices,
                       size_t grams_on_devices, cutropy_result *result)
{
    size_t trivial = 0;
    if (!state->operations->solver)
        return;
    for (size_t i = 0; i < orbits->count; i++)
        trivial += ct_cut_is_trivial(&state->f, orbits->mask + i * orbits->words);
    if (grams_on_devices)
        snprintf(result->backend, sizeof result->backend, "%.8s (%sGram matrices; cuts on the cpu)",
                 state->operations->name,
                 grams_on_devices + trivial < orbits->count ? "some " : "");
    else if (on_devices + trivial < orbits->count)
        snprintf(result->backend, sizeof result->backend, "%.8s (%scuts on the cpu)",
                 state->operations->name, on_devices ? "some " : "");
}

void ct_result_say_together(int ranks, cutropy_result *result)
{
    const size_t length = strlen(result->backend);
    snprintf(result->backend + length, sizeof result->backend - length,
             " (some cuts by %d ranks together)", ranks);
}

static void add_timing(cutropy_result *r, const char *stage, double seconds)
{
    cutropy_timing *timing = &r->timings[r->timing_count++];
    snprintf(timing->stage, sizeof timing->stage, "%s", stage);
    timing->seconds = seconds;
}

void ct_result_timings(cutropy_result *result, const double *seconds, double total)
{
    static const char *const names[CT_STAGES] = {"evaluate", "symmetry",    "quotient", "blocks",
                                                 "gram",     "eigenvalues", "entropy",  "proofs"};
    for (int stage = 0; stage < CT_STAGES - !result->digits; stage++) /* proofs are last */
        add_timing(result, names[stage], seconds[stage]);
    add_timing(result, "total", total);
}
