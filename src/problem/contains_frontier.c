/* SPDX-License-Identifier: Apache-2.0 */
/* contains by rows: the pixels that a translate of the pattern may still need, newest first; once it was found only
 * that. */
#include <string.h>

#include "problem/frontier.h"

/* Of the body: the pixels of the translate at the top left corner. */
static uint64_t corner(const ct_frontier *f, int kind)
{
    return f->problem->body_data->group[kind];
}

/* Pixels from the first to the last of a translate, in their order. */
static int span(const ct_frontier *f)
{
    return 64 - __builtin_clzll(corner(f, 0) | corner(f, 1));
}

/* Does the translate that ends here lie inside the lattice, and in the image? state[k]: k pixels ago. */
static bool found(const ct_frontier *f, int x, int y, const uint8_t *state)
{
    const int last = span(f) - 1, here = x + f->width * y;
    if (here < last)
        return false;
    for (int kind = 0; kind < 2; kind++)
        for (uint64_t rest = corner(f, kind); rest; rest &= rest - 1) {
            const int place = ct_lowest(rest);
            if (state[last - place] != (kind == 0))
                return false;
        }
    return true;
}

/* Is there a translate whose last pixel is this one? The body lists them with their masks. */
static bool ends_here(const ct_frontier *f, int x, int y)
{
    const ct_body_data *d = f->problem->body_data;
    const int here = x + f->width * y;
    for (int t = 0; t < d->groups; t++)
        if (63 - __builtin_clzll(d->group[2 * t] | d->group[2 * t + 1]) == here)
            return true;
    return false;
}

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int length = span(f);
    uint8_t *done = state + length;
    if (*done)
        return true;
    memmove(state + 1, state, (size_t)length - 1);
    state[0] = lit;
    if (ends_here(f, x, y) && found(f, x, y, state)) {
        memset(state, 0, (size_t)length);
        *done = 1;
    }
    return true;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    return state[span(f)];
}

bool ct_frontier_contains(bool by_columns, ct_frontier *f)
{
    if (by_columns || f->problem->lattice->periodic)
        return false;
    f->bytes = ct_frontier_bytes(span(f) + 1);
    f->step = step;
    f->accept = accept;
    return true;
}
