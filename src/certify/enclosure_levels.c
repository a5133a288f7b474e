/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of the sorted spectrum use Weyl: sorted eigenvalues are within ||off-diagonal part|| of the sorted
 * diagonal. */
#include "certify/enclosure.h"

#include <stdlib.h>

#include "certify/algebra_parts.h"
#include "certify/enclosure_parts.h"

static int descending(const void *a, const void *b)
{
    return arb_lt(a, b) ? 1 : arb_lt(b, a) ? -1 : 0;
}

cutropy_status ct_enclosure_sort(ct_enclosure *e)
{
    arb_t p, norm;
    if (e->low || !e->count)
        return CUTROPY_OK;
    e->low = _arb_vec_init((slong)e->count);
    e->high = _arb_vec_init((slong)e->count);
    arb_init(p);
    arb_init(norm);
    arb_set(norm, e->norm);
    ct_ball_widen(norm, e->slack);
    for (size_t i = 0; i < e->count; i++) {
        arb_set(p, e->level[i].weyl);
        ct_ball_widen(p, e->slack);
        arb_div(p, p, norm, e->bits);
        arb_nonnegative_part(p, p);
        arb_get_lbound_arf(arb_midref(e->low + i), p, e->bits);
        arb_get_ubound_arf(arb_midref(e->high + i), p, e->bits);
    }
    arb_clear(norm);
    arb_clear(p);
    qsort(e->low, e->count, sizeof *e->low, descending);
    qsort(e->high, e->count, sizeof *e->high, descending);
    for (size_t i = 0; i < e->count; i++)
        if (e->rank >= 0 && i >= (size_t)e->rank) {
            arb_zero(e->low + i);
            arb_zero(e->high + i);
        }
    return CUTROPY_OK;
}

void ct_enclosure_sorted(const ct_enclosure *e, size_t k, arb_t out)
{
    arb_zero(out);
    if (k < e->count)
        arb_union(out, e->low + k, e->high + k, e->bits);
    arb_mul_ui(out, out, (ulong)e->copies, e->bits);
}

size_t ct_enclosure_levels(const ct_enclosure *e)
{
    return e->rank >= 0 ? (size_t)(e->rank / e->copies) : e->count / (size_t)e->copies;
}

/* Copies of an eigenvalue stand side by side. */
cutropy_status ct_enclosure_level(ct_enclosure *e, size_t k, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    arb_t p;
    *out = (ct_decimal){.decimals = -1};
    arb_init(p);
    CT_TRY(ct_enclosure_sort(e));
    ct_enclosure_sorted(e, k * (size_t)e->copies, p);
    CT_TRY(ct_decimal_of_ball(p, decimals, e->bits, out));
done:
    arb_clear(p);
    return status;
}

cutropy_status ct_enclosure_gap(ct_enclosure *e, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    arb_t p, x;
    *out = (ct_decimal){.decimals = -1};
    arb_init(p);
    arb_init(x);
    CT_TRY(ct_enclosure_sort(e));
    ct_enclosure_sorted(e, 0, p);
    ct_enclosure_sorted(e, (size_t)e->copies, x);
    arb_sub(p, p, x, e->bits);
    CT_TRY(ct_decimal_of_ball(p, decimals, e->bits, out));
done:
    arb_clear(p);
    arb_clear(x);
    return status;
}

int64_t ct_enclosure_positive(ct_enclosure *e)
{
    size_t count = 0;
    if (ct_enclosure_sort(e) != CUTROPY_OK)
        return 0;
    while (count < e->count && arb_is_positive(e->low + count))
        count++;
    return (int64_t)((count + (size_t)e->copies - 1) / (size_t)e->copies);
}

cutropy_status ct_enclosure_moment(ct_enclosure *e, int power, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    arb_t sum, p;
    *out = (ct_decimal){.decimals = -1};
    arb_init(sum);
    arb_init(p);
    CT_TRY(ct_enclosure_sort(e));
    for (size_t i = 0; i < e->count; i++) {
        ct_enclosure_sorted(e, i, p);
        arb_pow_ui(p, p, (ulong)power, e->bits);
        arb_add(sum, sum, p, e->bits);
    }
    arb_div_ui(sum, sum, (ulong)e->copies, e->bits);
    CT_TRY(ct_decimal_of_ball(sum, decimals, e->bits, out));
done:
    arb_clear(sum);
    arb_clear(p);
    return status;
}

/* The sum of all levels but the `kept` largest. */
static void discarded(const ct_enclosure *e, size_t kept, arb_t out)
{
    arb_t p;
    arb_init(p);
    arb_zero(out);
    for (size_t i = kept * (size_t)e->copies; i < e->count; i++) {
        ct_enclosure_sorted(e, i, p);
        arb_add(out, out, p, e->bits);
    }
    arb_div_ui(out, out, (ulong)e->copies, e->bits);
    arb_clear(p);
}

cutropy_status ct_enclosure_discarded(ct_enclosure *e, double kept, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t most = e->count / (size_t)e->copies;
    arb_t sum;
    *out = (ct_decimal){.decimals = -1};
    arb_init(sum);
    CT_TRY(ct_enclosure_sort(e));
    discarded(e, kept < (double)most ? (size_t)kept : most, sum);
    CT_TRY(ct_decimal_of_ball(sum, decimals, e->bits, out));
done:
    arb_clear(sum);
    return status;
}

/* a > b for the lower (sure) or the upper (possible) end of the ball a - b */
static void count_above(const arb_t a, const arb_t b, int64_t *sure, int64_t *possible)
{
    *sure += arb_gt(a, b);
    *possible += !arb_le(a, b);
}

cutropy_status ct_enclosure_numerical_rank(ct_enclosure *e, double epsilon, int64_t *low,
                                           int64_t *high)
{
    cutropy_status status = CUTROPY_OK;
    arb_t limit, p;
    arb_init(limit);
    arb_init(p);
    *low = *high = epsilon < 1; /* the largest against itself */
    CT_TRY(ct_enclosure_sort(e));
    arb_set_d(p, epsilon);
    arb_mul(p, p, p, ARF_PREC_EXACT);
    ct_enclosure_sorted(e, 0, limit);
    arb_mul(limit, limit, p, e->bits);
    for (size_t k = 1; epsilon < 1 && k < e->count / (size_t)e->copies; k++) {
        ct_enclosure_sorted(e, k * (size_t)e->copies, p);
        count_above(p, limit, low, high);
    }
done:
    arb_clear(limit);
    arb_clear(p);
    return status;
}

cutropy_status ct_enclosure_truncation(ct_enclosure *e, double epsilon, int64_t *low, int64_t *high)
{
    cutropy_status status = CUTROPY_OK;
    const size_t most = e->count / (size_t)e->copies;
    arb_t limit, sum, p;
    arb_init(limit);
    arb_init(sum);
    arb_init(p);
    *low = *high = 0; /* kept levels without which more than epsilon is lost */
    CT_TRY(ct_enclosure_sort(e));
    arb_set_d(limit, epsilon);
    for (size_t k = most; k > 0; k--) { /* sum: what keeping k - 1 levels discards */
        for (int c = 0; c < e->copies; c++) {
            ct_enclosure_sorted(e, k * (size_t)e->copies - 1 - (size_t)c, p);
            arb_div_ui(p, p, (ulong)e->copies, e->bits);
            arb_add(sum, sum, p, e->bits);
        }
        count_above(sum, limit, low, high);
    }
done:
    arb_clear(limit);
    arb_clear(sum);
    arb_clear(p);
    return status;
}
