/* SPDX-License-Identifier: Apache-2.0 */
/* A local search of orders: one pixel after the other goes to the place where it is best, all others staying in their order (sifting,
 * R. Rudell, ICCAD 1993, p. 42, as for decision diagrams), until none moves or the budget of cuts is used up. It proves nothing. */
#include <math.h>
#include <string.h>

#include "analysis/order/order.h"
#include "analysis/order/order_cuts.h"
#include "analysis/order/order_starts.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "lattice/lattice.h"

#define NEARLY 1e-9 /* bits of parameters that are no gain: sums are rounded */

/* What an order costs: the largest cut (of none, where parameters are least), and log2 of the parameters. */
typedef struct cost {
    double largest, parameters;
} cost;

static bool is_better(cost a, cost b)
{
    return a.largest < b.largest ||
           (a.largest == b.largest && a.parameters < b.parameters - NEARLY);
}

typedef struct search {
    ct_order_cuts cuts;
    cutropy_order_aim aim;
    int pixels;
    uint64_t *set;           /* a mask */
    int *others;             /* N - 1: all pixels but one, in their order */
    int64_t *without, *with; /* N: of the first k others, without and with the one */
    cost *first, *last;      /* N: of the cuts up to `without` k, and from `with` k on */
} search;

/* log2(2^x + 2^y). */
static double add_logs(double x, double y)
{
    const double high = fmax(x, y), low = fmin(x, y);
    return isinf(low) || isinf(high) ? high : high + log2(1 + exp2(low - high));
}

static double weight(const search *s, int64_t which)
{
    const ct_cut_cost c = ct_order_cut(&s->cuts, which);
    return s->aim == CUTROPY_ORDER_RANK ? c.bits : s->aim == CUTROPY_ORDER_ENTROPY ? c.entropy : 0;
}

/* log2 of the parameters of the site between two cuts. */
static double site(const search *s, int64_t left, int64_t right)
{
    return 1 + ct_order_cut(&s->cuts, left).bits + ct_order_cut(&s->cuts, right).bits;
}

static cutropy_status want_others(search *s, int pixel)
{
    cutropy_status status = CUTROPY_OK;
    memset(s->set, 0, s->cuts.words * sizeof *s->set);
    for (int k = 0; k < s->pixels; k++) {
        if (k)
            ct_set_bit(s->set, (uint64_t)s->others[k - 1]);
        CT_TRY(ct_order_cuts_want(&s->cuts, s->set, &s->without[k]));
        s->set[pixel / 64] |= UINT64_C(1) << pixel % 64;
        CT_TRY(ct_order_cuts_want(&s->cuts, s->set, &s->with[k]));
        s->set[pixel / 64] &= ~(UINT64_C(1) << pixel % 64);
    }
    CT_TRY(ct_order_cuts_solve(&s->cuts));
done:
    return status;
}

/* The cost with the pixel behind j others: the cuts without it up to there, and those with it from there on. */
static cost cost_at(const search *s, int j)
{
    return (cost){fmax(s->first[j].largest, s->last[j].largest),
                  add_logs(add_logs(s->first[j].parameters, site(s, s->without[j], s->with[j])),
                           s->last[j].parameters)};
}

static int best_place(search *s, int now)
{
    const int n = s->pixels;
    s->first[0] = (cost){0, -INFINITY};
    for (int k = 1; k < n; k++)
        s->first[k] =
            (cost){fmax(s->first[k - 1].largest, weight(s, s->without[k])),
                   add_logs(s->first[k - 1].parameters, site(s, s->without[k - 1], s->without[k]))};
    s->last[n - 1] = (cost){0, -INFINITY};
    for (int k = n - 2; k >= 0; k--)
        s->last[k] =
            (cost){fmax(s->last[k + 1].largest, weight(s, s->with[k])),
                   add_logs(s->last[k + 1].parameters, site(s, s->with[k], s->with[k + 1]))};
    int best = now;
    for (int j = 0; j < n; j++)
        if (is_better(cost_at(s, j), cost_at(s, best)))
            best = j;
    return best;
}

/* One pixel to its best place. *moved: it went elsewhere. */
static cutropy_status sift(search *s, int pixel, int *order, bool *moved)
{
    cutropy_status status = CUTROPY_OK;
    int now = 0;
    while (order[now] != pixel)
        now++;
    memcpy(s->others, order, (size_t)now * sizeof *order);
    memcpy(s->others + now, order + now + 1, (size_t)(s->pixels - 1 - now) * sizeof *order);
    CT_TRY(want_others(s, pixel));
    const int best = best_place(s, now);
    memcpy(order, s->others, (size_t)best * sizeof *order);
    order[best] = pixel;
    memcpy(order + best + 1, s->others + best, (size_t)(s->pixels - 1 - best) * sizeof *order);
    *moved = *moved || best != now;
done:
    return status;
}

/* Is there room for the cuts of one more pixel? */
static bool may_go_on(const search *s)
{
    return s->cuts.solved + 2 * (uint64_t)s->pixels <= s->cuts.budget;
}

static cutropy_status improve(search *s, int *order)
{
    cutropy_status status = CUTROPY_OK;
    for (bool moved = true; moved;) {
        moved = false;
        for (int pixel = 0; pixel < s->pixels; pixel++) {
            if (!may_go_on(s))
                return CUTROPY_OK;
            CT_TRY(sift(s, pixel, order, &moved));
        }
    }
done:
    return status;
}

static cutropy_status cost_of(search *s, const int *order, cost *out)
{
    cutropy_status status = CUTROPY_OK;
    int64_t empty;
    memset(s->set, 0, s->cuts.words * sizeof *s->set);
    CT_TRY(ct_order_cuts_want(&s->cuts, s->set, &empty));
    for (int k = 0; k < s->pixels; k++) {
        ct_set_bit(s->set, (uint64_t)order[k]);
        CT_TRY(ct_order_cuts_want(&s->cuts, s->set, &s->with[k]));
    }
    CT_TRY(ct_order_cuts_solve(&s->cuts));
    *out = (cost){0, -INFINITY};
    for (int k = 0; k < s->pixels; k++) {
        out->largest = fmax(out->largest, weight(s, s->with[k]));
        out->parameters =
            add_logs(out->parameters, site(s, k ? s->with[k - 1] : empty, s->with[k]));
    }
done:
    return status;
}

/* The starts one after the other, the best first; *found: the best of what they lead to. */
static cutropy_status search_all(search *s, int *start[CT_ORDER_STARTS], int *found, int *from)
{
    cutropy_status status = CUTROPY_OK;
    cost of[CT_ORDER_STARTS], least = {INFINITY, INFINITY};
    bool done[CT_ORDER_STARTS] = {false};
    for (int i = 0; i < CT_ORDER_STARTS; i++) {
        done[i] = !start[i] || (i > 0 && s->cuts.solved + (uint64_t)s->pixels > s->cuts.budget);
        if (!done[i])
            CT_TRY(cost_of(s, start[i], &of[i]));
    }
    for (int left = CT_ORDER_STARTS; left > 0; left--) {
        int next = -1;
        for (int i = 0; i < CT_ORDER_STARTS; i++)
            if (!done[i] && (next < 0 || is_better(of[i], of[next])))
                next = i;
        if (next < 0)
            break;
        done[next] = true;
        cost reached;
        CT_TRY(improve(s, start[next]));
        CT_TRY(cost_of(s, start[next], &reached));
        if (isinf(least.largest) || is_better(reached, least)) {
            least = reached;
            memcpy(found, start[next], (size_t)s->pixels * sizeof *found);
            *from = next;
        }
    }
done:
    return status;
}

static cutropy_status check(const cutropy_state *state, uint64_t budget)
{
    const int pixels = state->f.pixels;
    if (pixels < 2)
        return ct_fail(CUTROPY_EINPUT, "one pixel has one order");
    if (budget < (uint64_t)pixels)
        return ct_fail(
            CUTROPY_EINPUT,
            "a budget of %llu cuts: one order of %d pixels alone has %d; give at least %d",
            (unsigned long long)budget, pixels, pixels - 1, pixels);
    return CUTROPY_OK;
}

cutropy_status cutropy_order_search(cutropy_state *state, cutropy_order_aim aim, uint64_t budget,
                                    const cutropy_options *options, cutropy_order **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)state->f.pixels;
    search s = {.aim = aim, .pixels = state->f.pixels};
    int *start[CT_ORDER_STARTS] = {NULL}, from = 0;
    cutropy_order *order = NULL;
    *out = NULL;
    options = ct_options_or_standard(options);
    CT_TRY(ct_lattice_has_end(state->f.lattice));
    CT_TRY(check(state, budget));
    CT_TRY(ct_order_serves(state));
    CT_TRY(ct_order_cuts_start(state, options, budget, &s.cuts));
    CT_NEW(s.set, s.cuts.words);
    CT_NEW(s.others, n);
    CT_NEW(s.without, n);
    CT_NEW(s.with, n);
    CT_NEW(s.first, n);
    CT_NEW(s.last, n);
    CT_NEW_ZERO(order, 1);
    order->count = state->f.pixels;
    order->aim = aim;
    CT_NEW(order->pixel, n);
    CT_TRY(ct_order_starts(&s.cuts, start));
    CT_TRY(search_all(&s, start, order->pixel, &from));
    order->budget = budget;
    order->searched = s.cuts.solved;
    order->start = ct_order_start_name(from);
    status = ct_order_run(state, options, order);
    if (!status || order->partial) {
        *out = order;
        order = NULL;
    }
done:
    for (int i = 0; i < CT_ORDER_STARTS; i++)
        ct_free(start[i]);
    ct_free(s.set);
    ct_free(s.others);
    ct_free(s.without);
    ct_free(s.with);
    ct_free(s.first);
    ct_free(s.last);
    ct_order_cuts_free(&s.cuts);
    cutropy_order_free(order);
    return status;
}
