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

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    (void)f, (void)state;
    return true;
}

bool ct_frontier_independent_set(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    if (f->problem->lattice->kind == CUTROPY_LATTICE_LINKS)
        return false;
    ct_frontier_upright(f);
    f->bytes = ct_frontier_bytes(2 * f->width);
    f->turns = true;
    f->settles = 1;
    f->around = true;
    f->step = step;
    f->accept = accept;
    return true;
}
