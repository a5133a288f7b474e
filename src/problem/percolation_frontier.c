/* SPDX-License-Identifier: Apache-2.0 */
/* percolation by rows: the components that reach the last pixel read of every column; label 1 is joined to the
 * first row. A chain is one column: its first pixel is its first row. */
#include "problem/frontier.h"
#include "problem/frontier_components.h"

#define TOP 1

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    uint8_t *neighbour[3];
    int count = 0;
    if (x > 0)
        neighbour[count++] = &state[x - 1];
    if (f->problem->lattice->periodic &&
        x == f->width - 1) /* the sides are joined, the ends are not */
        neighbour[count++] = &state[0];
    neighbour[count++] = &state[x];
    if (!lit)
        state[x] = 0;
    else
        state[x] = y == 0 ? TOP : ct_components_join(state, f->width, neighbour, count, UINT8_MAX);
    ct_components_number(state, f->width, TOP + 1);
    if (f->height == 1 && state[x]) { /* one lit pixel is a path */
        memset(state, 0, (size_t)f->width);
        state[0] = TOP;
    }
    return y == 0 || ct_components_has(state, f->width, TOP);
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    return ct_components_has(state, f->width, TOP);
}

bool ct_frontier_percolation(bool by_columns, ct_frontier *f)
{
    if (f->problem->lattice->kind == CUTROPY_LATTICE_CHAIN) {
        f->width = 1;
        f->height = f->problem->lattice->pixels;
    } else if (by_columns) {
        return false;
    }
    if (f->width > CT_FRONTIER_WIDEST)
        return false;
    f->bytes = ct_frontier_bytes(f->width);
    f->turns = true;
    f->settles = 1;
    f->around = true;
    f->step = step;
    f->accept = accept;
    return true;
}
