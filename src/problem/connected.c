/* SPDX-License-Identifier: Apache-2.0 */
/* connected: the lit pixels form one connected component. */
#include "problem/types.h"

const ct_problem_type ct_problem_connected = {
    .name = "connected",
    .summary = "the lit pixels form one connected component",
    .definition = "Label 1: at least one pixel is lit and the lit pixels form exactly one "
                  "component by the bonds of the lattice.",
    .source = "textbook",
    .known = "grid:4x4: 11506 label-1 images; first two rows: rank 22, purity 38362939/66194018, S "
             "= 1.5185280877312783 bits",
    .lattice = "grid:4x4",
    .is_label = true,
    .body = CT_BODY_connected,
};
