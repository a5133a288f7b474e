/* SPDX-License-Identifier: Apache-2.0 */
/* Names of problem types: look-up, and what to say about an unknown one. */
#ifndef CT_PROBLEM_NAMES_H
#define CT_PROBLEM_NAMES_H

#include "problem/problem.h"

/* The type called name[0 .. length-1], NULL: none. */
const ct_problem_type *ct_problem_find(const char *name, size_t length);

/* True when text means a file: its part before the first colon has a slash or a dot, or such a file
 * exists. */
bool ct_problem_is_path(const char *text);

/* How far name[0 .. length-1] is from a known name, without regard to case: 0 for the same letters,
 * CT_NAME_FAR when it is no sensible suggestion. */
#define CT_NAME_FAR 32
int ct_name_distance(const char *known, const char *name, size_t length);

/* CUTROPY_EINPUT with the nearest names. */
cutropy_status ct_problem_fail_unknown(const char *name, size_t length);

#endif
