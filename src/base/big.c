/* SPDX-License-Identifier: Apache-2.0 */
/* Natural numbers of any size, by the functions of GMP that work on the caller's arrays: these allocate
 * nothing for numbers of up to some 100,000 bits, and cannot end the program for want of memory. */
#include "base/big.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "limbs of 64 bits");

#define LIMB_BITS 64

void ct_big_free(ct_big *a)
{
    ct_free(a->limb);
    *a = (ct_big){0};
}

static cutropy_status new_limbs(size_t count, ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_big){.count = count};
    CT_NEW(out->limb, count);
done:
    return status;
}

/* The finished number takes the place of *out. */
static void take(ct_big *number, ct_big *out)
{
    while (number->count && !number->limb[number->count - 1])
        number->count--;
    ct_free(out->limb);
    *out = *number;
}

static const ct_big *longer(const ct_big *a, const ct_big *b)
{
    return a->count < b->count ? b : a;
}

cutropy_status ct_big_set(ct_big *out, ct_u128 value)
{
    ct_big number;
    const cutropy_status status = new_limbs(2, &number);
    if (status != CUTROPY_OK)
        return status;
    number.limb[0] = (uint64_t)value;
    number.limb[1] = (uint64_t)(value >> LIMB_BITS);
    take(&number, out);
    return CUTROPY_OK;
}

cutropy_status ct_big_copy(ct_big *out, const ct_big *a)
{
    ct_big number;
    const cutropy_status status = new_limbs(a->count, &number);
    if (status != CUTROPY_OK)
        return status;
    if (a->count)
        memcpy(number.limb, a->limb, a->count * sizeof *a->limb);
    take(&number, out);
    return CUTROPY_OK;
}

cutropy_status ct_big_add(ct_big *out, const ct_big *a, const ct_big *b)
{
    ct_big number;
    const ct_big *more = longer(a, b), *less = more == a ? b : a;
    if (!less->count)
        return ct_big_copy(out, more);
    const cutropy_status status = new_limbs(more->count + 1, &number);
    if (status != CUTROPY_OK)
        return status;
    number.limb[more->count] = mpn_add(number.limb, more->limb, (mp_size_t)more->count, less->limb,
                                       (mp_size_t)less->count);
    take(&number, out);
    return CUTROPY_OK;
}

cutropy_status ct_big_subtract(ct_big *out, const ct_big *a, const ct_big *b)
{
    ct_big number;
    if (!b->count)
        return ct_big_copy(out, a);
    const cutropy_status status = new_limbs(a->count, &number);
    if (status != CUTROPY_OK)
        return status;
    mpn_sub(number.limb, a->limb, (mp_size_t)a->count, b->limb, (mp_size_t)b->count);
    take(&number, out);
    return CUTROPY_OK;
}

cutropy_status ct_big_multiply(ct_big *out, const ct_big *a, const ct_big *b)
{
    ct_big number;
    const ct_big *more = longer(a, b), *less = more == a ? b : a;
    if (!less->count)
        return ct_big_set(out, 0);
    const cutropy_status status = new_limbs(more->count + less->count, &number);
    if (status != CUTROPY_OK)
        return status;
    mpn_mul(number.limb, more->limb, (mp_size_t)more->count, less->limb, (mp_size_t)less->count);
    take(&number, out);
    return CUTROPY_OK;
}

cutropy_status ct_big_divide(ct_big *out, const ct_big *a, const ct_big *b)
{
    cutropy_status status = CUTROPY_OK;
    ct_big quotient = {0}, rest = {0};
    if (a->count < b->count)
        return ct_big_set(out, 0);
    CT_TRY(new_limbs(a->count - b->count + 1, &quotient));
    CT_TRY(new_limbs(b->count, &rest));
    mpn_tdiv_qr(quotient.limb, rest.limb, 0, a->limb, (mp_size_t)a->count, b->limb,
                (mp_size_t)b->count);
    take(&quotient, out);
    quotient = (ct_big){0};
done:
    ct_big_free(&quotient);
    ct_big_free(&rest);
    return status;
}

/* a = odd 2^shift */
static void make_odd(ct_big *a, mp_bitcnt_t *shift)
{
    *shift = mpn_scan1(a->limb, 0);
    const size_t whole = *shift / LIMB_BITS;
    memmove(a->limb, a->limb + whole, (a->count - whole) * sizeof *a->limb);
    a->count -= whole;
    if (*shift % LIMB_BITS)
        mpn_rshift(a->limb, a->limb, (mp_size_t)a->count, (unsigned)(*shift % LIMB_BITS));
    while (!a->limb[a->count - 1])
        a->count--;
}

cutropy_status ct_big_gcd(ct_big *out, const ct_big *a, const ct_big *b)
{
    cutropy_status status = CUTROPY_OK;
    ct_big x = {0}, y = {0}, number = {0};
    mp_bitcnt_t of_x, of_y;
    if (!a->count || !b->count)
        return ct_big_copy(out, longer(a, b));
    CT_TRY(ct_big_copy(&x, a));
    CT_TRY(ct_big_copy(&y, b));
    make_odd(&x, &of_x);
    make_odd(&y, &of_y);
    const mp_bitcnt_t shift = of_x < of_y ? of_x : of_y;
    const size_t whole = shift / LIMB_BITS, least = x.count < y.count ? x.count : y.count;
    CT_NEW_ZERO(number.limb, whole + least + 1);
    uint64_t *odd = number.limb + whole; /* mpn_gcd wants the larger number first */
    size_t count =
        ct_big_compare(&x, &y) < 0
            ? (size_t)mpn_gcd(odd, y.limb, (mp_size_t)y.count, x.limb, (mp_size_t)x.count)
            : (size_t)mpn_gcd(odd, x.limb, (mp_size_t)x.count, y.limb, (mp_size_t)y.count);
    if (shift % LIMB_BITS)
        odd[count] = mpn_lshift(odd, odd, (mp_size_t)count, (unsigned)(shift % LIMB_BITS));
    number.count = whole + count + 1;
    if (!(shift % LIMB_BITS))
        number.count--;
    take(&number, out);
    number = (ct_big){0};
done:
    ct_big_free(&x);
    ct_big_free(&y);
    ct_big_free(&number);
    return status;
}

int ct_big_compare(const ct_big *a, const ct_big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    return a->count ? mpn_cmp(a->limb, b->limb, (mp_size_t)a->count) : 0;
}

bool ct_big_fits(const ct_big *a, ct_u128 *out)
{
    if (a->count > 2)
        return false;
    *out = 0;
    for (size_t i = 0; i < a->count; i++)
        *out |= (ct_u128)a->limb[i] << (LIMB_BITS * i);
    return true;
}

double ct_big_double(const ct_big *a, int *exponent)
{
    *exponent = 0;
    if (!a->count)
        return 0;
    const size_t last = a->count - 1;
    const int free = __builtin_clzll(a->limb[last]);
    uint64_t head = a->limb[last] << free;
    bool more = false; /* digits below the head: one bit of it stands for them */
    if (last && free) {
        head |= a->limb[last - 1] >> (LIMB_BITS - free);
        more = a->limb[last - 1] << free;
    } else if (last) {
        more = a->limb[last - 1];
    }
    for (size_t i = 0; i + 1 < last && !more; i++)
        more = a->limb[i];
    *exponent = (int)(LIMB_BITS * a->count) - free;
    return ldexp((double)(head | more), -LIMB_BITS);
}

cutropy_status ct_big_format(const ct_big *a, char **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t most = a->count * 20 + 2; /* 2^64 < 10^20 */
    ct_big copy = {0};
    unsigned char *digits = NULL;
    *out = NULL;
    CT_TRY(ct_big_copy(&copy, a));
    CT_NEW(digits, most);
    size_t length = copy.count ? mpn_get_str(digits, 10, copy.limb, (mp_size_t)copy.count) : 0;
    size_t zeros = 0;
    while (zeros < length && !digits[zeros])
        zeros++;
    length -= zeros;
    CT_NEW(*out, length + 2);
    for (size_t i = 0; i < length; i++)
        (*out)[i] = (char)('0' + digits[zeros + i]);
    if (!length)
        (*out)[length++] = '0';
    (*out)[length] = '\0';
done:
    ct_big_free(&copy);
    ct_free(digits);
    return status;
}
