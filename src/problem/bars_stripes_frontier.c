/* SPDX-License-Identifier: Apache-2.0 */
/* bars-stripes: the first line, as long as every column may be constant; the first pixel of this line, as long as
 * every line may be. */
#include <string.h>

#include "problem/frontier.h"

enum { MIXED_COLUMNS = 1, MIXED_LINES = 2 };

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    uint8_t *flags = state + f->width, *start = flags + 1;
    if (y == 0)
        state[x] = lit;
    else if (!(*flags & MIXED_COLUMNS) && state[x] != lit)
        *flags |= MIXED_COLUMNS;
    if (x == 0)
        *start = lit;
    else if (*start != lit)
        *flags |= MIXED_LINES;
    if (*flags & MIXED_COLUMNS)
        memset(state, 0, (size_t)f->width);
    if (*flags & MIXED_LINES || x == f->width - 1)
        *start = 0;
    return *flags != (MIXED_COLUMNS | MIXED_LINES);
}

bool ct_frontier_bars_stripes(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    return ct_frontier_serve(f, f->width + 2, step,
                             ct_frontier_accept_all); /* it asks for no neighbour */
}
