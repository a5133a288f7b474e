/* SPDX-License-Identifier: Apache-2.0 */
/* R are the resolved indices, the others the tail with m = sum C_ii, k of them. Then
 *   S_R - q - m <= S <= S_R + m log(k / m),  q = sum over R of ||column of C off the diagonal||^2
 *                                                             / C_jj  (all over T).
 * Sources: Schur-Horn; Groenewold-Lindblad. */
#include "certify/refine.h"

#include <stdio.h>
#include <string.h>

#include "certify/algebra_parts.h"
#include "certify/integer_parts.h"
#include "certify/refine_parts.h"
#include "certify/thread.h"

cutropy_status ct_refined_start(int decimals, ct_refined **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_refined *r = NULL;
    *out = NULL;
    CT_NEW_ZERO(r, 1);
    fmpz_init(r->norm);
    r->decimals = decimals;
    r->bits = (slong)(CT_BITS_PER_PLACE * decimals) + 192;
    fmpz_init(r->trace);
    arb_init(r->resolved);
    arb_init(r->tail);
    mag_init(r->slack);
    mag_init(r->q);
    mag_init(r->tail_slack);
    *out = r;
done:
    return status;
}

cutropy_status ct_refined_create(const ct_big *norm, int decimals, ct_refined **out)
{
    *out = NULL;
    ct_certify_thread();
    if (!norm->count)
        return ct_fail(CUTROPY_EUNSUPPORTED, "exact spectra need a norm");
    const cutropy_status status = ct_refined_start(decimals, out);
    if (status == CUTROPY_OK)
        ct_set_big((*out)->norm, norm);
    return status;
}

void ct_refined_free(ct_refined *r)
{
    if (!r)
        return;
    fmpz_clear(r->norm);
    fmpz_clear(r->trace);
    arb_clear(r->resolved);
    arb_clear(r->tail);
    mag_clear(r->slack);
    mag_clear(r->q);
    mag_clear(r->tail_slack);
    ct_free(r);
}

/* ---- from blocks to the sums ---- */

/* (1 + log x)^2, above, for every x within q2 / T of d */
static void add_slope(mag_t sum, const ct_refined *r, const arb_t d, const mag_t radius)
{
    arb_t x;
    mag_t size;
    arb_init(x);
    mag_init(size);
    arb_set(x, d);
    arb_add_error_mag(x, radius);
    arb_log(x, x, r->bits);
    arb_add_ui(x, x, 1, r->bits);
    arb_get_mag(size, x);
    mag_mul(size, size, size);
    mag_add(sum, sum, size);
    mag_clear(size);
    arb_clear(x);
}

bool ct_refined_take(ct_refined *r, const ct_block_work *w, int64_t resolved)
{
    bool good = true;
    arb_t mu, d, term;
    mag_t radius, slope, part;
    int64_t tail = 0;
    arb_init(mu);
    arb_init(d);
    arb_init(term);
    mag_init(radius);
    mag_init(slope);
    mag_init(part);
    mag_div_fmpz(radius, w->q2, r->norm);
    for (slong j = 0; j < w->n; j++) {
        arb_set_fmpz(mu, fmpz_mat_entry(w->m, j, j));
        arb_div_fmpz(mu, mu, fmpz_mat_entry(w->k, j, j), r->bits);
        arb_div_fmpz(d, mu, r->norm, r->bits);
        const bool clear = ct_refine_resolved(w, j, mu, part);
        good = good && (clear || j >= resolved);
        if (!clear || (resolved >= 0 && j >= resolved)) {
            arb_add(r->tail, r->tail, d, r->bits);
            tail++;
            continue;
        }
        mag_div_fmpz(part, part, r->norm);
        mag_add(r->q, r->q, part);
        add_slope(slope, r, d, radius);
        arb_log(term, d, r->bits);
        arb_submul(r->resolved, term, d, r->bits);
    }
    mag_sqrt(slope, slope);
    mag_mul(slope, slope, radius);
    mag_add(r->slack, r->slack, slope);
    mag_set_ui(part, (ulong)tail);
    mag_sqrt(part, part);
    mag_mul(part, part, radius);
    mag_add(r->tail_slack, r->tail_slack, part);
    r->tail_count += tail;
    mag_clear(part);
    mag_clear(slope);
    mag_clear(radius);
    arb_clear(term);
    arb_clear(d);
    arb_clear(mu);
    return good;
}

void ct_refined_add_copies(ct_refined *r, const ct_refined *one, uint64_t copies)
{
    mag_t x;
    mag_init(x);
    fmpz_addmul_ui(r->trace, one->trace, copies);
    arb_addmul_ui(r->resolved, one->resolved, copies, r->bits);
    arb_addmul_ui(r->tail, one->tail, copies, r->bits);
    mag_mul_ui(x, one->slack, copies);
    mag_add(r->slack, r->slack, x);
    mag_mul_ui(x, one->q, copies);
    mag_add(r->q, r->q, x);
    mag_mul_ui(x, one->tail_slack, copies);
    mag_add(r->tail_slack, r->tail_slack, x);
    r->tail_count += one->tail_count * (int64_t)copies;
    mag_clear(x);
}

/* ---- the result ---- */

/* [S_R - slack - q - m, S_R + slack + m log(k / m)] */
void ct_refined_enclosure(arb_t out, const ct_refined *r)
{
    arb_t m, low, high;
    arf_t edge;
    arb_init(m);
    arb_init(low);
    arb_init(high);
    arf_init(edge);
    arb_set(low, r->resolved);
    arb_add_error_mag(low, r->slack);
    arb_set(high, low);
    arb_set(m, r->tail);
    arb_add_error_mag(m, r->tail_slack);
    arb_get_ubound_arf(edge, m, r->bits);
    arb_set_arf(m, edge); /* the largest m */
    arb_sub(low, low, m, r->bits);
    arb_set_ui(out, 0);
    arb_add_error_mag(out, r->q);
    arb_get_ubound_arf(edge, out, r->bits);
    arb_set_arf(out, edge);
    arb_sub(low, low, out, r->bits);
    if (r->tail_count && arb_is_positive(m)) {
        arb_ui_div(out, (ulong)r->tail_count, m, r->bits);
        if (arf_cmp_2exp_si(arb_midref(out), 2) > 0) { /* increasing in m while k / m > e */
            arb_log(out, out, r->bits);
            arb_addmul(high, out, m, r->bits);
        } else {
            arb_indeterminate(high);
        }
    }
    arb_union(out, low, high, r->bits);
    arf_clear(edge);
    arb_clear(high);
    arb_clear(low);
    arb_clear(m);
}

cutropy_status ct_refined_entropy(const ct_refined *r, ct_unit unit, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    arb_t ball, log2;
    *out = (ct_decimal){.decimals = -1};
    if (r->failed || !fmpz_equal(r->trace, r->norm))
        return CUTROPY_OK;
    arb_init(ball);
    arb_init(log2);
    ct_refined_enclosure(ball, r);
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(log2, r->bits);
        arb_div(ball, ball, log2, r->bits);
    }
    status = ct_decimal_of_ball(ball, r->decimals, r->bits, out);
    arb_clear(log2);
    arb_clear(ball);
    return status;
}

bool ct_refined_interval(const ct_refined *r, ct_unit unit, int decimals, char *lower, char *upper)
{
    arb_t ball, scale;
    fmpz_t end;
    char *digits;
    bool good = !r->failed && fmpz_equal(r->trace, r->norm);
    arb_init(ball);
    arb_init(scale);
    fmpz_init(end);
    ct_refined_enclosure(ball, r);
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(scale, r->bits);
        arb_div(ball, ball, scale, r->bits);
    }
    arb_set_ui(scale, 10);
    arb_pow_ui(scale, scale, (ulong)decimals, r->bits);
    arb_mul(ball, ball, scale, r->bits);
    good = good && arb_is_finite(ball) && mag_cmp_2exp_si(arb_radref(ball), 200) < 0;
    for (int side = 0; good && side < 2; side++) {
        arf_t x;
        arf_init(x);
        if (side)
            arb_get_ubound_arf(x, ball, r->bits);
        else
            arb_get_lbound_arf(x, ball, r->bits);
        arf_get_fmpz(end, x, side ? ARF_RND_CEIL : ARF_RND_FLOOR);
        digits = fmpz_get_str(NULL, 10, end);
        good = strlen(digits) < CT_INTERVAL_TEXT - 8;
        if (good)
            snprintf(side ? upper : lower, CT_INTERVAL_TEXT, "%se-%d", digits, decimals);
        flint_free(digits);
        arf_clear(x);
    }
    fmpz_clear(end);
    arb_clear(scale);
    arb_clear(ball);
    return good;
}
