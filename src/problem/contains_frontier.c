/* SPDX-License-Identifier: Apache-2.0 */
/* contains by rows: the pixels that a translate of the pattern may still need; once it was found only that. On open lattices they are
 * those since the first pixel of a translate that ends here, newest first. Around a torus or a ring they are as many rows as the pattern has, and the
 * first rows, which the last translates need again. */
#include <string.h>

#include "base/bits.h"
#include "problem/frontier.h"

static int columns(const ct_frontier *f)
{
    return f->problem->body_data->parameter[0];
}

static int rows(const ct_frontier *f)
{
    return f->problem->body_data->parameter[1];
}

/* The pixels of the translate at the top left corner, lit or dark (kind), one of which comes k-th in their order. */
static bool in_corner(const ct_frontier *f, int kind, int k)
{
    const ct_body_data *d = f->problem->body_data;
    const int words = d->pixels <= CT_BODY_PIXELS ? 1 : CT_BODY_PIXELS;
    return ct_bit(d->group + words * kind, (uint64_t)k);
}

/* May a pixel be the k-th one of a translate in that order? */
static bool fits(const ct_frontier *f, int k, bool lit)
{
    return !in_corner(f, lit, k); /* kind 1, dark, is not for lit pixels */
}

/* ---- open ---- */

/* Pixels up to the last one of a translate, in their order. */
static int span(const ct_frontier *f)
{
    int k = f->width * rows(f);
    while (!in_corner(f, 0, k - 1) && !in_corner(f, 1, k - 1))
        k--;
    return k;
}

/* Does the translate that ends here lie in the image? state[k]: k pixels ago. */
static bool found(const ct_frontier *f, const uint8_t *state)
{
    const int last = span(f) - 1;
    for (int k = 0; k <= last; k++)
        if (!fits(f, k, state[last - k]))
            return false;
    return true;
}

/* Is there a translate, inside the lattice, whose last pixel is this one? */
static bool ends_here(const ct_frontier *f, int x, int y)
{
    const int corner = x + f->width * y - (span(f) - 1);
    return corner >= 0 && corner % f->width + columns(f) <= f->width &&
           corner / f->width + rows(f) <= f->height;
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

/* ---- around: a row of bytes each, this one, that before it, .., then the first ones from the top, then whether it was found ---- */

static size_t around_bytes(const ct_frontier *f)
{
    return (size_t)f->width * (size_t)(2 * rows(f) - 1);
}

/* Does the translate from column x on lie in the image? Its last `below` rows are the first ones of the image again, and the one before them
 * is row `last` of the state. */
static bool found_around(const ct_frontier *f, const uint8_t *state, int x, int last, int below)
{
    for (int j = 0; j < rows(f); j++) {
        const int ago = rows(f) - 1 - below - j; /* rows before that one */
        const uint8_t *row = state + f->width * (ago >= 0 ? last + ago : rows(f) + (-ago - 1));
        for (int i = 0; i < columns(f); i++)
            if (!fits(f, i + f->width * j, row[(x + i) % f->width]))
                return false;
    }
    return true;
}

static bool any_around(const ct_frontier *f, const uint8_t *state, int from, int to, int last,
                       int below)
{
    for (int x = from; x <= to; x++)
        if (found_around(f, state, x, last, below))
            return true;
    return false;
}

static bool step_around(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int width = f->width, high = rows(f), first = x - columns(f) + 1;
    uint8_t *done = state + around_bytes(f);
    if (*done)
        return true;
    state[x] = lit;
    if (y < high - 1)
        state[width * (high + y) + x] = lit;
    if (y >= high - 1 && first >= 0 &&
        any_around(f, state, first, x == width - 1 ? x : first, 0, 0)) {
        memset(state, 0, around_bytes(f));
        *done = 1;
        return true;
    }
    if (first >= columns(f) - 1) /* no translate around the edge needs it either */
        state[width * (high - 1) + first] = 0;
    if (x == width - 1) {
        memmove(state + width, state, (size_t)(width * (high - 1)));
        memset(state, 0, (size_t)width);
    }
    return true;
}

static bool accept_around(const ct_frontier *f, const uint8_t *state)
{
    for (int below = 1; below < rows(f); below++)
        if (any_around(f, state, 0, f->width - 1, 1, below))
            return true;
    return state[around_bytes(f)];
}

bool ct_frontier_contains(bool by_columns, ct_frontier *f)
{
    const bool around = f->problem->lattice->periodic;
    if (by_columns || f->problem->lattice->infinite)
        return false;
    f->bytes = ct_frontier_bytes(around ? (int)around_bytes(f) + 1 : span(f) + 1);
    f->step = around ? step_around : step;
    f->accept = around ? accept_around : accept;
    return true;
}
