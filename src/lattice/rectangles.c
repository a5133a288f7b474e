/* SPDX-License-Identifier: Apache-2.0 */
/* The family of rectangles: intervals of x times intervals of y; on links, the links inside. */
#include <string.h>

#include "base/bits.h"
#include "lattice/cut_list.h"

typedef struct rectangle {
    int x, y, w, h;
} rectangle;

/* First positions of an interval of width w: on a ring it may wrap, and the whole ring has one. */
static int starts(int length, int w, int periodic)
{
    return periodic && w < length ? length : length - w + 1;
}

/* i modulo length for i < 2 * length. */
static int wrap(int i, int length)
{
    return i < length ? i : i - length;
}

/* Intervals of all widths. */
static size_t count_intervals(int length, int periodic)
{
    size_t count = 0;
    for (int w = 1; w <= length; w++)
        count += (size_t)starts(length, w, periodic);
    return count;
}

/* Sets bits first .. first + count - 1. */
static void set_run(uint64_t *mask, int first, int count)
{
    while (count > 0) {
        int bit = first % 64, part = count < 64 - bit ? count : 64 - bit;
        mask[first / 64] |= ct_low_mask(part) << bit;
        first += part;
        count -= part;
    }
}

static void fill_pixels(const cutropy_lattice *lattice, rectangle r, uint64_t *mask)
{
    int beyond = r.x + r.w > lattice->lx ? r.x + r.w - lattice->lx : 0; /* wrapped columns */
    for (int dy = 0; dy < r.h; dy++) {
        int row = lattice->lx * wrap(r.y + dy, lattice->ly);
        set_run(mask, row + r.x, r.w - beyond);
        set_run(mask, row, beyond);
    }
}

/* Links with both ends in the rectangle of vertices. */
static void fill_links(const cutropy_lattice *lattice, rectangle r, uint64_t *mask)
{
    bool around_x = lattice->periodic && r.w == lattice->lx;
    bool around_y = lattice->periodic && r.h == lattice->ly;
    for (int dy = 0; dy < r.h; dy++) {
        for (int dx = 0; dx < r.w; dx++) {
            int x = wrap(r.x + dx, lattice->lx), y = wrap(r.y + dy, lattice->ly);
            if (dx + 1 < r.w || around_x)
                ct_set_bit(mask, (uint64_t)ct_link_right(lattice, x, y));
            if (dy + 1 < r.h || around_y)
                ct_set_bit(mask, (uint64_t)ct_link_down(lattice, x, y));
        }
    }
}

static cutropy_status add_shape(ct_cut_list *list, int w, int h)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = list->lattice;
    uint64_t mask[CT_MAX_WORDS];
    for (int y = 0; y < starts(lattice->ly, h, lattice->periodic); y++) {
        for (int x = 0; x < starts(lattice->lx, w, lattice->periodic); x++) {
            memset(mask, 0, list->words * sizeof *mask);
            if (lattice->kind == CUTROPY_LATTICE_LINKS)
                fill_links(lattice, (rectangle){x, y, w, h}, mask);
            else
                fill_pixels(lattice, (rectangle){x, y, w, h}, mask);
            CT_TRY(ct_cut_list_add_region(list, mask));
        }
    }
done:
    return status;
}

/* Order: by height, width, y, x. */
cutropy_status ct_cuts_rectangles(ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = list->lattice;
    size_t count = count_intervals(lattice->lx, lattice->periodic) *
                   count_intervals(lattice->ly, lattice->periodic);
    CT_TRY(ct_cut_list_reserve(list, "rectangles", count));
    for (int h = 1; h <= lattice->ly; h++)
        for (int w = 1; w <= lattice->lx; w++)
            CT_TRY(add_shape(list, w, h));
done:
    return status;
}

cutropy_status ct_cuts_canonical(ct_cut_list *list, int level)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = list->lattice;
    const int across = 1 << level, down = lattice->kind == CUTROPY_LATTICE_CHAIN ? 1 : across;
    uint64_t mask[CT_MAX_WORDS];
    if (lattice->kind == CUTROPY_LATTICE_LINKS)
        return ct_fail(CUTROPY_EINPUT, "cuts 'canonical' and 'quadrants' are for grids and chains");
    if (lattice->lx < across || lattice->ly < down)
        return ct_fail(CUTROPY_EINPUT, "cuts 'canonical:%d': %s has no %d x %d blocks", level,
                       lattice->name, across, down);
    for (int j = 0; j < down; j++)
        for (int i = 0; i < across; i++) {
            const int x = i * lattice->lx / across, y = j * lattice->ly / down;
            const rectangle block = {x, y, (i + 1) * lattice->lx / across - x,
                                     (j + 1) * lattice->ly / down - y};
            memset(mask, 0, list->words * sizeof *mask);
            fill_pixels(lattice, block, mask);
            CT_TRY(ct_cut_list_add_region(list, mask));
        }
done:
    return status;
}
