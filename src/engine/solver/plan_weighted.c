/* SPDX-License-Identifier: Apache-2.0 */
/* What a run over automata with weights will need, from the states of their levels. */
#include <stdio.h>

#include "engine/prove/prove_weighted.h"
#include "engine/solver/plan_frontier.h"
#include "engine/solver/weighted_cut.h"
#include "frontier/weighing.h"

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* An order with its cuts; the largest counts, since one is forgotten before the next is read. */
static void plan_order(const ct_weighted *bonds, const bool *wanted, cutropy_plan *plan)
{
    uint64_t states = 0;
    for (int k = 0; k <= bonds->pixels; k++) { /* the pass has a matrix at every level */
        states += (uint64_t)bonds->bond[k];
        plan->largest_matrix = larger((uint64_t)bonds->bond[k], plan->largest_matrix);
    }
    plan->states = larger(states, plan->states);
    plan->function_bytes = larger(ct_weighted_bytes(bonds), plan->function_bytes);
    plan->workspace_bytes = larger(ct_weighted_pass_bytes(bonds, wanted), plan->workspace_bytes);
}

static cutropy_status plan_cut(const ct_weighing *weighing, const uint64_t *mask,
                               bool *const wanted[CT_ORDERS], cutropy_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighing_spot spot = {0};
    ct_weighted bonds = {0};
    bool *own = NULL;
    CT_TRY(ct_weighing_place(weighing, mask, &spot));
    if (spot.order < CT_ORDERS) {
        wanted[spot.order][spot.k] = true;
        goto done;
    }
    CT_NEW_ZERO(own, weighing->problem->lattice->pixels + 1);
    own[spot.k] = true;
    CT_TRY(weighing->problem->weigh(weighing->problem, spot.own, CT_BONDS, &bonds));
    plan_order(&bonds, own, plan);
done:
    ct_free(own);
    ct_free(spot.own);
    ct_weighted_free(&bonds);
    return status;
}

cutropy_status ct_plan_weighted(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                int digits, cutropy_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighing *weighing = NULL;
    bool *wanted[CT_ORDERS] = {NULL};
    snprintf(plan->storage, sizeof plan->storage, "weights");
    plan->known = 1;
    for (int o = 0; o < CT_ORDERS; o++)
        CT_NEW_ZERO(wanted[o], problem->lattice->pixels + 1);
    CT_TRY(ct_weighing_open(problem, &weighing));
    for (size_t i = 0; i < cuts->count; i++)
        CT_TRY(plan_cut(weighing, cuts->masks + i * cuts->words, wanted, plan));
    for (int o = 0; o < CT_ORDERS; o++) {
        bool any = o == weighing->least; /* whose numbers give <f|f> */
        for (int k = 0; k <= problem->lattice->pixels; k++)
            any |= wanted[o][k];
        if (any)
            plan_order(&weighing->bonds[o], wanted[o], plan);
    }
    if (digits)
        plan->workspace_bytes =
            larger(ct_prove_weighted_bytes(weighing, digits), plan->workspace_bytes);
    plan->least_bytes = plan->function_bytes + plan->workspace_bytes;
    plan->fits = plan->least_bytes <= plan->memory_limit;
done:
    for (int o = 0; o < CT_ORDERS; o++)
        ct_free(wanted[o]);
    ct_weighing_close(weighing);
    return status;
}
