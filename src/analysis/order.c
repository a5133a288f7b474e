/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamic programming over all sets of pixels. */
#include "analysis/order.h"
#include "analysis/order_cuts.h"

#include <math.h>
#include <string.h>

#include "base/report.h"
#include "engine/options.h"
#include "engine/result.h"
#include "engine/state.h"

/* ---- the table of all cuts ---- */

typedef struct ct_order_table {
    int pixels;
    const cutropy_record *records;
    uint32_t
        *record;   /* 2^N: of the cut of a set; those of the empty and the full one are not read */
    double *best;  /* 2^N */
    uint8_t *last; /* 2^N: the pixel that comes last in the best order of a set */
    uint64_t full;
} ct_order_table;

static bool is_trivial(const ct_order_table *t, uint64_t set)
{
    return !set || set == t->full;
}

static int64_t rank_of(const ct_order_table *t, uint64_t set)
{
    return is_trivial(t, set) ? 1 : t->records[t->record[set]].rank_lo;
}

static double entropy_of(const ct_order_table *t, uint64_t set)
{
    return is_trivial(t, set) ? 0 : t->records[t->record[set]].entropy;
}

static cutropy_status fill_table(const cutropy_result *result, ct_order_table *t)
{
    cutropy_status status = CUTROPY_OK;
    const size_t sets = (size_t)t->full + 1;
    t->records = result->records;
    CT_NEW_ZERO(t->record, sets);
    CT_NEW(t->best, sets);
    CT_NEW(t->last, sets);
    for (size_t i = 0; i < result->cuts.count; i++) {
        const uint64_t mask = result->cuts.masks[i];
        t->record[mask] = t->record[t->full ^ mask] = result->rows[i].record;
    }
done:
    return status;
}

/* ---- the best order ---- */

/* What a set costs beside the best order of all its pixels but i. Sums and ranks are integers below 2^53. */
static double combine(const ct_order_table *t, cutropy_order_aim aim, uint64_t set, uint64_t before)
{
    switch (aim) {
    case CUTROPY_ORDER_RANK:
        return fmax(t->best[before], (double)rank_of(t, set));
    case CUTROPY_ORDER_ENTROPY:
        return fmax(t->best[before], entropy_of(t, set));
    default:
        return t->best[before] + 2 * (double)rank_of(t, before) * (double)rank_of(t, set);
    }
}

/* Sets that `allowed` says no to are in no order. */
typedef struct ct_order_limit {
    bool by_entropy;
    double most; /* INFINITY: all are allowed */
} ct_order_limit;

static bool allowed(const ct_order_table *t, const ct_order_limit *limit, uint64_t set)
{
    return (limit->by_entropy ? entropy_of(t, set) : (double)rank_of(t, set)) <= limit->most;
}

static cutropy_status find_best(ct_order_table *t, cutropy_order_aim aim, ct_order_limit limit,
                                const ct_watch *watch)
{
    t->best[0] = 0;
    for (uint64_t set = 1; set <= t->full; set++) {
        t->best[set] = INFINITY;
        t->last[set] = 0;
        if (set % (1 << 16) == 0 && watch->report("orders", set, t->full + 1, watch->user))
            return ct_fail(CUTROPY_ECANCELLED, "stopped before the best order was found");
        for (uint64_t bits = allowed(t, &limit, set) ? set : 0; bits; bits &= bits - 1) {
            const uint64_t before = set ^ (bits & -bits);
            const double cost = combine(t, aim, set, before);
            if (cost < t->best[set]) {
                t->best[set] = cost;
                t->last[set] = (uint8_t)ct_lowest(bits);
            }
        }
    }
    return CUTROPY_OK;
}

/* The least largest cost; then, among the orders that have it, the fewest parameters. */
static cutropy_status solve(ct_order_table *t, cutropy_order_aim aim, const ct_watch *watch)
{
    cutropy_status status = CUTROPY_OK;
    ct_order_limit limit = {.by_entropy = aim == CUTROPY_ORDER_ENTROPY, .most = INFINITY};
    if (aim != CUTROPY_ORDER_PARAMETERS) {
        CT_TRY(find_best(t, aim, limit, watch));
        limit.most = t->best[t->full];
    }
    CT_TRY(find_best(t, CUTROPY_ORDER_PARAMETERS, limit, watch));
done:
    return status;
}

/* ---- what was found ---- */

/* The records of the cuts of an order: N - 1. */
static cutropy_status describe(const ct_order_table *t, int which, const int *pixel,
                               cutropy_order *order)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_record **records = NULL;
    uint64_t mask = 0;
    CT_NEW(records, t->pixels);
    for (int k = 0; k + 1 < t->pixels; k++) {
        mask |= UINT64_C(1) << pixel[k];
        records[k] = &t->records[t->record[mask]];
    }
    CT_TRY(ct_order_describe(order, which, pixel, records));
    for (uint64_t set = 1; set < t->full; set++) /* what no other order has less of by twice this */
        order->sums[which].entropy_err =
            fmax(order->sums[which].entropy_err, t->records[t->record[set]].entropy_err);
done:
    ct_free(records);
    return status;
}

static cutropy_status take(const ct_order_table *t, cutropy_order *order)
{
    cutropy_status status = CUTROPY_OK;
    int numbers[CUTROPY_ORDER_LARGEST];
    uint64_t set = t->full;
    CT_NEW(order->pixel, t->pixels);
    for (int k = t->pixels - 1; k >= 0; k--) {
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
        "the best order of %d pixels: all orders are compared up to %d pixels; beyond, a search "
        "looks at some of them",
        lattice->pixels, CUTROPY_ORDER_LARGEST);
}

cutropy_status cutropy_order_find(cutropy_state *state, cutropy_order_aim aim,
                                  const cutropy_options *options, cutropy_order **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options how = options ? *options : ct_default_options();
    ct_reporter reporter = {.progress = how.progress, .user = how.user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    const int pixels = state->f.pixels;
    cutropy_cuts cuts = {0};
    cutropy_order *order = NULL;
    ct_order_table t = {.pixels = pixels};
    *out = NULL;
    how.quantities = NULL;
    how.quantity_count = 0;
    how.shown = NULL;
    CT_TRY(cutropy_order_check(state->f.lattice));
    t.full = ct_low_mask(pixels);
    CT_NEW_ZERO(order, 1);
    order->count = pixels;
    order->aim = aim;
    order->words = state->f.words;
    CT_TRY(cutropy_cuts_parse("all", state->f.lattice, &cuts));
    CT_TRY(cutropy_state_run(state, &cuts, &how, &order->result));
    CT_TRY(ct_order_ranks_check(order->result));
    CT_TRY(fill_table(order->result, &t));
    CT_TRY(solve(&t, aim, &watch));
    CT_TRY(take(&t, order));
    *out = order;
    order = NULL;
done:
    ct_free(t.record);
    ct_free(t.best);
    ct_free(t.last);
    cutropy_cuts_free(&cuts);
    cutropy_order_free(order);
    return status;
}
