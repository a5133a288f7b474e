/* SPDX-License-Identifier: Apache-2.0 */
/* Multi-class problems as one against the rest: one label function for each class.
 *
 *   cutropy_classes classes;
 *   cutropy_classes_parse("digits", NULL, &classes);        ten problems
 *   for (k ..) cutropy_run(classes.problem[k], &cuts, &options, &results[k]);
 *   cutropy_classes_write(&classes, results, 10, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, stdout); */
#ifndef CUTROPY_CLASSES_H
#define CUTROPY_CLASSES_H

#include <stdio.h>

#include <cutropy/output.h>
#include <cutropy/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cutropy_classes {
    size_t count;
    int64_t *label;            /* ascending */
    cutropy_problem **problem; /* label 1 exactly for the images of this class */
} cutropy_classes;

/* text: a problem that has classes, without its class parameter: "digits", "digits:threshold=5".
 * lattice as in cutropy_problem_parse; all problems have the same one.
 * Errors: CUTROPY_EINPUT (the problem has no classes, or one class is given), and those of
 * cutropy_problem_parse. *out is empty on error. */
cutropy_status cutropy_classes_parse(const char *text, const cutropy_lattice *lattice,
                                     cutropy_classes *out);
void cutropy_classes_free(cutropy_classes *classes);

/* One table of the first `count` classes: the columns of cutropy_write behind a column `class`;
 * every row is the row of the single run. results[k] belongs to class k; all have the same cuts and
 * quantities. JSON: an array of the single documents. Errors as cutropy_write. */
cutropy_status cutropy_classes_write(const cutropy_classes *classes,
                                     const cutropy_result *const *results, size_t count,
                                     cutropy_format format, cutropy_base base, FILE *file);
/* The same as a file, like cutropy_save. */
cutropy_status cutropy_classes_save(const cutropy_classes *classes,
                                    const cutropy_result *const *results, size_t count,
                                    cutropy_format format, cutropy_base base, const char *path);

#ifdef __cplusplus
}
#endif
#endif
