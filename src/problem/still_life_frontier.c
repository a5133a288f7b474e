/* SPDX-License-Identifier: Apache-2.0 */
/* still-life: the last two pixels read of every column, three where a cell is still to be judged. A pixel completes the
 * neighbourhood of the cell up and left of it; the dark plane around the image is read as well. */
#include <string.h>

#include "problem/frontier.h"

/* Bits of a column: the newest pixel, the one above it, the one above that. */
enum { NEWEST = 1, MIDDLE = 2, OLDEST = 4, KEPT = NEWEST | MIDDLE };

static int lit_pixels(uint8_t column)
{
    return (column & 1) + (column >> 1 & 1) + (column >> 2 & 1);
}

/* Does the cell in the middle of three columns stay as it is? */
static bool is_still(uint8_t left, uint8_t here, uint8_t right)
{
    const bool lives = here & MIDDLE;
    const int neighbours = lit_pixels(left) + lit_pixels(here) + lit_pixels(right) - lives;
    return lives ? neighbours == 2 || neighbours == 3 : neighbours != 3;
}

static bool read_pixel(int width, int x, bool lit, uint8_t *column)
{
    column[x] = (uint8_t)((column[x] << 1 | lit) & (KEPT | OLDEST));
    const uint8_t one = x > 0 ? column[x - 1] : 0, two = x > 1 ? column[x - 2] : 0;
    bool still = is_still(two, one, column[x]); /* x = 0: the cell left of the image */
    if (x > 1)
        column[x - 2] &= KEPT;
    if (x == width - 1) {
        still = still && is_still(one, column[x], 0) && is_still(column[x], 0, 0);
        column[x] &= KEPT;
        if (x > 0)
            column[x - 1] &= KEPT;
    }
    return still;
}

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    (void)y;
    return read_pixel(f->width, x, lit, state);
}

/* Two dark lines below judge the last line and the cells under it. */
static bool accept(const ct_frontier *f, const uint8_t *state)
{
    uint8_t column[UINT8_MAX];
    memcpy(column, state, (size_t)f->width);
    for (int y = 0; y < 2; y++)
        for (int x = 0; x < f->width; x++)
            if (!read_pixel(f->width, x, false, column))
                return false;
    return true;
}

bool ct_frontier_still_life(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    if (f->problem->lattice->periodic || f->width > UINT8_MAX)
        return false;
    f->bytes = ct_frontier_bytes(f->width);
    f->turns = true;
    f->settles = 1;
    f->step = step;
    f->accept = accept;
    return true;
}
