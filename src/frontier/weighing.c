/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/weighing.h"

#include <cutropy/cut.h>

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "frontier/region_order.h"

void ct_weighing_close(ct_weighing *w)
{
    for (int o = 0; w && o < CT_ORDERS; o++) {
        ct_free(w->order[o]);
        ct_weighted_free(&w->bonds[o]);
    }
    if (w)
        ct_weighted_strip_close(w->strip);
    ct_free(w);
}

typedef struct ct_sorting {
    const cutropy_lattice *lattice;
    int along; /* the coordinate that runs fastest */
} ct_sorting;

static int compare_places(const void *a, const void *b, void *context)
{
    const ct_sorting *s = context;
    const double *p = s->lattice->position[*(const uint16_t *)a],
                 *q = s->lattice->position[*(const uint16_t *)b];
    for (int d = 1; d >= 0; d--) {
        const int axis = d ? 1 - s->along : s->along;
        if (p[axis] != q[axis])
            return p[axis] < q[axis] ? -1 : 1;
    }
    return *(const uint16_t *)a < *(const uint16_t *)b ? -1 : 1;
}

/* Orders that others stand for are left out, and those in which there are too many states. */
static cutropy_status try_order(ct_weighing *w, int o, char *why, size_t size)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = w->problem->lattice;
    const size_t n = (size_t)lattice->pixels;
    ct_sorting sorting = {lattice, o == 2};
    uint16_t *order = NULL;
    CT_NEW(order, n);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint16_t)i;
    if (o)
        qsort_r(order, n, sizeof *order, compare_places, &sorting);
    for (int other = 0; other < o; other++)
        if (w->order[other] && !memcmp(order, w->order[other], n * sizeof *order))
            goto done;
    const cutropy_status found = w->problem->weigh(w->problem, order, CT_BONDS, &w->bonds[o]);
    if (found != CUTROPY_OK && found != CUTROPY_EUNSUPPORTED)
        CT_TRY(found);
    if (found == CUTROPY_OK) {
        w->order[o] = order;
        order = NULL;
    } else if (!*why) {
        ct_error_save(why, size);
    }
done:
    ct_free(order);
    return status;
}

static uint64_t states_of(const ct_weighted *bonds)
{
    uint64_t states = 0;
    for (int k = 0; k <= bonds->pixels; k++)
        states += (uint64_t)bonds->bond[k];
    return states;
}

cutropy_status ct_weighing_open(const cutropy_problem *problem, ct_weighing **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighing *w = NULL;
    char why[512] = "";
    *out = NULL;
    if (!problem->weigh)
        return ct_fail(CUTROPY_EUNSUPPORTED, "%s has no automaton with weights", problem->text);
    CT_NEW_ZERO(w, 1);
    w->problem = problem;
    w->least = -1;
    for (int o = 0; o < CT_ORDERS; o++) {
        CT_TRY(try_order(w, o, why, sizeof why));
        if (w->order[o] &&
            (w->least < 0 || states_of(&w->bonds[o]) < states_of(&w->bonds[w->least])))
            w->least = o;
    }
    if (w->least < 0)
        CT_TRY(ct_error_restore(CUTROPY_EUNSUPPORTED, why));
    *out = w;
    w = NULL;
done:
    ct_weighing_close(w);
    return status;
}

cutropy_status ct_weighing_open_strip(const cutropy_problem *problem, uint64_t memory_limit,
                                      int threads, const ct_watch *watch, ct_weighing **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighing *w = NULL;
    *out = NULL;
    CT_NEW_ZERO(w, 1);
    w->problem = problem;
    CT_TRY(ct_weighted_strip_open(problem, memory_limit, threads, watch, &w->strip));
    *out = w;
    w = NULL;
done:
    ct_weighing_close(w);
    return status;
}

/* Is region A, or its complement, the first pixels of an order? */
static bool splits(const ct_weighing *w, int o, const uint64_t *mask, int *k)
{
    const int n = w->problem->lattice->pixels;
    const bool first = ct_bit(mask, w->order[o][0]);
    *k = 0;
    while (*k < n && ct_bit(mask, w->order[o][*k]) == first)
        ++*k;
    for (int i = *k; i < n; i++)
        if (ct_bit(mask, w->order[o][i]) == first)
            return false;
    return true;
}

static void measure(const ct_weighted *bonds, ct_weighing_spot *out)
{
    out->n = bonds->bond[out->k];
    out->states = states_of(bonds);
}

/* Backwards orders start from the same two that the lattice has. */
static cutropy_status own_order(const ct_weighing *w, const uint64_t *mask, ct_weighing_spot *out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = w->problem->lattice;
    const uint16_t *start[CT_STARTS] = {NULL};
    uint16_t *backwards[CT_STARTS / 2] = {NULL};
    ct_region_order order = {0};
    ct_weighted bonds = {0};
    int last = 0;
    for (int o = CT_ORDERS - 1; o >= 0 && last < CT_STARTS / 2; o--) {
        if (!w->order[o])
            continue;
        CT_NEW(backwards[last], lattice->pixels);
        for (int k = 0; k < lattice->pixels; k++)
            backwards[last][k] = w->order[o][lattice->pixels - 1 - k];
        start[2 * last] = w->order[o];
        start[2 * last + 1] = backwards[last];
        last++;
    }
    CT_TRY(ct_region_order_choose(lattice, mask, start, &order));
    out->own = order.pixel;
    CT_TRY(w->problem->weigh(w->problem, out->own, CT_BONDS, &bonds));
    measure(&bonds, out);
done:
    for (int i = 0; i < CT_STARTS / 2; i++)
        ct_free(backwards[i]);
    ct_weighted_free(&bonds);
    return status;
}

/* The order that splits there, if any, with the fewest states. */
static bool find_split(const ct_weighing *w, const uint64_t *mask, ct_weighing_spot *out)
{
    ct_weighing_spot spot = {0};
    for (int o = 0; o < CT_ORDERS; o++) {
        if (!w->order[o] || !splits(w, o, mask, &spot.k))
            continue;
        spot.order = o;
        measure(&w->bonds[o], &spot);
        if (out->order == CT_ORDERS || spot.states < out->states)
            *out = spot;
    }
    return out->order < CT_ORDERS;
}

cutropy_status ct_weighing_place(const ct_weighing *w, const uint64_t *mask, ct_weighing_spot *out)
{
    const int na = cutropy_mask_pixels(mask, w->problem->lattice->words);
    ct_weighing_spot own = {.order = CT_ORDERS, .k = na};
    *out = own;
    const bool split = find_split(w, mask, out);
    if (split && out->order == w->least)
        return CUTROPY_OK;
    const cutropy_status status = own_order(w, mask, &own);
    const bool better = status == CUTROPY_OK && (!split || own.states < out->states);
    if (better)
        *out = own;
    else
        ct_free(own.own);
    return split && status == CUTROPY_EUNSUPPORTED ? CUTROPY_OK : status;
}
