/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/product_numbers.h"

#include <math.h>

void ct_exact_factor(const ct_exact_state *e, const double *number, slong prec, acb_ptr out,
                     arb_t norm)
{
    /* angles to as many bits behind the point */
    const slong wide = prec + (e->theta > 1 ? ilogb(e->theta) + 1 : 0);
    arb_t x;
    arb_init(x);
    if (e->kind == CT_FACTOR_NUMBERS) {
        const int parts = e->is_complex ? 2 : 1;
        for (int k = 0; k < e->dimension; k++)
            acb_set_d_d(out + k, number[parts * k], parts == 2 ? number[parts * k + 1] : 0);
    } else {
        arb_t scale;
        arb_init(scale);
        arb_set_d(x, number[0]);
        arb_set_d(scale, e->scale);
        arb_div(x, x, scale, wide);
        arb_set_d(scale, e->theta);
        if (e->kind != CT_FACTOR_POLY)
            arb_mul(x, x, scale, wide);
        acb_one(out);
        acb_zero(out + 1);
        if (e->kind == CT_FACTOR_COS)
            arb_sin_cos_pi(acb_realref(out + 1), acb_realref(out), x, prec);
        else if (e->kind == CT_FACTOR_POLY)
            arb_set(acb_realref(out + 1), x);
        else {
            arb_mul_2exp_si(x, x, 1);
            arb_sin_cos_pi(acb_imagref(out + 1), acb_realref(out + 1), x, prec);
        }
        arb_clear(scale);
    }
    if (e->kind == CT_FACTOR_COS) {
        arb_one(norm);
    } else if (e->kind == CT_FACTOR_PHASE) { /* the norm of every factor: as if it were 1 */
        arb_sqrt_ui(norm, 2, prec);
    } else {
        arb_zero(norm);
        for (int k = 0; k < e->dimension; k++) {
            arb_addmul(norm, acb_realref(out + k), acb_realref(out + k), prec);
            arb_addmul(norm, acb_imagref(out + k), acb_imagref(out + k), prec);
        }
        arb_sqrt(norm, norm, prec);
    }
    arb_clear(x);
}

void ct_exact_weights(const ct_exact_state *e, slong prec, acb_ptr out)
{
    acb_ptr factor = _acb_vec_init(e->dimension);
    for (int64_t m = 0; m < e->terms; m++) {
        if (e->complex_weights)
            acb_set_d_d(out + m, e->weight[2 * m], e->weight[2 * m + 1]);
        else
            acb_set_d(out + m, e->weight[m]);
    }
    for (int n = 0; e->keep_norms && n < e->sites; n++) {
        const int64_t q = e->first[n + 1] - e->first[n];
        arb_ptr norms = _arb_vec_init((slong)q);
        for (int64_t i = 0; i < q; i++)
            ct_exact_factor(e, e->number + (e->first[n] + i) * ct_exact_numbers(e), prec, factor,
                            norms + i);
        for (int64_t m = 0; m < e->terms; m++)
            acb_mul_arb(out + m, out + m, norms + e->level[(int64_t)n * e->terms + m], prec);
        _arb_vec_clear(norms, (slong)q);
    }
    _acb_vec_clear(factor, e->dimension);
}
