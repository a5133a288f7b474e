/* SPDX-License-Identifier: Apache-2.0 */
/* rectangle: its first and last column, and where it stands. */
#include <string.h>

#include "problem/frontier.h"

enum {
    NOTHING, /* no lit pixel yet */
    FIRST,   /* inside its first line, at column `last` */
    BETWEEN, /* behind it in this line, or before it in the next */
    INSIDE,  /* in a later line */
    OVER     /* a line without it came, or the next would */
};

typedef struct place {
    uint16_t phase, first, last;
} place;

static bool dark(int x, place *p)
{
    if (p->phase == FIRST)
        p->phase = BETWEEN;
    else if (p->phase == BETWEEN && x == p->first)
        p->phase = OVER;
    return p->phase != INSIDE;
}

static bool light(int x, place *p)
{
    switch (p->phase) {
    case NOTHING:
        *p = (place){FIRST, (uint16_t)x, (uint16_t)x};
        return true;
    case FIRST:
        p->last = (uint16_t)x;
        return true;
    case BETWEEN:
        p->phase = INSIDE;
        return x == p->first;
    case INSIDE:
        return true;
    default:
        return false;
    }
}

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    place p;
    (void)y;
    memcpy(&p, state, sizeof p);
    if (!(lit ? light(x, &p) : dark(x, &p)))
        return false;
    if ((p.phase == INSIDE && x == p.last) || (p.phase == FIRST && x == f->width - 1))
        p.phase = BETWEEN;
    if (p.phase == OVER)
        p.first = p.last = 0;
    memcpy(state, &p, sizeof p);
    return true;
}

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    place p;
    (void)f;
    memcpy(&p, state, sizeof p);
    return p.phase != NOTHING;
}

bool ct_frontier_rectangle(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    (void)ct_frontier_serve(f, (int)sizeof(place), step, accept);
    f->around = false; /* it knows where a line begins */
    return true;
}
