/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of a cut: corners, ends and parts of its boundary. */
#include "analysis/common/shape.h"

#include <cutropy/cut.h>

#include "base/bits.h"

static int bit(const cutropy_lattice *l, const uint64_t *mask, int x, int y)
{
    return ct_bit(mask, (uint64_t)(x % l->lx + l->lx * (y % l->ly)));
}

/* Four pixels around a point of the dual lattice: one or three in A turn the boundary once, two on
 * the diagonal twice. */
static int count_corners(const cutropy_lattice *l, const uint64_t *mask)
{
    int corners = 0;
    for (int y = 0; y < l->ly - !l->periodic; y++)
        for (int x = 0; x < l->lx - !l->periodic; x++) {
            const int here = bit(l, mask, x, y), across = bit(l, mask, x + 1, y + 1);
            const int right = bit(l, mask, x + 1, y), below = bit(l, mask, x, y + 1);
            if ((here ^ across) != (right ^ below))
                corners++;
            else if (here == across && right == below && here != right)
                corners += 2;
        }
    return corners;
}

static int count_ends(const cutropy_lattice *l, const uint64_t *mask)
{
    const int far_y = l->ly > 1 ? l->ly - 1 : 1, far_x = l->lx > 1 ? l->lx - 1 : 1;
    int ends = 0;
    if (l->periodic)
        return 0;
    for (int x = 0; x + 1 < l->lx; x++)
        for (int y = 0; y < l->ly; y += far_y)
            ends += bit(l, mask, x, y) != bit(l, mask, x + 1, y);
    for (int y = 0; y + 1 < l->ly; y++)
        for (int x = 0; x < l->lx; x += far_x)
            ends += bit(l, mask, x, y) != bit(l, mask, x, y + 1);
    return ends;
}

static int find(int *parent, int i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Every uncut bond joins two parts or closes a way that was there. */
void ct_count_parts(const cutropy_lattice *l, const uint64_t *mask, int parts[2])
{
    int parent[CUTROPY_MAX_PIXELS];
    parts[0] = parts[1] = 0;
    for (int i = 0; i < l->pixels; i++) {
        parent[i] = i;
        parts[ct_bit(mask, (uint64_t)i)]++;
    }
    for (int b = 0; b < l->bonds; b++) {
        const int i = l->bond[b][0], j = l->bond[b][1];
        const int side = ct_bit(mask, (uint64_t)i);
        if (side != ct_bit(mask, (uint64_t)j))
            continue;
        const int p = find(parent, i), q = find(parent, j);
        parts[side] -= p != q;
        parent[p] = q;
    }
}

static int count_rim(const cutropy_lattice *l, const uint64_t *mask)
{
    uint64_t rest[CT_MAX_WORDS] = {0};
    if (2 * cutropy_mask_pixels(mask, l->words) <= l->pixels)
        return cutropy_boundary_pixels(l, mask);
    for (int i = 0; i < l->pixels; i++)
        if (!ct_bit(mask, (uint64_t)i))
            ct_set_bit(rest, (uint64_t)i);
    return cutropy_boundary_pixels(l, rest);
}

void ct_shape_of(const cutropy_lattice *l, const uint64_t *mask, ct_shape *out)
{
    const int boundary = cutropy_boundary(l, mask);
    int parts[2];
    ct_count_parts(l, mask, parts);
    *out = (ct_shape){.rim = count_rim(l, mask), .parts = parts[0] + parts[1]};
    if (l->kind == CUTROPY_LATTICE_GRID) {
        out->corners = count_corners(l, mask);
        out->ends = count_ends(l, mask);
    }
    /* two bonds of a ring cut: two arcs; one bond of an open chain: two ends */
    if (l->kind == CUTROPY_LATTICE_CHAIN && l->pixels > 2 && boundary == 1 + l->periodic)
        out->arc = boundary;
}
