/* SPDX-License-Identifier: Apache-2.0 */
/* The evaluated function and who computes with it. Analyses read its fields. */
#ifndef CT_STATE_H
#define CT_STATE_H

#include <cutropy/state.h>

#include "backend/operations.h"
#include "engine/function/options.h"
#include "engine/function/symmetry.h"
#include "problem/problem.h"

struct cutropy_state {
    const cutropy_problem *problem; /* borrowed */
    const ct_operations *operations;
    int threads;
    uint64_t memory_limit; /* bytes; measured before f was evaluated, if it was not given */
    ct_function f;
    char *norm, *norm_error; /* <f|f> as text, and its error */
    ct_symmetry symmetry[2]; /* the identity alone; the symmetries of f */
    bool has_symmetry[2];    /* a run has asked for it */
    double evaluate_seconds; /* that no run has reported yet */
};

/* CUTROPY_EINPUT for numbers of threads or digits that no run can have. */
cutropy_status ct_options_check(const cutropy_options *options);

/* cutropy_state_open on a given backend, which the state starts, and stops when it is freed. Solver auto
 * enumerates: what is asked for is not known yet. */
cutropy_status ct_state_open_on(const ct_operations *backend, const cutropy_problem *problem,
                                const cutropy_options *options, cutropy_state **out);

/* Before a run: automata for these cuts, where f is known through them. Errors: CUTROPY_EUNSUPPORTED (a
 * state that was opened otherwise than options say), CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
cutropy_status ct_state_prepare_cuts(cutropy_state *state, const cutropy_cuts *cuts,
                                     const cutropy_options *options);

/* Are these cuts of columns alone, and known to automata that read by columns, or is the lattice so wide that any cut is read from them?
 * cuts: NULL if they are not known yet. */
bool ct_frontier_by_columns(const cutropy_problem *problem, const cutropy_cuts *cuts);

/* Pixels from which on automata are tried first (a user's own: always). */
#define CT_TRIAL_PIXELS 32

/* Automata instead of very many images, where they serve all cuts and stay small: what a machine has, and how many
 * images have label 1, does not decide. cuts: NULL for a search over regions, of any number of pixels. *out stays NULL elsewhere. Errors: those of ct_state_open_on. */
cutropy_status ct_state_try_automata(const ct_operations *backend, const cutropy_problem *problem,
                                     const cutropy_cuts *cuts, const cutropy_options *options,
                                     cutropy_state **out);

/* Enumeration has failed after ct_state_try_automata: the same status; where it is memory, and there are automata, the message names them as well. */
cutropy_status ct_state_fail_both(const cutropy_problem *problem, cutropy_status status);

/* CUTROPY_EUNSUPPORTED where f is known through automata or equations, which have no images: who asks for them. */
cutropy_status ct_state_needs_images(const cutropy_state *state, const char *who);

/* CUTROPY_EUNSUPPORTED where <f|f> is 2^62 or more: who counts in 64 bits. */
cutropy_status ct_state_needs_words(const cutropy_state *state, const char *who);

/* The refusal of a state of automata or equations, which has no images. */
cutropy_status ct_fail_reader(ct_solver_choice solver, const char *who);

/* What a run asks of an infinite strip: CUTROPY_EUNSUPPORTED where it is not to be had. */
cutropy_status ct_strip_serves(const ct_function *f, const cutropy_cuts *cuts,
                               const cutropy_options *options);

/* Has the problem equations for every cut (frontier/affine.h)? */
bool ct_affine_serves(const cutropy_problem *problem);

/* Does solver auto take them, before automata: beyond the truth tables? */
bool ct_affine_first(const cutropy_problem *problem);

/* CUTROPY_EINPUT where a sliced body has more pixels than words can name. */
cutropy_status ct_enumerates(const cutropy_problem *problem);

/* The symmetries of f, found now if they were not before, or the identity. */
cutropy_status ct_state_symmetry(cutropy_state *state, bool use, const ct_symmetry **out);

#endif
