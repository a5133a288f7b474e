/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certify/algebra_parts.h"
#include "certify/digits.h"

/* A decimal: digits [. digits] [e exponent] */
typedef struct ct_number_text {
    const char *whole, *fraction; /* after the sign; behind the point */
    size_t whole_length, fraction_length;
    bool minus;
    long exponent;
    const char *end;
} ct_number_text;

static bool split(const char *text, ct_number_text *out)
{
    *out = (ct_number_text){.minus = *text == '-'};
    text += *text == '-' || *text == '+';
    out->whole = text;
    out->whole_length = strspn(text, "0123456789");
    text += out->whole_length;
    if (*text == '.') {
        out->fraction = ++text;
        out->fraction_length = strspn(text, "0123456789");
        text += out->fraction_length;
    }
    if (!out->whole_length && !out->fraction_length)
        return false;
    if (*text == 'e' || *text == 'E') {
        const char *digits = text + 1 + (text[1] == '-' || text[1] == '+');
        const size_t length = strspn(digits, "0123456789");
        if (!length || length > 4)
            return false;
        out->exponent = strtol(text + 1, NULL, 10);
        if (labs(out->exponent) > CT_NUMBER_LONGEST)
            return false;
        text = digits + length;
    }
    out->end = text;
    return true;
}

/* p/q with digits on both sides and q not zero */
static const char *fraction_bar(const char *text)
{
    const char *bar = strchr(text, '/');
    const char *digits = text + (*text == '-');
    if (!bar || bar == digits || strspn(digits, "0123456789") != (size_t)(bar - digits))
        return NULL;
    const size_t length = strspn(bar + 1, "0123456789");
    return length && !bar[1 + length] && strspn(bar + 1, "0") < length ? bar : NULL;
}

bool ct_number_is_valid(const char *text)
{
    ct_number_text number;
    if (strlen(text) > CT_NUMBER_LONGEST)
        return false;
    return strchr(text, '/') ? fraction_bar(text) != NULL : split(text, &number) && !*number.end;
}

static cutropy_status set_integer(fmpz_t out, const char *a, size_t a_length, const char *b,
                                  size_t b_length)
{
    cutropy_status status = CUTROPY_OK;
    char *digits = NULL;
    CT_NEW(digits, a_length + b_length + 2);
    memcpy(digits, a, a_length);
    if (b_length)
        memcpy(digits + a_length, b, b_length);
    digits[a_length + b_length] = 0;
    if (fmpz_set_str(out, digits, 10))
        status = ct_fail(CUTROPY_EINPUT, "'%.40s' is not a number", digits);
done:
    ct_free(digits);
    return status;
}

static cutropy_status set_rational(fmpq_t out, const char *text)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_t power;
    ct_number_text number;
    fmpz_init(power);
    if (!ct_number_is_valid(text))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "'%.40s' is not a number", text));
    const char *bar = fraction_bar(text);
    if (bar) {
        const bool minus = *text == '-';
        CT_TRY(set_integer(fmpq_numref(out), text + minus, (size_t)(bar - text) - minus, NULL, 0));
        CT_TRY(set_integer(fmpq_denref(out), bar + 1, strlen(bar + 1), NULL, 0));
        if (minus)
            fmpz_neg(fmpq_numref(out), fmpq_numref(out));
        fmpq_canonicalise(out);
        goto done;
    }
    (void)split(text, &number);
    CT_TRY(set_integer(fmpq_numref(out), number.whole, number.whole_length, number.fraction,
                       number.fraction_length));
    if (number.minus)
        fmpz_neg(fmpq_numref(out), fmpq_numref(out));
    fmpz_one(fmpq_denref(out));
    const long scale = number.exponent - (long)number.fraction_length;
    fmpz_ui_pow_ui(power, 10, (ulong)labs(scale));
    if (scale >= 0)
        fmpq_mul_fmpz(out, out, power);
    else
        fmpq_div_fmpz(out, out, power);
done:
    fmpz_clear(power);
    return status;
}

cutropy_status ct_numbers_agree(const char *a, const char *b, const char *const *radius,
                                size_t radii, bool *agree, double *difference)
{
    cutropy_status status = CUTROPY_OK;
    fmpq_t x, y, sum;
    arb_t ball;
    fmpq_init(x);
    fmpq_init(y);
    fmpq_init(sum);
    arb_init(ball);
    *agree = false;
    CT_TRY(set_rational(x, a));
    CT_TRY(set_rational(y, b));
    fmpq_sub(x, x, y);
    fmpq_abs(x, x);
    for (size_t i = 0; i < radii; i++) {
        CT_TRY(set_rational(y, radius[i]));
        fmpq_add(sum, sum, y);
    }
    *agree = fmpq_cmp(x, sum) <= 0;
    if (difference) {
        arb_set_fmpq(ball, x, 64);
        *difference = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    }
done:
    arb_clear(ball);
    fmpq_clear(sum);
    fmpq_clear(y);
    fmpq_clear(x);
    return status;
}

cutropy_status ct_number_compare(const char *a, const char *b, int *sign)
{
    cutropy_status status = CUTROPY_OK;
    fmpq_t x, y;
    fmpq_init(x);
    fmpq_init(y);
    CT_TRY(set_rational(x, a));
    CT_TRY(set_rational(y, b));
    *sign = fmpq_cmp(x, y);
done:
    fmpq_clear(y);
    fmpq_clear(x);
    return status;
}

cutropy_status ct_decimals_combine(const char *a, const char *b, const char *c, char **out)
{
    cutropy_status status = CUTROPY_OK;
    const char *text[3] = {a, b, c};
    const int decimals = ct_number_decimals(a);
    ct_number_text number;
    ct_decimal sum_text = {0};
    fmpz_t x, sum;
    fmpz_init(x);
    fmpz_init(sum);
    for (int i = 0; i < 3; i++) {
        if (!split(text[i], &number) || *number.end || number.exponent ||
            (int)number.fraction_length != decimals)
            CT_TRY(ct_fail(CUTROPY_EINPUT, "'%.40s' does not have %d decimals", text[i], decimals));
        CT_TRY(set_integer(x, number.whole, number.whole_length, number.fraction,
                           number.fraction_length));
        if (number.minus != (i == 2))
            fmpz_neg(x, x);
        fmpz_add(sum, sum, x);
    }
    CT_TRY(ct_decimal_write(sum, decimals, &sum_text));
    *out = sum_text.text;
done:
    fmpz_clear(sum);
    fmpz_clear(x);
    return status;
}

int ct_number_decimals(const char *text)
{
    ct_number_text number;
    if (strchr(text, '/') || !split(text, &number))
        return 0;
    const long decimals = (long)number.fraction_length - number.exponent;
    return decimals > 0 ? (int)decimals : 0;
}

void ct_number_last_place(const char *text, char *unit)
{
    ct_number_text number;
    if (strchr(text, '/') || !split(text, &number))
        snprintf(unit, 32, "0");
    else
        snprintf(unit, 32, "1e%ld", number.exponent - (long)number.fraction_length);
}
