/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/train.h"

#include <string.h>

#include "certify/thread.h"
#include "certify/train_parts.h"

/* Numerators over the denominator of the site. */
typedef struct ct_train_site {
    int32_t left, right;
    size_t count;
    int64_t *place; /* count: (left index 2 + bit) right + right index */
    fmpz *numerator;
    fmpz denominator;
} ct_train_site;

struct ct_train {
    int sites;
    ct_train_site *site;
};

/* M_k[pivots], over its common denominator. */
static cutropy_status make_site(const ct_lifting *l, ct_train_site *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_rationals *b = l->behind;
    size_t room = 0;
    out->left = l->rank;
    out->right = l->right;
    fmpz_one(&out->denominator);
    for (int32_t a = 0; a < l->rank; a++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t q = l->next[l->pivot[a]][bit];
            if (q < 0)
                continue;
            fmpz_lcm(&out->denominator, &out->denominator, b->denominator + q);
            room += b->start[q + 1] - b->start[q];
        }
    CT_NEW(out->place, room);
    CT_NEW(out->numerator, room);
    for (int32_t a = 0; a < l->rank; a++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t q = l->next[l->pivot[a]][bit];
            for (size_t e = q < 0 ? 0 : b->start[q]; q >= 0 && e < b->start[q + 1]; e++) {
                fmpz *number = out->numerator + out->count;
                out->place[out->count++] = (2 * (int64_t)a + bit) * out->right + b->column[e];
                fmpz_init(number);
                fmpz_divexact(number, &out->denominator, b->denominator + q);
                fmpz_mul(number, number, b->numerator + e);
            }
        }
done:
    return status;
}

void ct_train_free(ct_train *train)
{
    if (!train)
        return;
    for (int k = 0; train->site && k < train->sites; k++) {
        ct_train_site *s = &train->site[k];
        for (size_t i = 0; i < s->count; i++)
            fmpz_clear(s->numerator + i);
        fmpz_clear(&s->denominator);
        ct_free(s->numerator);
        ct_free(s->place);
    }
    ct_free(train->site);
    ct_free(train);
}

/* R_N: the values. */
static cutropy_status start_values(const ct_train_levels *levels, ct_rationals *out)
{
    cutropy_status status = CUTROPY_OK;
    const int32_t count = levels->count[levels->sites];
    CT_TRY(ct_rationals_start(count, out));
    for (int32_t i = 0; i < count; i++) {
        CT_TRY(ct_rationals_add(out, 0));
        fmpz_set_si(out->numerator + i, levels->value[i]);
        out->start[i + 1] = out->count;
    }
done:
    return status;
}

cutropy_status ct_train_make(const ct_train_levels *levels, ct_train **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_train *train = NULL;
    ct_rationals behind = {0}, here = {0};
    int32_t right = 1;
    *out = NULL;
    ct_certify_thread();
    CT_NEW_ZERO(train, 1);
    train->sites = levels->sites;
    CT_NEW_ZERO(train->site, levels->sites);
    CT_TRY(start_values(levels, &behind));
    for (int k = levels->sites - 1; k >= 0; k--) {
        ct_lifting lifting;
        status = ct_lifting_start(levels, k, &behind, right, &lifting);
        if (status == CUTROPY_OK)
            status = ct_lifting_solve(&lifting, &here);
        if (status == CUTROPY_OK)
            status = make_site(&lifting, &train->site[k]);
        right = lifting.rank;
        ct_lifting_free(&lifting);
        ct_rationals_free(&behind);
        behind = here;
        here = (ct_rationals){0};
        CT_TRY(status);
    }
    *out = train;
    train = NULL;
done:
    ct_rationals_free(&behind);
    ct_rationals_free(&here);
    ct_train_free(train);
    return status;
}

/* ---- what it is ---- */

int32_t ct_train_bond(const ct_train *train, int k)
{
    return k < train->sites ? train->site[k].left : 1;
}

bool ct_train_fits(const ct_train *train, int site)
{
    const ct_train_site *s = &train->site[site];
    bool fits = fmpz_fits_si(&s->denominator);
    for (size_t i = 0; i < s->count && fits; i++)
        fits = fmpz_fits_si(s->numerator + i);
    return fits;
}

void ct_train_integers(const ct_train *train, int site, int64_t *numerator, int64_t *denominator)
{
    const ct_train_site *s = &train->site[site];
    memset(numerator, 0, (size_t)s->left * 2 * (size_t)s->right * sizeof *numerator);
    for (size_t i = 0; i < s->count; i++)
        numerator[s->place[i]] = fmpz_get_si(s->numerator + i);
    *denominator = fmpz_get_si(&s->denominator);
}

/* Digits and sign, at most one too many. */
static size_t digits_of(const fmpz *x)
{
    return fmpz_sizeinbase(x, 10) + (fmpz_sgn(x) < 0);
}

size_t ct_train_digits(const ct_train *train, int site)
{
    const ct_train_site *s = &train->site[site];
    size_t most = digits_of(&s->denominator);
    for (size_t i = 0; i < s->count; i++) {
        const size_t digits = digits_of(s->numerator + i);
        most = digits > most ? digits : most;
    }
    return most;
}

/* `text` has room for `digits` bytes, without a last zero byte. */
static void put_text(const fmpz *x, size_t digits, char *text)
{
    char *decimal = fmpz_get_str(NULL, 10, x);
    memcpy(text, decimal, strnlen(decimal, digits));
    flint_free(decimal);
}

void ct_train_texts(const ct_train *train, int site, size_t digits, char *numerator,
                    char *denominator)
{
    const ct_train_site *s = &train->site[site];
    const size_t count = (size_t)s->left * 2 * (size_t)s->right;
    memset(numerator, 0, count * digits);
    memset(denominator, 0, digits);
    for (size_t i = 0; i < count; i++)
        numerator[i * digits] = '0';
    for (size_t i = 0; i < s->count; i++)
        put_text(s->numerator + i, digits, numerator + (size_t)s->place[i] * digits);
    put_text(&s->denominator, digits, denominator);
}
