/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem 20 of docs/theorems.md. G: Gram matrix of the parts of one side, K = W conj(G') W^H with that of the other and W the sums
 * of y; the eigenvalues are those of K^1/2 G K^1/2. With integers in units of 2^-bits, G = G~ + dG and K = K~ + dK, and whatever
 * matrix L,
 *     E = G - L L^T:   K^1/2 G K^1/2 and K^1/2 L L^T K^1/2 differ by ||E|| Tr K at most (trace norm),
 *     the latter has the eigenvalues of L^T K L, which differs from L^T K~ L by ||dK|| ||L||_F^2,
 * and H = L^T K~ L, rounded, with so much added to its diagonal that it is positive: all is exact but these bounds. L is about a
 * Cholesky factor of G. Complex matrices stand as real ones of twice the size. */
#include "certify/product_block.h"

#include "certify/pencil.h"
#include "certify/product_numbers.h"
#include "certify/product_overlaps.h"

double ct_product_block_bytes(int64_t terms, bool is_complex, int64_t bits)
{
    const double n = (double)terms * (is_complex ? 2 : 1);
    /* balls of both sides, or six matrices of integers and residues of a product */
    return n * n * (12 * (40 + (double)bits / 8) + 2 * (double)bits);
}

/* ---- weights ---- */

/* y_m, the largest near 1. */
static void make_weights(const ct_exact_state *e, slong prec, acb_ptr out)
{
    fmpz_t most;
    bool any = false;
    fmpz_init(most);
    ct_exact_weights(e, prec, out);
    for (int64_t m = 0; m < e->terms; m++) {
        mag_t size;
        mag_init(size);
        acb_get_mag(size, out + m);
        if (!mag_is_zero(size) && (!any || fmpz_cmp(MAG_EXPREF(size), most) > 0)) {
            fmpz_set(most, MAG_EXPREF(size));
            any = true;
        }
        mag_clear(size);
    }
    fmpz_neg(most, most);
    for (int64_t m = 0; m < e->terms; m++)
        acb_mul_2exp_fmpz(out + m, out + m, most);
    fmpz_clear(most);
}

/* K = W conj(G) W^H on the parts of side `own`, upper triangle; g: of the other side. */
static acb_ptr make_kernel(const ct_exact_state *e, const ct_product_side *own,
                           const ct_product_side *other, acb_srcptr g, slong prec)
{
    const slong n = (slong)own->count, columns = (slong)other->count;
    acb_ptr k = _acb_vec_init(n * n), y = _acb_vec_init((slong)e->terms);
    acb_t x, z;
    acb_init(x);
    acb_init(z);
    make_weights(e, prec, y);
    for (int64_t s = 0; s < e->terms; s++)
        for (int64_t t = 0; own->of_term[s] >= 0 && t < e->terms; t++) {
            const slong i = own->of_term[s], j = own->of_term[t];
            if (j < i)
                continue;
            const slong a = other->of_term[s], b = other->of_term[t];
            if (a <= b)
                acb_conj(z, g + a * columns + b);
            else
                acb_set(z, g + b * columns + a);
            acb_conj(x, y + t);
            acb_mul(x, x, y + s, prec);
            acb_addmul(k + i * n + j, x, z, prec);
        }
    acb_clear(z);
    acb_clear(x);
    _acb_vec_clear(y, (slong)e->terms);
    return k;
}

/* ---- together ---- */

cutropy_status ct_product_block_make(const ct_exact_state *e, const ct_product_side side[2],
                                     int64_t bits, bool rank, int threads, ct_near_block *out)
{
    cutropy_status status = CUTROPY_OK;
    const int own = side[0].count <= side[1].count ? 0 : 1;
    const slong n = (slong)side[own].count, size = e->is_complex ? 2 * n : n;
    acb_ptr other, g;
    bool good;
    ct_pencil p;
    mag_t none;
    *out = (ct_near_block){.copies = e->is_complex ? 2 : 1};
    ct_pencil_init(&p, size, (slong)(bits + bits % 2));
    mag_init(none);
    CT_TRY(ct_product_overlaps(e, &side[1 - own], p.bits, threads, &other));
    g = make_kernel(e, &side[own], &side[1 - own], other, p.bits + CT_BALL_GUARD);
    _acb_vec_clear(other, (slong)(side[1 - own].count * side[1 - own].count));
    good = ct_fix_matrix(g, n, e->is_complex, p.bits, p.k, p.k_error);
    CT_TRY(ct_product_overlaps(e, &side[own], p.bits, threads, &g));
    good = ct_fix_matrix(g, n, e->is_complex, p.bits, p.g, p.g_error) && good;
    if (good && rank)
        CT_TRY(ct_fixed_is_positive(p.g, p.g_error, p.bits, &out->full_rank));
    if (good && out->full_rank)
        CT_TRY(ct_fixed_is_positive(p.k, p.k_error, p.bits, &out->full_rank));
    if (good)
        status = ct_pencil_block(&p, none, threads, out);
done:
    mag_clear(none);
    ct_pencil_clear(&p);
    if (status != CUTROPY_OK)
        ct_near_block_free(out);
    return status;
}
