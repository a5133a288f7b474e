/* SPDX-License-Identifier: Apache-2.0 */
/* A problem on its lattice, its cuts, and the options of the run, ready for cutropy_run. */
#include "cli/job.h"

#include "base/base.h"
#include "engine/options.h"

static const char *standard_cuts(const cutropy_lattice *lattice)
{
    return lattice->kind != CUTROPY_LATTICE_CHAIN && lattice->ly > 1 ? "rows" : "prefixes";
}

static void set_options(const ct_run_options *options, ct_job *job)
{
    ct_progress_start(&job->progress, !options->quiet);
    job->options = ct_default_options();
    job->options.threads = options->threads;
    job->options.use_symmetry = !options->no_symmetry;
    job->options.memory_limit = options->memory;
    job->options.backend = options->backend;
    job->options.digits = options->digits;
    job->options.certify = options->certify;
    job->options.progress = ct_progress_report;
    job->options.shown = ct_progress_shown;
    job->options.user = job->options.shown_user = &job->progress;
}

cutropy_status ct_job_open_problem(const ct_run_options *options, ct_job *job)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *lattice = NULL;
    *job = (ct_job){0};
    set_options(options, job);
    if (options->lattice)
        CT_TRY(cutropy_lattice_parse(options->lattice, &lattice));
    CT_TRY(cutropy_problem_parse(options->problem, lattice, &job->problem));
done:
    cutropy_lattice_free(lattice);
    return status;
}

cutropy_status ct_job_open(const ct_run_options *options, const char *standard, ct_job *job)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice;
    const char *cuts;
    CT_TRY(ct_job_open_problem(options, job));
    lattice = cutropy_problem_lattice(job->problem);
    cuts = options->cuts ? options->cuts : standard ? standard : standard_cuts(lattice);
    CT_TRY(cutropy_cuts_parse(cuts, lattice, &job->cuts));
done:
    return status;
}

void ct_job_close(ct_job *job)
{
    cutropy_cuts_free(&job->cuts);
    cutropy_problem_free(job->problem);
    *job = (ct_job){0};
}
