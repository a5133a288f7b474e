/* SPDX-License-Identifier: Apache-2.0 */
/* majority: more than half of the pixels are lit. */
#include "problem/label.h"
#include "problem/types.h"

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    (void)args;
    return ct_label_body(problem, "majority", CT_BODY_majority);
}

const ct_problem_type ct_problem_majority = {
    .name = "majority",
    .summary = "more than half of the pixels are lit",
    .definition = "Label 1: the number of lit pixels is greater than N/2 (a tie has label 0).",
    .source = "textbook",
    .known = "chain:9: 256 label-1 images; first 4 pixels: rank 5, purity 1423/2048, S = "
             "0.9084591522019086 bits",
    .lattice = "chain:9",
    .is_label = true,
    .make = make,
};
