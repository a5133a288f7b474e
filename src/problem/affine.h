/* SPDX-License-Identifier: Apache-2.0 */
/* Label functions that are systems of linear equations over GF(2): label 1 where all hold. */
#ifndef CT_PROBLEM_AFFINE_H
#define CT_PROBLEM_AFFINE_H

#include "problem/problem.h"

/* Equation e: the number of lit pixels among pixel[start[e]] .. pixel[start[e + 1] - 1], all different, is odd (odd[e]) or even. */
typedef struct ct_equations {
    int32_t count;
    size_t *start; /* count + 1 */
    int32_t *pixel;
    bool *odd; /* count */
    size_t start_room, pixel_room, odd_room;
} ct_equations;

/* Whether functions with this body are such systems, on any number of pixels. */
bool ct_affine_may(ct_body body);

/* The equations of a problem whose body may (and labels 0 and 1). Errors: CUTROPY_EMEMORY; *out is to be freed then too. */
cutropy_status ct_equations_of(const cutropy_problem *problem, ct_equations *out);
void ct_equations_free(ct_equations *equations);

#endif
