/* SPDX-License-Identifier: Apache-2.0 */
/* What analyses use of the run beyond the public header. */
#ifndef CT_RUN_H
#define CT_RUN_H

#include "engine/function/result.h"
#include "engine/state/state.h"

/* A state for these cuts: what cutropy_make_plan knows not to fit is refused before f is evaluated. reader: who will read
 * the labels of images, in one or two words; NULL: nobody, and solver auto takes equations, then automata, where enumeration would fail.
 * backend: or NULL for the one that options name. Errors: those of cutropy_state_open, and of
 * cutropy_run for cuts. */
cutropy_status ct_state_open_for(const ct_operations *backend, const cutropy_problem *problem,
                                 const cutropy_cuts *cuts, const cutropy_options *options,
                                 const char *reader, cutropy_state **out);

/* A state for a search over regions that nobody knows yet: solver auto takes equations, then automata that stay small, whatever the number of pixels, since
 * each region costs a pass over what there is. *out NULL without an error: neither serves, or another solver is insisted on. Errors: those of cutropy_state_open. */
cutropy_status ct_state_try_search(const cutropy_problem *problem, const cutropy_options *options,
                                   cutropy_state **out);

/* cutropy_run on a given backend. */
cutropy_status ct_run_on(const ct_operations *backend, const cutropy_problem *problem,
                         const cutropy_cuts *cuts, const cutropy_options *options,
                         cutropy_result **out);

/* What is finished of a result that cutropy_options_set_shown laid open, for writers: borrows all but
 * its rows and records. It is for a program that ends with it, and cannot be freed. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_result_finished(const cutropy_result *partial, cutropy_result **out);

#endif
