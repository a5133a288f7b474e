/* SPDX-License-Identifier: Apache-2.0 */
/* Multi-class problems as one against the rest: one label function for each class.
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
void cutropy_classes_free(cutropy_classes *classes); /* NULL is allowed */

size_t cutropy_classes_count(const cutropy_classes *classes);
int64_t cutropy_classes_label(const cutropy_classes *classes, size_t k); /* ascending */
/* Label 1 exactly for the images of class k < count; it belongs to the classes. */
const cutropy_problem *cutropy_classes_problem(const cutropy_classes *classes, size_t k);

/* One sheet of the first `count` classes: the rows of every single run behind a column `class`.
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
