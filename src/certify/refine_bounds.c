/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of a block from K and M, which are exact.
 *
 * With K = S (1 + f) S, S diagonal, X' = D^1/2 Y S^-1 and W = X' (1 + f)^-1/2 orthonormal:
 *   mu_i = M_ii / K_ii,  o_ij = M_ij / (S_i S_j),  e_ij = o_ij - f_ij (mu_i + mu_j) / 2,
 *   C = W^T H W = diag(mu) + e + Q,  phi = ||f||, omega = ||o||, beta = max mu + omega,
 *   ||Q|| <= q2 = phi omega + beta (phi^2 / 4 + 2 z + z phi + z^2),  z = 3/8 phi^2 / (1 - phi). */
#include "certify/integer_product.h"
#include "certify/refine_parts.h"

cutropy_status ct_refine_products(ct_block_work *w)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t scaled, transposed, image;
    fmpz_mat_init(scaled, w->n, w->n);
    fmpz_mat_init(transposed, w->n, w->n);
    fmpz_mat_init(image, w->n, w->n);
    for (slong i = 0; i < w->n; i++)
        for (slong j = 0; j < w->n; j++)
            fmpz_mul(fmpz_mat_entry(scaled, i, j), fmpz_mat_entry(w->y, i, j), w->weight + i);
    fmpz_mat_transpose(transposed, scaled);
    CT_TRY(ct_integer_product(transposed, w->y, 1, w->k));
    CT_TRY(ct_integer_product(w->g, scaled, 1, image));
    CT_TRY(ct_integer_product(transposed, image, 1, w->m));
done:
    fmpz_mat_clear(image);
    fmpz_mat_clear(transposed);
    fmpz_mat_clear(scaled);
    return status;
}

/* sum += |x|^2 factor */
static void add_square(mag_t sum, const fmpz_t x, const mag_t factor)
{
    mag_t size;
    mag_init(size);
    mag_set_fmpz(size, x);
    mag_mul(size, size, size);
    mag_mul(size, size, factor);
    mag_add(sum, sum, size);
    mag_clear(size);
}

void ct_refine_defect(fmpz_t out, const ct_block_work *w, slong i, slong j, fmpz_t help)
{
    fmpz_mul(out, fmpz_mat_entry(w->m, i, i), fmpz_mat_entry(w->k, j, j));
    fmpz_addmul(out, fmpz_mat_entry(w->m, j, j), fmpz_mat_entry(w->k, i, i));
    fmpz_mul(out, out, fmpz_mat_entry(w->k, i, j));
    fmpz_neg(out, out);
    fmpz_mul(help, fmpz_mat_entry(w->k, i, i), fmpz_mat_entry(w->k, j, j));
    fmpz_mul(help, help, fmpz_mat_entry(w->m, i, j));
    fmpz_mul_2exp(help, help, 1);
    fmpz_add(out, out, help);
}

/* phi, omega, the columns of e; false when a vector vanished. */
static bool off_diagonal(ct_block_work *w)
{
    fmpz_t x, help;
    mag_t both, cube, before;
    bool good = true;
    fmpz_init(x);
    fmpz_init(help);
    mag_init(both);
    mag_init(cube);
    mag_init(before);
    mag_zero(w->phi);
    mag_zero(w->omega);
    for (slong i = 0; i < w->n; i++) {
        mag_set_fmpz_lower(both, fmpz_mat_entry(w->k, i, i));
        good = good && !mag_is_zero(both);
        mag_inv(w->inverse + i, both);
        mag_zero(w->column + i);
    }
    for (slong i = 0; good && i < w->n; i++)
        for (slong j = i + 1; j < w->n; j++) {
            mag_mul(both, w->inverse + i, w->inverse + j);
            add_square(w->phi, fmpz_mat_entry(w->k, i, j), both);
            add_square(w->omega, fmpz_mat_entry(w->m, i, j), both);
            mag_mul(cube, both, both);
            mag_mul(cube, cube, both);
            mag_mul_2exp_si(cube, cube, -2);
            ct_refine_defect(x, w, i, j, help);
            mag_zero(before);
            add_square(before, x, cube);
            mag_add(w->column + i, w->column + i, before);
            mag_add(w->column + j, w->column + j, before);
        }
    mag_mul_2exp_si(w->phi, w->phi, 1); /* both triangles */
    mag_sqrt(w->phi, w->phi);
    mag_mul_2exp_si(w->omega, w->omega, 1);
    mag_sqrt(w->omega, w->omega);
    mag_clear(before);
    mag_clear(cube);
    mag_clear(both);
    fmpz_clear(help);
    fmpz_clear(x);
    return good;
}

/* beta and q2, in units of eigenvalues of D G; false unless phi < 1/16. */
static bool second_order(ct_block_work *w)
{
    mag_t z, sum, term;
    if (!(mag_cmp_2exp_si(w->phi, -4) < 0))
        return false;
    mag_init(z);
    mag_init(sum);
    mag_init(term);
    mag_zero(w->beta);
    for (slong i = 0; i < w->n; i++) {
        mag_set_fmpz(term, fmpz_mat_entry(w->m, i, i));
        mag_mul(term, term, w->inverse + i);
        mag_max(w->beta, w->beta, term);
    }
    mag_add(w->beta, w->beta, w->omega);
    mag_mul(sum, w->phi, w->phi);
    mag_mul_ui(z, sum, 2); /* z = 3/8 phi^2 / (1 - phi) <= 2/5 phi^2 for phi < 1/16 */
    mag_div_ui(z, z, 5);
    mag_mul_2exp_si(sum, sum, -2);
    mag_mul_2exp_si(term, z, 1);
    mag_add(sum, sum, term);
    mag_mul(term, z, w->phi);
    mag_add(sum, sum, term);
    mag_mul(term, z, z);
    mag_add(sum, sum, term);
    mag_mul(sum, sum, w->beta);
    mag_mul(term, w->phi, w->omega);
    mag_add(w->q2, sum, term);
    mag_clear(term);
    mag_clear(sum);
    mag_clear(z);
    return true;
}

bool ct_refine_bounds(ct_block_work *w)
{
    return off_diagonal(w) && second_order(w);
}

bool ct_refine_resolved(const ct_block_work *w, slong j, const arb_t mu, mag_t out)
{
    mag_t below, size;
    arb_t gap;
    mag_init(below);
    mag_init(size);
    arb_init(gap);
    arb_set(gap, mu);
    arb_add_error_mag(gap, w->q2);
    arb_get_mag_lower(below, gap);
    bool good = arb_is_positive(gap) && !mag_is_zero(below);
    if (good) {
        mag_sqrt(size, w->column + j);
        mag_add(size, size, w->q2);
        mag_mul(size, size, size);
        mag_div(out, size, below);
        good = mag_cmp(out, below) < 0;
    }
    arb_clear(gap);
    mag_clear(size);
    mag_clear(below);
    return good;
}
