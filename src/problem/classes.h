/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_PROBLEM_CLASSES_H
#define CT_PROBLEM_CLASSES_H

#include <cutropy/classes.h>

#define CT_VALUE_SIZE 32

struct cutropy_classes {
    size_t count;
    int64_t *label;
    cutropy_problem **problem;
    const char *key;             /* of the parameter that varies */
    char (*text)[CT_VALUE_SIZE]; /* its values; NULL: classes, whose labels say all */
};

#endif
