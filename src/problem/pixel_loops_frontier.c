/* SPDX-License-Identifier: Apache-2.0 */
/* pixel-loops: of the last pixel read of every column, 0: dark, 1 + d: lit with d lit neighbours so far. */
#include "problem/frontier.h"

#define DONE 3 /* lit with two lit neighbours */

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const uint8_t above = state[x];
    uint8_t *left = x > 0 && state[x - 1] ? &state[x - 1] : NULL;
    (void)f, (void)y;
    if (!lit) {
        state[x] = 0;
        return !above || above == DONE;
    }
    if ((above && above + 1 != DONE) || (left && *left == DONE))
        return false; /* the pixel above has no other neighbour left */
    if (left)
        ++*left;
    state[x] = (uint8_t)(1 + (above != 0) + (left != NULL));
    return true;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    for (int x = 0; x < f->width; x++)
        if (state[x] && state[x] != DONE)
            return false;
    return true;
}

bool ct_frontier_pixel_loops(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    if (f->problem->lattice->kind == CUTROPY_LATTICE_LINKS || f->problem->lattice->periodic)
        return false;
    ct_frontier_upright(f);
    f->bytes = ct_frontier_bytes(f->width);
    f->turns = true;
    f->settles = 1;
    f->step = step;
    f->accept = accept;
    return true;
}
