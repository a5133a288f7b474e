/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of a problem: NAME:key=value,key=value against its table, and back to canonical text.
 */
#ifndef CT_PROBLEM_ARGS_H
#define CT_PROBLEM_ARGS_H

#include "problem/problem.h"

/* text: what follows "NAME:", NULL when nothing does. Label problems also take encoding=01|pm1.
 * Values are taken as they stand up to the next comma, so a TEXT value cannot contain a comma.
 * *out is freed with ct_free; NULL on error (CUTROPY_EINPUT, CUTROPY_EMEMORY). */
cutropy_status ct_args_parse(const ct_problem_type *type, const char *text, ct_args **out);

/* One parameter given as a value that is not parsed further (a path): the other parameters keep
 * their defaults. */
cutropy_status ct_args_single(const ct_problem_type *type, const char *key, const char *value,
                              ct_args **out);

/* Written in the text, not taken from the default; false for a key that the table lacks. */
bool ct_arg_given(const ct_args *args, const char *key);
/* Given, and not as it is by itself: canonical texts give everything. The parameter has a standard. */
bool ct_arg_changed(const ct_args *args, const char *key);
bool ct_args_pm1(const ct_args *args); /* encoding=pm1 */

/* The same, but for one WORD, which what is read has settled. *out lives no longer than args, and is freed with ct_free. Errors:
 * CUTROPY_EMEMORY. */
cutropy_status ct_args_with(const ct_args *args, const char *key, const char *word, ct_args **out);

/* NAME:key=value,... with all parameters in the order of the table, but the keys `omit` ("a|b";
 * NULL: none); encoding only when it is pm1. Parsing the text again gives the same values. *out is
 * freed with ct_free. */
cutropy_status ct_args_format(const ct_args *args, const char *omit, char **out);

#endif
