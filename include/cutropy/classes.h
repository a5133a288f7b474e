/* SPDX-License-Identifier: Apache-2.0 */
/* Several problems that differ in one parameter as one table: multi-class problems as one against the rest, one label function
 * for each class, or the values of a real parameter.
 *
 *   cutropy_classes *classes;
 *   cutropy_classes_parse("digits", NULL, &classes);        ten problems
 *   for (k ..) cutropy_run(cutropy_classes_problem(classes, k), &cuts, options, &results[k]);
 *   cutropy_classes_sheet(classes, results, 10, CUTROPY_BASE_BITS, &sheet); */
#ifndef CUTROPY_CLASSES_H
#define CUTROPY_CLASSES_H

#include <stdio.h>

#include <cutropy/sheet.h>
#include <cutropy/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_classes cutropy_classes;

/* text: a problem that has classes, without its class parameter: "digits", "digits:threshold=5".
 * lattice as in cutropy_problem_parse; all problems have the same one.
 * Errors: CUTROPY_EINPUT (the problem has no classes, or one class is given), and those of
 * cutropy_problem_parse. *out is NULL on error. */
cutropy_status cutropy_classes_parse(const char *text, const cutropy_lattice *lattice,
                                     cutropy_classes **out);

/* The same problem for several values of a real parameter, e.g. key "theta": text without it. values: numbers and ranges with commas,
 * "0.1,0.2", "0.05..0.5" (ten values, equally far apart, rounded to 15 digits), "0.05..0.5/19" (19 of them). Label k is k. Errors:
 * CUTROPY_EINPUT (no such parameter, it is given, no such values, more than CUTROPY_MOST_VALUES), and those of cutropy_problem_parse. */
#define CUTROPY_MOST_VALUES 1000
cutropy_status cutropy_classes_vary(const char *text, const char *key, const char *values,
                                    const cutropy_lattice *lattice, cutropy_classes **out);
void cutropy_classes_free(cutropy_classes *classes); /* NULL is allowed */

size_t cutropy_classes_count(const cutropy_classes *classes);
int64_t cutropy_classes_label(const cutropy_classes *classes, size_t k); /* ascending */
/* Label 1 exactly for the images of class k < count; it belongs to the classes. */
const cutropy_problem *cutropy_classes_problem(const cutropy_classes *classes, size_t k);

/* One sheet of the first `count` classes: the rows of every single run behind a column `class`, or of
 * the parameter.
 * results[k] belongs to class k; all have the same cuts and quantities and live as long as the
 * sheet. JSON: an array of the single documents. Errors: CUTROPY_EINPUT (count is 0 or too large),
 * CUTROPY_EMEMORY. */
cutropy_status cutropy_classes_sheet(const cutropy_classes *classes,
                                     const cutropy_result *const *results, size_t count,
                                     cutropy_base base, cutropy_sheet **out);

#ifdef __cplusplus
}
#endif
#endif
