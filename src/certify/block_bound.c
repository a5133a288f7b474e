/* Theorem B in twice the working precision.
 *
 * With y = D^-1/2 x for the columns x of the approximate eigenvectors:
 *     K = Y^T D Y,   r_j = G D y_j - Lambda_j y_j,   w_ij = y_i^T D r_j,
 *     f_ij = K_ij / sqrt(K_ii K_jj) off the diagonal,   phi = ||f||_F < 1/10,
 *     d_j = Lambda_j + w_jj / K_jj,   o_ij = f_ij Lambda_j + w_ij / sqrt(K_ii K_jj),
 *     e_ij = o_ij - f_ij (d_i + d_j) / 2.
 * In the orthonormal basis X diag(K_jj)^-1/2 (I + f)^-1/2 (Loewdin) H is diag(d) + e + Q with
 *     ||Q||_F <= phi omega + beta (phi^2 / 4 + 2 z + z phi + z^2),
 *     omega = ||o||_F, beta = max |d| + omega, z = 3/8 phi^2 / (1 - phi).
 * K and r are products in twice the working precision, everything else is small and needs few
 * digits; each bound is a sum of non-negative terms, rounded up by the factor UP. */
#include "certify/block_bound.h"

#include <math.h>
#include <string.h>

#include "base/twofold.h"

/* Covers the rounding of a sum of fewer than 2^40 non-negative terms and of the operations in each:
 * comes to 2^-10 where the sums need 2^-12. */
#define UP (1 + 0x1p-10)
#define MOST_PHI 0.1
#define LEAST_GAP 1e-13 /* of the largest eigenvalue: closer pairs are only made orthogonal */

typedef struct ct_work {
    const ct_block_gram *gram;
    int64_t n;
    ct_twofold y;   /* row k, column j: component k of vector j */
    ct_twofold gd;  /* G D */
    ct_twofold dy;  /* D Y */
    ct_twofold k;   /* K, upper triangle */
    ct_twofold r;   /* residuals; r.high holds D r afterwards */
    double *w;      /* w_ij / sqrt(K_ii K_jj) */
    double *lambda; /* n */
    double *norm;   /* n: sqrt(K_jj) */
    double *rho;    /* n: >= ||D^1/2 r_j|| / sqrt(K_jj) */
    double size;    /* >= ||H||_F */
    double square;  /* gamma^2 of the twofold products */
} ct_work;

static void clear_twofold(int64_t n, ct_twofold *m)
{
    memset(m->high, 0, (size_t)(n * n) * sizeof *m->high);
    memset(m->low, 0, (size_t)(n * n) * sizeof *m->low);
}

static cutropy_status open_work(const ct_block_gram *gram, ct_work *w)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = gram->n;
    *w = (ct_work){.gram = gram, .n = n};
    CT_TRY(ct_twofold_new(n, &w->y));
    CT_TRY(ct_twofold_new(n, &w->gd));
    CT_TRY(ct_twofold_new(n, &w->dy));
    CT_TRY(ct_twofold_new(n, &w->k));
    CT_TRY(ct_twofold_new(n, &w->r));
    CT_NEW(w->w, n * n);
    CT_NEW(w->lambda, n);
    CT_NEW(w->norm, n);
    CT_NEW(w->rho, n);
done:
    return status;
}

static void close_work(ct_work *w)
{
    ct_twofold_free(&w->y);
    ct_twofold_free(&w->gd);
    ct_twofold_free(&w->dy);
    ct_twofold_free(&w->k);
    ct_twofold_free(&w->r);
    ct_free(w->w);
    ct_free(w->lambda);
    ct_free(w->norm);
    ct_free(w->rho);
}

/* The same matrix without a low part that is zero: most entries are exact, and that halves the
 * work. */
static ct_twofold without_zeros(int64_t n, ct_twofold m)
{
    for (int64_t i = 0; i < n * n; i++)
        if (m.low[i] != 0)
            return m;
    m.low = NULL;
    return m;
}

/* G D, its size, and Y from the vectors. */
static void start(ct_work *w, const double *vectors, const double *values)
{
    const int64_t n = w->n;
    const double *m = w->gram->weight;
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < n; k++) {
            const int64_t at = i * n + k;
            const double g = w->gram->g.high[at];
            w->gd.high[at] = ct_two_product(g, m[k], &w->gd.low[at]);
            if (w->gram->g.low)
                w->gd.low[at] += w->gram->g.low[at] * m[k];
            sum += m[i] * m[k] * g * g;
        }
    w->size = sqrt(sum) * UP + w->gram->error;
    w->square = UP * ct_gamma((double)n + 8) * ct_gamma((double)n + 8);
    for (int64_t k = 0; k < n; k++) {
        const double root = 1 / sqrt(m[k]);
        for (int64_t j = 0; j < n; j++)
            w->y.high[k * n + j] = root * vectors[j * n + k];
    }
    memset(w->y.low, 0, (size_t)(n * n) * sizeof *w->y.low);
    memcpy(w->lambda, values, (size_t)n * sizeof *values);
}

/* D Y and K = Y^T D Y; norm[j] = sqrt(K_jj), right to a few roundings. */
static void find_overlaps(ct_work *w)
{
    const int64_t n = w->n;
    for (int64_t k = 0; k < n; k++)
        for (int64_t j = 0; j < n; j++) {
            const int64_t at = k * n + j;
            const double m = w->gram->weight[k];
            w->dy.high[at] = ct_two_product(m, w->y.high[at], &w->dy.low[at]);
            w->dy.low[at] += m * w->y.low[at];
        }
    clear_twofold(n, &w->k);
    ct_product2_upper(n, n, without_zeros(n, w->dy), without_zeros(n, w->y), w->k);
    for (int64_t j = 0; j < n; j++)
        w->norm[j] = sqrt(w->k.high[j * n + j] + w->k.low[j * n + j]);
}

/* r = G D Y - Y Lambda, rho, and w. */
static void find_residuals(ct_work *w)
{
    const int64_t n = w->n;
    clear_twofold(n, &w->r);
    ct_product2(n, n, n, without_zeros(n, w->gd), without_zeros(n, w->y), w->r);
    memset(w->rho, 0, (size_t)n * sizeof *w->rho);
    for (int64_t k = 0; k < n; k++)
        for (int64_t j = 0; j < n; j++) {
            const int64_t at = k * n + j;
            double product_slip, sum_slip;
            const double product = ct_two_product(-w->lambda[j], w->y.high[at], &product_slip);
            const double sum = ct_two_sum(w->r.high[at], product, &sum_slip);
            const double r =
                sum + (w->r.low[at] + sum_slip + product_slip - w->lambda[j] * w->y.low[at]);
            const double m = w->gram->weight[k];
            w->rho[j] += m * r * r;
            w->r.high[at] = m * r;
        }
    for (int64_t j = 0; j < n; j++)
        w->rho[j] = UP * sqrt(w->rho[j]) / w->norm[j];
    memset(w->w, 0, (size_t)(n * n) * sizeof *w->w);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < n; k++) {
            const double y = w->y.high[k * n + i] / w->norm[i];
            for (int64_t j = 0; j < n; j++)
                w->w[i * n + j] += y * w->r.high[k * n + j];
        }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            w->w[i * n + j] /= w->norm[j];
}

static double overlap(const ct_work *w, int64_t i, int64_t j)
{
    const int64_t at = i < j ? i * w->n + j : j * w->n + i;
    return (w->k.high[at] + w->k.low[at]) / (w->norm[i] * w->norm[j]);
}

/* Y <- Y (I + U): vectors of twice the working precision. */
static cutropy_status refine_vectors(ct_work *w)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = w->n;
    double *u = NULL, largest = 0;
    CT_NEW(u, n * n);
    for (int64_t j = 0; j < n; j++)
        largest = fmax(largest, fabs(w->lambda[j]));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const double f = i == j ? 0 : overlap(w, i, j);
            const double dj = w->lambda[j] + w->w[j * n + j];
            const double di = w->lambda[i] + w->w[i * n + i];
            const double gap = dj - di;
            u[i * n + j] = fabs(gap) > LEAST_GAP * largest
                               ? (f * w->lambda[j] + w->w[i * n + j] - f * dj) / gap
                               : -f / 2;
            if (i == j)
                u[i * n + j] = 0;
        }
    /* r is free: the change of Y */
    clear_twofold(n, &w->r);
    ct_product2(n, n, n, w->y, (ct_twofold){.high = u}, w->r);
    for (int64_t at = 0; at < n * n; at++) {
        double slip;
        const double sum = ct_two_sum(w->y.high[at], w->r.high[at], &slip);
        const double low = slip + w->y.low[at] + w->r.low[at];
        w->y.high[at] = ct_two_sum(sum, low, &w->y.low[at]);
    }
    for (int64_t j = 0; j < n; j++)
        w->lambda[j] += w->w[j * n + j];
done:
    ct_free(u);
    return status;
}

/* The bounds; false when they do not hold (written so that NaN is refused). */
static bool bound(const ct_work *w, ct_block_bound *out)
{
    const int64_t n = w->n;
    const double gamma = ct_gamma((double)n + 8);
    double ff = 0, oo = 0, largest = 0, off = 0;
    for (int64_t j = 0; j < n; j++) {
        if (!(w->norm[j] > 0.5 && w->norm[j] < 2 && w->rho[j] < INFINITY))
            return false;
        const double correction = w->w[j * n + j];
        out->value[j] = w->lambda[j];
        out->correction[j] = correction;
        /* w_jj is off by gamma rho_j, and by the error of r_j */
        out->radius[j] = UP * (gamma * w->rho[j] + w->square * (w->size + fabs(w->lambda[j])) +
                               8 * CT_UNIT_ROUNDOFF * fabs(correction));
        largest = fmax(largest, fabs(w->lambda[j]) + fabs(correction) + out->radius[j]);
        out->column[j] = 0;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++) {
            const double f = overlap(w, i, j), wij = w->w[i * n + j];
            const double half =
                (out->value[i] + out->correction[i] + out->value[j] + out->correction[j]) / 2;
            /* error of w_ij, of f_ij, of d_i and d_j, and of the few operations that follow */
            const double slack = 1.25 * fmax(out->radius[i], out->radius[j]) +
                                 w->square * 2 * largest +
                                 8 * CT_UNIT_ROUNDOFF * (fabs(f) * 2 * largest + fabs(wij));
            const double e = fabs(f * (w->lambda[j] - half) + wij) + slack;
            const double o = fabs(f * w->lambda[j] + wij) + slack;
            const double size = fabs(f) * (1 + 8 * CT_UNIT_ROUNDOFF) + w->square;
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
    out->rest =
        UP * (phi * omega + beta * (phi * phi / 4 + 2 * z + z * phi + z * z) + w->gram->error);
    return phi < MOST_PHI && out->rest < INFINITY && out->off < INFINITY;
}

cutropy_status ct_block_bound_make(const ct_block_gram *gram, const double *vectors,
                                   const double *values, bool refine, ct_block_bound *out,
                                   bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    ct_work w = {0};
    *out = (ct_block_bound){.n = gram->n};
    *proved = false;
    CT_TRY(open_work(gram, &w));
    CT_NEW(out->value, gram->n);
    CT_NEW(out->correction, gram->n);
    CT_NEW(out->radius, gram->n);
    CT_NEW(out->column, gram->n);
    start(&w, vectors, values);
    find_overlaps(&w);
    find_residuals(&w);
    if (refine) {
        CT_TRY(refine_vectors(&w));
        find_overlaps(&w);
        find_residuals(&w);
    }
    *proved = bound(&w, out);
done:
    close_work(&w);
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
