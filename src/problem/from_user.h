/* SPDX-License-Identifier: Apache-2.0 */
/* What problems from the caller's own code or arrays share: the first and the last step. */
#ifndef CT_PROBLEM_FROM_USER_H
#define CT_PROBLEM_FROM_USER_H

#include "problem/create.h"

/* A problem on a copy of the lattice whose text is `name`; given: whether `what` is there. Errors, and
 * *out may be set then: CUTROPY_EINPUT (no name of one line, no lattice, nothing given, N too large for
 * functions by image number), CUTROPY_EMEMORY. */
cutropy_status ct_user_problem_start(const char *name, const cutropy_lattice *lattice, bool given,
                                     const char *what, cutropy_problem **out);

/* The same of a function that may have any number of pixels. */
cutropy_status ct_user_problem_start_large(const char *name, const cutropy_lattice *lattice,
                                           bool given, const char *what, cutropy_problem **out);

/* CUTROPY_EINPUT where kind is none. */
cutropy_status ct_user_kind_check(const char *name, cutropy_kind kind);

/* Hands the finished problem to the caller, or frees it. */
cutropy_status ct_user_problem_finish(cutropy_status status, cutropy_problem *problem,
                                      cutropy_problem **out);

/* CUTROPY_EINPUT where count x parts numbers are not all finite; first: the image of the first. *zero: all
 * of them are 0. */
cutropy_status ct_user_reals_check(const char *name, const double *values, uint64_t first,
                                   uint64_t count, unsigned parts, bool *zero);

#endif
