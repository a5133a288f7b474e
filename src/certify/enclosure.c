/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of each eigenvalue: from closed forms of small blocks, bounds of large ones, theorem C, roots of an algebra.
 * enclosure_entropy.c makes entropies of it, enclosure_levels.c whatever needs the eigenvalues in order. */
#include "certify/enclosure.h"

#include <math.h>

#include "base/array.h"
#include "certify/algebra_parts.h"
#include "certify/enclosure_parts.h"
#include "certify/graded_parts.h"
#include "certify/integer_parts.h"

cutropy_status ct_enclosure_create(int copies, ct_enclosure **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(*out, 1);
    (*out)->copies = copies;
    (*out)->bits = CT_LEAST_BITS;
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

void ct_ball_widen(arb_t x, double radius)
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
    ct_ball_widen(e->norm, error);
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
        ct_ball_widen(level->value, bound->radius[j]);
        ct_ball_widen(level->value, bound->rest);
        /* the sorted diagonal moves by at most the largest radius, Weyl adds the rest */
        ct_ball_widen(level->weyl, radius);
        ct_ball_widen(level->weyl, 2 * bound->rest);
        ct_ball_widen(level->weyl, bound->off);
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
