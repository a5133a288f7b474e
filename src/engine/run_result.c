/* SPDX-License-Identifier: Apache-2.0 */
/* What a result says of the problem, the function and the machine. */
#include <stdio.h>
#include <string.h>

#include "engine/options.h"
#include "engine/run.h"
#include "engine/run_state.h"

cutropy_status ct_run_start_result(ct_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options *options = run->options;
    const cutropy_problem *problem = run->state->problem;
    cutropy_result *r = NULL;
    CT_NEW_ZERO(run->result, 1);
    r = run->result;
    r->kind = problem->kind;
    r->cuts = (cutropy_cuts){.words = cuts->words, .count = cuts->count};
    r->threads = run->threads;
    r->digits = options->digits ? options->digits : options->certify ? CUTROPY_CERTIFIED_DIGITS : 0;
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
    if (!r->problem || !r->lattice)
        status = ct_fail_memory("result", 64);
    snprintf(r->backend, sizeof r->backend, "%s", run->backend->name);
    snprintf(r->libraries, sizeof r->libraries, "%s", run->backend->libraries());
    snprintf(r->instruction_set, sizeof r->instruction_set, "%s", run->backend->instruction_set());
done:
    return status;
}

void ct_run_describe_function(ct_run *run)
{
    static const char *const storage[] = {"support", "table", "values"};
    cutropy_result *r = run->result;
    const ct_function *f = run->f;
    r->checksum = f->checksum;
    r->ones = f->ones;
    snprintf(r->storage, sizeof r->storage, "%s", storage[f->storage]);
    snprintf(r->norm, sizeof r->norm, "%s", run->state->norm);
    r->symmetries = run->symmetry->order;
}

static void add_timing(cutropy_result *r, const char *stage, double seconds)
{
    cutropy_timing *timing = &r->timings[r->timing_count++];
    snprintf(timing->stage, sizeof timing->stage, "%s", stage);
    timing->seconds = seconds;
}

void ct_run_fill_timings(ct_run *run, double start)
{
    static const char *const names[CT_STAGES] = {"evaluate", "symmetry",    "quotient", "blocks",
                                                 "gram",     "eigenvalues", "entropy",  "proofs"};
    for (int stage = 0; stage < CT_STAGES - !run->setting.digits; stage++) { /* proofs are last */
        double seconds = 0;
        for (int t = 0; run->workers && t < run->threads; t++)
            seconds += run->workers[t].clock.seconds[stage];
        add_timing(run->result, names[stage], seconds);
    }
    add_timing(run->result, "total", ct_now() - start);
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
    if (copy->sites)
        CT_TRY(ct_fill_mutual_information(copy));
    *out = copy;
done:
    return status; /* what is lost in an error goes with the program */
}
