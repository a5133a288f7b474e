/* SPDX-License-Identifier: Apache-2.0 */
/* What one run keeps while it works; shared by the files of the run. */
#ifndef CT_RUN_STATE_H
#define CT_RUN_STATE_H

#include <cutropy/run.h>

#include "base/report.h"
#include "engine/orbits.h"
#include "engine/solve_cut.h"
#include "engine/state.h"

typedef struct ct_run {
    cutropy_state *state;
    const cutropy_options *options;
    int threads;
    uint64_t memory_limit;
    const ct_backend *backend; /* of the state */
    const ct_function *f;      /* of the state */
    const ct_symmetry *symmetry;
    ct_orbits orbits;
    cutropy_result *result;
    ct_reporter reporter;
    ct_watch watch;
    ct_setting setting;
    ct_worker *workers; /* one a thread; the first also serves cuts that use all threads */
    size_t finished;
    int stop; /* 1 cancelled, 2 failed */
    cutropy_status failure;
    char failure_text[512];
} ct_run;

bool ct_run_wants(const cutropy_options *options, cutropy_quantity_kind kind);

/* run_cuts.c: the rows and their orbits (and those of the sites, where the result has room for
 * them), then all orbits through the stages. */
cutropy_status ct_run_fill_rows(ct_run *run, const cutropy_cuts *cuts);
cutropy_status ct_run_solve(ct_run *run);
/* The first failure of a thread stops the others and keeps its message. */
void ct_run_fail(ct_run *run, cutropy_status status);
bool ct_run_stopped(const ct_run *run);
/* The largest quotient and the largest possible matrices of a cut that is not done, in bytes. */
void ct_run_largest_needs(const ct_run *run, uint64_t *workspace, uint64_t *matrices);
/* CUTROPY_EMEMORY when the quotient of a cut with na pixels on its smaller side does not fit. */
cutropy_status ct_run_fits(const ct_run *run, int na);
/* I(i:j) of every pair, from the entropies of the sites; rows that lack one are not done. */
cutropy_status ct_fill_mutual_information(cutropy_result *result);

/* run_device.c: the orbits that the devices of the backend take, if it has any. The others stay
 * undone, and the result says so. Tr rho^3 is left to the CPU: its cubic sums of 128-bit integers
 * gain nothing on a device. */
cutropy_status ct_run_solve_on_devices(ct_run *run);

/* run_result.c: the empty result, what it says of the function, and the times. */
cutropy_status ct_run_start_result(ct_run *run, const cutropy_cuts *cuts);
void ct_run_describe_function(ct_run *run);
void ct_run_fill_timings(ct_run *run, double start);

#endif
