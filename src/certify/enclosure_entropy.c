/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem A (12 of docs/theorems.md). In an orthonormal basis let rho have the diagonal C_jj. R = resolved indices, K = the
 * rest with weight m = sum over K of C_jj and k members, q = sum over i != j in R of C_ij^2 / C_jj:
 *     S_R - q - m  <=  S(rho)  <=  S_R + m log(k / m),        S_R = sum over R of -C_jj log C_jj.
 * Upper side: Schur-Horn, and the uniform distribution maximises what the tail adds. Lower side:
 * pinching onto R and K raises S by at most the entropy of the outcome (Groenewold, Lindblad), and
 * the relative entropy to the diagonal is at most log Tr rho^2 diag(rho)^-1 (Petz). */
#include "certify/enclosure.h"

#include <math.h>

#include "certify/algebra_parts.h"
#include "certify/enclosure_parts.h"

/* out += -p log p */
static void add_eta(arb_t out, const arb_t p, slong bits)
{
    arb_t term;
    arb_init(term);
    arb_log(term, p, bits);
    arb_mul(term, term, p, bits);
    arb_sub(out, out, term, bits);
    arb_clear(term);
}

/* Whether an index is better resolved than left to the tail: its share of q against 50 times
 * itself. */
static bool is_resolved(const ct_ball_level *level)
{
    mag_t least, column;
    mag_init(least);
    mag_init(column);
    arb_get_mag_lower_nonnegative(least, level->value);
    mag_set_d(column, level->column / 7);
    mag_mul_2exp_si(column, column, level->exponent);
    const bool resolved = mag_cmp(column, least) < 0 && arb_rel_accuracy_bits(level->value) >= 8;
    mag_clear(column);
    mag_clear(least);
    return resolved;
}

/* S of n probabilities moves by t log(n - 1) + h(t) at most where they move by 2 t in all, t <= 1 - 1 / n (Audenaert, J. Phys. A 40,
 * 8127 (2007)); eigenvalues that move by the slack, and their sum with them, are probabilities with t <= slack / sum. */
static void widen_entropy(const ct_enclosure *e, arb_t s)
{
    arb_t t, part, sum;
    if (!(e->slack > 0) || e->count < 2)
        return;
    arb_init(t);
    arb_init(part);
    arb_init(sum);
    arb_set(sum, e->norm);
    ct_ball_widen(sum, e->slack);
    arb_set_d(t, e->slack);
    arb_div(t, t, sum, e->bits);
    arb_get_ubound_arf(arb_midref(t), t, e->bits);
    mag_zero(arb_radref(t));
    if (arb_is_positive(sum) && arf_cmp_2exp_si(arb_midref(t), -1) < 0) {
        arb_log_ui(sum, e->count - 1, e->bits);
        arb_mul(sum, sum, t, e->bits);
        add_eta(sum, t, e->bits);
        arb_sub_ui(part, t, 1, e->bits);
        arb_neg(part, part);
        add_eta(sum, part, e->bits);
        arb_add_error(s, sum);
    } else {
        arb_indeterminate(s);
    }
    arb_clear(sum);
    arb_clear(part);
    arb_clear(t);
}

/* S in nats */
static void von_neumann(const ct_enclosure *e, arb_t out)
{
    arb_t p, q, m, sum, low, high, x;
    ulong k = 0;
    arb_init(p);
    arb_init(q);
    arb_init(m);
    arb_init(sum);
    arb_init(low);
    arb_init(high);
    arb_init(x);
    for (size_t i = 0; i < e->count; i++) {
        const ct_ball_level *level = &e->level[i];
        arb_div(p, level->value, e->norm, e->bits);
        if (is_resolved(level)) {
            add_eta(sum, p, e->bits);
            arb_set_d(x, level->column);
            arb_mul_2exp_si(x, x, level->exponent);
            arb_div(x, x, e->norm, e->bits);
            arb_mul(x, x, x, e->bits);
            arb_div(x, x, p, e->bits);
            arb_add(q, q, x, e->bits);
        } else {
            k++;
            arb_nonnegative_part(p, p);
            arb_add(m, m, p, e->bits);
        }
    }
    arb_get_ubound_arf(arb_midref(x), q, e->bits);
    mag_zero(arb_radref(x));
    arb_sub(low, sum, x, e->bits);
    arb_set(high, sum);
    if (k) {
        arb_get_ubound_arf(arb_midref(x), m, e->bits);
        mag_zero(arb_radref(x));
        arb_sub(low, low, x, e->bits);
        if (!arb_is_zero(x)) {
            /* x log(k / x) rises up to x = k / e */
            arb_t most;
            arb_init(most);
            arb_const_e(most, e->bits);
            arb_ui_div(most, k, most, e->bits);
            arb_min(x, x, most, e->bits);
            arb_ui_div(most, k, x, e->bits);
            arb_log(most, most, e->bits);
            arb_addmul(high, x, most, e->bits);
            arb_clear(most);
        }
    }
    arb_union(out, low, high, e->bits);
    widen_entropy(e, out);
    arb_clear(p);
    arb_clear(q);
    arb_clear(m);
    arb_clear(sum);
    arb_clear(low);
    arb_clear(high);
    arb_clear(x);
}

/* ---- Renyi ---- */

/* Renyi entropy in nats, alpha != 1 */
static void renyi(const ct_enclosure *e, double alpha, arb_t out)
{
    arb_t order, low, high, copies;
    arb_init(order);
    arb_init(low);
    arb_init(high);
    arb_init(copies);
    arb_set_d(order, alpha);
    arb_zero(out);
    if (isinf(alpha)) {
        ct_enclosure_sorted(e, 0, out);
        arb_log(out, out, e->bits);
        arb_neg(out, out);
    } else {
        for (size_t i = 0; i < e->count; i++) {
            if (arb_is_zero(e->high + i))
                continue;
            arb_pow(high, e->high + i, order, e->bits);
            arb_zero(low);
            if (!arb_is_zero(e->low + i))
                arb_pow(low, e->low + i, order, e->bits);
            arb_union(low, low, high, e->bits);
            arb_add(out, out, low, e->bits);
        }
        arb_log(out, out, e->bits);
        arb_sub_ui(order, order, 1, e->bits);
        arb_neg(order, order);
        arb_div(out, out, order, e->bits);
        /* `copies` equal spectra of weight 1 / copies add log(copies) */
        arb_log_ui(copies, (ulong)e->copies, e->bits);
        arb_sub(out, out, copies, e->bits);
    }
    arb_clear(order);
    arb_clear(low);
    arb_clear(high);
    arb_clear(copies);
}

cutropy_status ct_enclosure_entropy(ct_enclosure *e, double alpha, ct_unit unit, int decimals,
                                    ct_decimal *out, double *radius)
{
    cutropy_status status = CUTROPY_OK;
    arb_t s, x;
    *out = (ct_decimal){.decimals = -1};
    arb_init(s);
    arb_init(x);
    if (alpha == 1) {
        von_neumann(e, s);
        arb_log_ui(x, (ulong)e->copies, e->bits);
        arb_sub(s, s, x, e->bits);
    } else if (alpha == 0) {
        if (e->rank > 0)
            arb_log_ui(s, (ulong)(e->rank / e->copies), e->bits);
        else
            arb_indeterminate(s);
    } else {
        CT_TRY(ct_enclosure_sort(e));
        renyi(e, alpha, s);
    }
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(x, e->bits);
        arb_div(s, s, x, e->bits);
    }
    *radius = arb_is_finite(s) ? mag_get_d(arb_radref(s)) * (1 + 0x1p-20) : INFINITY;
    CT_TRY(ct_decimal_of_ball(s, decimals, e->bits, out));
done:
    arb_clear(s);
    arb_clear(x);
    return status;
}

cutropy_status ct_enclosure_renyi2(const char *purity, ct_unit unit, int decimals, ct_decimal *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong bits = CT_LEAST_BITS + 4 * (slong)decimals;
    fmpq_t p;
    arb_t s, x;
    *out = (ct_decimal){.decimals = -1};
    fmpq_init(p);
    arb_init(s);
    arb_init(x);
    if (fmpq_set_str(p, purity, 10) || fmpq_sgn(p) <= 0)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "no purity: %s", purity));
    arb_log_fmpz(s, fmpq_denref(p), bits);
    arb_log_fmpz(x, fmpq_numref(p), bits);
    arb_sub(s, s, x, bits);
    if (unit == CT_UNIT_BITS) {
        arb_const_log2(x, bits);
        arb_div(s, s, x, bits);
    }
    CT_TRY(ct_decimal_of_ball(s, decimals, bits, out));
done:
    arb_clear(s);
    arb_clear(x);
    fmpq_clear(p);
    return status;
}
