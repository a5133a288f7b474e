/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/order/order_table.h"

#include <math.h>

#include "analysis/order/order_cuts.h"
#include "base/bits.h"
#include "base/report.h"
#include "engine/function/function.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "lattice/cut_list.h"
#include "lattice/lattice.h"

cutropy_status ct_order_table_make(cutropy_state *state, const cutropy_options *options,
                                   cutropy_result **result, ct_order_table *out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options how = ct_options_without_quantities(options);
    cutropy_cuts cuts = {0};
    *out = (ct_order_table){.pixels = state->f.pixels};
    how.shown = NULL;
    CT_TRY(ct_lattice_has_end(state->f.lattice));
    CT_TRY(cutropy_order_check(state->f.lattice));
    CT_TRY(ct_order_serves(state));
    out->full = ct_low_mask(out->pixels);
    out->closed = ct_cut_is_trivial(&state->f, &out->full);
    CT_TRY(cutropy_cuts_parse("all", state->f.lattice, &cuts));
    if (!out->closed) { /* a label stands on both sides */
        size_t room = cuts.count;
        CT_TRY(ct_cuts_append(&cuts, &room, &out->full, 1));
    }
    CT_TRY(cutropy_state_run(state, &cuts, &how, result));
    CT_TRY(ct_order_ranks_check(*result));
    CT_NEW_ZERO(out->record, (size_t)out->full + 1);
    CT_NEW(out->best, (size_t)out->full + 1);
    out->records = (*result)->records;
    for (size_t i = 0; i < (*result)->cuts.count; i++) {
        const uint64_t mask = (*result)->cuts.masks[i];
        out->record[mask] = out->record[out->full ^ mask] = (*result)->rows[i].record;
    }
done:
    cutropy_cuts_free(&cuts);
    return status;
}

cutropy_status ct_order_least(ct_order_find *find, void *of, cutropy_order_aim aim,
                              const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_options *how = ct_options_or_standard(options);
    ct_reporter reporter = {.progress = how->progress, .user = how->user};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    ct_order_limit limit = {.by_entropy = aim == CUTROPY_ORDER_ENTROPY, .most = INFINITY};
    double unused;
    if (aim != CUTROPY_ORDER_PARAMETERS)
        CT_TRY(find(of, aim, limit, &watch, &limit.most));
    CT_TRY(find(of, CUTROPY_ORDER_PARAMETERS, limit, &watch, &unused));
done:
    return status;
}

void ct_order_table_free(ct_order_table *table)
{
    ct_free(table->record);
    ct_free(table->best);
    *table = (ct_order_table){0};
}

double ct_order_table_error(const ct_order_table *t)
{
    double most = 0;
    for (uint64_t set = 1; set <= t->full; set++)
        most = fmax(most, ct_order_error(t, set));
    return most;
}
