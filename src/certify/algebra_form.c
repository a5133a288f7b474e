/* SPDX-License-Identifier: Apache-2.0 */
/* Closed forms: S over logarithms of primes, and power sums as fractions. */
#include "certify/algebra_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/array.h"
#include "certify/algebra.h"

cutropy_status ct_take_text(char *flint_text, char **out)
{
    *out = ct_strdup(flint_text);
    flint_free(flint_text);
    return *out ? CUTROPY_OK : ct_fail_memory("text", 1);
}

void ct_log_form_free(ct_log_form *form)
{
    for (size_t i = 0; i < form->count; i++)
        fmpq_clear(form->term[i].coefficient);
    ct_free(form->term);
    *form = (ct_log_form){0};
}

/* The term of a prime, made if it is new. */
static cutropy_status find_term(ct_log_form *form, uint64_t prime, ct_log_term **out)
{
    *out = NULL;
    for (size_t i = 0; i < form->count; i++)
        if (form->term[i].prime == prime) {
            *out = &form->term[i];
            return CUTROPY_OK;
        }
    const cutropy_status status = CT_ROOM("logarithms", form->term, form->count, form->room, 1);
    if (status != CUTROPY_OK)
        return status;
    *out = &form->term[form->count++];
    (*out)->prime = prime;
    fmpq_init((*out)->coefficient);
    return CUTROPY_OK;
}

/* Adds factor * log(value). */
static cutropy_status add_logarithm(ct_log_form *form, const fmpq_t factor, uint64_t value)
{
    cutropy_status status = CUTROPY_OK;
    n_factor_t parts;
    fmpq_t share;
    fmpz_t exponent;
    fmpq_init(share);
    fmpz_init(exponent);
    n_factor_init(&parts);
    n_factor(&parts, value, 1);
    for (int i = 0; i < parts.num; i++) {
        ct_log_term *term = NULL;
        CT_TRY(find_term(form, parts.p[i], &term));
        fmpz_set_si(exponent, parts.exp[i]);
        fmpq_mul_fmpz(share, factor, exponent);
        fmpq_add(term->coefficient, term->coefficient, share);
    }
done:
    fmpz_clear(exponent);
    fmpq_clear(share);
    return status;
}

static int by_prime(const void *a, const void *b)
{
    const ct_log_term *x = a, *y = b;
    return (x->prime > y->prime) - (x->prime < y->prime);
}

/* What T and all eigenvalues have in common; their quotients by it give the same S. */
static void common_divisor(fmpz_t out, const ct_algebra *algebra)
{
    fmpz_set(out, algebra->norm);
    for (size_t i = 0; i < algebra->integers; i++)
        fmpz_gcd(out, out, &algebra->integer[i].value);
}

/* log T - (1 / T) sum m lambda log lambda */
cutropy_status ct_log_form_make(const ct_algebra *algebra, ct_log_form *out, bool *found)
{
    cutropy_status status = CUTROPY_OK;
    fmpq_t factor;
    fmpz_t top, norm, divisor, value;
    *out = (ct_log_form){0};
    fmpq_init(factor);
    fmpz_init(top);
    fmpz_init(norm);
    fmpz_init(divisor);
    fmpz_init(value);
    common_divisor(divisor, algebra);
    fmpz_divexact(norm, algebra->norm, divisor);
    *found = fmpz_abs_fits_ui(norm); /* the eigenvalues are not larger */
    if (!*found)
        goto done;
    fmpq_one(factor);
    CT_TRY(add_logarithm(out, factor, fmpz_get_ui(norm)));
    for (size_t i = 0; i < algebra->integers; i++) {
        fmpz_divexact(value, &algebra->integer[i].value, divisor);
        fmpz_mul_si(top, value, -algebra->integer[i].multiplicity);
        fmpq_set_fmpz_frac(factor, top, norm);
        CT_TRY(add_logarithm(out, factor, fmpz_get_ui(value)));
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        if (fmpq_is_zero(out->term[i].coefficient))
            fmpq_clear(out->term[i].coefficient);
        else
            out->term[kept++] = out->term[i];
    }
    out->count = kept;
    if (kept)
        qsort(out->term, kept, sizeof *out->term, by_prime);
done:
    fmpz_clear(value);
    fmpz_clear(divisor);
    fmpz_clear(norm);
    fmpz_clear(top);
    fmpq_clear(factor);
    return status;
}

/* "(10/27)*log2(5)" without its sign; text holds size bytes. Returns the length. */
static int format_term(const ct_log_term *term, ct_unit unit, char *text, size_t size)
{
    fmpq_t q;
    fmpq_init(q);
    fmpq_abs(q, term->coefficient);
    char *number = fmpq_get_str(NULL, 10, q);
    const bool whole = fmpz_is_one(fmpq_denref(q));
    int length;
    if (unit == CT_UNIT_BITS && term->prime == 2)
        length = snprintf(text, size, "%s", number);
    else if (whole && fmpz_is_one(fmpq_numref(q)))
        length = snprintf(text, size, "%s(%" PRIu64 ")", unit == CT_UNIT_BITS ? "log2" : "log",
                          term->prime);
    else
        length = snprintf(text, size, "%s%s%s*%s(%" PRIu64 ")", whole ? "" : "(", number,
                          whole ? "" : ")", unit == CT_UNIT_BITS ? "log2" : "log", term->prime);
    flint_free(number);
    fmpq_clear(q);
    return length;
}

cutropy_status ct_algebra_closed_form(const ct_algebra *algebra, ct_unit unit, char **text)
{
    cutropy_status status = CUTROPY_OK;
    ct_log_form form = {0};
    char *at = NULL, *end = NULL;
    bool found;
    size_t size = 2;
    *text = NULL;
    if (!ct_algebra_rational(algebra))
        return CUTROPY_OK;
    CT_TRY(ct_log_form_make(algebra, &form, &found));
    if (!found)
        goto done;
    for (size_t i = 0; i < form.count; i++)
        size += (size_t)format_term(&form.term[i], unit, NULL, 0) + 4;
    CT_NEW(*text, size);
    at = *text;
    end = at + size;
    if (!form.count)
        *at++ = '0';
    for (size_t i = 0; i < form.count; i++) {
        const bool minus = fmpq_sgn(form.term[i].coefficient) < 0;
        at += snprintf(at, (size_t)(end - at), "%s",
                       i ? (minus ? " - " : " + ") : (minus ? "-" : ""));
        at += format_term(&form.term[i], unit, at, (size_t)(end - at));
    }
    *at = 0;
done:
    ct_log_form_free(&form);
    return status;
}

cutropy_status ct_algebra_moment(const ct_algebra *algebra, int power, char **text)
{
    fmpq_t value;
    fmpz_t bottom;
    *text = NULL;
    if (!ct_algebra_complete(algebra) || (power != 2 && power != 3))
        return ct_fail(CUTROPY_EINTERNAL, "no exact moment of order %d here", power);
    fmpq_init(value);
    fmpz_init(bottom);
    fmpz_pow_ui(bottom, algebra->norm, (ulong)power);
    fmpq_set_fmpz_frac(value, power == 2 ? algebra->square : algebra->cube, bottom);
    const cutropy_status status = ct_take_text(fmpq_get_str(NULL, 10, value), text);
    fmpz_clear(bottom);
    fmpq_clear(value);
    return status;
}
