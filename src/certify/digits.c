/* SPDX-License-Identifier: Apache-2.0 */
/* Balls around entropies and eigenvalues, and the decision how they round.
 *
 * A ball rounds to D places when floor(10^D x + 1/2) is one integer for all of it. Irrational
 * values always get there; rational ones are recognised and rounded exactly, except those of Renyi
 * entropies, which can only fail (with fewer decimals) when they end in ...5 at place D + 1. */
#include "certify/digits.h"

#include <math.h>
#include <string.h>

#include "certify/algebra_parts.h"

#define ATTEMPTS 4
#define BITS_PER_PLACE 3.3219280948873626

/* ---- decimals ---- */

/* value / 10^decimals as text */
cutropy_status ct_decimal_write(const fmpz_t value, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    char *digits = fmpz_get_str(NULL, 10, value);
    const bool minus = digits[0] == '-';
    const size_t length = strlen(digits) - minus;
    const size_t whole = length > (size_t)decimals ? length - (size_t)decimals : 0;
    char *at = NULL;
    *out = (ct_decimal){.decimals = -1};
    CT_NEW(out->text, length + (size_t)decimals + 4);
    at = out->text;
    if (minus)
        *at++ = '-';
    if (!whole)
        *at++ = '0';
    memcpy(at, digits + minus, whole);
    at += whole;
    if (decimals)
        *at++ = '.';
    for (size_t i = length; i < (size_t)decimals; i++)
        *at++ = '0';
    memcpy(at, digits + minus + whole, length - whole);
    at[length - whole] = 0;
    out->decimals = decimals;
done:
    flint_free(digits);
    return status;
}

/* Nearest integer to 10^decimals * value, ties to even. */
static void round_rational(fmpz_t out, const fmpq_t value, int decimals)
{
    fmpz_t top, remainder;
    fmpz_init(top);
    fmpz_init(remainder);
    fmpz_ui_pow_ui(top, 10, (ulong)decimals);
    fmpz_mul(top, top, fmpq_numref(value));
    fmpz_fdiv_qr(out, remainder, top, fmpq_denref(value));
    fmpz_mul_2exp(remainder, remainder, 1);
    const int side = fmpz_cmp(remainder, fmpq_denref(value));
    if (side > 0 || (side == 0 && fmpz_is_odd(out)))
        fmpz_add_ui(out, out, 1);
    fmpz_clear(remainder);
    fmpz_clear(top);
}

/* The integer that all of 10^decimals * ball rounds to; false when there are several. */
static bool round_ball(fmpz_t out, const arb_t ball, int decimals, slong bits)
{
    arb_t scaled, half;
    fmpz_t power;
    arb_init(scaled);
    arb_init(half);
    fmpz_init(power);
    fmpz_ui_pow_ui(power, 10, (ulong)decimals);
    arb_mul_fmpz(scaled, ball, power, bits + 4 * decimals);
    arb_set_d(half, 0.5);
    arb_add(scaled, scaled, half, bits + 4 * decimals);
    arb_floor(scaled, scaled, bits + 4 * decimals);
    const bool unique = arb_is_finite(scaled) && arb_get_unique_fmpz(out, scaled);
    fmpz_clear(power);
    arb_clear(half);
    arb_clear(scaled);
    return unique;
}

/* As many decimals as the ball shows. */
cutropy_status ct_decimal_of_ball(const arb_t ball, int decimals, slong bits, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_t rounded;
    fmpz_init(rounded);
    *out = (ct_decimal){.decimals = -1};
    for (int d = decimals; d >= 0 && !out->text; d--)
        if (round_ball(rounded, ball, d, bits))
            CT_TRY(ct_decimal_write(rounded, d, out));
done:
    fmpz_clear(rounded);
    return status;
}

cutropy_status ct_decimal_of_rational(const fmpq_t value, int decimals, ct_decimal *out)
{
    fmpz_t rounded;
    fmpz_init(rounded);
    round_rational(rounded, value, decimals);
    const cutropy_status status = ct_decimal_write(rounded, decimals, out);
    fmpz_clear(rounded);
    return status;
}

/* ---- balls ---- */

/* Every factor's roots within 2^-bits. */
static cutropy_status all_roots(ct_algebra *algebra, slong bits, bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    *proved = true;
    for (size_t i = 0; *proved && i < algebra->factors; i++)
        CT_TRY(ct_factor_roots(&algebra->factor[i], bits, proved));
done:
    return status;
}

static void root_ball(arb_t out, const ct_factor *factor, slong k)
{
    arb_set_arf(out, factor->mid + k);
    arb_add_error_2exp_si(out, -factor->bits);
}

/* What a distinct eigenvalue lambda / T of multiplicity m adds: m p^alpha, or -m p log p. For
 * alpha = infinity out is the largest p so far. */
static void add_term(arb_t sum, const arb_t lambda, int64_t multiplicity, const ct_algebra *algebra,
                     double alpha, slong bits)
{
    arb_t p, term, order;
    arb_init(p);
    arb_init(term);
    arb_init(order);
    arb_div_fmpz(p, lambda, algebra->norm, bits);
    if (isinf(alpha)) {
        arb_max(sum, sum, p, bits);
    } else {
        if (alpha == 1) {
            arb_log(term, p, bits);
            arb_mul(term, term, p, bits);
            arb_neg(term, term);
        } else {
            arb_set_d(order, alpha);
            arb_pow(term, p, order, bits);
        }
        arb_mul_si(term, term, multiplicity, bits);
        arb_add(sum, sum, term, bits);
    }
    arb_clear(order);
    arb_clear(term);
    arb_clear(p);
}

static void entropy_ball(arb_t out, const ct_algebra *algebra, double alpha, ct_unit unit,
                         slong bits)
{
    arb_t x;
    arb_init(x);
    arb_zero(out);
    for (size_t i = 0; i < algebra->integers; i++) {
        arb_set_fmpz(x, &algebra->integer[i].value);
        add_term(out, x, algebra->integer[i].multiplicity, algebra, alpha, bits);
    }
    for (size_t i = 0; i < algebra->factors; i++)
        for (slong k = 0; k < fmpz_poly_degree(&algebra->factor[i].poly); k++) {
            root_ball(x, &algebra->factor[i], k);
            add_term(out, x, algebra->factor[i].multiplicity, algebra, alpha, bits);
        }
    if (alpha != 1) {
        arb_log(out, out, bits);
        arb_set_d(x, isinf(alpha) ? -1 : 1 - alpha);
        if (!isinf(alpha)) { /* 1 - alpha need not be a double */
            arb_set_d(x, alpha);
            arb_sub_ui(x, x, 1, bits);
            arb_neg(x, x);
        }
        arb_div(out, out, x, bits);
    }
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(x, bits);
        arb_div(out, out, x, bits);
    }
    arb_clear(x);
}

/* S itself when it is rational: in bits no logarithm but log2(2), in nats none at all. */
static cutropy_status rational_entropy(const ct_algebra *algebra, ct_unit unit, fmpq_t out,
                                       bool *found)
{
    cutropy_status status = CUTROPY_OK;
    ct_log_form form = {0};
    bool made;
    *found = false;
    if (!ct_algebra_rational(algebra))
        return CUTROPY_OK;
    CT_TRY(ct_log_form_make(algebra, &form, &made));
    fmpq_zero(out);
    *found = made && form.count == 0;
    if (made && form.count == 1 && form.term[0].prime == 2 && unit == CT_UNIT_BITS) {
        fmpq_set(out, form.term[0].coefficient);
        *found = true;
    }
done:
    ct_log_form_free(&form);
    return status;
}

cutropy_status ct_algebra_entropy(ct_algebra *algebra, double alpha, ct_unit unit, int decimals,
                                  ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong norm_bits = (slong)fmpz_bits(algebra->norm);
    slong target = (slong)(BITS_PER_PLACE * decimals) + norm_bits + 48;
    bool found = false, decided = false;
    fmpq_t exact;
    arb_t ball, best;
    fmpz_t rounded;
    *out = (ct_decimal){.decimals = -1};
    if (!ct_algebra_complete(algebra) || decimals < 0 || decimals > CT_DIGITS_MOST)
        return ct_fail(CUTROPY_EINTERNAL, "decimals of an incomplete spectrum");
    fmpq_init(exact);
    arb_init(ball);
    arb_init(best);
    fmpz_init(rounded);
    arb_indeterminate(best);
    if (alpha == 1)
        CT_TRY(rational_entropy(algebra, unit, exact, &found));
    if (found) {
        CT_TRY(ct_decimal_of_rational(exact, decimals, out));
        goto done;
    }
    for (int i = 0; i < ATTEMPTS && !decided; i++, target *= 2) {
        bool proved = false;
        CT_TRY(all_roots(algebra, target, &proved));
        if (!proved)
            continue;
        entropy_ball(ball, algebra, alpha, unit, target + norm_bits + 64);
        if (arb_is_finite(ball))
            arb_set(best, ball);
        decided = round_ball(rounded, ball, decimals, target);
    }
    CT_TRY(ct_decimal_of_ball(best, decimals, target, out));
done:
    fmpz_clear(rounded);
    arb_clear(best);
    arb_clear(ball);
    fmpq_clear(exact);
    return status;
}

/* ---- the spectrum ---- */

void ct_eigenvalues_free(ct_eigenvalue *list, size_t count)
{
    for (size_t i = 0; list && i < count; i++)
        ct_free(list[i].decimal.text);
    ct_free(list);
}

static int descending(const void *a, const void *b)
{
    const ct_eigenvalue *x = a, *y = b;
    return (x->value < y->value) - (x->value > y->value);
}

/* One irrational eigenvalue; *decided = false when its ball is too large. */
static cutropy_status write_root(const ct_algebra *algebra, const ct_factor *factor, slong k,
                                 int decimals, bool last_attempt, ct_eigenvalue *out, bool *decided)
{
    cutropy_status status = CUTROPY_OK;
    const slong bits = factor->bits + 128;
    arb_t ball;
    fmpz_t rounded;
    arb_init(ball);
    fmpz_init(rounded);
    root_ball(ball, factor, k);
    arb_div_fmpz(ball, ball, algebra->norm, bits);
    out->value = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    out->multiplicity = factor->multiplicity;
    *decided = round_ball(rounded, ball, decimals, bits);
    if (*decided || last_attempt)
        CT_TRY(ct_decimal_of_ball(ball, decimals, bits, &out->decimal));
done:
    fmpz_clear(rounded);
    arb_clear(ball);
    return status;
}

static cutropy_status write_integers(const ct_algebra *algebra, int decimals, ct_eigenvalue *list)
{
    cutropy_status status = CUTROPY_OK;
    fmpq_t value;
    arb_t ball;
    fmpq_init(value);
    arb_init(ball);
    for (size_t i = 0; i < algebra->integers; i++) {
        fmpz_set(fmpq_numref(value), &algebra->integer[i].value);
        fmpz_set(fmpq_denref(value), algebra->norm);
        fmpq_canonicalise(value);
        arb_set_fmpq(ball, value, 128);
        list[i].value = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
        list[i].multiplicity = algebra->integer[i].multiplicity;
        CT_TRY(ct_decimal_of_rational(value, decimals, &list[i].decimal));
    }
done:
    arb_clear(ball);
    fmpq_clear(value);
    return status;
}

/* All roots of one factor, with more and more bits until each rounds in one way. */
static cutropy_status write_factor(const ct_algebra *algebra, ct_factor *factor, int decimals,
                                   ct_eigenvalue *list)
{
    cutropy_status status = CUTROPY_OK;
    const slong degree = fmpz_poly_degree(&factor->poly);
    slong target = (slong)(BITS_PER_PLACE * decimals) + 64, next = 0;
    for (int i = 0; i < ATTEMPTS && next < degree; i++, target *= 2) {
        bool proved = false, decided = true;
        CT_TRY(ct_factor_roots(factor, target, &proved));
        while (proved && decided && next < degree) {
            CT_TRY(write_root(algebra, factor, next, decimals, i == ATTEMPTS - 1, &list[next],
                              &decided));
            next += decided || i == ATTEMPTS - 1;
        }
    }
done:
    return status;
}

cutropy_status ct_algebra_spectrum(ct_algebra *algebra, int decimals, ct_eigenvalue **out,
                                   size_t *count)
{
    cutropy_status status = CUTROPY_OK;
    size_t at = algebra->integers;
    *out = NULL;
    *count = 0;
    if (!ct_algebra_complete(algebra) || decimals < 0 || decimals > CT_DIGITS_MOST)
        return ct_fail(CUTROPY_EINTERNAL, "decimals of an incomplete spectrum");
    CT_NEW_ZERO(*out, ct_algebra_distinct(algebra));
    *count = (size_t)ct_algebra_distinct(algebra);
    for (size_t i = 0; i < *count; i++)
        (*out)[i].decimal.decimals = -1;
    CT_TRY(write_integers(algebra, decimals, *out));
    for (size_t i = 0; i < algebra->factors; i++) {
        CT_TRY(write_factor(algebra, &algebra->factor[i], decimals, *out + at));
        at += (size_t)fmpz_poly_degree(&algebra->factor[i].poly);
    }
    qsort(*out, *count, sizeof **out, descending);
done:
    return status;
}
