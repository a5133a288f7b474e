/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/flat.h"

#include <stdio.h>
#include <string.h>

#include "certify/algebra_parts.h"

#define GUARD_BITS 64

static cutropy_status write_rational(const fmpz_t numerator, int bits, int decimals,
                                     ct_decimal *out)
{
    fmpq_t value;
    fmpz_t power;
    fmpq_init(value);
    fmpz_init(power);
    fmpz_one(power);
    fmpz_mul_2exp(power, power, (ulong)bits);
    fmpq_set_fmpz_frac(value, numerator, power);
    const cutropy_status status = ct_decimal_of_rational(value, decimals, out);
    fmpz_clear(power);
    fmpq_clear(value);
    return status;
}

cutropy_status ct_flat_entropy(int bits, ct_unit unit, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_t whole;
    fmpz_init_set_si(whole, bits);
    if (unit == CT_UNIT_BITS || !bits)
        status = write_rational(whole, 0, decimals, out);
    else { /* irrational: some precision decides */
        *out = (ct_decimal){.decimals = -1};
        for (slong precision = (slong)(3.33 * decimals) + GUARD_BITS;
             out->decimals < decimals && status == CUTROPY_OK; precision *= 2) {
            arb_t ball;
            ct_free(out->text);
            arb_init(ball);
            arb_const_log2(ball, precision);
            arb_mul_si(ball, ball, bits, precision);
            status = ct_decimal_of_ball(ball, decimals, precision, out);
            arb_clear(ball);
        }
    }
    fmpz_clear(whole);
    return status;
}

cutropy_status ct_flat_closed_form(int bits, ct_unit unit, char **out)
{
    char text[32];
    if (unit == CT_UNIT_BITS || !bits)
        snprintf(text, sizeof text, "%d", bits);
    else if (bits == 1)
        snprintf(text, sizeof text, "log(2)");
    else
        snprintf(text, sizeof text, "%d*log(2)", bits);
    *out = ct_strdup(text);
    return *out ? CUTROPY_OK : ct_fail_memory("text", strlen(text) + 1);
}

cutropy_status ct_flat_discarded(int bits, double kept, int decimals, ct_decimal *out)
{
    fmpz_t left, taken;
    fmpz_init_set_ui(left, 1);
    fmpz_init(taken);
    fmpz_mul_2exp(left, left, (ulong)bits);
    fmpz_set_d(taken, kept);
    fmpz_sub(left, left, taken);
    const cutropy_status status = write_rational(left, bits, decimals, out);
    fmpz_clear(left);
    fmpz_clear(taken);
    return status;
}

cutropy_status ct_flat_level(int bits, int decimals, ct_decimal *out)
{
    fmpz_t one;
    fmpz_init_set_ui(one, 1);
    const cutropy_status status = write_rational(one, bits, decimals, out);
    fmpz_clear(one);
    return status;
}
