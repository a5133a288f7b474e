/* SPDX-License-Identifier: Apache-2.0 */
/* One step of Ogita and Aishima's refinement: better vectors, in exact integers. */
#include "certify/integer_product.h"
#include "certify/refine_parts.h"

#define LARGEST_TURN 5 /* |U_ij| <= 2^-5 */

/* turn = e_ij / (mu_j - mu_i), zero where that is not small or the gap is no more than the square
 * of what the vectors resolve: vectors of equal eigenvalues stay as they are. */
static void turn(arb_t out, const ct_block_work *w, slong i, slong j, arb_srcptr mu,
                 arb_srcptr root, slong bits)
{
    fmpz_t x, help;
    arb_t gap;
    mag_t size, limit;
    fmpz_init(x);
    fmpz_init(help);
    arb_init(gap);
    mag_init(size);
    mag_init(limit);
    arb_sub(gap, mu + j, mu + i, bits);
    arb_get_mag_lower(size, gap);
    mag_mul_2exp_si(limit, w->beta, -(w->scale - w->shift) / 2);
    arb_zero(out);
    if (mag_cmp(size, limit) > 0) {
        ct_refine_defect(x, w, i, j, help); /* 2 e_ij (K_ii K_jj)^(3/2) */
        fmpz_mul(help, fmpz_mat_entry(w->k, i, i), fmpz_mat_entry(w->k, j, j));
        arb_set_fmpz(out, x);
        arb_div_fmpz(out, out, help, bits);
        arb_div(out, out, root + i, bits);
        arb_div(out, out, root + j, bits);
        arb_div(out, out, gap, bits);
        arb_mul_2exp_si(out, out, -1);
        if (!arb_is_finite(out) || arf_cmpabs_2exp_si(arb_midref(out), -LARGEST_TURN) > 0)
            arb_zero(out);
    }
    mag_clear(limit);
    mag_clear(size);
    arb_clear(gap);
    fmpz_clear(help);
    fmpz_clear(x);
}

/* S^-1 (1 + U) scaled to 2^(scale + bits), with U_ij = e_ij / (mu_j - mu_i) - f_ij / 2. */
static void correction(fmpz_mat_t out, const ct_block_work *w, slong bits)
{
    const slong p = bits + 64;
    arb_ptr mu = _arb_vec_init(w->n), root = _arb_vec_init(w->n);
    arb_t rotation, half, u;
    arb_init(rotation);
    arb_init(half);
    arb_init(u);
    for (slong i = 0; i < w->n; i++) {
        arb_set_fmpz(mu + i, fmpz_mat_entry(w->m, i, i));
        arb_div_fmpz(mu + i, mu + i, fmpz_mat_entry(w->k, i, i), p);
        arb_sqrt_fmpz(root + i, fmpz_mat_entry(w->k, i, i), p);
        arb_inv(u, root + i, p);
        arb_mul_2exp_si(u, u, w->scale + bits);
        arf_get_fmpz(fmpz_mat_entry(out, i, i), arb_midref(u), ARF_RND_NEAR);
    }
    for (slong i = 0; i < w->n; i++)
        for (slong j = i + 1; j < w->n; j++) {
            turn(rotation, w, i, j, mu, root, p);
            arb_set_fmpz(half, fmpz_mat_entry(w->k, i, j)); /* f_ij / 2 */
            arb_div(half, half, root + i, p);
            arb_div(half, half, root + j, p);
            arb_mul_2exp_si(half, half, -1);
            arb_sub(u, rotation, half, p);
            arb_div(u, u, root + i, p);
            arb_mul_2exp_si(u, u, w->scale + bits);
            arf_get_fmpz(fmpz_mat_entry(out, i, j), arb_midref(u), ARF_RND_NEAR);
            arb_add(u, rotation, half, p);
            arb_neg(u, u);
            arb_div(u, u, root + j, p);
            arb_mul_2exp_si(u, u, w->scale + bits);
            arf_get_fmpz(fmpz_mat_entry(out, j, i), arb_midref(u), ARF_RND_NEAR);
        }
    arb_clear(u);
    arb_clear(half);
    arb_clear(rotation);
    _arb_vec_clear(root, w->n);
    _arb_vec_clear(mu, w->n);
}

cutropy_status ct_refine_turn(ct_block_work *w, slong scale)
{
    cutropy_status status = CUTROPY_OK;
    const slong bits = scale + 16;
    fmpz_mat_t change, next;
    fmpz_mat_init(change, w->n, w->n);
    fmpz_mat_init(next, w->n, w->n);
    correction(change, w, bits);
    CT_TRY(ct_integer_product(w->y, change, 1, next));
    fmpz_mat_scalar_tdiv_q_2exp(w->y, next, (ulong)(w->scale + bits - scale));
    w->scale = scale;
done:
    fmpz_mat_clear(next);
    fmpz_mat_clear(change);
    return status;
}
