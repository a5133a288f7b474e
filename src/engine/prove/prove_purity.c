/* SPDX-License-Identifier: Apache-2.0 */
/* Tr rho^2 without eigenvalues: -log of the exact purity of the record, for labels and integers, or both from a block near the cut's. */
#include "certify/near_block.h"
#include "engine/prove/proof.h"

static bool can(const ct_proof *p)
{
    return (p->rounded || ct_proof_is_exact(p)) && ct_proof_any_open(p);
}

static cutropy_status prove_exact(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    const cutropy_fraction *purity = &p->record->purity_exact;
    char room[80];
    ct_fraction_format(purity, room, sizeof room);
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal;
        CT_TRY(ct_enclosure_renyi2(purity->text ? purity->text : room,
                                   unit ? CT_UNIT_NATS : CT_UNIT_BITS, p->setting->digits,
                                   &decimal));
        ct_proof_offer(&decimal, &exact->renyi2[unit], &exact->renyi2_decimals[unit]);
    }
done:
    return status;
}

static cutropy_status prove(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    ct_decimal purity, renyi2[2];
    if (!p->rounded)
        return prove_exact(p);
    CT_TRY(ct_near_block_purity(p->rounded, p->setting->digits, &purity, renyi2));
    ct_proof_offer(&purity, &exact->purity, &p->purity_decimals);
    for (int unit = 0; unit < 2; unit++)
        ct_proof_offer(&renyi2[unit], &exact->renyi2[unit], &exact->renyi2_decimals[unit]);
done:
    return status;
}

const ct_prover ct_purity_prover = {"purity", can, prove};
