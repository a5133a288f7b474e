/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point numbers with a proved direction of rounding. The logarithm is the series
 *     log2 x = e + atanh(t) / atanh(1/3),  x = 2^e y,  1 <= y < 2,  t = (y - 1) / (y + 1) < 1/3,
 *     atanh t = t + t^3/3 + t^5/5 + ...,
 * whose terms are all positive: rounding each of them one way bounds the sum that way. */
#include <stdlib.h>
#include <string.h>

#include "verifier/fixed.h"

/* 9^-TERMS < 2^-(CV_BITS + 16): what is left of the series is below the last bit. */
#define TERMS ((CV_BITS + 16) / 3 + 1)

static void divide(mpz_t out, const mpz_t numerator, const mpz_t denominator, cv_round round)
{
    if (round == CV_UP)
        mpz_cdiv_q(out, numerator, denominator);
    else
        mpz_fdiv_q(out, numerator, denominator);
}

void cv_ratio(mpz_t out, const mpz_t numerator, const mpz_t denominator, cv_round round)
{
    mpz_t scaled;
    mpz_init(scaled);
    mpz_mul_2exp(scaled, numerator, CV_BITS);
    divide(out, scaled, denominator, round);
    mpz_clear(scaled);
}

void cv_multiply(mpz_t out, const mpz_t a, const mpz_t b, cv_round round)
{
    mpz_mul(out, a, b);
    if (round == CV_UP)
        mpz_cdiv_q_2exp(out, out, CV_BITS);
    else
        mpz_fdiv_q_2exp(out, out, CV_BITS);
}

void cv_sqrt_up(mpz_t out, const mpz_t a)
{
    mpz_t rest;
    mpz_init(rest);
    mpz_mul_2exp(out, a, CV_BITS);
    mpz_sqrtrem(out, rest, out);
    if (mpz_sgn(rest))
        mpz_add_ui(out, out, 1);
    mpz_clear(rest);
}

/* atanh t for a fixed-point 0 <= t <= 1/3. After the term with t^k the rest of the series is at
 * most t^(k+2) / (1 - t^2) <= 2 t^(k+2): added when rounding up, left out when rounding down. */
static void atanh_series(mpz_t out, const mpz_t t, cv_round round)
{
    mpz_t power, square, term, k;
    mpz_inits(power, square, term, k, NULL);
    mpz_set(power, t);
    cv_multiply(square, t, t, round);
    mpz_set_ui(out, 0);
    for (unsigned long i = 0; i < TERMS; i++) {
        mpz_set_ui(k, 2 * i + 1);
        divide(term, power, k, round);
        mpz_add(out, out, term);
        cv_multiply(power, power, square, round);
    }
    if (round == CV_UP)
        mpz_addmul_ui(out, power, 2);
    mpz_clears(power, square, term, k, NULL);
}

/* atanh(1/3) = ln(2) / 2 */
static void atanh_third(mpz_t out, cv_round round)
{
    mpz_t one, three;
    mpz_init_set_ui(one, 1);
    mpz_init_set_ui(three, 3);
    cv_ratio(one, one, three, round);
    atanh_series(out, one, round);
    mpz_clears(one, three, NULL);
}

void cv_ln2(mpz_t out, cv_round round)
{
    atanh_third(out, round);
    mpz_mul_2exp(out, out, 1);
}

void cv_log2(mpz_t out, const mpz_t x, cv_round round)
{
    const size_t top = mpz_sizeinbase(x, 2) - 1; /* 2^top <= x < 2^(top + 1) */
    mpz_t below, above, scale;
    mpz_inits(below, above, scale, NULL);
    mpz_setbit(scale, top);
    mpz_sub(below, x, scale);
    mpz_add(above, x, scale);
    cv_ratio(below, below, above, round); /* t */
    atanh_series(below, below, round);
    atanh_third(above, round == CV_UP ? CV_DOWN : CV_UP);
    cv_ratio(below, below, above, round);
    mpz_set_si(out, (long)top - CV_BITS); /* e */
    mpz_mul_2exp(out, out, CV_BITS);
    mpz_add(out, out, below);
    mpz_clears(below, above, scale, NULL);
}

void cv_integer(mpz_t out, const mpz_t value)
{
    mpz_mul_2exp(out, value, CV_BITS);
}

char *cv_decimal_text(const mpz_t x, unsigned digits, cv_round round)
{
    mpz_t scaled;
    mpz_init(scaled);
    mpz_ui_pow_ui(scaled, 10, digits);
    cv_multiply(scaled, x, scaled, round);
    const int negative = mpz_sgn(scaled) < 0;
    mpz_abs(scaled, scaled);
    const size_t room = mpz_sizeinbase(scaled, 10) + digits + 4;
    char *plain = malloc(room), *text = malloc(room);
    if (!plain || !text)
        abort();
    mpz_get_str(plain, 10, scaled);
    const size_t length = strlen(plain);
    char *at = text;
    if (negative)
        *at++ = '-';
    if (length <= digits) {
        *at++ = '0';
    } else {
        memcpy(at, plain, length - digits);
        at += length - digits;
    }
    *at++ = '.';
    for (size_t i = length; i < digits; i++)
        *at++ = '0';
    strcpy(at, length > digits ? plain + length - digits : plain);
    free(plain);
    mpz_clear(scaled);
    return text;
}
