/* SPDX-License-Identifier: Apache-2.0 */
/* Creation of problems, shared by the parser and by the functions that take the caller's own data.
 */
#ifndef CT_PROBLEM_CREATE_H
#define CT_PROBLEM_CREATE_H

#include "problem/problem.h"

/* A problem without evaluator: kind CUTROPY_KIND_LABEL, a copy of the lattice (NULL: none yet), no text.
 */
cutropy_status ct_problem_new(const cutropy_lattice *lattice, cutropy_problem **out);

/* Says how a file was read (cutropy_problem_note). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_problem_note(cutropy_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
