/* SPDX-License-Identifier: Apache-2.0 */
/* A problem on its lattice, its cuts, and the options of the run, ready for cutropy_run. */
#ifndef CT_JOB_H
#define CT_JOB_H

#include <cutropy/cutropy.h>

#include "cli/progress.h"
#include "cli/run_options.h"
#include "engine/options.h"

typedef struct ct_job {
    cutropy_problem *problem;
    cutropy_cuts cuts;       /* empty after ct_job_open_problem */
    ct_progress progress;    /* options.user points here: do not move the job */
    cutropy_options options; /* quantities: none, the command sets its own */
} ct_job;

/* Opens the lattice and the problem. On error *job is still to be closed; *job = {0} is closed
 * too. */
cutropy_status ct_job_open_problem(const ct_run_options *options, ct_job *job);

/* The same and the cuts: --cuts, else standard, else (standard NULL) rows if there is more than one
 * row and prefixes if not. */
cutropy_status ct_job_open(const ct_run_options *options, const char *standard, ct_job *job);

void ct_job_close(ct_job *job);

/* Before the first cutropy_run: ct_signals_watch(). After each: ct_progress_erase(&job->progress)
 * before anything is printed on standard error. */

#endif
