/* SPDX-License-Identifier: Apache-2.0 */
/* percolation: a lit path joins the first row to the last. */
#include "base/bits.h"
#include "problem/label.h"
#include "problem/types.h"

/* Two pixels that are neighbours only by the periodic boundary from the last row to the first
 * (chain: last pixel). */
static bool is_seam(const ct_body_data *data, bool chain, int i, int j)
{
    int distance = chain ? i - j : i / data->lx - j / data->lx;
    return distance > 1 || distance < -1;
}

static void drop_seam(ct_body_data *data, bool chain)
{
    for (int i = 0; i < data->pixels; i++) {
        uint8_t kept = 0;
        for (int k = 0; k < data->degree[i]; k++)
            if (!is_seam(data, chain, i, data->neighbour[i][k]))
                data->neighbour[i][kept++] = data->neighbour[i][k];
        data->degree[i] = kept;
    }
}

/* group[0]: where the flood starts, group[1]: where it must arrive. */
static void mark_ends(ct_body_data *data, bool chain)
{
    int width = chain ? 1 : data->lx;
    data->groups = 2;
    data->group[1] = ct_low_mask(width);
    data->group[0] = ct_low_mask(width) << (data->pixels - width);
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    (void)args;
    if (ct_label_is_sliced(problem)) {
        drop_seam(problem->body_data, problem->lattice->kind == CUTROPY_LATTICE_CHAIN);
        mark_ends(problem->body_data, problem->lattice->kind == CUTROPY_LATTICE_CHAIN);
    }
    return CUTROPY_OK;
}

const ct_problem_type ct_problem_percolation = {
    .name = "percolation",
    .summary = "a lit path joins the first row to the last",
    .definition =
        "Label 1: a path of lit pixels along bonds joins a pixel of the first row to one of the "
        "last row. On a chain it joins the first pixel to the last: all pixels are lit. On a torus "
        "or ring the bonds that join the last row (pixel) directly to the first by the boundary "
        "are not used (the left and right sides stay joined); with Ly = 1 one lit pixel is a path.",
    .source =
        "D. Stauffer, A. Aharony, Introduction to Percolation Theory (1994): site percolation",
    .known = "grid:4x4: 22193 label-1 images; first two rows: rank 15, purity 322759617/492529249, "
             "S = 1.1983448033130721 bits",
    .lattice = "grid:4x4",
    .is_label = true,
    .lattices = CT_ON_GRID | CT_ON_CHAIN,
    .body = CT_BODY_percolation,
    .make = make,
};
