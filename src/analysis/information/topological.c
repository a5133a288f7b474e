/* SPDX-License-Identifier: Apache-2.0 */
/* Topological constants: regions on a lattice, their check, the combinations of entropies. */
#include <cutropy/topological.h>

#include <string.h>

#include "analysis/common/shape.h"
#include "base/bits.h"

enum { A, B, C, REGIONS };

/* The unions of a combination as sets of regions (bit 0 = A), their signs, and into how many
 * connected parts the union and its complement must fall. */
typedef struct term {
    int set, sign, parts, rest;
} term;

typedef struct combination {
    const char *name;
    size_t count;
    term term[CUTROPY_TOPOLOGICAL_MAX];
    double scale; /* gamma = scale * sum */
} combination;

static const combination combinations[] = {
    {"Kitaev-Preskill",
     7,
     {{1, 1, 1, 1},
      {2, 1, 1, 1},
      {4, 1, 1, 1},
      {3, -1, 1, 1},
      {6, -1, 1, 1},
      {5, -1, 1, 1},
      {7, 1, 1, 1}},
     -1},
    {"Levin-Wen", 4, {{7, 1, 1, 2}, {3, -1, 1, 1}, {6, -1, 1, 1}, {2, 1, 2, 1}}, -0.5},
};

/* ---- unions and their connected parts ---- */

static void unite(const cutropy_cuts *regions, int set, uint64_t *mask)
{
    memset(mask, 0, regions->words * sizeof *mask);
    for (int r = 0; r < REGIONS; r++)
        for (size_t w = 0; w < regions->words && set >> r & 1; w++)
            mask[w] |= regions->masks[(size_t)r * regions->words + w];
}

/* Bit r: region r; bit 3: outside. */
static int region_bit(const cutropy_cuts *regions, int pixel)
{
    for (int r = 0; r < REGIONS; r++)
        if (ct_bit(regions->masks + (size_t)r * regions->words, (uint64_t)pixel))
            return 1 << r;
    return 8;
}

/* Do the pixels around some point (a vertex of links, a corner of four grid pixels) show all
 * regions of `set`? */
static bool meet_in_a_point(const cutropy_lattice *lattice, const cutropy_cuts *regions, int set)
{
    for (int v = 0; v < lattice->vertices; v++) {
        int seen = 0;
        for (int k = 0; k < lattice->star_degree[v]; k++)
            seen |= region_bit(regions, lattice->star[v][k]);
        if ((seen & set) == set)
            return true;
    }
    if (lattice->kind != CUTROPY_LATTICE_GRID)
        return false;
    const int open = !lattice->periodic, lx = lattice->lx, ly = lattice->ly;
    for (int y = 0; y < ly - open; y++)
        for (int x = 0; x < lx - open; x++) {
            int right = (x + 1) % lx, below = (y + 1) % ly;
            int seen = region_bit(regions, x + lx * y) | region_bit(regions, right + lx * y) |
                       region_bit(regions, x + lx * below) |
                       region_bit(regions, right + lx * below);
            if ((seen & set) == set)
                return true;
        }
    return false;
}

/* ---- winding around a torus ---- */

/* Nodes (pixels; vertices of links) joined by edges with a displacement. Cycles of an edge set make
 * a group of displacements, multiples of (Lx, 0) and (0, Ly); its rank is 0 inside a disc. */
typedef struct winding {
    int parent[CUTROPY_MAX_PIXELS], shift[CUTROPY_MAX_PIXELS][2]; /* from the parent */
    int first[2], rank;
} winding;

/* The root of a node; shift = displacement from the root to it. */
static int root_and_shift(const winding *w, int node, int shift[2])
{
    shift[0] = shift[1] = 0;
    for (; w->parent[node] != node; node = w->parent[node]) {
        shift[0] += w->shift[node][0];
        shift[1] += w->shift[node][1];
    }
    return node;
}

static void add_edge(winding *w, int i, int j, int dx, int dy)
{
    int to_i[2], to_j[2];
    const int a = root_and_shift(w, i, to_i), b = root_and_shift(w, j, to_j);
    const int around[2] = {to_i[0] + dx - to_j[0], to_i[1] + dy - to_j[1]};
    if (a != b) {
        w->parent[b] = a;
        memcpy(w->shift[b], around, sizeof around);
    } else if (w->rank == 0 && (around[0] || around[1])) {
        memcpy(w->first, around, sizeof around);
        w->rank = 1;
    } else if (w->rank == 1 && w->first[0] * around[1] != w->first[1] * around[0]) {
        w->rank = 2;
    }
}

/* A step between neighbours in one direction, on a ring of this length: -1, 0 or 1. */
static int step(int from, int to, int length)
{
    const int d = to - from;
    return d > 1 ? d - length : d < -1 ? d + length : d;
}

static void add_pixels(const cutropy_lattice *lattice, const uint64_t *mask, int side, winding *w)
{
    const int lx = lattice->lx, ly = lattice->ly;
    for (int b = 0; b < lattice->bonds; b++) {
        const int i = lattice->bond[b][0], j = lattice->bond[b][1];
        if (ct_bit(mask, (uint64_t)i) != side || ct_bit(mask, (uint64_t)j) != side)
            continue;
        const int dx = step(i % lx, j % lx, lx), dy = step(i / lx, j / lx, ly);
        add_edge(w, i, j, dx, dy);
        if ((dx && lx == 2) || (dy && ly == 2)) /* neighbours on both sides */
            add_edge(w, i, j, -dx, -dy);
    }
}

static void add_links(const cutropy_lattice *lattice, const uint64_t *mask, int side, winding *w)
{
    const int lx = lattice->lx, ly = lattice->ly;
    for (int y = 0; y < ly; y++)
        for (int x = 0; x < lx; x++) {
            if (ct_bit(mask, (uint64_t)ct_link_right(lattice, x, y)) == side)
                add_edge(w, x + lx * y, (x + 1) % lx + lx * y, 1, 0);
            if (ct_bit(mask, (uint64_t)ct_link_down(lattice, x, y)) == side)
                add_edge(w, x + lx * y, x + lx * ((y + 1) % ly), 0, 1);
        }
}

/* In how many independent ways the pixels whose bit is `side` wind around a torus. */
static int winding_rank(const cutropy_lattice *lattice, const uint64_t *mask, int side)
{
    winding w;
    for (int i = 0; i < lattice->pixels; i++)
        w.parent[i] = i;
    w.rank = 0;
    if (lattice->kind == CUTROPY_LATTICE_LINKS)
        add_links(lattice, mask, side, &w);
    else
        add_pixels(lattice, mask, side, &w);
    return w.rank;
}

/* A disc does not wind, and what is left winds both ways (a row of links that is crossed by every
 * loop around the torus is no disc either, although no loop runs in it). */
static bool lies_in_a_disc(const cutropy_lattice *lattice, const uint64_t *mask)
{
    return !lattice->periodic || lattice->kind == CUTROPY_LATTICE_CHAIN ||
           (winding_rank(lattice, mask, 1) == 0 && winding_rank(lattice, mask, 0) == 2);
}

const char *cutropy_topological_doubt(const cutropy_lattice *lattice, cutropy_topological_kind kind,
                                      const cutropy_cuts *regions)
{
    const combination *c = &combinations[kind];
    uint64_t mask[CT_MAX_WORDS];
    int parts[2];
    for (size_t t = 0; t < c->count; t++) {
        unite(regions, c->term[t].set, mask);
        ct_count_parts(lattice, mask, parts);
        if (parts[1] != c->term[t].parts)
            return kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN
                       ? "the ring, or the ring without A or C, is not connected, or B is not two "
                         "pieces"
                       : "a region or a union of two or three regions is not connected";
        if (parts[0] != c->term[t].rest)
            return kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN
                       ? "the rest of the lattice is not an inside and an outside of the ring"
                       : "the rest of the lattice, with or without one of the regions, is not "
                         "connected";
        if (!lies_in_a_disc(lattice, mask))
            return "a region or a union of regions winds around the torus";
    }
    if (kind == CUTROPY_TOPOLOGICAL_KITAEV_PRESKILL)
        return meet_in_a_point(lattice, regions, 15) ? "A, B, C and the outside meet in one point"
                                                     : NULL;
    return meet_in_a_point(lattice, regions, 1 << A | 1 << C) ? "A and C touch" : NULL;
}

/* ---- regions ---- */

static void put(cutropy_cuts *regions, int region, int pixel)
{
    ct_set_bit(regions->masks + (size_t)region * regions->words, (uint64_t)pixel);
}

/* The extent of a box in one direction: a frame of one pixel (vertex) where there is room. */
static int box_start(int length, int least)
{
    return length >= least + 2 ? 1 : 0;
}

static int box_size(int length, int least)
{
    return length >= least + 2 ? length - 2 : length - 1;
}

/* A box of pixels: upper half A, lower half B and C. */
static void disc_on_grid(const cutropy_lattice *lattice, cutropy_cuts *regions)
{
    const int x0 = box_start(lattice->lx, 2), w = box_size(lattice->lx, 2);
    const int y0 = box_start(lattice->ly, 2), h = box_size(lattice->ly, 2);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            put(regions, y < (h + 1) / 2 ? A : x < w / 2 ? B : C, x0 + x + lattice->lx * (y0 + y));
}

/* A ring of pixels: left part A, right part C, B above and below the hole. */
static void ring_on_grid(const cutropy_lattice *lattice, cutropy_cuts *regions)
{
    const int x0 = box_start(lattice->lx, 3), w = box_size(lattice->lx, 3);
    const int y0 = box_start(lattice->ly, 3), h = box_size(lattice->ly, 3);
    const int smaller = w < h ? w : h, thick = smaller / 3;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            const bool middle = x >= thick && x < w - thick;
            if (!middle || y < thick || y >= h - thick)
                put(regions, middle ? B : x < thick ? A : C, x0 + x + lattice->lx * (y0 + y));
        }
}

/* The links at one vertex: up, left, right and down. */
static void star_on_links(const cutropy_lattice *lattice, int x, int y, cutropy_cuts *regions)
{
    put(regions, A, ct_link_down(lattice, x, y - 1));
    put(regions, B, ct_link_right(lattice, x - 1, y));
    put(regions, C, ct_link_right(lattice, x, y));
    put(regions, C, ct_link_down(lattice, x, y));
}

/* The links between the vertices of a box. A: down to row t, its own horizontal links not; below,
 * B up to column u and C from column u on. The four links of vertex (u, t) go to A, B, C and C. */
static void disc_on_links(const cutropy_lattice *lattice, cutropy_cuts *regions)
{
    if (lattice->lx < 4 || lattice->ly < 4) {
        star_on_links(lattice, 1, 1, regions);
        return;
    }
    const int x0 = box_start(lattice->lx, 3), w = box_size(lattice->lx, 3), u = (w - 1) / 2;
    const int y0 = box_start(lattice->ly, 3), h = box_size(lattice->ly, 3), t = (h - 1) / 2;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int region = y < t ? A : x < u ? B : C;
            if (x + 1 < w)
                put(regions, region, ct_link_right(lattice, x0 + x, y0 + y));
            if (y + 1 < h)
                put(regions, region, ct_link_down(lattice, x0 + x, y0 + y));
        }
}

/* The hole is the link from (x, y) to its right neighbour. A and C: the other links at its two
 * ends. B: the links that join them above and below. */
static void ring_on_links(const cutropy_lattice *lattice, int x, int y, cutropy_cuts *regions)
{
    const int lx = lattice->lx, ly = lattice->ly, right = (x + 1) % lx;
    const int above = (y + ly - 1) % ly, below = (y + 1) % ly;
    put(regions, A, ct_link_right(lattice, (x + lx - 1) % lx, y));
    put(regions, A, ct_link_down(lattice, x, above));
    put(regions, A, ct_link_down(lattice, x, y));
    put(regions, C, ct_link_right(lattice, right, y));
    put(regions, C, ct_link_down(lattice, right, above));
    put(regions, C, ct_link_down(lattice, right, y));
    put(regions, B, ct_link_right(lattice, x, above));
    put(regions, B, ct_link_right(lattice, x, below));
}

static bool has_room(const cutropy_lattice *lattice, cutropy_topological_kind kind)
{
    const int lx = lattice->lx, ly = lattice->ly;
    const bool ring = kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN;
    if (lattice->kind == CUTROPY_LATTICE_CHAIN)
        return false;
    return lx >= (ring ? 4 : 3) && ly >= (ring ? 4 : 3);
}

static cutropy_status no_room(const cutropy_lattice *lattice, cutropy_topological_kind kind)
{
    return ct_fail(CUTROPY_EINPUT, "%s has no room for %s regions; they need %s", lattice->name,
                   combinations[kind].name,
                   kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN
                       ? "grid:4x4, links:4x4 or a larger lattice"
                       : "grid:3x3, links:3x3 or a larger lattice");
}

cutropy_status cutropy_topological_regions(const cutropy_lattice *lattice,
                                           cutropy_topological_kind kind, cutropy_cuts *regions)
{
    cutropy_status status = CUTROPY_OK;
    *regions = (cutropy_cuts){.words = lattice->words, .count = REGIONS};
    if (!has_room(lattice, kind))
        CT_TRY(no_room(lattice, kind));
    CT_NEW_ZERO(regions->masks, REGIONS * lattice->words);
    if (lattice->kind == CUTROPY_LATTICE_GRID && kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN)
        ring_on_grid(lattice, regions);
    else if (lattice->kind == CUTROPY_LATTICE_GRID)
        disc_on_grid(lattice, regions);
    else if (kind == CUTROPY_TOPOLOGICAL_LEVIN_WEN)
        ring_on_links(lattice, lattice->lx / 2 - 1, lattice->ly / 2 - (lattice->ly == 4), regions);
    else
        disc_on_links(lattice, regions);
    if (cutropy_topological_doubt(lattice, kind, regions))
        CT_TRY(no_room(lattice, kind));
done:
    if (status)
        cutropy_cuts_free(regions);
    return status;
}

/* ---- combinations ---- */

cutropy_status cutropy_topological_cuts(cutropy_topological_kind kind, const cutropy_cuts *regions,
                                        cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    const combination *c = &combinations[kind];
    *cuts = (cutropy_cuts){.words = regions->words, .count = c->count};
    if (regions->count != REGIONS)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s needs three regions, not %zu", c->name, regions->count));
    for (int r = 0; r < REGIONS; r++) {
        const uint64_t *mask = regions->masks + (size_t)r * regions->words;
        if (!cutropy_mask_pixels(mask, regions->words))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "region %c is empty", 'A' + r));
        for (int q = 0; q < r; q++)
            for (size_t w = 0; w < regions->words; w++)
                if (mask[w] & regions->masks[(size_t)q * regions->words + w])
                    CT_TRY(ct_fail(CUTROPY_EINPUT, "regions %c and %c overlap", 'A' + q, 'A' + r));
    }
    CT_NEW(cuts->masks, c->count * cuts->words);
    for (size_t t = 0; t < c->count; t++)
        unite(regions, c->term[t].set, cuts->masks + t * cuts->words);
done:
    if (status)
        cutropy_cuts_free(cuts);
    return status;
}

double cutropy_topological_sum(cutropy_topological_kind kind, const double *entropies)
{
    const combination *c = &combinations[kind];
    double sum = 0;
    for (size_t t = 0; t < c->count; t++)
        sum += c->term[t].sign * entropies[t];
    return sum;
}

double cutropy_topological_gamma(cutropy_topological_kind kind, const double *entropies)
{
    return combinations[kind].scale * cutropy_topological_sum(kind, entropies);
}

double cutropy_topological_error(cutropy_topological_kind kind, const double *errors)
{
    const combination *c = &combinations[kind];
    double sum = 0;
    for (size_t t = 0; t < c->count; t++)
        sum += errors[t];
    return sum * (c->scale < 0 ? -c->scale : c->scale);
}
