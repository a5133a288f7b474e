/* SPDX-License-Identifier: Apache-2.0 */
/* The run: merge the cuts of a state into orbits, send every orbit through the stages. */
#include "engine/run/run.h"

#include <string.h>

#include "base/clock.h"
#include "base/bits.h"
#include "certify/thread.h"
#include "engine/function/choose.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"
#include "engine/record/rows.h"
#include "engine/run/part_choose.h"
#include "engine/run/passes.h"
#include "engine/run/plan.h"
#include "engine/run/ranks.h"
#include "engine/run/run_result.h"
#include "lattice/lattice.h"

/* What one run keeps while it works. */
typedef struct ct_run {
    cutropy_state *state;
    const cutropy_options *options;
    int threads;
    uint64_t memory_limit;
    const ct_symmetry *symmetry;
    ct_orbits orbits;
    cutropy_result *result;
    ct_reporter reporter;
    ct_setting setting;
    bool in_journal;
    double seconds[CT_STAGES];
} ct_run;

static bool wants(const cutropy_options *options, cutropy_quantity_kind kind)
{
    for (size_t i = 0; i < options->quantity_count; i++)
        if (options->quantities[i].kind == kind)
            return true;
    return false;
}

/* What is known of f before the first cut; the first run of a state has the time of its evaluation. */
static cutropy_status prepare(ct_run *run, size_t cuts)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    run->seconds[CT_STAGE_EVALUATE] = run->state->evaluate_seconds;
    run->state->evaluate_seconds = 0;
    CT_TRY(ct_state_symmetry(run->state, run->options->use_symmetry && cuts > 1, &run->symmetry));
    run->result->symmetries = run->symmetry->order;
    run->seconds[CT_STAGE_SYMMETRY] = ct_now() - start;
done:
    return status;
}

static void show(const cutropy_options *options, const cutropy_result *partial)
{
    if (options->shown)
        options->shown(partial, options->shown_user);
}

/* Alone, or with other ranks; what those left open (a cut that one of them had no memory for) is done here, and nothing is where
 * they left nothing. What no rank has memory for they do together. */
static cutropy_status solve(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    ct_shared_run shared = {.team = run->options->team,
                            .setting = &run->setting,
                            .orbits = &run->orbits,
                            .identity = &run->result->identity,
                            .reporter = &run->reporter,
                            .records = run->result->records,
                            .seconds = run->seconds};
    ct_solve_outcome outcome = {0};
    if (shared.team && shared.team->ranks->rank)
        return ct_ranks_serve(&shared);
    if (shared.team) {
        CT_NEW_ZERO(shared.host, shared.team->ranks->count);
        CT_TRY(ct_ranks_deal(&shared));
    }
    status = ct_passes(&run->setting, &run->orbits, &run->reporter, run->result->records, &outcome,
                       run->seconds);
    ct_result_say_who(run->state, &run->orbits, outcome.on_devices, outcome.grams_on_devices,
                      run->result);
    if (!shared.team || status != CUTROPY_OK)
        goto done;
    const uint64_t before = shared.team->joined;
    status = ct_ranks_join(&shared);
    if (shared.team->joined > before)
        ct_result_say_together(shared.team->ranks->count, run->result);
done:
    if (shared.team)
        ct_ranks_dismiss(shared.team->ranks);
    ct_free(shared.host);
    return status;
}

/* What takes several records a row. */
static cutropy_status fill_sums(cutropy_result *result)
{
    const cutropy_status status = result->sites ? ct_rows_mutual_information(result) : CUTROPY_OK;
    return status == CUTROPY_OK && result->labels ? ct_rows_labels(result) : status;
}

/* What was finished before is filled in. */
static cutropy_status begin_journal(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result = run->result;
    CT_TRY(ct_identity_make(result, run->options, &run->orbits, &result->identity));
    if (!run->options->journal || (run->options->team && run->options->team->ranks->rank))
        return CUTROPY_OK; /* rank 0 keeps it */
    CT_TRY(ct_journal_begin(run->options->journal, &result->identity, result->records,
                            result->record_count, result->quantity_count));
    run->in_journal = true;
done:
    return status;
}

static cutropy_status run_all(ct_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = run->state->f.lattice;
    const bool pairs = wants(run->options, CUTROPY_QUANTITY_MUTUAL_INFORMATION);
    const ct_watch watch = {.report = ct_report, .user = &run->reporter};
    CT_TRY(ct_result_start(run->state, cuts, run->options, run->threads, &run->result));
    CT_TRY(prepare(run, cuts->count));
    if (pairs)
        CT_NEW_ZERO(run->result->sites, 64 * lattice->words); /* one a pixel */
    for (size_t q = 0; q < run->options->quantity_count && !run->result->labels; q++)
        if (ct_label_quantity(run->options->quantities[q].kind) >= 0) {
            if (run->options->part.count)
                CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED,
                               "quantities of the label need other cuts than their own: leave out "
                               "part, or these quantities"));
            CT_NEW(run->result->labels, cuts->count + 1);
        }
    CT_TRY(ct_rows_fill(run->result, lattice, run->symmetry, &run->reporter, &run->orbits));
    CT_NEW_ZERO(run->result->records, run->orbits.count);
    run->result->record_count = run->orbits.count;
    run->result->parted = run->options->part.count != 0;
    CT_TRY(ct_part_choose(&run->options->part, &run->state->f, &run->orbits, run->result->sites,
                          run->result->records));
    CT_TRY(begin_journal(run));
    show(run->options, run->result);
    run->setting = (ct_setting){.f = &run->state->f,
                                .backend = run->state->operations,
                                .memory_limit = run->memory_limit,
                                .threads = run->threads,
                                .watch = &watch,
                                .quantities = run->options->quantities,
                                .quantity_count = run->options->quantity_count,
                                .largest = run->options->bracket,
                                .digits = run->result->digits,
                                .certify = run->options->certify,
                                .journal = run->options->journal,
                                .want_cube = wants(run->options, CUTROPY_QUANTITY_TR_RHO3) &&
                                             ct_has_exact_norm(&run->state->f)};
    CT_TRY(solve(run));
    CT_TRY(ct_records_failure(run->result->records, run->result->record_count));
    run->result->complete = !run->options->part.count;
done:
    show(run->options, NULL);
    if (run->result && run->result->records && (pairs || run->result->labels)) {
        char text[512];
        ct_error_save(text, sizeof text);
        const cutropy_status filled = fill_sums(run->result);
        status = status == CUTROPY_OK ? filled : ct_error_restore(status, text);
    }
    return status;
}

static cutropy_status check_cuts(const cutropy_lattice *lattice, const cutropy_cuts *cuts)
{
    const int pixels = lattice->pixels;
    if (!cuts->count)
        return ct_fail(CUTROPY_EINPUT, "no cut was asked for");
    if (cuts->words != lattice->words)
        return ct_fail(CUTROPY_EINPUT, "the cuts belong to another lattice");
    for (size_t i = 0; i < cuts->count && pixels % 64; i++)
        if (cuts->masks[(i + 1) * cuts->words - 1] & ~ct_low_mask(pixels % 64))
            return ct_fail(CUTROPY_EINPUT, "cut %zu has pixels outside the lattice %s", i,
                           lattice->name);
    return CUTROPY_OK;
}

static bool is_worth(cutropy_status status, const cutropy_result *result)
{
    if (status == CUTROPY_ECANCELLED)
        return true;
    if (!ct_fails_alone(
            status)) /* a broken identity, or a device was lost: nothing is above doubt */
        return false;
    for (size_t i = 0; i < result->record_count; i++)
        if (result->records[i].done)
            return true;
    return false;
}

cutropy_status cutropy_state_run(cutropy_state *state, const cutropy_cuts *cuts,
                                 const cutropy_options *options, cutropy_result **out)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now() - state->evaluate_seconds;
    ct_run run = {.state = state, .options = ct_options_or_standard(options)};
    *out = NULL;
    run.threads = run.options->threads > 0 ? run.options->threads : state->threads;
    run.memory_limit = run.options->memory_limit ? run.options->memory_limit : state->memory_limit;
    run.reporter = (ct_reporter){.progress = run.options->progress, .user = run.options->user};
    CT_TRY(ct_options_check(run.options));
    ct_certify_thread();
    if (state->problem->rounded && (run.options->digits || run.options->certify))
        CT_TRY(ct_fail(
            CUTROPY_EUNSUPPORTED,
            "multiplicity=sqrt: roots that are no integers are rounded to doubles, and nothing is proved of "
            "the roots: no --certify, no --digits (check: --plain)"));
    CT_TRY(check_cuts(state->f.lattice, cuts));
    CT_TRY(ct_state_prepare_cuts(state, cuts, run.options));
    CT_TRY(run_all(&run, cuts));
done:
    if (run.result)
        ct_result_timings(run.result, run.seconds, ct_now() - start);
    if (status == CUTROPY_OK ||
        (run.result && run.result->records && is_worth(status, run.result))) {
        run.result->complete &= status == CUTROPY_OK;
        *out = run.result;
        run.result = NULL;
    }
    if (run.in_journal)
        ct_journal_end(run.options->journal);
    cutropy_result_free(run.result);
    ct_orbits_free(&run.orbits);
    return status;
}

/* Linear equations beyond the truth tables: every cut has them, and no automaton is as small. */
static cutropy_status try_equations(const ct_operations *backend, const cutropy_problem *problem,
                                    const cutropy_options *options, cutropy_state **out)
{
    cutropy_options trial = *options;
    if (!ct_affine_first(problem))
        return CUTROPY_OK;
    trial.solver = CT_SOLVE_AFFINE;
    return ct_state_open_on(backend, problem, &trial, out);
}

cutropy_status ct_state_open_for(const ct_operations *backend, const cutropy_problem *problem,
                                 const cutropy_cuts *cuts, const cutropy_options *options,
                                 const char *reader, cutropy_state **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_operations *chosen = NULL; /* and started */
    *out = NULL;
    options = ct_options_or_standard(options);
    if (!backend) {
        CT_TRY(ct_choose_backend(options, &chosen));
        backend = chosen;
    }
    CT_TRY(ct_options_check(options));
    CT_TRY(check_cuts(problem->lattice, cuts));
    const bool infinite = problem->lattice->infinite;
    if (reader)
        CT_TRY(ct_lattice_has_end(problem->lattice));
    if (options->solver == CT_SOLVE_AUTO && !reader && !infinite)
        CT_TRY(try_equations(backend, problem, options, out));
    if (options->solver == CT_SOLVE_AUTO && !reader && !infinite && !*out)
        CT_TRY(ct_state_try_automata(backend, problem, cuts, options, out));
    if (*out)
        goto done;
    if (reader && (options->solver == CT_SOLVE_FRONTIER || options->solver == CT_SOLVE_AFFINE))
        CT_TRY(ct_fail_reader(options->solver, reader));
    if (!backend->solver && !infinite && options->solver != CT_SOLVE_FRONTIER &&
        options->solver != CT_SOLVE_AFFINE) /* a device needs other memory */
        CT_TRY(ct_plan_check(problem, cuts, ct_memory_limit(options)));
    cutropy_options how = *options;
    how.by_columns =
        options->solver == CT_SOLVE_FRONTIER && !infinite && ct_frontier_by_columns(problem, cuts);
    status = ct_state_open_on(backend, problem, &how, out);
    if (status && options->solver == CT_SOLVE_AUTO && !reader && !infinite)
        status = ct_state_fail_both(problem, status);
done:
    if (chosen)
        chosen->stop();
    return status;
}

cutropy_status ct_state_try_search(const cutropy_problem *problem, const cutropy_options *options,
                                   cutropy_state **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_operations *backend = NULL;
    cutropy_options how = *options;
    *out = NULL;
    CT_TRY(ct_options_check(options));
    if (how.solver != CT_SOLVE_AUTO)
        return CUTROPY_OK;
    CT_TRY(ct_choose_backend(options, &backend));
    if (ct_affine_serves(problem)) {
        how.solver = CT_SOLVE_AFFINE;
        CT_TRY(ct_state_open_on(backend, problem, &how, out));
    } else
        CT_TRY(ct_state_try_automata(backend, problem, NULL, &how, out));
done:
    if (backend)
        backend->stop();
    return status;
}

cutropy_status ct_run_on(const ct_operations *backend, const cutropy_problem *problem,
                         const cutropy_cuts *cuts, const cutropy_options *options,
                         cutropy_result **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_state *state = NULL;
    *out = NULL;
    CT_TRY(ct_state_open_for(backend, problem, cuts, options, NULL, &state));
    CT_TRY(cutropy_state_run(state, cuts, options, out));
done:
    cutropy_state_free(state);
    return status;
}

cutropy_status cutropy_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options, cutropy_result **out)
{
    return ct_run_on(NULL, problem, cuts, options, out);
}

cutropy_status ct_result_finished(const cutropy_result *partial, cutropy_result **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *copy = NULL;
    *out = NULL;
    CT_NEW(copy, 1);
    *copy = *partial;
    CT_NEW(copy->rows, partial->count);
    memcpy(copy->rows, partial->rows, partial->count * sizeof *copy->rows);
    CT_NEW_ZERO(copy->records, partial->record_count);
    for (size_t i = 0; i < partial->record_count; i++)
        if (__atomic_load_n(&partial->records[i].done, __ATOMIC_ACQUIRE))
            copy->records[i] = partial->records[i];
    CT_TRY(fill_sums(copy));
    *out = copy;
done:
    return status; /* what is lost in an error goes with the program */
}
