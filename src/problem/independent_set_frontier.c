/* SPDX-License-Identifier: Apache-2.0 */
/* independent-set: the last pixel read of every column; on a torus the first line as well. */
#include "problem/frontier.h"

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const bool periodic = f->problem->lattice->periodic, /* along a line, and across lines: */
        closes = periodic && !f->problem->lattice->infinite;
    uint8_t *first = state + f->width;
    if (lit) {
        if (state[x] || (x > 0 && state[x - 1]))
            return false;
        if (periodic && x == f->width - 1 && x > 0 && state[0])
            return false;
        if (closes && y == f->height - 1 && y > 0 && first[x])
            return false;
    }
    state[x] = lit;
    if (closes && y == 0)
        first[x] = lit;
    return true;
}

bool ct_frontier_independent_set(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    if (f->problem->lattice->kind == CUTROPY_LATTICE_LINKS)
        return false;
    ct_frontier_upright(f);
    return ct_frontier_serve(f, 2 * f->width, step, ct_frontier_accept_all);
}
