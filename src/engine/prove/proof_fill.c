/* SPDX-License-Identifier: Apache-2.0 */
/* An enclosure fills the open places of a record. */
#include <string.h>

#include "engine/prove/proof.h"

static cutropy_status fill_units(const ct_proof *p, ct_enclosure *e, double alpha, char *text[2],
                                 int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        double radius;
        if (!ct_proof_is_open(p, text[unit], decimals[unit]))
            continue;
        CT_TRY(ct_enclosure_entropy(e, alpha, unit ? CT_UNIT_NATS : CT_UNIT_BITS,
                                    p->setting->digits, &decimal, &radius));
        ct_proof_offer(&decimal, &text[unit], &decimals[unit]);
    }
done:
    return status;
}

/* A number without unit in both places of quantity k; takes the text. */
static cutropy_status fill_both(const ct_proof *p, ct_decimal *decimal, size_t k)
{
    char **text = p->exact->extra + 2 * k;
    int *decimals = p->exact->extra_decimals + 2 * k;
    ct_decimal copy = *decimal;
    if (decimal->text) {
        copy.text = ct_strdup(decimal->text);
        if (!copy.text) {
            const size_t bytes = strlen(decimal->text) + 1;
            ct_free(decimal->text);
            decimal->text = NULL;
            return ct_fail_memory("text", bytes);
        }
    }
    ct_proof_offer(decimal, &text[0], &decimals[0]);
    ct_proof_offer(&copy, &text[1], &decimals[1]);
    return CUTROPY_OK;
}

static cutropy_status fill_spectrum(ct_proof *p, ct_enclosure *e)
{
    cutropy_status status = CUTROPY_OK;
    const size_t levels = ct_enclosure_levels(e);
    ct_decimal *list = NULL;
    bool all = true;
    CT_NEW_ZERO(list, levels);
    for (size_t k = 0; k < levels && all; k++) {
        CT_TRY(ct_enclosure_level(e, k, p->setting->digits, &list[k]));
        all = list[k].text && (!p->exact->spectrum || list[k].decimals == p->setting->digits);
    }
    if (!all)
        goto done;
    CT_TRY(ct_proof_open_spectrum(p, levels));
    for (size_t k = 0; k < levels; k++)
        ct_proof_add_level(p, &list[k], 1);
done:
    for (size_t k = 0; list && k < levels; k++)
        ct_free(list[k].text);
    ct_free(list);
    return status;
}

static cutropy_status bracket_of(ct_enclosure *e, const cutropy_quantity *quantity, int64_t *low,
                                 int64_t *high)
{
    *low = *high = -1;
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_TRUNCATION:
        return ct_enclosure_truncation(e, quantity->parameter, low, high);
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
        return ct_enclosure_numerical_rank(e, quantity->parameter, low, high);
    default:
        return ct_fail(CUTROPY_EINTERNAL, "an integer among the quantities has no prover");
    }
}

static cutropy_status fill_bracket(ct_proof *p, ct_enclosure *e, size_t k)
{
    int64_t low, high;
    const cutropy_status status = bracket_of(e, &p->setting->quantities[k], &low, &high);
    p->record->extra[k] = (double)low;
    p->record->extra_err[k] = (double)(high - low);
    return status;
}

static cutropy_status fill_quantity(ct_proof *p, ct_enclosure *e, size_t k)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    const cutropy_quantity *quantity = &p->setting->quantities[k];
    const int digits = p->setting->digits;
    ct_decimal decimal = {0};
    if (ct_quantity_type_of(quantity) == CT_QUANTITY_BRACKET)
        return fill_bracket(p, e, k);
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_SPECTRUM:
        if (ct_proof_spectrum_open(p))
            CT_TRY(fill_spectrum(p, e));
        break;
    case CUTROPY_QUANTITY_SCHMIDT_GAP:
        CT_TRY(ct_enclosure_gap(e, digits, &decimal));
        CT_TRY(fill_both(p, &decimal, k));
        break;
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        CT_TRY(ct_enclosure_discarded(e, quantity->parameter, digits, &decimal));
        CT_TRY(fill_both(p, &decimal, k));
        break;
    case CUTROPY_QUANTITY_RENYI:
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        CT_TRY(fill_units(p, e, ct_proof_order(quantity), exact->extra + 2 * k,
                          exact->extra_decimals + 2 * k));
        break;
    case CUTROPY_QUANTITY_TR_RHO3:
        if (!ct_proof_tr_rho3_open(p))
            break;
        CT_TRY(ct_enclosure_moment(e, 3, digits, &decimal));
        ct_proof_offer(&decimal, &exact->tr_rho3, &p->tr_rho3_decimals);
        break;
    default:
        break;
    }
done:
    return status;
}

cutropy_status ct_proof_fill(ct_proof *p, ct_enclosure *e)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    CT_TRY(fill_units(p, e, 1, exact->entropy, exact->decimals));
    CT_TRY(fill_units(p, e, 2, exact->renyi2, exact->renyi2_decimals));
    if (ct_proof_purity_open(p)) {
        ct_decimal decimal = {0};
        CT_TRY(ct_enclosure_moment(e, 2, p->setting->digits, &decimal));
        ct_proof_offer(&decimal, &exact->purity, &p->purity_decimals);
    }
    for (size_t k = 0; k < p->setting->quantity_count; k++)
        CT_TRY(fill_quantity(p, e, k));
    p->brackets = true;
done:
    return status;
}

cutropy_status ct_proof_fill_ranked(ct_proof *p, ct_enclosure *e)
{
    ct_enclosure_set_rank(e, p->rank_known ? p->record->rank_lo : -1);
    return ct_proof_fill(p, e);
}

void ct_proof_take_rank(ct_proof *p, ct_enclosure *e)
{
    if (!e || p->rank_known)
        return;
    const int64_t positive = ct_enclosure_positive(e);
    if (positive == (int64_t)ct_enclosure_levels(e))
        ct_proof_set_rank(p, positive);
    else if (positive > p->record->rank_lo)
        p->record->rank_lo = positive;
}
