/* SPDX-License-Identifier: Apache-2.0 */
/* percolation by rows: the components that reach the last pixel read of every column; label 1 is joined to the
 * first row. A chain is one column: its first pixel is its first row. By columns, where a place x of a line is a row of the lattice: label 1 is joined
 * to the first row, label 2 to the last one, and where they meet nothing else matters. */
#include "problem/frontier.h"
#include "problem/frontier_components.h"

enum { TOP = 1, BOTTOM };

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

static bool step_along(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    uint8_t *neighbour[2] = {&state[x], &state[x > 0 ? x - 1 : x]}, *crosses = state + f->width;
    (void)y;
    if (*crosses)
        return true;
    if (lit) {
        const bool top = x == 0 || *neighbour[0] == TOP || *neighbour[1] == TOP,
                   bottom = x == f->width - 1 || *neighbour[0] == BOTTOM || *neighbour[1] == BOTTOM;
        const uint8_t mine = ct_components_join(state, f->width, neighbour, 2, UINT8_MAX);
        state[x] = mine;
        for (int i = 0; i < f->width && (top || bottom); i++)
            if (state[i] == mine)
                state[i] = top ? TOP : BOTTOM;
        if (top && bottom) {
            memset(state, 0, (size_t)f->width);
            *crosses = 1;
        }
    } else {
        state[x] = 0;
    }
    ct_components_number(state, f->width, BOTTOM + 1);
    return true;
}

static bool accept_along(const ct_frontier *f, const uint8_t *state)
{
    return state[f->width];
}

bool ct_frontier_percolation(bool by_columns, ct_frontier *f)
{
    if (f->problem->lattice->kind == CUTROPY_LATTICE_CHAIN) {
        f->width = 1;
        f->height = f->problem->lattice->pixels;
        by_columns = false;
    }
    if (by_columns && f->problem->lattice->periodic) /* the first column would have to stay */
        return false;
    if (f->width > CT_FRONTIER_WIDEST)
        return false;
    return ct_frontier_serve(f, f->width + by_columns, by_columns ? step_along : step,
                             by_columns ? accept_along : accept);
}
