/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamic programming over all sets of pixels. */
#include "analysis/order/order.h"
#include "analysis/order/order_table.h"

#include <math.h>

#include "engine/function/options.h"
#include "engine/function/result.h"
#include "engine/run/run.h"
#include "engine/state/state.h"

typedef struct best_orders {
    ct_order_table table;
    uint8_t *last; /* 2^N: the pixel that comes last in the best order of a set */
} best_orders;

/* ---- the best order ---- */

/* What a set costs beside the best order of all its pixels but i. Sums and ranks are integers below 2^53. */
static double combine(const best_orders *t, cutropy_order_aim aim, uint64_t set, uint64_t before)
{
    switch (aim) {
    case CUTROPY_ORDER_RANK:
        return fmax(t->table.best[before], (double)ct_order_rank(&t->table, set));
    case CUTROPY_ORDER_ENTROPY:
        return fmax(t->table.best[before], ct_order_entropy(&t->table, set));
    default:
        return t->table.best[before] +
               2 * (double)ct_order_rank(&t->table, before) * (double)ct_order_rank(&t->table, set);
    }
}

static cutropy_status find_best(void *of, cutropy_order_aim aim, ct_order_limit limit,
                                const ct_watch *watch, double *least)
{
    best_orders *t = of;
    t->table.best[0] = 0;
    for (uint64_t set = 1; set <= t->table.full; set++) {
        t->table.best[set] = INFINITY;
        t->last[set] = 0;
        if (set % (1 << 16) == 0 && ct_asked_to_stop(watch, "orders", set, t->table.full + 1))
            return ct_fail(CUTROPY_ECANCELLED, "stopped before the best order was found");
        for (uint64_t bits = ct_order_allows(&t->table, &limit, set) ? set : 0; bits;
             bits &= bits - 1) {
            const uint64_t before = set ^ (bits & -bits);
            const double cost = combine(t, aim, set, before);
            if (cost < t->table.best[set]) {
                t->table.best[set] = cost;
                t->last[set] = (uint8_t)ct_lowest(bits);
            }
        }
    }
    *least = t->table.best[t->table.full];
    return CUTROPY_OK;
}

/* ---- what was found ---- */

static cutropy_status describe(const best_orders *t, int which, const int *pixel,
                               cutropy_order *order)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_record **records = NULL;
    uint64_t mask = 0;
    CT_NEW(records, t->table.pixels + 1);
    for (int k = 0; k <= t->table.pixels; k++) {
        records[k] = ct_order_record(&t->table, mask);
        mask |= k < t->table.pixels ? UINT64_C(1) << pixel[k] : 0;
    }
    CT_TRY(ct_order_describe(order, which, pixel, records));
    /* no other order has less by more than twice this */
    order->sums[which].entropy_err = ct_order_table_error(&t->table);
done:
    ct_free(records);
    return status;
}

static cutropy_status take(const best_orders *t, cutropy_order *order)
{
    cutropy_status status = CUTROPY_OK;
    int numbers[CUTROPY_ORDER_LARGEST];
    uint64_t set = t->table.full;
    CT_NEW(order->pixel, t->table.pixels);
    for (int k = t->table.pixels - 1; k >= 0; k--) {
        numbers[k] = k;
        order->pixel[k] = t->last[set];
        set ^= UINT64_C(1) << order->pixel[k];
    }
    CT_TRY(describe(t, 0, order->pixel, order));
    CT_TRY(describe(t, 1, numbers, order));
done:
    return status;
}

cutropy_status cutropy_order_check(const cutropy_lattice *lattice)
{
    if (lattice->pixels <= CUTROPY_ORDER_LARGEST)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EUNSUPPORTED,
        "%d pixels: all orders, and all trees, are compared up to %d pixels; beyond, a search for an "
        "order looks at some (--budget)",
        lattice->pixels, CUTROPY_ORDER_LARGEST);
}

cutropy_status cutropy_order_open(const cutropy_problem *problem, const cutropy_options *options,
                                  cutropy_state **out)
{
    *out = NULL;
    return problem->lattice->pixels > CUTROPY_ORDER_LARGEST
               ? ct_state_try_search(problem, ct_options_or_standard(options), out)
               : CUTROPY_OK;
}

cutropy_status cutropy_order_find(cutropy_state *state, cutropy_order_aim aim,
                                  const cutropy_options *options, cutropy_order **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_order *order = NULL;
    best_orders t = {0};
    *out = NULL;
    CT_NEW_ZERO(order, 1);
    order->count = state->f.pixels;
    order->aim = aim;
    order->words = state->f.words;
    CT_TRY(ct_order_table_make(state, options, &order->result, &t.table));
    CT_NEW(t.last, (size_t)t.table.full + 1);
    CT_TRY(ct_order_least(find_best, &t, aim, options));
    CT_TRY(take(&t, order));
    *out = order;
    order = NULL;
done:
    ct_order_table_free(&t.table);
    ct_free(t.last);
    cutropy_order_free(order);
    return status;
}
