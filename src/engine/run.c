/* SPDX-License-Identifier: Apache-2.0 */
/* The run: evaluate f, find its symmetries, merge cuts into orbits, send every orbit through the
 * stages. */
#include "engine/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/parallel.h"
#include "backend/module.h"
#include "engine/evaluate.h"
#include "engine/function.h"
#include "engine/options.h"
#include "engine/plan.h"
#include "engine/run_state.h"
#include "problem/problem.h"

#define REPORT_SECONDS 0.1

/* Passes on at most about ten reports a second; the answers come back every time. */
int ct_run_report(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ct_run *run = user;
    double now = ct_now();
    if (!run->options->progress || (now - run->last_report < REPORT_SECONDS && done < total))
        return 0;
    run->last_report = now;
    return run->options->progress(stage, done, total, run->options->user);
}

/* The device that "cuda", "cuda:N" or "cuda:all" names; false: it is none of them. */
static bool names_device(const char *name, int *device)
{
    *device = 0;
    if (!strcmp(name, "cuda"))
        return true;
    if (strncmp(name, "cuda:", 5) != 0)
        return false;
    *device = CT_ALL_DEVICES;
    if (!strcmp(name + 5, "all"))
        return true;
    const size_t digits = strspn(name + 5, "0123456789");
    *device = atoi(name + 5);
    return digits >= 1 && digits <= 4 && !name[5 + digits];
}

static cutropy_status open_devices(int device, const ct_backend **out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_module *module = NULL;
    int devices = 0;
    CT_TRY(ct_module_open(&module));
    CT_TRY(module->count(&devices));
    CT_TRY(module->open(device, out));
done:
    return status;
}

cutropy_status ct_choose_backend(const cutropy_options *options, const ct_backend **out)
{
    cutropy_status status = CUTROPY_OK;
    const char *name = options->backend ? options->backend : "auto";
    int device = CT_ALL_DEVICES;
    *out = NULL;
    status = ct_floating_check();
    if (status != CUTROPY_OK)
        return status;
    if (!strcmp(name, "auto")) {
        if (!ct_module_can_help() || open_devices(device, out) != CUTROPY_OK)
            *out = ct_backend_cpu();
    } else if (!strcmp(name, "cpu")) {
        *out = ct_backend_cpu();
    } else if (names_device(name, &device)) {
        status = open_devices(device, out);
        if (status != CUTROPY_OK)
            return ct_fail(status, "backend '%s': %s", name, cutropy_error());
    } else {
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "there is no backend '%s': use auto, cpu, cuda, cuda:N or cuda:all", name);
    }
    const bool asked = options->threads > 0 && options->threads <= CUTROPY_MAX_THREADS;
    return (*out)->start(asked ? options->threads : ct_available_threads());
}

static cutropy_status evaluate(ct_run *run, const cutropy_problem *problem, size_t cuts)
{
    cutropy_status status = CUTROPY_OK;
    const ct_evaluate_options options = {
        .threads = run->threads, .memory_limit = run->memory_limit, .watch = &run->watch};
    double start = ct_now();
    CT_TRY(ct_evaluate(run->backend, problem, &options, &run->f));
    CT_TRY(ct_function_measure(&run->f, run->threads));
    run->workers[0].clock.seconds[CT_STAGE_EVALUATE] = ct_now() - start;
    start = ct_now();
    CT_TRY(ct_symmetry_find(&run->f, run->options->use_symmetry && cuts > 1, run->threads,
                            &run->symmetry));
    run->workers[0].clock.seconds[CT_STAGE_SYMMETRY] = ct_now() - start;
done:
    return status;
}

static void show(const cutropy_options *options, const cutropy_result *partial)
{
    if (options->shown)
        options->shown(partial, options->shown_user);
}

static cutropy_status run_all(ct_run *run, const cutropy_problem *problem, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    const bool pairs = ct_run_wants(run->options, CUTROPY_QUANTITY_MUTUAL_INFORMATION);
    CT_TRY(ct_run_start_result(run, problem, cuts));
    CT_NEW_ZERO(run->workers, run->threads);
    CT_TRY(evaluate(run, problem, cuts->count));
    ct_run_describe_function(run);
    if (pairs)
        CT_NEW(run->result->sites, run->f.pixels);
    CT_TRY(ct_run_fill_rows(run, cuts));
    CT_NEW_ZERO(run->result->records, run->orbits.count);
    run->result->record_count = run->orbits.count;
    show(run->options, run->result);
    run->setting = (ct_setting){.f = &run->f,
                                .backend = run->backend,
                                .memory_limit = run->memory_limit,
                                .threads = run->threads,
                                .watch = &run->watch,
                                .quantities = run->options->quantities,
                                .quantity_count = run->options->quantity_count,
                                .digits = run->result->digits,
                                .certify = run->options->certify,
                                .want_cube = ct_run_wants(run->options, CUTROPY_QUANTITY_TR_RHO3) &&
                                             run->f.norm_exact};
    CT_TRY(ct_run_solve(run));
    run->result->complete = 1;
done:
    show(run->options, NULL);
    if (pairs && run->result && run->result->records) {
        const cutropy_status filled = ct_fill_mutual_information(run->result);
        status = status == CUTROPY_OK ? filled : status;
    }
    return status;
}

static cutropy_status check_request(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                    const cutropy_options *options)
{
    const int pixels = problem->lattice->pixels;
    if (options->threads < 0 || options->threads > CUTROPY_MAX_THREADS)
        return ct_fail(CUTROPY_EINPUT, "%d threads: give 0 (all cores) or 1 to %d",
                       options->threads, CUTROPY_MAX_THREADS);
    if (options->digits < 0 || options->digits > CUTROPY_MAX_DIGITS)
        return ct_fail(CUTROPY_EINPUT, "%d digits: give 1 to %d, or 0 for none", options->digits,
                       CUTROPY_MAX_DIGITS);
    if (!cuts->count)
        return ct_fail(CUTROPY_EINPUT, "no cut was asked for");
    if (cuts->words != problem->lattice->words)
        return ct_fail(CUTROPY_EINPUT, "the cuts belong to another lattice");
    for (size_t i = 0; i < cuts->count && pixels % 64; i++)
        if (cuts->masks[(i + 1) * cuts->words - 1] & ~ct_low_mask(pixels % 64))
            return ct_fail(CUTROPY_EINPUT, "cut %zu has pixels outside the lattice %s", i,
                           problem->lattice->name);
    return CUTROPY_OK;
}

cutropy_status cutropy_run(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options, cutropy_result **out)
{
    return ct_run_keep(problem, cuts, options, out, NULL);
}

cutropy_status ct_run_keep(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options, cutropy_result **out, ct_function *kept)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options standard = ct_default_options();
    const ct_backend *backend = NULL;
    *out = NULL;
    CT_TRY(ct_choose_backend(options ? options : &standard, &backend));
    CT_TRY(ct_run_on(backend, problem, cuts, options, out, kept));
done:
    return status;
}

/* Whether what was finished before a stop or a failure is handed out: not after a broken identity,
 * nor after a device was lost, when nothing is above doubt. */
static bool is_worth(cutropy_status status, const cutropy_result *result)
{
    if (status == CUTROPY_ECANCELLED)
        return true;
    if (status != CUTROPY_EMEMORY && status != CUTROPY_ENUMERIC && status != CUTROPY_EUNSUPPORTED)
        return false;
    for (size_t i = 0; i < result->record_count; i++)
        if (result->records[i].done)
            return true;
    return false;
}

cutropy_status ct_run_on(const ct_backend *backend, const cutropy_problem *problem,
                         const cutropy_cuts *cuts, const cutropy_options *options,
                         cutropy_result **out, ct_function *kept)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options standard = ct_default_options();
    const double start = ct_now();
    ct_run run = {.options = options ? options : &standard, .backend = backend};
    *out = NULL;
    run.threads = run.options->threads > 0 ? run.options->threads : ct_available_threads();
    run.memory_limit = ct_memory_limit(run.options);
    run.watch = (ct_watch){.report = ct_run_report, .user = &run};
    CT_TRY(check_request(problem, cuts, run.options));
    if (!backend->hold) /* a device needs other memory */
        CT_TRY(ct_plan_check(problem, cuts, run.memory_limit));
    CT_TRY(run_all(&run, problem, cuts));
done:
    if (run.result)
        ct_run_fill_timings(&run, start);
    if (status == CUTROPY_OK ||
        (run.result && run.result->records && is_worth(status, run.result))) {
        run.result->complete &= status == CUTROPY_OK;
        *out = run.result;
        run.result = NULL;
    }
    cutropy_result_free(run.result);
    for (int t = 0; run.workers && t < run.threads; t++)
        ct_arena_free(&run.workers[t].arena);
    ct_free(run.workers);
    ct_orbits_free(&run.orbits);
    ct_symmetry_free(&run.symmetry);
    if (kept && status == CUTROPY_OK)
        *kept = run.f;
    else
        ct_function_free(&run.f);
    return status;
}
