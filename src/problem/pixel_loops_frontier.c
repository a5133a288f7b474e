/* SPDX-License-Identifier: Apache-2.0 */
/* pixel-loops: of the last pixel read of every column, on a torus of the first line as well, 0: dark, 1 + d: lit with d lit
 * neighbours so far. */
#include "problem/frontier.h"

#define DONE 3 /* lit with two lit neighbours */

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    uint8_t *neighbour[4], *mine = ct_frontier_byte(f, state, x, y);
    const int count = ct_frontier_neighbours(f, state, x, y, neighbour);
    int degree = 0;
    for (int k = 0; k < count && lit; k++) {
        if (*neighbour[k] == DONE)
            return false;
        if (*neighbour[k]) {
            ++*neighbour[k];
            degree++;
        }
    }
    if (degree > 2 || (*mine && *mine != DONE))
        return false; /* the pixel above has no other neighbour left */
    *mine = lit ? (uint8_t)(1 + degree) : 0;
    if (ct_frontier_closes(f) && y == f->height - 1) { /* nor has that of the first line */
        uint8_t *first = &state[f->width + x];
        if (*first && *first != DONE)
            return false;
        *first = 0;
    }
    return true;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    for (size_t i = 0; i < ct_frontier_kept(f); i++)
        if (state[i] && state[i] != DONE)
            return false;
    return true;
}

bool ct_frontier_pixel_loops(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    if (f->problem->lattice->kind == CUTROPY_LATTICE_LINKS)
        return false;
    ct_frontier_upright(f);
    return ct_frontier_serve(f, (int)ct_frontier_kept(f), step, accept);
}
