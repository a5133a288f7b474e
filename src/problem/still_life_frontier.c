/* SPDX-License-Identifier: Apache-2.0 */
/* still-life: the last two pixels read of every column, three where a cell is still to be judged. A pixel completes the
 * neighbourhood of the cell up and left of it; the dark plane around the image is read as well. On a torus the first two lines
 * stay, and are read once more at the end; a cylinder lies between two dark planes. */
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

#define LATER 2 /* a line whose pixels complete cells */

/* Around, line y: the first two of a torus complete no cell, and the end of a line completes its last cell and its first. */
static bool read_around(int width, int x, int y, bool lit, uint8_t *column)
{
    bool still = true;
    column[x] = (uint8_t)((column[x] << 1 | lit) & (KEPT | OLDEST));
    if (y > 1 && x > 1)
        still = is_still(column[x - 2], column[x - 1], column[x]);
    if (y > 1 && x == width - 1)
        still = still && is_still(column[x > 0 ? x - 1 : x], column[x], column[0]) &&
                is_still(column[x], column[0], column[width > 1 ? 1 : 0]);
    if (x > 3)
        column[x - 2] &= KEPT;
    for (int i = 0; x == width - 1 && i < width; i++)
        column[i] &= KEPT;
    return still;
}

static bool step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    if (!f->problem->lattice->periodic)
        return read_pixel(f->width, x, lit, state);
    if (ct_frontier_closes(f) && y < 2)
        state[f->width + x] |= (uint8_t)(lit << y);
    return read_around(f->width, x, ct_frontier_closes(f) ? y : LATER, lit, state);
}

/* Two dark lines below judge the last line and the cells under it; on a torus the first two lines judge the last one and the first. */
static bool accept(const ct_frontier *f, const uint8_t *state)
{
    uint8_t column[UINT8_MAX];
    const bool periodic = f->problem->lattice->periodic, closes = ct_frontier_closes(f);
    memcpy(column, state, (size_t)f->width);
    for (int y = 0; y < 2; y++)
        for (int x = 0; x < f->width; x++) {
            const bool again = closes && state[f->width + x] >> (y % f->height) & 1;
            if (!(periodic ? read_around(f->width, x, closes ? f->height + y : LATER, again, column)
                           : read_pixel(f->width, x, false, column)))
                return false;
        }
    return true;
}

bool ct_frontier_still_life(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    if (f->width > UINT8_MAX)
        return false;
    return ct_frontier_serve(f, (int)ct_frontier_kept(f), step, accept);
}
