/* SPDX-License-Identifier: Apache-2.0 */
/* bars-stripes: bars or stripes. */
#include "problem/label.h"
#include "problem/types.h"

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    (void)args;
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_label_lattice(problem, "bars-stripes", CT_ON_GRID));
    CT_TRY(ct_label_body(problem, "bars-stripes", CT_BODY_bars_stripes));
done:
    return status;
}

const ct_problem_type ct_problem_bars_stripes = {
    .name = "bars-stripes",
    .summary = "bars or stripes",
    .definition = "Label 1: every column is constant or every row is constant.",
    .source =
        "D. J. C. MacKay, Information Theory, Inference and Learning Algorithms (2003), chapter 43",
    .known = "2^Lx + 2^Ly - 2 label-1 images when Lx, Ly >= 2: 30 on grid:4x4",
    .lattice = "grid:4x4",
    .is_label = true,
    .make = make,
};
