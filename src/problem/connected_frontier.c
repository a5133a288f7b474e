/* SPDX-License-Identifier: Apache-2.0 */
/* connected: the components that reach the last pixel read of every column. One that loses its last pixel there
 * is finished: it must be the only one, and nothing may be lit after it. */
#include "problem/frontier.h"
#include "problem/frontier_components.h"

enum { NOTHING, OPEN, FINISHED }; /* the byte behind the labels */

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int width = f->width;
    uint8_t *phase = state + width;
    const uint8_t above = state[x];
    (void)y;
    if (lit) {
        if (*phase == FINISHED)
            return false;
        *phase = OPEN;
        ct_components_light(state, width, x, UINT8_MAX);
        ct_components_number(state, width, 1);
        return true;
    }
    state[x] = 0;
    if (above && !ct_components_has(state, width, above)) {
        for (int i = 0; i < width; i++)
            if (state[i])
                return false;
        *phase = FINISHED;
    }
    ct_components_number(state, width, 1);
    return true;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    for (int x = 0; x < f->width; x++)
        if (state[x] > 1)
            return false;
    return state[f->width] != NOTHING;
}

bool ct_frontier_connected(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    ct_frontier_upright(f);
    if (f->problem->lattice->kind == CUTROPY_LATTICE_LINKS || f->problem->lattice->periodic ||
        f->width > CT_FRONTIER_WIDEST)
        return false;
    f->bytes = ct_frontier_bytes(f->width + 1);
    f->turns = true;
    f->settles = 1;
    f->step = step;
    f->accept = accept;
    return true;
}
