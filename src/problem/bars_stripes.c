/* SPDX-License-Identifier: Apache-2.0 */
/* bars-stripes: bars or stripes. */
#include "problem/label.h"
#include "problem/types.h"

const ct_problem_type ct_problem_bars_stripes = {
    .name = "bars-stripes",
    .summary = "bars or stripes",
    .definition = "Label 1: every column is constant or every row is constant.",
    .source =
        "D. J. C. MacKay, Information Theory, Inference and Learning Algorithms (2003), chapter 43",
    .known = "2^Lx + 2^Ly - 2 label-1 images when Lx, Ly >= 2: 30 on grid:4x4",
    .lattice = "grid:4x4",
    .is_label = true,
    .lattices = CT_ON_GRID,
    .body = CT_BODY_bars_stripes,
};
