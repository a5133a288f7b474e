/* SPDX-License-Identifier: Apache-2.0 */
/* Problems whose function is C text: FILE.c:NAME=VALUE,.. and c:NAME=VALUE,..:EXPRESSION. */
#ifndef CT_PROBLEM_C_TEXT_H
#define CT_PROBLEM_C_TEXT_H

#include "problem/problem.h"

/* Is it one of these two? */
bool ct_c_text_is(const char *text);

/* Why no device evaluates the problem's C text, as far as is known; "": nothing speaks against it, or it is no C text. */
void ct_c_text_no_device(const cutropy_problem *problem, char *why, size_t size);

/* As cutropy_problem_parse, of a text that is. */
cutropy_status ct_c_text_parse(const char *text, const cutropy_lattice *lattice,
                               cutropy_problem **out);

#endif
