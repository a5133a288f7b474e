/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem B (13 of docs/theorems.md): bounds from its terms.
 *
 * With y = D^-1/2 x for the columns x of the approximate eigenvectors:
 *     K = Y^T D Y,   r_j = G D y_j - Lambda_j y_j,   w_ij = y_i^T D r_j,
 *     f_ij = K_ij / sqrt(K_ii K_jj) off the diagonal,   phi = ||f||_F < 1/10,
 *     d_j = Lambda_j + w_jj / K_jj,   o_ij = f_ij Lambda_j + w_ij / sqrt(K_ii K_jj),
 *     e_ij = o_ij - f_ij (d_i + d_j) / 2.
 * In the orthonormal basis X diag(K_jj)^-1/2 (I + f)^-1/2 (Loewdin) H is diag(d) + e + Q with
 *     ||Q||_F <= phi omega + beta (phi^2 / 4 + 2 z + z phi + z^2),
 *     omega = ||o||_F, beta = max |d| + omega, z = 3/8 phi^2 / (1 - phi).
 * Each bound is a sum of non-negative terms, rounded up by the factor UP; the terms come from exact slices or from products in
 * twice the working precision. */
#include "certify/block_bound.h"

#include <math.h>

#include "base/twofold.h"
#include "certify/block_slices.h"
#include "certify/block_twofold.h"

#define UP CT_BLOCK_UP
#define MOST_PHI 0.1

static cutropy_status open_terms(int64_t n, ct_block_terms *t)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(t->f, n * n);
    CT_NEW(t->w, n * n);
    CT_NEW(t->lambda, n);
    CT_NEW(t->norm, n);
    CT_NEW(t->rho, n);
done:
    return status;
}

static void close_terms(ct_block_terms *t)
{
    ct_free(t->f);
    ct_free(t->w);
    ct_free(t->lambda);
    ct_free(t->norm);
    ct_free(t->rho);
}

/* The bounds; false when they do not hold (written so that NaN is refused). */
static bool bound(const ct_block_terms *t, double error, ct_block_bound *out)
{
    const int64_t n = out->n;
    const double gamma = ct_gamma((double)n + 8);
    double ff = 0, oo = 0, largest = 0, off = 0;
    for (int64_t j = 0; j < n; j++) {
        if (!(t->norm[j] > 0.5 && t->norm[j] < 2 && t->rho[j] < INFINITY))
            return false;
        const double correction = t->w[j * n + j];
        out->value[j] = t->lambda[j];
        out->correction[j] = correction;
        /* w_jj is off by gamma rho_j, and by the error of r_j */
        out->radius[j] =
            UP * (gamma * t->rho[j] + t->residual_error * (t->size + fabs(t->lambda[j])) +
                  8 * CT_UNIT_ROUNDOFF * fabs(correction));
        largest = fmax(largest, fabs(t->lambda[j]) + fabs(correction) + out->radius[j]);
        out->column[j] = 0;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++) {
            const double f = t->f[i * n + j], wij = t->w[i * n + j];
            const double half =
                (out->value[i] + out->correction[i] + out->value[j] + out->correction[j]) / 2;
            /* error of w_ij, of f_ij, of d_i and d_j, and of the few operations that follow */
            const double slack = 1.25 * fmax(out->radius[i], out->radius[j]) +
                                 t->overlap_error * 2 * largest +
                                 8 * CT_UNIT_ROUNDOFF * (fabs(f) * 2 * largest + fabs(wij));
            const double e = fabs(f * (t->lambda[j] - half) + wij) + slack;
            const double o = fabs(f * t->lambda[j] + wij) + slack;
            const double size = fabs(f) * (1 + 8 * CT_UNIT_ROUNDOFF) + t->overlap_error;
            ff += 2 * size * size;
            oo += 2 * o * o;
            out->column[i] += e * e;
            out->column[j] += e * e;
        }
    for (int64_t j = 0; j < n; j++) {
        off += out->column[j];
        out->column[j] = UP * sqrt(out->column[j]);
    }
    const double phi = UP * sqrt(ff), omega = UP * sqrt(oo), beta = largest + omega;
    const double z = 0.375 * phi * phi / (1 - phi);
    out->off = UP * sqrt(off);
    out->rest = UP * (phi * omega + beta * (phi * phi / 4 + 2 * z + z * phi + z * z) + error);
    return phi < MOST_PHI && out->rest < INFINITY && out->off < INFINITY;
}

cutropy_status ct_block_bound_make(const ct_block_gram *gram, const double *vectors,
                                   const double *values, int refine, ct_block_bound *out,
                                   bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    ct_block_terms terms = {0};
    bool served = false;
    *out = (ct_block_bound){.n = gram->n};
    *proved = false;
    CT_TRY(open_terms(gram->n, &terms));
    CT_NEW(out->value, gram->n);
    CT_NEW(out->correction, gram->n);
    CT_NEW(out->radius, gram->n);
    CT_NEW(out->column, gram->n);
    if (!refine)
        CT_TRY(ct_block_slices(gram, vectors, values, &terms, NULL, &served));
    if (!served)
        CT_TRY(ct_block_twofold(gram, vectors, values, refine, &terms));
    *proved = bound(&terms, gram->error, out);
done:
    close_terms(&terms);
    if (status != CUTROPY_OK || !*proved)
        ct_block_bound_free(out);
    return status;
}

void ct_block_bound_free(ct_block_bound *bound)
{
    ct_free(bound->value);
    ct_free(bound->correction);
    ct_free(bound->radius);
    ct_free(bound->column);
    *bound = (ct_block_bound){0};
}
