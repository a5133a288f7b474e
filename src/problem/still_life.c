/* SPDX-License-Identifier: Apache-2.0 */
/* still-life: still lifes of Conway's Game of Life. */
#include "problem/label.h"
#include "problem/types.h"

/* The pixel at (x, y), -1: outside an open lattice. */
static int pixel_at(const ct_body_data *data, int x, int y)
{
    if (data->periodic) {
        x = (x + data->lx) % data->lx;
        y = (y + data->ly) % data->ly;
    }
    return x < 0 || y < 0 || x >= data->lx || y >= data->ly ? -1 : x + data->lx * y;
}

/* Moore neighbours; a torus of width 1 or 2 repeats some of them, and they count as often as they
 * appear. */
static void set_moore(ct_body_data *data, int x, int y)
{
    int i = x + data->lx * y;
    data->degree[i] = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            int j = pixel_at(data, x + dx, y + dy);
            if (j >= 0 && (dx || dy))
                data->neighbour[i][data->degree[i]++] = (uint8_t)j;
        }
}

/* Three lit pixels in a row along a side give birth to a cell outside. */
static void add_side(ct_body_data *data, int start, int step, int length)
{
    for (int k = 0; k + 2 < length; k++)
        data->group[data->groups++] = UINT64_C(1) << (start + k * step) |
                                      UINT64_C(1) << (start + (k + 1) * step) |
                                      UINT64_C(1) << (start + (k + 2) * step);
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    ct_body_data *data = problem->body_data;
    (void)args;
    if (!ct_label_is_sliced(problem))
        return CUTROPY_OK;
    for (int y = 0; y < data->ly; y++)
        for (int x = 0; x < data->lx; x++)
            set_moore(data, x, y);
    if (!data->periodic) {
        add_side(data, 0, 1, data->lx);
        add_side(data, data->lx * (data->ly - 1), 1, data->lx);
        add_side(data, 0, data->lx, data->ly);
        add_side(data, data->lx - 1, data->lx, data->ly);
    }
    return CUTROPY_OK;
}

const ct_problem_type ct_problem_still_life = {
    .name = "still-life",
    .summary = "still lifes of Conway's Game of Life",
    .definition =
        "Label 1: one step of the Game of Life leaves the image unchanged (a lit pixel has 2 or 3 "
        "lit "
        "neighbours among its 8, an unlit one does not have exactly 3). Open: the image lies in an "
        "infinite "
        "dark plane, and no cell outside may be born either. Torus: periodic; when a side is 1 or "
        "2 long, a "
        "neighbour counts as often as the periodic plane repeats it. The dark image has label 1.",
    .source = "M. Gardner, Scientific American 223(4), 120 (1970)",
    .known = "grid:LxL, L = 1 .. 6: 1, 2, 12, 83, 417, 3928 label-1 images",
    .lattice = "grid:4x4",
    .is_label = true,
    .lattices = CT_ON_GRID,
    .body = CT_BODY_still_life,
    .make = make,
};
