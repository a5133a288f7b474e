/* SPDX-License-Identifier: Apache-2.0 */
/* majority: more than half of the pixels are lit. */
#include "problem/types.h"

const ct_problem_type ct_problem_majority = {
    .name = "majority",
    .summary = "more than half of the pixels are lit",
    .definition = "Label 1: the number of lit pixels is greater than N/2 (a tie has label 0).",
    .source = "textbook",
    .known = "chain:9: 256 label-1 images; first 4 pixels: rank 5, purity 1423/2048, S = "
             "0.9084591522019086 bits",
    .lattice = "chain:9",
    .is_label = true,
    .body = CT_BODY_majority,
};
