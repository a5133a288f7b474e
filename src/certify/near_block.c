/* SPDX-License-Identifier: Apache-2.0 */
/* Levels l of the block and l' of rho_A times <psi|psi>, none negative, with sum |l - l'| <= s:
 *     |sum l^2 - sum l'^2| <= s max(l + l') <= s (2 l_1 + s),      l_1^2 <= sum l^2,      |sum l - sum l'| <= s. */
#include "certify/near_block.h"

#include "certify/algebra_parts.h"
#include "certify/enclosure_parts.h"
#include "certify/integer_block.h"
#include "certify/integer_parts.h"

static void set_sum(arb_t out, const ct_big *sum)
{
    fmpz_t x;
    fmpz_init(x);
    ct_set_big(x, sum);
    arb_set_fmpz(out, x);
    fmpz_clear(x);
}

/* Of all copies: sum l^2 / (sum l)^2. */
static void ratio(const ct_near_block *b, const ct_big *trace, const ct_big *square, slong bits,
                  arb_t out)
{
    arb_t sum, off;
    arb_init(sum);
    arb_init(off);
    set_sum(sum, trace);
    set_sum(out, square);
    arb_div_ui(off, out, (ulong)b->copies, bits); /* every level comes so often */
    arb_sqrt(off, off, bits);
    arb_mul_2exp_si(off, off, 1);
    ct_ball_widen(off, b->slack);
    arb_set_d(sum, b->slack);
    arb_mul(off, off, sum, bits);
    arb_add_error(out, off);
    set_sum(sum, trace);
    ct_ball_widen(sum, b->slack);
    arb_mul(sum, sum, sum, bits);
    arb_div(out, out, sum, bits);
    arb_clear(off);
    arb_clear(sum);
}

cutropy_status ct_near_block_purity(const ct_near_block *block, int decimals, ct_decimal *purity,
                                    ct_decimal renyi2[2])
{
    cutropy_status status = CUTROPY_OK;
    const slong bits = CT_LEAST_BITS + 4 * (slong)decimals;
    ct_big trace = {0}, square = {0};
    arb_t p, s, log2;
    arb_init(p);
    arb_init(s);
    arb_init(log2);
    *purity = renyi2[0] = renyi2[1] = (ct_decimal){.decimals = -1};
    CT_TRY(ct_integer_block_trace(&block->block, &trace));
    CT_TRY(ct_integer_block_moments(&block->block, &square, NULL));
    ratio(block, &trace, &square, bits, p);
    arb_mul_ui(s, p, (ulong)block->copies, bits);
    CT_TRY(ct_decimal_of_ball(s, decimals, bits, purity));
    arb_log(s, s, bits);
    arb_neg(s, s);
    CT_TRY(ct_decimal_of_ball(s, decimals, bits, &renyi2[1]));
    arb_const_log2(log2, bits);
    arb_div(s, s, log2, bits);
    CT_TRY(ct_decimal_of_ball(s, decimals, bits, &renyi2[0]));
done:
    if (status != CUTROPY_OK) {
        ct_free(purity->text);
        ct_free(renyi2[0].text);
        ct_free(renyi2[1].text);
    }
    arb_clear(log2);
    arb_clear(s);
    arb_clear(p);
    ct_big_free(&square);
    ct_big_free(&trace);
    return status;
}
