/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of automata with weights: a block of integers near enough, then the provers of blocks (theorem 23). */
#include "engine/prove_weighted.h"

#include <math.h>

#include "certify/weighted_block.h"
#include "engine/proof.h"

#define MARGIN 96 /* bits beyond the decimals: roundings, states, small eigenvalues */

static int64_t first_bits(int digits)
{
    return (int64_t)(3.3219280948873626 * digits) + MARGIN;
}

uint64_t ct_prove_weighted_bytes(const ct_weighing *weighing, int digits)
{
    double most = 0;
    for (int o = 0; o < CT_ORDERS; o++)
        if (weighing->order[o])
            most = fmax(most, ct_weighted_block_bytes(&weighing->bonds[o], first_bits(digits)));
    return (uint64_t)most;
}

/* The largest rank that states and pixels allow. */
static int64_t most_levels(const ct_weighted *w, int k)
{
    const int pixels = k < w->pixels - k ? k : w->pixels - k;
    const int64_t n = w->bond[k];
    return pixels < 32 && INT64_C(1) << pixels < n ? INT64_C(1) << pixels : n;
}

/* One block of so many bits through the provers. */
static cutropy_status try_block(ct_proof *p, const ct_weighted *w, int k, int64_t bits)
{
    cutropy_status status = CUTROPY_OK;
    ct_near_block block = {0};
    CT_TRY(ct_weighted_block_make(w, k, bits, bits + CT_STEP_GUARD, p->threads, p->setting->watch,
                                  &block));
    if (block.block.n > 0 &&
        !p->brackets) { /* the first block: levels of doubles said what stands there, and proved nothing */
        p->record->rank_lo = 1;
        p->record->rank_hi = p->most;
    }
    CT_TRY(ct_prove_near(p, &block));
done:
    ct_near_block_free(&block);
    return status;
}

/* A cut inside the order. */
static cutropy_status prove_level(ct_proof *p, const uint16_t *order, int k)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting *setting = p->setting;
    const cutropy_problem *problem = setting->f->weighing->problem;
    ct_weighted w = {0};
    int64_t bits = first_bits(setting->digits);
    CT_TRY(problem->weigh(problem, order, CT_EXACT_NUMBERS, &w));
    p->most = most_levels(&w, k);
    for (int i = 0; i < CT_PROOF_ATTEMPTS && ct_proof_any_open(p); i++, bits *= 2)
        if (ct_weighted_block_bytes(&w, bits) <= (double)setting->memory_limit)
            CT_TRY(try_block(p, &w, k, bits));
done:
    ct_weighted_free(&w);
    return status;
}

cutropy_status ct_prove_weighted(const ct_setting *setting, const uint64_t *mask, int threads,
                                 cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighing *weighing = setting->f->weighing;
    ct_weighing_spot spot = {0};
    ct_proof p = {.setting = setting, .threads = threads, .record = record};
    CT_TRY(ct_proof_start(&p));
    CT_TRY(ct_weighing_place(weighing, mask, &spot));
    if (spot.k == 0 || spot.k == setting->f->pixels || spot.n == 1)
        CT_TRY(ct_prove_trivial(&p));
    else
        CT_TRY(prove_level(&p, spot.own ? spot.own : weighing->order[spot.order], spot.k));
    ct_proof_settle(&p);
done:
    ct_proof_end(&p);
    ct_free(spot.own);
    return status;
}
