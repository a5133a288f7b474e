/* The run: evaluate f, find its symmetries, merge cuts into orbits, send every orbit through the
 * stages. */
#include <cutropy/run.h>

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backend/backend.h"
#include "base/bits.h"
#include "base/parallel.h"
#include "engine/function.h"
#include "engine/orbits.h"
#include "engine/plan.h"
#include "engine/run.h"
#include "engine/solve_cut.h"
#include "problem/problem.h"

#define PIECE 64                /* cuts that a thread takes at once */
#define WAITING_BYTES (4 << 20) /* matrices that wait for one batch of eigenvalues */
#define SIDE_BY_SIDE                                                                               \
    (UINT64_C(1) << 28) /* workspaces of all threads together, beyond which cuts go one by one */
#define REPORT_SECONDS 0.1

typedef struct ct_run {
    const cutropy_options *options;
    int threads;
    uint64_t memory_limit;
    const ct_backend *backend;
    ct_function f;
    ct_symmetry symmetry;
    ct_orbits orbits;
    cutropy_result *result;
    ct_watch watch;
    double last_report;
    ct_setting setting;
    ct_worker *workers; /* one a thread; the first also serves cuts that use all threads */
    size_t finished;
    int stop; /* 1 cancelled, 2 failed */
    cutropy_status failure;
    char failure_text[512];
} ct_run;

cutropy_options cutropy_default_options(void)
{
    return (cutropy_options){.use_symmetry = 1};
}

/* ---- progress and failure
 * -------------------------------------------------------------------------------------- */

/* Passes on at most about ten reports a second; the answers come back every time. */
static int report(const char *stage, uint64_t done, uint64_t total, void *user)
{
    ct_run *run = user;
    double now = ct_now();
    if (!run->options->progress || (now - run->last_report < REPORT_SECONDS && done < total))
        return 0;
    run->last_report = now;
    return run->options->progress(stage, done, total, run->options->user);
}

static void fail(ct_run *run, cutropy_status status)
{
    int expected = 0;
    if (__atomic_compare_exchange_n(&run->stop, &expected, 2, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
        run->failure = status;
        ct_error_save(run->failure_text, sizeof run->failure_text);
    }
}

static bool stopped(const ct_run *run)
{
    return __atomic_load_n(&run->stop, __ATOMIC_ACQUIRE) != 0;
}

/* ---- the orbits
 * ------------------------------------------------------------------------------------------------
 */

static bool wants(const cutropy_options *options, cutropy_quantity_kind kind)
{
    for (size_t i = 0; i < options->quantity_count; i++)
        if (options->quantities[i].kind == kind)
            return true;
    return false;
}

static cutropy_status fill_rows(ct_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result = run->result;
    const cutropy_lattice *lattice = run->f.lattice;
    const bool pairs = wants(run->options, CUTROPY_MUTUAL_INFORMATION);
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        cutropy_row *row = &result->rows[i];
        bool swapped;
        CT_TRY(ct_orbits_add(&run->orbits, &run->symmetry, mask, &row->record, &swapped));
        row->swapped = swapped;
        row->na = cutropy_mask_pixels(mask, cuts->words);
        row->boundary = cutropy_boundary(lattice, mask);
        row->boundary_pixels = cutropy_boundary_pixels(lattice, mask);
        if (pairs && row->na != 2)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "mutual_information I(i:j) needs cuts of two pixels: use --cuts pairs"));
    }
done:
    return status;
}

/* Adds the cuts of single pixels that I(i:j) needs; site[i] = orbit of pixel i. */
static cutropy_status add_sites(ct_run *run, uint32_t *site)
{
    for (int i = 0; i < run->f.pixels; i++) {
        uint64_t mask[CUTROPY_MAX_PIXELS / 64] = {0};
        bool swapped;
        mask[i >> 6] |= UINT64_C(1) << (i & 63);
        cutropy_status status =
            ct_orbits_add(&run->orbits, &run->symmetry, mask, &site[i], &swapped);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}

static void fill_mutual_information(const ct_run *run, const cutropy_cuts *cuts,
                                    const uint32_t *site)
{
    cutropy_record *records = run->result->records;
    for (size_t i = 0; i < cuts->count; i++) {
        cutropy_row *row = &run->result->rows[i];
        double sum = 0;
        int known = 1;
        for (int p = 0; p < run->f.pixels; p++)
            if ((cuts->masks[i * cuts->words + (size_t)(p >> 6)] >> (p & 63)) & 1) {
                sum += records[site[p]].entropy;
                known &= records[site[p]].done;
            }
        row->mutual_information = sum - records[row->record].entropy;
        if (!known)
            records[row->record].done = 0;
    }
}

/* ---- the stages
 * ------------------------------------------------------------------------------------------------
 */

static cutropy_status finish_waiting(ct_run *run, int threads, ct_worker *worker, ct_cut *cuts,
                                     size_t *count, size_t *waiting)
{
    cutropy_status status = ct_cuts_finish(&run->setting, threads, worker, cuts, *count);
    __atomic_fetch_add(&run->finished, *count, __ATOMIC_RELAXED);
    *count = 0;
    *waiting = 0;
    return status;
}

/* Orbits first .. last - 1 on one thread (or, for large cuts, on all). */
static cutropy_status solve_piece(ct_run *run, size_t first, size_t last, int threads,
                                  ct_worker *worker)
{
    cutropy_status status = CUTROPY_OK;
    ct_cut cuts[PIECE];
    size_t count = 0, waiting = 0;
    for (size_t i = first; i < last && !stopped(run); i++) {
        cuts[count] = (ct_cut){.mask = run->orbits.mask + i * run->orbits.words,
                               .record = &run->result->records[i]};
        CT_TRY(ct_cut_start(&run->setting, threads, worker, &cuts[count++], &waiting));
        if (waiting >= WAITING_BYTES)
            CT_TRY(finish_waiting(run, threads, worker, cuts, &count, &waiting));
    }
    if (!stopped(run))
        CT_TRY(finish_waiting(run, threads, worker, cuts, &count, &waiting));
done:
    for (size_t i = 0; i < count; i++)
        ct_cut_free(&cuts[i]);
    return status;
}

static void piece_body(void *context, size_t first, size_t last, int thread)
{
    ct_run *run = context;
    if (stopped(run))
        return;
    cutropy_status status = solve_piece(run, first, last, 1, &run->workers[thread]);
    if (status != CUTROPY_OK)
        fail(run, status);
    else if (thread == 0 && report("cuts", __atomic_load_n(&run->finished, __ATOMIC_RELAXED),
                                   run->orbits.count, run)) {
        int expected = 0;
        __atomic_compare_exchange_n(&run->stop, &expected, 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE);
    }
}

/* The largest quotient and the largest possible matrices of a cut; CUTROPY_EMEMORY when a quotient
 * does not fit. */
static cutropy_status largest_needs(const ct_run *run, uint64_t *workspace, uint64_t *matrices)
{
    const ct_function *f = &run->f;
    char needs[24], limit[24];
    *workspace = 0;
    *matrices = 0;
    for (size_t i = 0; i < run->orbits.count; i++) {
        int na = cutropy_mask_pixels(run->orbits.mask + i * run->orbits.words, run->orbits.words);
        uint64_t quotient = ct_workspace_bytes(f, na), matrix = ct_matrix_bytes(f, na);
        *workspace = quotient > *workspace ? quotient : *workspace;
        *matrices = matrix > *matrices ? matrix : *matrices;
    }
    if (*workspace <= run->memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "a cut of %d pixels needs %s but %s may be used (--memory raises the limit)",
                   f->pixels, ct_bytes_format(*workspace, needs),
                   ct_bytes_format(run->memory_limit, limit));
}

/* Small cuts side by side on the threads, cuts with a large workspace one by one with the threads
 * inside. */
static cutropy_status solve_orbits(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const size_t count = run->orbits.count;
    const uint64_t threads = (uint64_t)run->threads;
    uint64_t workspace, matrices;
    CT_TRY(largest_needs(run, &workspace, &matrices));
    const bool room =
        workspace <= SIDE_BY_SIDE / threads && matrices <= run->memory_limit / 2 / threads;
    if (room && (count >= 2 * (size_t)run->threads || run->threads == 1)) {
        size_t grain = count / ((size_t)run->threads * 8) + 1;
        ct_parallel_for(run->threads, count, grain < PIECE ? grain : PIECE, piece_body, run);
    } else {
        for (size_t i = 0; i < count && !stopped(run); i++) {
            CT_TRY(solve_piece(run, i, i + 1, run->threads, &run->workers[0]));
            if (report("cuts", i + 1, count, run))
                run->stop = 1;
        }
    }
    if (run->stop == 2)
        status = ct_error_restore(run->failure, run->failure_text);
    else if (run->stop == 1 && run->finished < count)
        status = ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu different cuts",
                         run->finished, count);
done:
    return status;
}

/* ---- the result
 * ------------------------------------------------------------------------------------------------
 */

static cutropy_status start_result(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                   ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options *options = run->options;
    cutropy_result *r = NULL;
    CT_NEW_ZERO(run->result, 1);
    r = run->result;
    r->kind = problem->kind;
    r->cuts = (cutropy_cuts){.words = cuts->words, .count = cuts->count};
    r->threads = run->threads;
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

static void describe_function(ct_run *run)
{
    static const char *const storage[] = {"support", "table", "values"};
    cutropy_result *r = run->result;
    const ct_function *f = &run->f;
    r->checksum = f->checksum;
    r->ones = f->ones;
    snprintf(r->storage, sizeof r->storage, "%s", storage[f->storage]);
    if (f->kind == CUTROPY_LABEL || f->kind == CUTROPY_INTEGER)
        ct_u128_format(f->norm_exact, r->norm);
    else
        snprintf(r->norm, sizeof r->norm, "%.17g", f->norm);
    r->symmetries = run->symmetry.order < INT_MAX ? (int)run->symmetry.order : INT_MAX;
}

static void add_timing(cutropy_result *r, const char *stage, double seconds)
{
    cutropy_timing *timing = &r->timings[r->timing_count++];
    snprintf(timing->stage, sizeof timing->stage, "%s", stage);
    timing->seconds = seconds;
}

static void fill_timings(ct_run *run, double start)
{
    static const char *const names[CT_STAGES] = {"evaluate", "symmetry",    "quotient", "blocks",
                                                 "gram",     "eigenvalues", "entropy"};
    for (int stage = 0; stage < CT_STAGES; stage++) {
        double seconds = 0;
        for (int t = 0; run->workers && t < run->threads; t++)
            seconds += run->workers[t].clock.seconds[stage];
        add_timing(run->result, names[stage], seconds);
    }
    add_timing(run->result, "total", ct_now() - start);
}

/* ---- the run
 * ---------------------------------------------------------------------------------------------------
 */

cutropy_status ct_choose_backend(const cutropy_options *options, const ct_backend **out)
{
    const char *name = options->backend ? options->backend : "auto";
    *out = ct_backend_cpu();
    if (!strcmp(name, "auto") || !strcmp(name, "cpu")) {
        (*out)->start();
        return CUTROPY_OK;
    }
    return ct_fail(CUTROPY_EUNSUPPORTED, "backend '%s' is not in this build: use auto or cpu",
                   name);
}

static cutropy_status evaluate(ct_run *run, const cutropy_problem *problem, size_t cuts)
{
    cutropy_status status = CUTROPY_OK;
    const ct_evaluate_options options = {
        .threads = run->threads, .memory_limit = run->memory_limit, .watch = &run->watch};
    double start = ct_now();
    CT_TRY(run->backend->evaluate(problem, &options, &run->f));
    CT_TRY(ct_function_measure(&run->f));
    run->workers[0].clock.seconds[CT_STAGE_EVALUATE] = ct_now() - start;
    start = ct_now();
    CT_TRY(ct_symmetry_find(&run->f, run->options->use_symmetry && cuts > 1, run->threads,
                            &run->symmetry));
    run->workers[0].clock.seconds[CT_STAGE_SYMMETRY] = ct_now() - start;
done:
    return status;
}

static cutropy_status run_all(ct_run *run, const cutropy_problem *problem, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    uint32_t *site = NULL;
    const bool pairs = wants(run->options, CUTROPY_MUTUAL_INFORMATION);
    CT_TRY(start_result(problem, cuts, run));
    CT_NEW_ZERO(run->workers, run->threads);
    CT_TRY(evaluate(run, problem, cuts->count));
    describe_function(run);
    if (pairs) { /* first, so that after Ctrl-C finished pairs have their sites */
        CT_NEW(site, run->f.pixels);
        CT_TRY(add_sites(run, site));
    }
    CT_TRY(fill_rows(run, cuts));
    CT_NEW_ZERO(run->result->records, run->orbits.count);
    run->result->record_count = run->orbits.count;
    run->setting = (ct_setting){.f = &run->f,
                                .backend = run->backend,
                                .memory_limit = run->memory_limit,
                                .quantities = run->options->quantities,
                                .quantity_count = run->options->quantity_count,
                                .want_cube = wants(run->options, CUTROPY_TR_RHO3)};
    CT_TRY(solve_orbits(run));
    run->result->complete = 1;
done:
    if (pairs && run->result && run->result->records)
        fill_mutual_information(run, cuts, site);
    ct_free(site);
    return status;
}

static cutropy_status check_request(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                    const cutropy_options *options)
{
    const int pixels = problem->lattice->pixels;
    if (options->threads < 0 || options->threads > CUTROPY_MAX_THREADS)
        return ct_fail(CUTROPY_EINPUT, "%d threads: give 0 (all cores) or 1 to %d", options->threads,
                       CUTROPY_MAX_THREADS);
    if (!cuts->count)
        return ct_fail(CUTROPY_EINPUT, "no cut was asked for");
    if (cuts->words != problem->lattice->words)
        return ct_fail(CUTROPY_EINPUT, "the cuts belong to another lattice");
    for (size_t i = 0; i < cuts->count && pixels % 64; i++)
        if (cuts->masks[(i + 1) * cuts->words - 1] & ~ct_low_mask(pixels % 64))
            return ct_fail(CUTROPY_EINPUT, "cut %zu has pixels outside the lattice %s", i, problem->lattice->name);
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
    const cutropy_options standard = cutropy_default_options();
    const double start = ct_now();
    ct_run run = {.options = options ? options : &standard};
    *out = NULL;
    run.threads = run.options->threads > 0 ? run.options->threads : ct_available_threads();
    run.memory_limit = ct_memory_limit(run.options);
    run.watch = (ct_watch){.report = report, .user = &run};
    CT_TRY(check_request(problem, cuts, run.options));
    CT_TRY(ct_choose_backend(run.options, &run.backend));
    CT_TRY(run_all(&run, problem, cuts));
done:
    if (run.result)
        fill_timings(&run, start);
    if (status == CUTROPY_OK ||
        (status == CUTROPY_ECANCELLED && run.result && run.result->records)) {
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
