/* SPDX-License-Identifier: Apache-2.0 */
/* Exact fractions in lowest terms: 128 bits where they suffice, else as text. */
#include <stdio.h>
#include <string.h>

#include "engine/function/fraction.h"

void ct_fraction_make(ct_u128 p, ct_u128 q, cutropy_fraction *out)
{
    const ct_u128 divisor = ct_gcd(p, q);
    p /= divisor;
    q /= divisor;
    *out = (cutropy_fraction){.p = {(uint64_t)p, (uint64_t)(p >> 64)},
                              .q = {(uint64_t)q, (uint64_t)(q >> 64)}};
}

static cutropy_status write_text(const ct_big *p, const ct_big *q, char **out)
{
    cutropy_status status = CUTROPY_OK;
    char *over = NULL, *under = NULL;
    const bool whole = q->count == 1 && q->limb[0] == 1;
    CT_TRY(ct_big_format(p, &over));
    CT_TRY(ct_big_format(q, &under));
    const size_t size = strlen(over) + strlen(under) + 2;
    CT_NEW(*out, size);
    snprintf(*out, size, whole ? "%s" : "%s/%s", over, under);
done:
    ct_free(over);
    ct_free(under);
    return status;
}

cutropy_status ct_fraction_make_big(const ct_big *p, const ct_big *q, cutropy_fraction *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_big divisor = {0}, over = {0}, under = {0};
    ct_u128 small_over, small_under;
    *out = (cutropy_fraction){0};
    CT_TRY(ct_big_gcd(&divisor, p, q));
    CT_TRY(ct_big_divide(&over, p, &divisor));
    CT_TRY(ct_big_divide(&under, q, &divisor));
    if (ct_big_fits(&over, &small_over) && ct_big_fits(&under, &small_under))
        ct_fraction_make(small_over, small_under, out);
    else
        CT_TRY(write_text(&over, &under, &out->text));
done:
    ct_big_free(&divisor);
    ct_big_free(&over);
    ct_big_free(&under);
    return status;
}

void ct_fraction_free(cutropy_fraction *fraction)
{
    ct_free(fraction->text);
    *fraction = (cutropy_fraction){0};
}

bool ct_fraction_is_known(const cutropy_fraction *fraction)
{
    return fraction->q[0] || fraction->q[1] || fraction->text;
}

bool ct_fraction_same(const cutropy_fraction *a, const cutropy_fraction *b)
{
    if (a->text || b->text)
        return a->text && b->text && !strcmp(a->text, b->text);
    return a->p[0] == b->p[0] && a->p[1] == b->p[1] && a->q[0] == b->q[0] && a->q[1] == b->q[1];
}

size_t ct_fraction_format(const cutropy_fraction *fraction, char *buffer, size_t size)
{
    const ct_u128 p = (ct_u128)fraction->p[1] << 64 | fraction->p[0],
                  q = (ct_u128)fraction->q[1] << 64 | fraction->q[0];
    char over[40], under[40];
    if (fraction->text)
        return (size_t)snprintf(buffer, size, "%s", fraction->text);
    ct_u128_format(p, over);
    ct_u128_format(q, under);
    return (size_t)snprintf(buffer, size, q == 1 ? "%s" : "%s/%s", over, under);
}
