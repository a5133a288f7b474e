/* SPDX-License-Identifier: Apache-2.0 */
/* rectangle: the lit pixels form one filled rectangle. */
#include "problem/label.h"
#include "problem/types.h"

const ct_problem_type ct_problem_rectangle = {
    .name = "rectangle",
    .summary = "the lit pixels form one filled rectangle",
    .definition = "Label 1: the lit pixels are all pixels of one w x h rectangle, w, h >= 1, that "
                  "does not wrap around a boundary. On a chain: one interval.",
    .source = "textbook",
    .known = "C(Lx+1,2) C(Ly+1,2) label-1 images: 100 on grid:4x4",
    .lattice = "grid:4x4",
    .is_label = true,
    .lattices = CT_ON_GRID | CT_ON_CHAIN,
    .body = CT_BODY_rectangle,
};
