/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy table PROBLEM: the entropies of a family of cuts. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <cutropy/classes.h>
#include <cutropy/cutropy.h>

#include "base/base.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/ground_truth.h"
#include "cli/job.h"
#include "cli/signals.h"
#include "cli/table_options.h"
#include "engine/run.h"
#include "output/certificate_export.h"

/* What one call of the command works on. */
typedef struct table {
    const char *name; /* of the command, in messages */
    ct_table_options options;
    ct_job job;
    cutropy_classes classes; /* --against-rest; else empty */
    cutropy_quantity *quantities;
    size_t quantity_count;
    ct_function kept;         /* --certificate; else empty */
    cutropy_result **results; /* one a function; those that were computed */
    size_t result_count;
} table;

/* How many functions are computed: one, or one a class. */
static size_t function_count(const table *t)
{
    return t->options.against_rest ? t->classes.count : 1;
}

static const cutropy_problem *function_at(const table *t, size_t k)
{
    return t->options.against_rest ? t->classes.problem[k] : t->job.problem;
}

/* The classes; the job gets the first of them for the lattice and the cuts. */
static cutropy_status open_classes(table *t)
{
    cutropy_status status = CUTROPY_OK;
    ct_run_options first = t->options.run;
    cutropy_lattice *lattice = NULL;
    if (first.lattice)
        CT_TRY(cutropy_lattice_parse(first.lattice, &lattice));
    CT_TRY(cutropy_classes_parse(first.problem, lattice, &t->classes));
    first.problem = cutropy_problem_text(t->classes.problem[0]);
    CT_TRY(ct_job_open(&first, NULL, &t->job));
done:
    cutropy_lattice_free(lattice);
    return status;
}

/* Everything that can be wrong is found here, before any long work. */
static cutropy_status table_open(table *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_table_options *options = &t->options;
    ct_files files = {0};
    CT_TRY(options->against_rest ? open_classes(t) : ct_job_open(&options->run, NULL, &t->job));
    CT_NEW_ZERO(t->results, function_count(t));
    CT_TRY(cutropy_quantities_parse(options->quantities, &t->quantities, &t->quantity_count));
    t->job.options.quantities = t->quantities;
    t->job.options.quantity_count = t->quantity_count;
    if (options->plan)
        return CUTROPY_OK;
    CT_TRY(ct_files_read_job(&files, t->job.problem, options->run.cuts));
    CT_TRY(ct_files_write_run(&files, options->output));
    if (options->output)
        CT_TRY(cutropy_save_check(options->output));
    if (options->certificate) {
        CT_TRY(ct_certificate_check(&t->job.cuts, cutropy_problem_kind(t->job.problem)));
        CT_TRY(ct_files_write(&files, options->certificate));
        CT_TRY(cutropy_save_check(options->certificate));
    }
done:
    ct_files_free(&files);
    return status;
}

static void table_close(table *t)
{
    for (size_t k = 0; k < t->result_count; k++)
        cutropy_result_free(t->results[k]);
    ct_free(t->results);
    ct_function_free(&t->kept);
    cutropy_classes_free(&t->classes);
    cutropy_quantities_free(t->quantities);
    ct_job_close(&t->job);
}

/* "at most 8.0 MiB", or that only enumeration tells. */
static void print_bytes(const char *what, uint64_t bytes, bool known)
{
    char text[24];
    ct_bytes_format(bytes, text);
    if (known)
        printf("%-15s at most %s\n", what, text);
    else if (bytes < UINT64_MAX / 2)
        printf("%-15s not known before enumeration (at most %s)\n", what, text);
    else
        printf("%-15s not known before enumeration\n", what);
}

/* Whether it fits, where that is certain. */
static const char *fit_text(const cutropy_plan *plan)
{
    const uint64_t limit = plan->memory_limit;
    if (plan->function_bytes <= limit && plan->workspace_bytes <= limit - plan->function_bytes)
        return "fits";
    return plan->fits ? "whether it fits is not known before enumeration" : "does not fit";
}

static cutropy_status print_plan(const ct_job *j, const cutropy_problem *problem, bool *fits)
{
    cutropy_plan plan;
    char limit[24];
    const int pixels = cutropy_problem_lattice(problem)->pixels;
    cutropy_status status = cutropy_make_plan(problem, &j->cuts, &j->options, &plan);
    if (status)
        return status;
    ct_bytes_format(plan.memory_limit, limit);
    printf("problem         %s\n", cutropy_problem_text(problem));
    printf("lattice         %s\n", cutropy_problem_lattice(problem)->name);
    printf("cuts            %" PRIu64 ", %" PRIu64 " after merging complements\n", plan.cuts,
           plan.distinct_cuts);
    if (plan.images && pixels > 40)
        printf("images          2^%d\n", pixels);
    else if (plan.images)
        printf("images          %" PRIu64 "\n", plan.images);
    printf("storage         %s\n", plan.storage);
    print_bytes("function", plan.function_bytes, plan.known);
    print_bytes("workspace", plan.workspace_bytes, plan.known);
    printf("largest matrix  at most %" PRIu64 " x %" PRIu64 "\n", plan.largest_matrix,
           plan.largest_matrix);
    printf("memory limit    %s: %s\n", limit, fit_text(&plan));
    *fits &= plan.fits != 0;
    return CUTROPY_OK;
}

static int print_plans(const table *t, const char *name)
{
    bool fits = true;
    for (size_t k = 0; k < function_count(t); k++) {
        if (k)
            printf("\n");
        cutropy_status status = print_plan(&t->job, function_at(t, k), &fits);
        if (status)
            return ct_cli_fail(name, status);
    }
    int written = ct_cli_close_output(name);
    return written ? written : fits ? CUTROPY_OK : CUTROPY_EMEMORY;
}

static cutropy_status make_sheet(const table *t, cutropy_sheet **sheet)
{
    const cutropy_result *const *results = (const cutropy_result *const *)t->results;
    if (t->options.against_rest)
        return cutropy_classes_sheet(&t->classes, results, t->result_count, t->options.base, sheet);
    return cutropy_result_sheet(t->results[0], t->options.base, sheet);
}

static int write_table(const table *t, const char *name)
{
    const ct_table_options *options = &t->options;
    cutropy_sheet *sheet = NULL;
    cutropy_status status = make_sheet(t, &sheet);
    if (!status)
        status = options->output ? cutropy_sheet_save(sheet, options->format, options->output)
                                 : cutropy_sheet_write(sheet, options->format, stdout);
    const bool nobody_reads = status == CUTROPY_EIO && errno == EPIPE;
    cutropy_sheet_free(sheet);
    if (nobody_reads)
        return (int)status; /* the reader has seen enough: nothing to say */
    return status            ? ct_cli_fail(name, status)
           : options->output ? CUTROPY_OK
                             : ct_cli_close_output(name);
}

/* Summed over the functions. */
static void print_timings(const table *t, double write_seconds)
{
    const cutropy_result *first = t->results[0];
    fprintf(stderr, "{");
    for (size_t i = 0; i < first->timing_count; i++) {
        double seconds = 0;
        for (size_t k = 0; k < t->result_count; k++)
            seconds += t->results[k]->timings[i].seconds;
        fprintf(stderr, "\"%s\": %.6f, ", first->timings[i].stage, seconds);
    }
    fprintf(stderr, "\"write\": %.6f}\n", write_seconds);
}

static int print_partial(const table *t, cutropy_status status, const char *name)
{
    size_t finished = 0, asked = function_count(t) * t->job.cuts.count;
    char found[64];
    for (size_t k = 0; k < t->result_count; k++)
        for (size_t row = 0; row < t->results[k]->count; row++)
            finished += t->results[k]->records[t->results[k]->rows[row].record].done != 0;
    snprintf(found, sizeof found, "%zu of %zu cuts", finished, asked);
    return ct_cli_partial(name, status, t->options.output, found);
}

/* What a run left; NULL: nothing. */
static void keep(table *t, cutropy_result *result)
{
    ct_signals_hold();
    t->results[t->result_count] = result;
    t->result_count += result != NULL;
    ct_signals_release();
}

/* One function that stays, for its certificate. */
static cutropy_status run_and_certify(table *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_backend *backend = NULL;
    cutropy_result *result;
    status = ct_run_keep(t->job.problem, &t->job.cuts, &t->job.options, &result, &t->kept);
    keep(t, result); /* also of a run that was stopped */
    CT_TRY(status);
    CT_TRY(ct_choose_backend(&t->job.options, &backend));
    CT_TRY(ct_certificate_export(t->results[0], &t->kept, backend, t->options.base,
                                 t->options.certificate));
done:
    return status;
}

/* Every function; a stop or a failure leaves what was finished. */
static cutropy_status run_functions(table *t)
{
    cutropy_status status = CUTROPY_OK;
    if (t->options.certificate)
        return run_and_certify(t);
    for (size_t k = 0; !status && k < function_count(t); k++) {
        cutropy_result *result;
        status = cutropy_run(function_at(t, k), &t->job.cuts, &t->job.options, &result);
        keep(t, result);
    }
    return status;
}

/* Where a run does not answer: what is finished is written beside it. */
static int rescue(void *context)
{
    table *t = context;
    cutropy_result *finished = NULL;
    if (t->job.progress.partial) {
        const cutropy_status status = ct_result_finished(t->job.progress.partial, &finished);
        if (status)
            return ct_cli_fail(t->name, status);
        t->results[t->result_count++] = finished;
    }
    if (!t->result_count)
        return ct_cli_fail(t->name, ct_fail(CUTROPY_ECANCELLED, "stopped before the first cut"));
    const int written = write_table(t, t->name);
    return written ? written : print_partial(t, CUTROPY_ECANCELLED, t->name);
}

static int compute(table *t, const char *name)
{
    if (t->options.plan)
        return print_plans(t, name);
    cutropy_status status = ct_signals_watch(name, rescue, t);
    if (!status)
        status = run_functions(t);
    ct_progress_erase(&t->job.progress);
    if (status && !t->result_count)
        return ct_cli_fail(name, status);
    ct_signals_writing(t->options.output);
    const double start = ct_now();
    int written = write_table(t, name);
    if (written)
        return written;
    if (t->options.timings)
        print_timings(t, ct_now() - start);
    return status ? print_partial(t, status, name) : CUTROPY_OK;
}

int ct_cmd_table(int argc, char **argv)
{
    if (ct_wants_ground_truth(argc, argv))
        return ct_ground_truth(argc, argv);
    table t = {.name = argv[0]};
    cutropy_status status = ct_table_options_parse(argc, argv, &t.options);
    if (status)
        return (int)status; /* the message is out */
    if (t.options.format == CUTROPY_FORMAT_NPY && !t.options.output && !t.options.plan &&
        isatty(STDOUT_FILENO)) {
        fprintf(stderr, "%s: .npy is binary and standard output is a terminal: use -o FILE\n",
                argv[0]);
        return CUTROPY_EINPUT;
    }
    status = table_open(&t);
    int code = status ? ct_cli_fail(argv[0], status) : compute(&t, argv[0]);
    table_close(&t);
    return code;
}
