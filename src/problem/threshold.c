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
    cutropy_status status = CUTROPY_OK;
    int64_t k = ct_arg_int(args, "k");
    if (k > problem->lattice->pixels)
        return ct_fail(CUTROPY_EINPUT, "threshold: k=%lld is larger than the number of pixels %d",
                       (long long)k, problem->lattice->pixels);
    CT_TRY(ct_label_body(problem, "threshold", CT_BODY_threshold));
    problem->body_data->parameter[0] = (int32_t)k;
done:
    return status;
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
    .make = make,
};
