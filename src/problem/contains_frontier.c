/* SPDX-License-Identifier: Apache-2.0 */
/* contains by rows: the pixels that a translate of the pattern may still need, newest first; once it was found only
 * that. */
#include <string.h>

#include "base/bits.h"
#include "problem/frontier.h"

/* The pixels of the translate at the top left corner, lit or dark (kind), one of which comes k-th in their order. */
static bool in_corner(const ct_frontier *f, int kind, int k)
{
    const ct_body_data *d = f->problem->body_data;
    const int words = d->pixels <= CT_BODY_PIXELS ? 1 : CT_BODY_PIXELS;
    return ct_bit(d->group + words * kind, (uint64_t)k);
}

/* Pixels up to the last one of a translate, in their order. */
static int span(const ct_frontier *f)
{
    int k = f->width * f->problem->body_data->parameter[1];
    while (!in_corner(f, 0, k - 1) && !in_corner(f, 1, k - 1))
        k--;
    return k;
}

/* Does the translate that ends here lie in the image? state[k]: k pixels ago. */
static bool found(const ct_frontier *f, const uint8_t *state)
{
    const int last = span(f) - 1;
    for (int k = 0; k <= last; k++)
        for (int kind = 0; kind < 2; kind++)
            if (in_corner(f, kind, k) && state[last - k] != (kind == 0))
                return false;
    return true;
}

/* Is there a translate, inside the lattice, whose last pixel is this one? */
static bool ends_here(const ct_frontier *f, int x, int y)
{
    const int corner = x + f->width * y - (span(f) - 1);
    return corner >= 0 && corner % f->width + f->problem->body_data->parameter[0] <= f->width &&
           corner / f->width + f->problem->body_data->parameter[1] <= f->height;
}

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int length = span(f);
    uint8_t *done = state + length;
    if (*done)
        return true;
    memmove(state + 1, state, (size_t)length - 1);
    state[0] = lit;
    if (ends_here(f, x, y) && found(f, state)) {
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
