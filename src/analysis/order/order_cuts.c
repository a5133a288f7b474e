/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order/order_cuts.h"

#include <math.h>

#include <cutropy/cut.h>

#include "base/array.h"
#include "engine/function/function.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "engine/function/symmetry.h"
#include "engine/state/state.h"
#include "frontier/affine.h"

/* How far the search is, instead of how far one of its many runs is. */
static int show(const char *stage, uint64_t done, uint64_t total, void *user)
{
    const ct_order_cuts *c = user;
    (void)stage, (void)done, (void)total;
    return c->progress ? c->progress("orders", c->solved, c->budget, c->user) : 0;
}

cutropy_status ct_order_cuts_start(cutropy_state *state, const cutropy_options *options,
                                   uint64_t budget, ct_order_cuts *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_order_cuts){.state = state,
                           .progress = options->progress,
                           .user = options->user,
                           .budget = budget,
                           .words = state->f.words,
                           .rows.words = state->f.words};
    CT_NEW(out->how, 1);
    *out->how = ct_options_without_quantities(options);
    out->how->shown = NULL;
    out->how->certify = 0; /* the order that is found is proved, not all that were compared */
    out->how->digits = 0;
    out->how->progress = show;
    out->how->user = out;
done:
    return status;
}

void ct_order_cuts_free(ct_order_cuts *c)
{
    ct_free(c->how);
    ct_free(c->mask);
    ct_free(c->cost);
    ct_hash_free(&c->table);
    *c = (ct_order_cuts){0};
}

cutropy_status ct_order_cuts_want(ct_order_cuts *c, const uint64_t *set, int64_t *which)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = c->state->f.pixels;
    const uint64_t flip = set[0] & 1 && !ct_is_sided(&c->state->f) ? UINT64_MAX : 0;
    *which = -1;
    if (ct_cut_is_trivial(&c->state->f, set))
        return CUTROPY_OK;
    CT_TRY(ct_array_room("cuts", &c->mask, c->count, &c->mask_room, 1, c->words * sizeof *c->mask));
    uint64_t *mask = c->mask + c->count * c->words;
    for (size_t w = 0; w < c->words; w++)
        mask[w] = set[w] ^ flip;
    if (pixels % 64)
        mask[c->words - 1] &= ct_low_mask(pixels % 64);
    c->rows.row = c->mask;
    CT_TRY(ct_hash_room_rows(&c->table, c->count + 1, &c->rows));
    uint32_t *slot = ct_hash_find_row(&c->table, &c->rows, mask);
    if (!*slot)
        *slot = (uint32_t)++c->count;
    *which = (int64_t)*slot - 1;
done:
    return status;
}

cutropy_status ct_order_serves(const cutropy_state *state)
{
    if (ct_is_sided(&state->f))
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "orders need cuts whose sides have one entropy, and the label stands on one "
                       "side: the methods spectral and rearranged do without");
    if (state->f.storage != CT_PRODUCTS)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EUNSUPPORTED,
        "orders need ranks, which are brackets for a sum of product "
        "states: the methods spectral and rearranged need none (and map=levels has them)");
}

cutropy_status ct_order_ranks_check(const cutropy_result *result)
{
    char text[CUTROPY_MAX_PIXELS / 4 + 3];
    for (size_t i = 0; i < result->cuts.count; i++) {
        const cutropy_record *r = &result->records[result->rows[i].record];
        if (r->rank_lo == r->rank_hi)
            continue;
        cutropy_mask_format(result->cuts.masks + i * result->cuts.words, result->cuts.words, text,
                            sizeof text);
        return ct_fail(
            CUTROPY_ENUMERIC,
            "the rank of cut %s lies between %lld and %lld, and an order needs one number: "
            "--certify, where it was not given, or another --solver may settle it",
            text, (long long)r->rank_lo, (long long)r->rank_hi);
    }
    return CUTROPY_OK;
}

/* Flat spectra: the rank is 2^S, however large that is. */
static cutropy_status solve_equations(ct_order_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    for (; c->solved < c->count; c->solved++) {
        int bits;
        CT_TRY(ct_affine_bits(c->state->f.affine, c->mask + c->solved * c->words, &bits));
        c->cost[c->solved] = (ct_cut_cost){bits, bits};
        if (c->solved % 256 == 0 && show("", 0, 0, c))
            return ct_fail(CUTROPY_ECANCELLED,
                           "stopped after a search had looked at %zu cuts: no order is written",
                           c->solved);
    }
done:
    return status;
}

cutropy_status ct_order_cuts_solve(ct_order_cuts *c)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result = NULL;
    const cutropy_cuts cuts = {
        .words = c->words, .count = c->count - c->solved, .masks = c->mask + c->solved * c->words};
    if (c->solved == c->count)
        return CUTROPY_OK;
    CT_TRY(CT_ROOM("cuts", c->cost, c->solved, c->cost_room, cuts.count));
    if (c->state->f.storage == CT_AFFINE)
        return solve_equations(c);
    status = cutropy_state_run(c->state, &cuts, c->how, &result);
    if (status == CUTROPY_EMEMORY) { /* of some cuts; without a result of all, which share a pass */
        if (!*c->why)
            ct_error_save(c->why, sizeof c->why);
        status = CUTROPY_OK;
    }
    for (size_t i = 0; i < cuts.count && !status; i++) {
        const cutropy_record *r = result ? &result->records[result->rows[i].record] : NULL;
        c->cost[c->solved++] = r && r->done ? (ct_cut_cost){log2((double)r->rank_hi), r->entropy}
                                            : (ct_cut_cost){INFINITY, INFINITY};
    }
done:
    cutropy_result_free(result);
    if (status == CUTROPY_ECANCELLED) /* whatever the run said of its few cuts */
        return ct_fail(status, "stopped after a search had looked at %zu cuts: no order is written",
                       c->solved);
    return status;
}
