/* SPDX-License-Identifier: Apache-2.0 */
/* inner-product: inner product modulo 2 of the two halves. */
#include "problem/label.h"
#include "problem/types.h"

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    (void)args;
    if (problem->lattice->pixels % 2)
        return ct_fail(CUTROPY_EINPUT, "inner-product: %s has %d pixels; the number must be even",
                       problem->lattice->name, problem->lattice->pixels);
    return ct_label_body(problem, "inner-product", CT_BODY_inner_product);
}

const ct_problem_type ct_problem_inner_product = {
    .name = "inner-product",
    .summary = "inner product modulo 2 of the two halves",
    .definition =
        "N even, x = pixels 0 .. N/2-1, y = pixels N/2 .. N-1. Label 1: the sum of x_i y_i is odd.",
    .source = "B. Chor, O. Goldreich, SIAM J. Comput. 17, 230 (1988)",
    .known = "with n = N/2: 2^(n-1) (2^n - 1) label-1 images; cut x|y: eigenvalue 2^(n-1)/(2^n-1) "
             "once and 1/(2 (2^n-1)) 2^n - 2 times; with encoding=pm1 S = n bits",
    .lattice = "chain:12",
    .is_label = true,
    .make = make,
};
