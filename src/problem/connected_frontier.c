/* SPDX-License-Identifier: Apache-2.0 */
/* connected: the components that reach the last pixel read of every column, on a torus those of the first line as well. One
 * that loses its last pixel there is finished: it must be the only one, and nothing may be lit after it. */
#include "problem/frontier.h"
#include "problem/frontier_components.h"

enum { NOTHING, OPEN, FINISHED }; /* the byte behind the labels */

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int kept = (int)ct_frontier_kept(f);
    uint8_t *phase = state + kept, *neighbour[4], *mine = ct_frontier_byte(f, state, x, y);
    const bool closes = ct_frontier_closes(f) &&
                        y == f->height - 1; /* the pixel of the first line in this column */
    const uint8_t gone[2] = {*mine, closes ? state[f->width + x] : 0};
    if (lit && *phase == FINISHED)
        return false;
    if (lit) {
        const int count = ct_frontier_neighbours(f, state, x, y, neighbour);
        *mine = ct_components_join(state, kept, neighbour, count, UINT8_MAX);
        *phase = OPEN;
    } else {
        *mine = 0;
    }
    if (closes)
        state[f->width + x] = 0;
    for (int k = 0; k < 2 && !lit; k++) { /* a lit pixel has joined both */
        if (!gone[k] || ct_components_has(state, kept, gone[k]))
            continue;
        for (int i = 0; i < kept; i++)
            if (state[i])
                return false;
        if (k == 1 && gone[0] && gone[0] != gone[1])
            return false;
        *phase = FINISHED;
    }
    ct_components_number(state, kept, 1);
    return true;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    const size_t kept = ct_frontier_kept(f);
    for (size_t i = 0; i < kept; i++)
        if (state[i] > 1)
            return false;
    return state[kept] != NOTHING;
}

bool ct_frontier_connected(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    ct_frontier_upright(f);
    if (f->problem->lattice->kind == CUTROPY_LATTICE_LINKS ||
        ct_frontier_kept(f) > CT_FRONTIER_WIDEST)
        return false;
    return ct_frontier_serve(f, (int)ct_frontier_kept(f) + 1, step, accept);
}
