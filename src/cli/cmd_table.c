/* cutropy table PROBLEM: the entropies of a family of cuts. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/signals.h"
#include "cli/table_options.h"

/* What one call of the command works on. */
typedef struct table {
    ct_table_options options;
    ct_job job;
    cutropy_quantity *quantities;
    size_t quantity_count;
    cutropy_result *result;
} table;

/* Everything that can be wrong is found here, before any long work. */
static cutropy_status table_open(table *t)
{
    cutropy_status status = CUTROPY_OK;
    const ct_table_options *options = &t->options;
    CT_TRY(ct_job_open(&options->run, NULL, &t->job));
    CT_TRY(cutropy_quantities_parse(options->quantities, &t->quantities, &t->quantity_count));
    t->job.options.quantities = t->quantities;
    t->job.options.quantity_count = t->quantity_count;
    if (options->output && !options->plan)
        CT_TRY(cutropy_save_check(options->output));
done:
    return status;
}

static void table_close(table *t)
{
    cutropy_result_free(t->result);
    cutropy_quantities_free(t->quantities);
    ct_job_close(&t->job);
}

static int print_plan(const ct_job *j, const char *name)
{
    cutropy_plan plan;
    char function[24], workspace[24], limit[24];
    cutropy_status status = cutropy_make_plan(j->problem, &j->cuts, &j->options, &plan);
    if (status)
        return ct_cli_fail(name, status);
    ct_bytes_format(plan.function_bytes, function);
    ct_bytes_format(plan.workspace_bytes, workspace);
    ct_bytes_format(plan.memory_limit, limit);
    printf("problem         %s\n", cutropy_problem_text(j->problem));
    printf("lattice         %s\n", cutropy_problem_lattice(j->problem)->name);
    printf("cuts            %" PRIu64 ", %" PRIu64 " after merging complements\n", plan.cuts,
           plan.distinct_cuts);
    if (plan.images == UINT64_MAX)
        printf("images          2^64 or more\n");
    else if (plan.images)
        printf("images          %" PRIu64 "\n", plan.images);
    printf("storage         %s\n", plan.storage);
    printf("function        at most %s\n", function);
    printf("workspace       at most %s\n", workspace);
    printf("largest matrix  at most %" PRIu64 " x %" PRIu64 "\n", plan.largest_matrix,
           plan.largest_matrix);
    printf("memory limit    %s: %s\n", limit, plan.fits ? "fits" : "does not fit");
    int written = ct_cli_close_output(name);
    return written ? written : plan.fits ? CUTROPY_OK : CUTROPY_EMEMORY;
}

static int write_table(const table *t, const char *name)
{
    const ct_table_options *options = &t->options;
    cutropy_status status;
    if (options->output)
        status = cutropy_save(t->result, options->format, options->base, options->output);
    else
        status = cutropy_write(t->result, options->format, options->base, stdout);
    if (status == CUTROPY_EIO && errno == EPIPE)
        return (int)status; /* the reader has seen enough: nothing to say */
    return status ? ct_cli_fail(name, status) : CUTROPY_OK;
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static void print_timings(const cutropy_result *result, double write_seconds)
{
    fprintf(stderr, "{");
    for (size_t i = 0; i < result->timing_count; i++)
        fprintf(stderr, "\"%s\": %.6f, ", result->timings[i].stage, result->timings[i].seconds);
    fprintf(stderr, "\"write\": %.6f}\n", write_seconds);
}

static void print_stopped(const table *t, const char *name)
{
    size_t finished = 0;
    for (size_t row = 0; row < t->result->count; row++)
        finished += t->result->records[t->result->rows[row].record].done != 0;
    fprintf(stderr, "%s: stopped: the table has %zu of %zu cuts\n", name, finished,
            t->result->count);
}

static int compute(table *t, const char *name)
{
    struct timespec start;
    if (t->options.plan)
        return print_plan(&t->job, name);
    ct_signals_install();
    cutropy_status status = cutropy_run(t->job.problem, &t->job.cuts, &t->job.options, &t->result);
    ct_progress_erase(&t->job.progress);
    if (status && (status != CUTROPY_ECANCELLED || !t->result))
        return ct_cli_fail(name, status);
    clock_gettime(CLOCK_MONOTONIC, &start);
    int written = write_table(t, name);
    if (written)
        return written;
    if (t->options.timings)
        print_timings(t->result, seconds_since(&start));
    if (status == CUTROPY_ECANCELLED)
        print_stopped(t, name);
    return (int)status;
}

int ct_cmd_table(int argc, char **argv)
{
    table t = {0};
    cutropy_status status = ct_table_options_parse(argc, argv, &t.options);
    if (status)
        return (int)status; /* the message is out */
    if (t.options.format == CUTROPY_NPY && !t.options.output && !t.options.plan &&
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
