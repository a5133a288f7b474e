/* SPDX-License-Identifier: Apache-2.0 */
/* What analyses use of the run beyond the public header. */
#ifndef CT_RUN_H
#define CT_RUN_H

#include <cutropy/run.h>

#include "backend/backend.h"
#include "engine/options.h"

/* cutropy_run that hands over the evaluated function instead of freeing it (only on CUTROPY_OK; the
 * caller frees it with ct_function_free, before the problem whose lattice it borrows). */
cutropy_status ct_run_keep(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options, cutropy_result **out, ct_function *kept);

/* The same on a given backend, which was started. */
cutropy_status ct_run_on(const ct_backend *backend, const cutropy_problem *problem,
                         const cutropy_cuts *cuts, const cutropy_options *options,
                         cutropy_result **out, ct_function *kept);

/* What is finished of a result that cutropy_options_set_shown laid open, for writers: borrows all but
 * its rows and records. It is for a program that ends with it, and cannot be freed. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_result_finished(const cutropy_result *partial, cutropy_result **out);

/* The backend that options->backend names, started. "auto" is all CUDA devices, or the CPU where
 * there are none (the result says which). Errors: CUTROPY_EUNSUPPORTED (no such
 * name, or why there is no CUDA). */
cutropy_status ct_choose_backend(const cutropy_options *options, const ct_backend **out);

#endif
