/* SPDX-License-Identifier: Apache-2.0 */
/* Factors and weights from balls, and <psi|psi>. */
#include "certify/product_fine.h"

#include <math.h>

#include "backend/cpu/overlaps.h"
#include "base/parallel.h"
#include "base/twofold.h"
#include "certify/product_numbers.h"

#define SQUARE (CT_UNIT_ROUNDOFF * CT_UNIT_ROUNDOFF)
#define UP 1.01 /* terms of higher order, and the rounding of bounds */
#define BITS 160
#define FACTOR_ERROR 1.1 /* times SQUARE: of a factor, as a vector */

/* ---- numbers ---- */

/* The nearest pair; false: the ball is not small. */
static bool take_pair(const arb_t x, double *high, double *low)
{
    arf_t rest;
    mag_t most;
    arf_init(rest);
    mag_init(most);
    mag_set_d(most, 0x1p-120);
    *high = arf_get_d(arb_midref(x), ARF_RND_NEAR);
    arf_set_d(rest, *high);
    arf_sub(rest, arb_midref(x), rest, BITS, ARF_RND_NEAR);
    *low = arf_get_d(rest, ARF_RND_NEAR);
    const bool small = arb_is_finite(x) && mag_cmp(arb_radref(x), most) <= 0;
    mag_clear(most);
    arf_clear(rest);
    return small;
}

typedef struct ct_fine_work {
    ct_product_fine *f;
    acb_ptr turn;   /* complex weights, divided by their absolute values, or NULL */
    bool *good;     /* of every site */
    int64_t *first; /* of every thread, for each level the first term that has it */
} ct_fine_work;

/* The numbers of a factor of norm 1 into the terms of a level, or one. */
static bool put_factor(const ct_products *p, acb_srcptr number, size_t at, ct_twofold to)
{
    const size_t parts = p->is_complex ? 2 : 1, terms = (size_t)p->terms;
    bool good = true;
    for (int k = 0; k < p->dimension; k++, at += parts * terms) {
        good &= take_pair(acb_realref(number + k), to.high + at, to.low + at);
        if (parts == 2)
            good &= take_pair(acb_imagref(number + k), to.high + at + terms, to.low + at + terms);
    }
    return good;
}

static void copy_factor(const ct_products *p, size_t from, size_t at, ct_twofold to)
{
    const size_t rows = (size_t)p->dimension * (p->is_complex ? 2 : 1), terms = (size_t)p->terms;
    for (size_t k = 0; k < rows; k++, at += terms, from += terms) {
        to.high[at] = to.high[from];
        to.low[at] = to.low[from];
    }
}

/* Level by level: the first term of each computes, the others copy. */
static bool make_site(const ct_fine_work *w, int site, acb_ptr number, int64_t *first)
{
    const ct_products *p = w->f->p;
    const ct_exact_state *e = &p->exact;
    const size_t row = (size_t)(ct_products_row(p, site, 0, 0) - p->factor);
    arb_t norm;
    bool good = true;
    arb_init(norm);
    for (int64_t i = 0; i < e->first[site + 1] - e->first[site]; i++)
        first[i] = -1;
    for (int64_t m = 0; m < p->terms; m++) {
        const int32_t level = p->level[(int64_t)site * p->terms + m];
        const size_t at = row + (size_t)m;
        if (first[level] >= 0) {
            copy_factor(p, row + (size_t)first[level], at, w->f->factor);
            continue;
        }
        first[level] = m;
        ct_exact_factor(e, e->number + (e->first[site] + level) * ct_exact_numbers(e), BITS, number,
                        norm);
        for (int k = 0; k < e->dimension; k++)
            if (arb_is_zero(norm))
                acb_set_si(number + k, k == 0); /* the term vanishes: any direction */
            else
                acb_div_arb(number + k, number + k, norm, BITS);
        for (int k = 0; k < e->dimension && site == 0 && w->turn; k++)
            acb_mul(number + k, number + k, w->turn + m, BITS);
        good = put_factor(p, number, at, w->f->factor) && good;
    }
    arb_clear(norm);
    return good;
}

static void make_sites(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_work *w = context;
    acb_ptr number = _acb_vec_init(w->f->p->dimension);
    for (size_t site = first; site < last; site++)
        w->good[site] = make_site(w, (int)site, number, w->first + thread * w->f->p->terms);
    _acb_vec_clear(number, w->f->p->dimension);
}

/* |y|, or y where it is real; turn: y / |y|. */
static bool make_weights(ct_product_fine *f, acb_ptr y, acb_ptr turn)
{
    const ct_products *p = f->p;
    bool good = true;
    arb_t size;
    arb_init(size);
    ct_exact_weights(&p->exact, BITS, y);
    for (int64_t m = 0; m < p->terms; m++) {
        acb_mul_2exp_si(y + m, y + m, -p->exponent);
        if (turn) {
            acb_abs(size, y + m, BITS);
            if (arb_is_zero(size))
                acb_one(turn + m);
            else
                acb_div_arb(turn + m, y + m, size, BITS);
        } else {
            arb_set(size, acb_realref(y + m));
        }
        good = take_pair(size, f->weight.high + m, f->weight.low + m) && good;
        f->sum += UP * fabs(f->weight.high[m]);
    }
    arb_clear(size);
    return good;
}

cutropy_status ct_product_fine_make(const ct_products *p, int threads, ct_product_fine *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t numbers =
        (size_t)p->sites * (size_t)p->dimension * (p->is_complex ? 2 : 1) * (size_t)p->terms;
    ct_fine_work w = {.f = out};
    acb_ptr y = _acb_vec_init((slong)p->terms);
    *out = (ct_product_fine){.p = p};
    if (p->exact.complex_weights)
        w.turn = _acb_vec_init((slong)p->terms);
    CT_NEW(out->factor.high, numbers);
    CT_NEW(out->factor.low, numbers);
    CT_NEW(out->weight.high, p->terms);
    CT_NEW(out->weight.low, p->terms);
    CT_NEW(w.good, p->sites);
    CT_NEW(w.first, threads * p->terms);
    bool good = make_weights(out, y, w.turn);
    ct_parallel_for(threads, (size_t)p->sites, 4, make_sites, &w);
    for (int s = 0; s < p->sites; s++)
        good = good && w.good[s];
    if (!good)
        status = ct_fail(CUTROPY_ENUMERIC, "no pair of doubles holds a number of a factor");
done:
    _acb_vec_clear(y, (slong)p->terms);
    if (w.turn)
        _acb_vec_clear(w.turn, (slong)p->terms);
    ct_free(w.first);
    ct_free(w.good);
    if (status != CUTROPY_OK)
        ct_product_fine_free(out);
    return status;
}

void ct_product_fine_free(ct_product_fine *f)
{
    ct_twofold_free(&f->factor);
    ct_twofold_free(&f->weight);
}

double ct_product_fine_overlap_error(const ct_product_fine *f, int sites)
{
    return ct_overlap2_error(f->p, sites) + UP * 2 * FACTOR_ERROR * sites * SQUARE;
}

/* ---- <psi|psi> ---- */

cutropy_status ct_product_fine_norm(const ct_product_fine *f, int threads, double *norm,
                                    double *error)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = f->p;
    const int64_t n = p->terms, parts = p->is_complex ? 2 : 1,
                  most = n < CT_OVERLAP_STRIP ? n : CT_OVERLAP_STRIP;
    int32_t *site = NULL, *term = NULL;
    ct_twofold g = {0};
    double total[2] = {0, 0};
    CT_NEW(site, p->sites);
    CT_NEW(term, n);
    CT_NEW(g.high, n * most * parts);
    CT_NEW(g.low, n * most * parts);
    for (int s = 0; s < p->sites; s++)
        site[s] = s;
    for (int64_t m = 0; m < n; m++)
        term[m] = (int32_t)m;
    for (int64_t first = 0; first < n; first += CT_OVERLAP_STRIP) {
        const int64_t columns = n - first,
                      rows = columns < CT_OVERLAP_STRIP ? columns : CT_OVERLAP_STRIP;
        CT_TRY(ct_cpu_overlaps2(p, f->factor.high, f->factor.low, p->sites, site, rows, columns,
                                term + first, g.high, g.low, threads));
        for (int64_t i = first; i < first + rows; i++) {
            double row[2] = {0, 0};
            for (int64_t j = i; j < n; j++) {
                const int64_t at = parts * ((i - first) * columns + j - first);
                const double times = j > i ? 2 : 1;
                if (!p->sides || p->label[i] == p->label[j])
                    ct_pair_add_product(times * f->weight.high[j], times * f->weight.low[j],
                                        g.high[at], g.low[at], &row[0], &row[1]);
            }
            row[0] = ct_two_sum(row[0], row[1], &row[1]);
            ct_pair_add_product(f->weight.high[i], f->weight.low[i], row[0], row[1], &total[0],
                                &total[1]);
        }
    }
    *norm = total[0] + total[1];
    const double steps = (double)n + 8; /* of a row, and of their sum */
    *error = UP * ((ct_product_fine_overlap_error(f, p->sites) + (2 * steps * steps + 8) * SQUARE) *
                       f->sum * f->sum +
                   CT_UNIT_ROUNDOFF * fabs(*norm));
done:
    ct_free(site);
    ct_free(term);
    ct_twofold_free(&g);
    return status;
}
