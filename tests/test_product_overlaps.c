/* SPDX-License-Identifier: Apache-2.0 */
/* Overlaps in fixed point beside products of balls of 3000 bits. */
#include "certify/product_overlaps.h"

#include <string.h>

#include "check_main.h"
#include "ref/support.h"

#define BITS 3000
#define TERMS 12
#define SITES 30

typedef struct state {
    ct_exact_state exact;
    ct_product_side side;
    int32_t level[SITES * TERMS], label[TERMS], site[SITES], term[TERMS];
    int64_t first[SITES + 1];
    double number[SITES * TERMS * 6];
} state;

/* Every term has a factor of its own at every site, but at every third one two terms share one. spread: how far they lie from the first one. */
static void make_state(state *s, int d, bool is_complex, bool labelled, ct_factor_kind kind,
                       double spread, uint64_t seed)
{
    const int parts = is_complex ? 2 : 1, numbers = kind == CT_FACTOR_NUMBERS ? d * parts : 1;
    memset(s, 0, sizeof *s);
    for (int n = 0; n < SITES; n++) {
        s->site[n] = n;
        s->first[n + 1] = s->first[n] + TERMS;
        for (int m = 0; m < TERMS; m++)
            s->level[n * TERMS + m] = n % 3 == 0 && m == 5 ? 2 : m;
    }
    for (int m = 0; m < TERMS; m++) {
        s->term[m] = m;
        s->label[m] = m % 3;
    }
    for (int i = 0; i < SITES * TERMS; i++)
        for (int k = 0; k < numbers; k++) {
            const uint64_t at = (uint64_t)(i * numbers + k), own = (uint64_t)(k + 1000);
            s->number[at] = ct_random_normal(seed, own) + spread * ct_random_normal(seed + 1, at);
        }
    s->exact = (ct_exact_state){.terms = TERMS,
                                .sites = SITES,
                                .dimension = d,
                                .is_complex = is_complex,
                                .kind = kind,
                                .theta = 0.3,
                                .scale = 1,
                                .level = s->level,
                                .first = s->first,
                                .number = s->number,
                                .label = labelled ? s->label : NULL};
    s->side = (ct_product_side){
        .sites = SITES, .site = s->site, .labelled = labelled, .count = TERMS, .term = s->term};
}

/* <a|b> of numbers, times |a| |b| */
static void inner(const state *s, const double *a, const double *b, acb_t out)
{
    const int parts = s->exact.is_complex ? 2 : 1;
    acb_t x, y;
    acb_init(x);
    acb_init(y);
    acb_zero(out);
    for (int k = 0; k < s->exact.dimension; k++) {
        acb_set_d_d(x, a[parts * k], parts == 2 ? -a[parts * k + 1] : 0);
        acb_set_d_d(y, b[parts * k], parts == 2 ? b[parts * k + 1] : 0);
        acb_addmul(out, x, y, BITS);
    }
    acb_clear(y);
    acb_clear(x);
}

static void site_overlap(const state *s, const double *a, const double *b, acb_t out)
{
    acb_t norm, other;
    arb_t angle, turn;
    if (s->exact.kind == CT_FACTOR_NUMBERS) {
        acb_init(norm);
        acb_init(other);
        inner(s, a, b, out);
        inner(s, a, a, norm);
        inner(s, b, b, other);
        acb_mul(norm, norm, other, BITS);
        acb_sqrt(norm, norm, BITS);
        acb_div(out, out, norm, BITS);
        acb_clear(other);
        acb_clear(norm);
        return;
    }
    arb_init(angle);
    arb_init(turn);
    arb_set_d(angle, *b);
    arb_set_d(turn, *a);
    arb_sub(angle, angle, turn, BITS);
    arb_set_d(turn, s->exact.theta);
    arb_mul(angle, angle, turn, BITS);
    arb_sin_cos_pi(acb_imagref(out), acb_realref(out), angle, BITS);
    if (s->exact.kind == CT_FACTOR_COS)
        arb_zero(acb_imagref(out));
    arb_set(turn, acb_realref(out));
    if (s->exact.kind == CT_FACTOR_PHASE) /* (1 + e^(2 i x)) / 2 = cos x e^(i x) */
        acb_mul_arb(out, out, turn, BITS);
    arb_clear(turn);
    arb_clear(angle);
}

static void overlap(const state *s, int i, int j, acb_t out)
{
    const int64_t numbers = ct_exact_numbers(&s->exact);
    acb_t x;
    acb_init(x);
    acb_set_si(out, !s->side.labelled || s->label[i] == s->label[j]);
    for (int n = 0; n < SITES; n++) {
        const double *at = s->number + n * TERMS * numbers;
        if (s->level[n * TERMS + i] == s->level[n * TERMS + j])
            continue;
        site_overlap(s, at + s->level[n * TERMS + i] * numbers,
                     at + s->level[n * TERMS + j] * numbers, x);
        acb_mul(out, out, x, BITS);
    }
    acb_clear(x);
}

/* Whether the truth lies within the radius of each of its numbers' midpoints; *most: the largest share of it. */
static void expect_near(const arb_t ball, const arb_t truth, double *most)
{
    arb_t off, share;
    arb_init(off);
    arb_init(share);
    arb_sub(off, truth, ball, BITS);
    mag_zero(arb_radref(off));
    arf_sub(arb_midref(off), arb_midref(truth), arb_midref(ball), BITS, ARF_RND_NEAR);
    arb_abs(off, off);
    arf_set_mag(arb_midref(share), arb_radref(ball));
    ck_assert(arf_cmp(arb_midref(off), arb_midref(share)) <= 0);
    if (!arf_is_zero(arb_midref(share))) {
        arb_div(share, off, share, 64);
        const double x = arf_get_d(arb_midref(share), ARF_RND_NEAR);
        *most = x > *most ? x : *most;
    }
    arb_clear(share);
    arb_clear(off);
}

static void expect_overlaps(const state *s, slong bits, double *most)
{
    acb_ptr g;
    acb_t truth;
    acb_init(truth);
    ck_assert_int_eq(ct_product_overlaps(&s->exact, &s->side, bits, 2, &g), CUTROPY_OK);
    for (int i = 0; i < TERMS; i++)
        for (int j = i; j < TERMS; j++) {
            acb_srcptr own = g + i * TERMS + j;
            overlap(s, i, j, truth);
            expect_near(acb_realref(own), acb_realref(truth), most);
            expect_near(acb_imagref(own), acb_imagref(truth), most);
            ck_assert(mag_cmp_2exp_si(arb_radref(acb_realref(own)), -bits) < 0);
            ck_assert(!s->exact.is_complex ||
                      mag_cmp_2exp_si(arb_radref(acb_imagref(own)), -bits) < 0);
        }
    acb_clear(truth);
    _acb_vec_clear(g, TERMS * TERMS);
}

/* Factors far from each other and so close that overlaps are 1 within less than a unit. */
START_TEST(near_the_truth)
{
    static const struct {
        int d;
        bool is_complex;
        ct_factor_kind kind;
    } rows[] = {{2, false, CT_FACTOR_NUMBERS}, {3, false, CT_FACTOR_NUMBERS},
                {2, true, CT_FACTOR_NUMBERS},  {3, true, CT_FACTOR_NUMBERS},
                {2, false, CT_FACTOR_COS},     {2, true, CT_FACTOR_PHASE}};
    static const double spread[] = {1, 1e-6, 0x1p-52};
    static const slong bits[] = {20, 43, 120, 300, 1000};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        double most = 0;
        for (size_t k = 0; k < sizeof spread / sizeof *spread; k++)
            for (size_t b = 0; b < sizeof bits / sizeof *bits; b++) {
                state s;
                make_state(&s, rows[r].d, rows[r].is_complex, k == 1, rows[r].kind, spread[k],
                           100 * r + k);
                expect_overlaps(&s, bits[b], &most);
            }
        ck_assert_msg(most > 1e-3, "%zu: %g of the bound", r, most);
    }
}
END_TEST

CHECK_MAIN("product_overlaps", near_the_truth)
