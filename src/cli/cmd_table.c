/* cutropy table PROBLEM: the entropies of a family of cuts. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/table_options.h"

/* What one call of the command works on; everything is freed by job_close. */
typedef struct job {
    ct_table_options options;
    cutropy_problem *problem;
    cutropy_cuts cuts;
    cutropy_quantity *quantities;
    size_t quantity_count;
    cutropy_result *result;
} job;

static const char *default_cuts(const cutropy_lattice *lattice)
{
    return lattice->kind != CUTROPY_CHAIN && lattice->ly > 1 ? "rows" : "prefixes";
}

/* Everything that can be wrong is found here, before any long work. */
static cutropy_status job_open(job *j)
{
    const ct_table_options *options = &j->options;
    cutropy_lattice *lattice = NULL;
    cutropy_status status = CUTROPY_OK;
    if (options->lattice)
        status = cutropy_lattice_parse(options->lattice, &lattice);
    if (!status)
        status = cutropy_problem_parse(options->problem, lattice, &j->problem);
    cutropy_lattice_free(lattice);
    if (!status) {
        const cutropy_lattice *own = cutropy_problem_lattice(j->problem);
        status =
            cutropy_cuts_parse(options->cuts ? options->cuts : default_cuts(own), own, &j->cuts);
    }
    if (!status)
        status = cutropy_quantities_parse(options->quantities, &j->quantities, &j->quantity_count);
    if (!status && options->output && !options->plan)
        status = cutropy_save_check(options->output);
    return status;
}

static void job_close(job *j)
{
    cutropy_result_free(j->result);
    cutropy_quantities_free(j->quantities);
    cutropy_cuts_free(&j->cuts);
    cutropy_problem_free(j->problem);
}

static cutropy_options run_options(const job *j, ct_progress *progress)
{
    cutropy_options options = cutropy_default_options();
    options.threads = j->options.threads;
    options.use_symmetry = !j->options.no_symmetry;
    options.memory_limit = j->options.memory;
    options.backend = j->options.backend;
    options.quantities = j->quantities;
    options.quantity_count = j->quantity_count;
    options.progress = ct_progress_report;
    options.user = progress;
    return options;
}

static int print_plan(const job *j, const cutropy_options *options, const char *name)
{
    cutropy_plan plan;
    char function[24], workspace[24], limit[24];
    cutropy_status status = cutropy_make_plan(j->problem, &j->cuts, options, &plan);
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

static int write_table(const job *j, const char *name)
{
    const ct_table_options *options = &j->options;
    cutropy_status status;
    if (options->output)
        status = cutropy_save(j->result, options->format, options->base, options->output);
    else
        status = cutropy_write(j->result, options->format, options->base, stdout);
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

static void print_stopped(const job *j, const char *name)
{
    size_t finished = 0;
    for (size_t row = 0; row < j->result->count; row++)
        finished += j->result->records[j->result->rows[row].record].done != 0;
    fprintf(stderr, "%s: stopped: the table has %zu of %zu cuts\n", name, finished,
            j->result->count);
}

static int compute(job *j, const char *name)
{
    ct_progress progress;
    struct timespec start;
    ct_progress_start(&progress, !j->options.quiet);
    cutropy_options options = run_options(j, &progress);
    if (j->options.plan)
        return print_plan(j, &options, name);
    ct_signals_install();
    cutropy_status status = cutropy_run(j->problem, &j->cuts, &options, &j->result);
    ct_progress_erase(&progress);
    if (status && (status != CUTROPY_ECANCELLED || !j->result))
        return ct_cli_fail(name, status);
    clock_gettime(CLOCK_MONOTONIC, &start);
    int written = write_table(j, name);
    if (written)
        return written;
    if (j->options.timings)
        print_timings(j->result, seconds_since(&start));
    if (status == CUTROPY_ECANCELLED)
        print_stopped(j, name);
    return (int)status;
}

int ct_cmd_table(int argc, char **argv)
{
    job j = {0};
    cutropy_status status = ct_table_options_parse(argc, argv, &j.options);
    if (status)
        return (int)status; /* the message is out */
    if (j.options.format == CUTROPY_NPY && !j.options.output && !j.options.plan &&
        isatty(STDOUT_FILENO)) {
        fprintf(stderr, "%s: .npy is binary and standard output is a terminal: use -o FILE\n",
                argv[0]);
        return CUTROPY_EINPUT;
    }
    status = job_open(&j);
    int code = status ? ct_cli_fail(argv[0], status) : compute(&j, argv[0]);
    job_close(&j);
    return code;
}
