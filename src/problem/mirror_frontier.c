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

static bool accept(const ct_frontier *f, const uint8_t *state)
{
    (void)f, (void)state;
    return true;
}

bool ct_frontier_mirror(bool by_columns, ct_frontier *f)
{
    if (by_columns)
        return false;
    f->bytes = ct_frontier_bytes(f->width);
    f->turns = true;
    f->settles = 1;
    f->step = step;
    f->accept = accept;
    return true;
}
