/* SPDX-License-Identifier: Apache-2.0 */
/* Eigenproblems of the literal density matrices; see schmidt.h.
 *
 * Errors are standard estimates, not proofs: a backward-stable routine for an m x m matrix gives
 * the eigenvalues of one that differs by 8 sqrt(m) u times its norm; the entries of the matrix add
 * 6 u, and for real and complex functions the long double sums of k terms k LDBL_EPSILON, both in
 * the Frobenius norm (Cauchy-Schwarz: |G_ij|^2 <= G_ii G_jj, and the trace is 1). */
#include "analysis/export/schmidt.h"

#include <float.h>

#define U CT_UNIT_ROUNDOFF
#define LOG2_E 1.4426950408889634074

typedef struct problem {
    const ct_literal *literal;
    int side;
    int doubled; /* 2: complex as real, else 1 */
    int64_t n;   /* rows of the matrices, doubled */
    double norm;
    double *vectors; /* n x n, row by row */
    double *values;  /* n */
} problem;

/* rho_ij = sqrt(w_i w_j) G_ij / <f|f>, as a real matrix. */
static void fill_matrix(const problem *p, const int64_t *gram, const double *gram_real, double *a)
{
    const int64_t n = p->literal->count[p->side], m = p->n;
    const int64_t *weight = p->literal->weight[p->side];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const double scale = sqrt((double)weight[i]) * sqrt((double)weight[j]) / p->norm;
            const double re = gram ? (double)gram[i * n + j] : gram_real[2 * (i * n + j)];
            a[i * m + j] = scale * re;
            if (p->doubled == 1)
                continue;
            const double im = gram_real[2 * (i * n + j) + 1];
            a[(n + i) * m + n + j] = scale * re;
            a[(n + i) * m + j] = scale * im;
            a[j * m + n + i] = -scale * gram_real[2 * (j * n + i) + 1];
        }
}

static double eta(double p)
{
    return p > 0 ? -p * log2(p) : 0;
}

/* How far eta moves between p - e and p + e: by its slope, or by eta of the distance (which bounds
 * it for distances up to 1/2). */
static double eta_error(double p, double e)
{
    const double rounding = 8 * U * p * (p > 0 ? fabs(log2(p)) + 2 : 0);
    const double step = e < 0.25 ? eta(e) : 1;
    if (p <= 2 * e)
        return rounding + step;
    return rounding + fmin(step, e * (fabs(log2(p - e)) + LOG2_E));
}

static void read_values(const problem *p, double error, ct_eigenproblem *out)
{
    ct_amount sum = {0, 0};
    for (int64_t i = 0; i < p->n; i++) {
        const double value = p->values[i];
        const double here = eta_error(fmax(value, 0), error);
        sum = ct_plus(sum, (ct_amount){eta(value), value < -error ? INFINITY : here});
        out->clear += value > error;
    }
    out->entropy = (ct_amount){sum.value / p->doubled, sum.error / p->doubled};
    out->clear /= p->doubled;
    out->solved = true;
}

/* ---- the decomposition ---- */

/* x_ik = sqrt(w_i) q_ik sqrt(w_k) / ||f||, doubled where complex: n x columns. */
static void fill_state(const problem *p, int64_t columns, double *x)
{
    const ct_literal *l = p->literal;
    const int64_t n = l->count[0], m = l->count[1];
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < m; k++) {
            const double scale =
                sqrt((double)l->weight[0][i]) * sqrt((double)l->weight[1][k]) / sqrt(p->norm);
            const double re = l->integer ? (double)l->integer[i * m + k] : l->real[2 * (i * m + k)];
            x[i * columns + k] = scale * re;
            if (p->doubled == 1)
                continue;
            const double im = l->real[2 * (i * m + k) + 1];
            x[(n + i) * columns + m + k] = scale * re;
            x[(n + i) * columns + k] = scale * im;
            x[i * columns + m + k] = -scale * im;
        }
}

/* || x x^T - diagonal ||, the diagonal being 1 or (own) that of x x^T; x: n x columns. */
static double off_diagonal(const double *x, int64_t n, int64_t columns, bool own)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            double dot = 0;
            for (int64_t k = 0; k < columns; k++)
                dot += x[i * columns + k] * x[j * columns + k];
            if (i != j)
                sum += 2 * dot * dot;
            else if (!own)
                sum += (dot - 1) * (dot - 1);
        }
    return sqrt(sum);
}

/* w = vectors x (then row i is a_i fB_i) and x - vectors^T w (the rest of f). */
static void decompose(const problem *p, int64_t columns, double *x, double *w)
{
    const int64_t n = p->n;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < columns; k++)
                w[i * columns + k] += p->vectors[i * n + j] * x[j * columns + k];
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < columns; k++)
                x[j * columns + k] -= p->vectors[i * n + j] * w[i * columns + k];
}

static double length(const double *x, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static cutropy_status check_decomposition(const problem *p, ct_schmidt *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = p->n, columns = p->literal->count[1] * p->doubled;
    const double m = (double)n, error = U * (4 * m * sqrt(m) + 32 * m + (double)columns + 32);
    double *x = NULL, *w = NULL;
    CT_NEW_ZERO(x, n * columns);
    CT_NEW_ZERO(w, n * columns);
    fill_state(p, columns, x);
    decompose(p, columns, x, w);
    const double total = length(w, n * columns), all = total * total / p->doubled;
    *out = (ct_schmidt){.solved = true,
                        .rebuilt = {length(x, n * columns), error},
                        .skew = {off_diagonal(p->vectors, n, n, false), error},
                        .weight = {all - 1, error},
                        .off_diagonal = {off_diagonal(w, n, columns, true), error}};
done:
    ct_free(x);
    ct_free(w);
    return status;
}

cutropy_status ct_schmidt_solve(const ct_literal *literal, int side, const int64_t *gram,
                                const double *gram_real, double norm, const ct_operations *backend,
                                ct_eigenproblem *out, ct_schmidt *schmidt)
{
    cutropy_status status = CUTROPY_OK;
    problem p = {.literal = literal, .side = side, .doubled = 1, .norm = norm};
    double terms = 0;
    *out = (ct_eigenproblem){0};
    if (literal->entries->f->kind == CUTROPY_KIND_COMPLEX)
        p.doubled = 2;
    p.n = literal->count[side] * p.doubled;
    CT_NEW(p.vectors, p.n * p.n);
    CT_NEW(p.values, p.n);
    fill_matrix(&p, gram, gram_real, p.vectors);
    CT_TRY(backend->eigenvectors(p.n, p.vectors, p.values));
    if (gram_real)
        terms = (double)(3 * literal->count[1 - side] + 2) * (double)LDBL_EPSILON;
    read_values(&p, U * (8 * sqrt((double)p.n) * fabs(p.values[p.n - 1]) + 8) + terms, out);
    if (schmidt)
        CT_TRY(check_decomposition(&p, schmidt));
done:
    ct_free(p.vectors);
    ct_free(p.values);
    return status;
}
