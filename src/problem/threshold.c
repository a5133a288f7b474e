/* SPDX-License-Identifier: Apache-2.0 */
/* threshold: at least k pixels are lit. */
#include "problem/label.h"
#include "problem/types.h"

static const ct_param params[] = {
    {"k", CT_PARAM_INT, "1", 0, CT_BODY_PIXELS, NULL, "at least so many lit pixels"},
    {0},
};

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    return ct_label_count(args, "threshold", problem);
}

const ct_problem_type ct_problem_threshold = {
    .name = "threshold",
    .summary = "at least k pixels are lit",
    .definition = "Label 1: at least k pixels are lit, 0 <= k <= N.",
    .source = "textbook",
    .known = "k = 1: 2^N - 1 label-1 images; k = N: only one, S = 0 for every cut",
    .lattice = "chain:12",
    .params = params,
    .is_label = true,
    .body = CT_BODY_threshold,
    .make = make,
};
