/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem A (12 of docs/theorems.md). In an orthonormal basis let rho have the diagonal C_jj. R = resolved indices, K = the
 * rest with weight m = sum over K of C_jj and k members, q = sum over i != j in R of C_ij^2 / C_jj:
 *     S_R - q - m  <=  S(rho)  <=  S_R + m log(k / m),        S_R = sum over R of -C_jj log C_jj.
 * Upper side: Schur-Horn, and the uniform distribution maximises what the tail adds. Lower side:
 * pinching onto R and K raises S by at most the entropy of the outcome (Groenewold, Lindblad), and
 * the relative entropy to the diagonal is at most log Tr rho^2 diag(rho)^-1 (Petz). Other functions
 * of the spectrum use Weyl: sorted eigenvalues are within ||off-diagonal part|| of the sorted
 * diagonal. */
#include "certify/enclosure.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "certify/algebra_parts.h"
#include "certify/graded_parts.h"
#include "certify/integer_parts.h"

#define LEAST_BITS 192 /* of the balls: far below the radius of a bound in doubles */

typedef struct ct_ball_level {
    arb_t value;   /* C_jj of H, in units of H */
    arb_t weyl;    /* an eigenvalue of H, in the order of the C_jj of its block */
    double column; /* >= 2-norm of the other entries of its column, units of 2^exponent of H */
    slong exponent;
} ct_ball_level;

struct ct_enclosure {
    int copies;
    slong bits;   /* of the balls */
    arb_t norm;   /* of all copies */
    int64_t rank; /* of all copies, -1: not known */
    double slack; /* the eigenvalues are off by so much in all; their sum, which is the norm, too */
    size_t count, room;
    ct_ball_level *level;
    arb_ptr low, high; /* of the sorted eigenvalues of rho, made by sort_levels */
};

cutropy_status ct_enclosure_create(int copies, ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(*out, 1);
    (*out)->copies = copies;
    (*out)->bits = LEAST_BITS;
    (*out)->rank = -1;
    arb_init((*out)->norm);
done:
    return status;
}

static void free_sorted(ct_enclosure *e)
{
    if (e->low)
        _arb_vec_clear(e->low, (slong)e->count);
    if (e->high)
        _arb_vec_clear(e->high, (slong)e->count);
    e->low = e->high = NULL;
}

void ct_enclosure_free(ct_enclosure *e)
{
    if (!e)
        return;
    free_sorted(e);
    for (size_t i = 0; i < e->count; i++) {
        arb_clear(e->level[i].value);
        arb_clear(e->level[i].weyl);
    }
    ct_free(e->level);
    arb_clear(e->norm);
    ct_free(e);
}

/* +- radius, upwards */
static void widen(arb_t x, double radius)
{
    mag_t error;
    mag_init(error);
    mag_set_d(error, radius);
    arb_add_error_mag(x, error);
    mag_clear(error);
}

static void set_norm(ct_enclosure *e, const fmpz_t norm)
{
    arb_set_fmpz(e->norm, norm);
}

void ct_enclosure_set_norm(ct_enclosure *e, const ct_big *norm)
{
    fmpz_t x;
    fmpz_init(x);
    ct_set_big(x, norm);
    set_norm(e, x);
    fmpz_clear(x);
}

void ct_enclosure_set_norm_ball(ct_enclosure *e, double high, double low, double error)
{
    arb_t rest;
    arb_init(rest);
    arb_set_d(e->norm, high);
    arb_set_d(rest, low);
    arb_add(e->norm, e->norm, rest, ARF_PREC_EXACT);
    widen(e->norm, error);
    arb_mul_ui(e->norm, e->norm, (ulong)e->copies, e->bits);
    arb_clear(rest);
}

void ct_enclosure_set_rank(ct_enclosure *e, int64_t rank)
{
    e->rank = rank < 0 ? -1 : rank * e->copies;
}

static cutropy_status add_level(ct_enclosure *e, ct_ball_level **out)
{
    const cutropy_status status = CT_ROOM("levels", e->level, e->count, e->room, 1);
    if (status != CUTROPY_OK)
        return status;
    *out = &e->level[e->count++];
    arb_init((*out)->value);
    arb_init((*out)->weyl);
    (*out)->column = 0;
    (*out)->exponent = 0;
    return CUTROPY_OK;
}

cutropy_status ct_enclosure_set_slack(ct_enclosure *e, double slack, int64_t levels)
{
    cutropy_status status = CUTROPY_OK;
    ct_ball_level *zero = NULL;
    while (e->count < (size_t)levels * (size_t)e->copies)
        CT_TRY(add_level(e, &zero));
    e->slack = slack;
done:
    return status;
}

static cutropy_status add_one(ct_enclosure *e, const arb_t value)
{
    ct_ball_level *level = NULL;
    const cutropy_status status = add_level(e, &level);
    if (status != CUTROPY_OK)
        return status;
    arb_set(level->value, value);
    arb_set(level->weyl, value);
    return CUTROPY_OK;
}

/* (a + d +- sqrt((a - d)^2 + 4 bb)) / 2 with a = m0 G00, d = m1 G11, bb = m0 m1 G01^2, integers; the
 * smaller one as determinant / larger, exactly zero where the determinant is. */
static cutropy_status add_pair(ct_enclosure *e, const arb_t a, const arb_t d, const arb_t bb)
{
    cutropy_status status = CUTROPY_OK;
    ct_ball_level *large = NULL, *small = NULL;
    size_t first = e->count;
    CT_TRY(add_level(e, &large));
    CT_TRY(add_level(e, &small));
    large = &e->level[first];
    arb_sub(large->value, a, d, ARF_PREC_EXACT);
    arb_mul(large->value, large->value, large->value, ARF_PREC_EXACT);
    arb_addmul_ui(large->value, bb, 4, ARF_PREC_EXACT);
    arb_sqrt(large->value, large->value, 2 * e->bits);
    arb_add(large->value, large->value, a, 2 * e->bits);
    arb_add(large->value, large->value, d, 2 * e->bits);
    arb_mul_2exp_si(large->value, large->value, -1);
    arb_mul(small->value, a, d, ARF_PREC_EXACT);
    arb_sub(small->value, small->value, bb, ARF_PREC_EXACT);
    arb_div(small->value, small->value, large->value, 2 * e->bits);
    arb_set(large->weyl, large->value);
    arb_set(small->weyl, small->value);
done:
    return status;
}

cutropy_status ct_enclosure_add_small(ct_enclosure *e, const ct_integer_block *block)
{
    arb_t a, d, bb;
    fmpz_t g, m, other;
    arb_init(a);
    arb_init(d);
    arb_init(bb);
    fmpz_init(g);
    fmpz_init(m);
    fmpz_init(other);
    ct_block_entry(g, block, 0, 0);
    ct_block_weight(m, block, 0);
    fmpz_mul(g, g, m);
    arb_set_fmpz(a, g);
    if (block->n == 2) {
        ct_block_entry(g, block, 1, 1);
        ct_block_weight(other, block, 1);
        fmpz_mul(g, g, other);
        arb_set_fmpz(d, g);
        ct_block_entry(g, block, 0, 1);
        fmpz_mul(g, g, g);
        fmpz_mul(g, g, m);
        fmpz_mul(g, g, other);
        arb_set_fmpz(bb, g);
    }
    const cutropy_status status = block->n == 1 ? add_one(e, a) : add_pair(e, a, d, bb);
    fmpz_clear(other);
    fmpz_clear(m);
    fmpz_clear(g);
    arb_clear(a);
    arb_clear(d);
    arb_clear(bb);
    return status;
}

cutropy_status ct_enclosure_add_block(ct_enclosure *e, const ct_block_bound *bound,
                                      int64_t exponent)
{
    cutropy_status status = CUTROPY_OK;
    arb_t correction;
    arb_init(correction);
    double radius = 0;
    for (int64_t j = 0; j < bound->n; j++)
        radius = fmax(radius, bound->radius[j]);
    for (int64_t j = 0; j < bound->n; j++) {
        ct_ball_level *level = NULL;
        CT_TRY(add_level(e, &level));
        arb_set_d(level->value, bound->value[j]);
        arb_set_d(correction, bound->correction[j]);
        arb_add(level->value, level->value, correction, ARF_PREC_EXACT);
        arb_set(level->weyl, level->value);
        widen(level->value, bound->radius[j]);
        widen(level->value, bound->rest);
        /* the sorted diagonal moves by at most the largest radius, Weyl adds the rest */
        widen(level->weyl, radius);
        widen(level->weyl, 2 * bound->rest);
        widen(level->weyl, bound->off);
        arb_mul_2exp_si(level->value, level->value, exponent);
        arb_mul_2exp_si(level->weyl, level->weyl, exponent);
        level->column = bound->column[j] + bound->rest;
        level->exponent = exponent;
        if (!arb_is_finite(level->weyl) || !(level->column < INFINITY))
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "a bound is not finite"));
    }
done:
    arb_clear(correction);
    return status;
}

cutropy_status ct_enclosure_add_graded(ct_enclosure *e, const ct_graded *block, int64_t bits)
{
    cutropy_status status = CUTROPY_OK;
    arb_t trace;
    arb_init(trace);
    e->bits = bits + 64 > e->bits ? bits + 64 : e->bits;
    for (slong j = 0; j < block->n; j++) {
        ct_ball_level *level = NULL;
        CT_TRY(add_level(e, &level));
        ct_graded_level(block, j, e->bits, level->value);
        arb_set(level->weyl, level->value);
    }
    arb_set_fmpz(trace, block->trace);
    arb_mul_2exp_si(trace, trace, block->exponent);
    arb_add(e->norm, e->norm, trace, ARF_PREC_EXACT);
done:
    arb_clear(trace);
    return status;
}

/* ---- von Neumann ---- */

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

/* [low, high] as a ball */
static void set_between(arb_t out, const arb_t low, const arb_t high, slong bits)
{
    arb_union(out, low, high, bits);
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
    widen(sum, e->slack);
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
    set_between(out, low, high, e->bits);
    widen_entropy(e, out);
    arb_clear(p);
    arb_clear(q);
    arb_clear(m);
    arb_clear(sum);
    arb_clear(low);
    arb_clear(high);
    arb_clear(x);
}

/* ---- the sorted spectrum ---- */

static int descending(const void *a, const void *b)
{
    return arb_lt(a, b) ? 1 : arb_lt(b, a) ? -1 : 0;
}

/* low[k] <= k-th largest eigenvalue of rho <= high[k]: the k-th largest of the lower and of the
 * upper ends. */
static cutropy_status sort_levels(ct_enclosure *e)
{
    arb_t p, norm;
    if (e->low || !e->count)
        return CUTROPY_OK;
    e->low = _arb_vec_init((slong)e->count);
    e->high = _arb_vec_init((slong)e->count);
    arb_init(p);
    arb_init(norm);
    arb_set(norm, e->norm);
    widen(norm, e->slack);
    for (size_t i = 0; i < e->count; i++) {
        arb_set(p, e->level[i].weyl);
        widen(p, e->slack);
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

static void sorted_level(const ct_enclosure *e, size_t k, arb_t out)
{
    arb_zero(out);
    if (k < e->count)
        set_between(out, e->low + k, e->high + k, e->bits);
    arb_mul_ui(out, out, (ulong)e->copies, e->bits);
}

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
        sorted_level(e, 0, out);
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
            set_between(low, low, high, e->bits);
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
        CT_TRY(sort_levels(e));
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
    const slong bits = LEAST_BITS + 4 * (slong)decimals;
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
    CT_TRY(sort_levels(e));
    sorted_level(e, k * (size_t)e->copies, p);
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
    CT_TRY(sort_levels(e));
    sorted_level(e, 0, p);
    sorted_level(e, (size_t)e->copies, x);
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
    if (sort_levels(e) != CUTROPY_OK)
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
    CT_TRY(sort_levels(e));
    for (size_t i = 0; i < e->count; i++) {
        sorted_level(e, i, p);
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
        sorted_level(e, i, p);
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
    CT_TRY(sort_levels(e));
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
    CT_TRY(sort_levels(e));
    arb_set_d(p, epsilon);
    arb_mul(p, p, p, ARF_PREC_EXACT);
    sorted_level(e, 0, limit);
    arb_mul(limit, limit, p, e->bits);
    for (size_t k = 1; epsilon < 1 && k < e->count / (size_t)e->copies; k++) {
        sorted_level(e, k * (size_t)e->copies, p);
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
    CT_TRY(sort_levels(e));
    arb_set_d(limit, epsilon);
    for (size_t k = most; k > 0; k--) { /* sum: what keeping k - 1 levels discards */
        for (int c = 0; c < e->copies; c++) {
            sorted_level(e, k * (size_t)e->copies - 1 - (size_t)c, p);
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

static cutropy_status add_known(ct_enclosure *e, const arb_t value, int64_t multiplicity)
{
    cutropy_status status = CUTROPY_OK;
    for (int64_t i = 0; i < multiplicity; i++) {
        ct_ball_level *level = NULL;
        CT_TRY(add_level(e, &level));
        arb_set(level->value, value);
        arb_set(level->weyl, value);
    }
done:
    return status;
}

cutropy_status ct_enclosure_of_algebra(ct_algebra *algebra, int64_t bits, ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    bool proved = true;
    arb_t value;
    arb_init(value);
    CT_TRY(ct_enclosure_create(1, out));
    (*out)->bits = bits + 128;
    set_norm(*out, algebra->norm);
    for (size_t i = 0; i < algebra->integers; i++) {
        arb_set_fmpz(value, &algebra->integer[i].value);
        CT_TRY(add_known(*out, value, algebra->integer[i].multiplicity));
    }
    for (size_t i = 0; i < algebra->factors && proved; i++) {
        ct_factor *factor = &algebra->factor[i];
        CT_TRY(ct_factor_roots(factor, bits, &proved));
        for (slong k = 0; proved && k < fmpz_poly_degree(&factor->poly); k++) {
            arb_set_arf(value, factor->mid + k);
            arb_add_error_2exp_si(value, -factor->bits);
            CT_TRY(add_known(*out, value, factor->multiplicity));
        }
    }
    ct_enclosure_set_rank(*out, algebra->rank);
done:
    arb_clear(value);
    if (status != CUTROPY_OK || !proved) {
        ct_enclosure_free(*out);
        *out = NULL;
    }
    return status;
}
