/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_PROBLEM_CLASSES_H
#define CT_PROBLEM_CLASSES_H

#include <cutropy/classes.h>

struct cutropy_classes {
    size_t count;
    int64_t *label;
    cutropy_problem **problem;
};

#endif
