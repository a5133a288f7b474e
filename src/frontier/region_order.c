/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/region_order.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "lattice/bonds.h"

#define CORNERS 4
#define BEHIND UINT32_MAX /* the key of pixels that come in the order that was started from */

typedef struct ct_choosing {
    const cutropy_lattice *lattice;
    const uint64_t *mask;
    ct_adjacency adjacency;
    int low[2], high[2]; /* corners of the bounding box of region A */
    uint32_t *key;       /* of each pixel: small ones first */
    int *waits;          /* of each pixel: neighbours to come */
    bool *read;          /* has it come? */
    uint16_t *pixel;     /* the order that is tried */
} ct_choosing;

static void place_of(const cutropy_lattice *lattice, int pixel, int at[2])
{
    const bool grid = lattice->kind == CUTROPY_LATTICE_GRID;
    at[0] = grid ? pixel % lattice->lx : pixel;
    at[1] = grid ? pixel / lattice->lx : 0;
}

static void find_box(ct_choosing *c)
{
    for (int d = 0; d < 2; d++) {
        c->low[d] = CUTROPY_MAX_PIXELS;
        c->high[d] = -1;
    }
    for (int i = 0; i < c->lattice->pixels; i++) {
        int at[2];
        place_of(c->lattice, i, at);
        for (int d = 0; d < 2 && ct_bit(c->mask, (uint64_t)i); d++) {
            c->low[d] = at[d] < c->low[d] ? at[d] : c->low[d];
            c->high[d] = at[d] > c->high[d] ? at[d] : c->high[d];
        }
    }
}

/* Steps from the box to a place, in one dimension towards a corner; -1: it is not there. */
static int steps(const ct_choosing *c, int d, int at, bool up)
{
    if (at >= c->low[d] && at <= c->high[d])
        return 0;
    return up && at > c->high[d] ? at - c->high[d] : !up && at < c->low[d] ? c->low[d] - at : -1;
}

/* 0: region A, 1: the rest of its box, then the bands between box and corner: beside it, then before or behind it. */
static uint32_t key_of(const ct_choosing *c, int pixel, int corner)
{
    int at[2];
    if (ct_bit(c->mask, (uint64_t)pixel))
        return 0;
    if (corner == CORNERS)
        return BEHIND;
    place_of(c->lattice, pixel, at);
    const int beside = steps(c, 0, at[0], corner & 1), across = steps(c, 1, at[1], corner & 2);
    if (beside < 0 || across < 0)
        return BEHIND;
    return 1 + (uint32_t)(across ? CUTROPY_MAX_PIXELS + across : beside);
}

/* Sorted by their keys, which come in no more than a few runs: bands are as many as lines of the lattice. */
static void sort_pixels(ct_choosing *c, const uint16_t *start)
{
    const int pixels = c->lattice->pixels;
    uint32_t key = 0;
    for (int k = 0; k < pixels;) {
        uint32_t next = BEHIND;
        for (int i = 0; i < pixels; i++) {
            const uint32_t mine = c->key[start[i]];
            if (mine == key)
                c->pixel[k++] = start[i];
            else if (mine > key && mine < next)
                next = mine;
        }
        key = next;
    }
}

/* Sum of 2^w over the levels. */
static double cost_of(ct_choosing *c)
{
    const ct_adjacency *a = &c->adjacency;
    const int pixels = c->lattice->pixels;
    double cost = 0;
    int waiting = 0;
    for (int i = 0; i < pixels; i++) {
        c->read[i] = false;
        c->waits[i] = a->start[i + 1] - a->start[i];
    }
    for (int k = 0; k < pixels; k++) {
        const int p = c->pixel[k];
        c->read[p] = true;
        waiting += c->waits[p] > 0;
        for (int e = a->start[p]; e < a->start[p + 1]; e++)
            waiting -= --c->waits[a->list[e]] == 0 && c->read[a->list[e]];
        cost += ldexp(1, waiting);
    }
    return cost;
}

static cutropy_status try_orders(ct_choosing *c, const uint16_t *const start[CT_STARTS],
                                 ct_region_order *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t pixels = (size_t)c->lattice->pixels;
    double least = INFINITY;
    CT_NEW(c->key, pixels);
    CT_NEW(c->waits, pixels);
    CT_NEW(c->read, pixels);
    CT_NEW(c->pixel, pixels);
    CT_NEW(out->pixel, pixels);
    for (int s = 0; s < CT_STARTS; s++)
        for (int corner = CORNERS; corner >= 0 && start[s]; corner--) {
            for (size_t i = 0; i < pixels; i++)
                c->key[i] = key_of(c, (int)i, corner);
            sort_pixels(c, start[s]);
            const double cost = cost_of(c);
            if (!(cost < least))
                continue;
            least = cost;
            out->start = s;
            memcpy(out->pixel, c->pixel, pixels * sizeof *out->pixel);
        }
done:
    return status;
}

cutropy_status ct_region_order_choose(const cutropy_lattice *lattice, const uint64_t *mask,
                                      const uint16_t *const start[CT_STARTS], ct_region_order *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_choosing c = {.lattice = lattice, .mask = mask};
    *out = (ct_region_order){0};
    CT_TRY(ct_adjacency_make(lattice, &c.adjacency));
    find_box(&c);
    CT_TRY(try_orders(&c, start, out));
done:
    ct_adjacency_free(&c.adjacency);
    ct_free(c.key);
    ct_free(c.waits);
    ct_free(c.read);
    ct_free(c.pixel);
    if (status != CUTROPY_OK) {
        ct_free(out->pixel);
        *out = (ct_region_order){0};
    }
    return status;
}
