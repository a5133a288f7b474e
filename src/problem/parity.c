/* SPDX-License-Identifier: Apache-2.0 */
/* parity: an even number of lit pixels. */
#include "problem/types.h"

static const ct_param params[] = {
    {"odd", CT_PARAM_INT, "0", 0, 1, NULL, "1: label 1 where the number of lit pixels is odd"},
    {0},
};

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    problem->body_data->parameter[0] = (int32_t)ct_arg_int(args, "odd");
    return CUTROPY_OK;
}

const ct_problem_type ct_problem_parity = {
    .name = "parity",
    .summary = "an even number of lit pixels",
    .definition = "Label 1: the number of lit pixels is even; with odd=1: it is odd.",
    .source = "textbook",
    .known =
        "2^(N-1) label-1 images; every cut but the empty and the full one has rank 2 and S = 1 "
        "bit; with encoding=pm1 rank 1 and S = 0",
    .lattice = "chain:12",
    .params = params,
    .is_label = true,
    .body = CT_BODY_parity,
    .make = make,
};
