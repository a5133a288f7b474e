/* SPDX-License-Identifier: Apache-2.0 */
/* mirror: left-right symmetric images. */
#include "problem/label.h"
#include "problem/types.h"

const ct_problem_type ct_problem_mirror = {
    .name = "mirror",
    .summary = "left-right symmetric images",
    .definition = "Label 1: pixel (x, y) equals pixel (Lx-1-x, y) for all x, y. A chain is one "
                  "row: pixel i equals pixel N-1-i.",
    .source = "textbook",
    .known = "2^(Ly ceil(Lx/2)) label-1 images; S in bits is the number of mirror pairs that the "
             "cut parts",
    .lattice = "grid:4x4",
    .is_label = true,
    .lattices = CT_ON_GRID | CT_ON_CHAIN,
    .body = CT_BODY_mirror,
};
