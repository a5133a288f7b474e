/* SPDX-License-Identifier: Apache-2.0 */
/* pixel-loops: closed loops drawn with pixels. */
#include "problem/types.h"

const ct_problem_type ct_problem_pixel_loops = {
    .name = "pixel-loops",
    .summary = "closed loops drawn with pixels",
    .definition = "Label 1: every lit pixel has exactly two lit neighbours by the bonds of the "
                  "lattice. The image without lit pixels has label 1.",
    .source = "arXiv 1710.05520, closed loops as a target function with an area law; here drawn "
              "with pixels",
    .known = "grid:LxL, L = 2 .. 6: 2, 6, 27, 289, 4740 label-1 images; grid:4x4, first row "
             "against the rest: rank 7, purity 157/729, S = "
             "2.4875067262792605 bits",
    .lattice = "grid:4x4",
    .is_label = true,
    .body = CT_BODY_pixel_loops,
};
