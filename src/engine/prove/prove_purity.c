/* SPDX-License-Identifier: Apache-2.0 */
/* -log Tr rho^2 of labels and integers, from the exact purity of the record. */
#include "engine/prove/proof.h"

static bool can(const ct_proof *p)
{
    return ct_proof_is_exact(p) && ct_proof_any_open(p);
}

static cutropy_status prove(ct_proof *p)
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

const ct_prover ct_purity_prover = {"purity", can, prove};
