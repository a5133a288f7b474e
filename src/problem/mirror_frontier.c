/* SPDX-License-Identifier: Apache-2.0 */
/* mirror by rows: the pixels of this row whose partners are still to come. */
#include "problem/frontier.h"

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int partner = f->width - 1 - x;
    (void)y;
    if (partner > x)
        state[x] = lit;
    if (partner >= x)
        return true;
    const bool same = state[partner] == lit;
    state[partner] = 0;
    return same;
}

bool ct_frontier_mirror(bool by_columns, ct_frontier *f)
{
    if (by_columns)
        return false;
    (void)ct_frontier_serve(f, f->width, step, ct_frontier_accept_all);
    f->around = false; /* it knows where a line begins */
    return true;
}
