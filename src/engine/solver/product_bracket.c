/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem 22 of docs/theorems.md. rho_A = A Y G_B Y A^T / T on the span of the parts a_m, the columns of A; a product with rho_A is
 * x -> Y G_B Y G_A x / T on coefficients. Block power iteration: Rayleigh quotients of orthonormal vectors, whatever they are, lie below the
 * eigenvalues, which is all that the bracket needs. */
#include "engine/solver/product_bracket.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/sum.h"
#include "engine/solver/product_cut.h"
#include "engine/solver/product_half.h"

#define SPARE 8     /* vectors beyond those asked for, which make the others converge */
#define ROUNDS 12   /* of the iteration, at most */
#define LEAST 1e-10 /* of the largest, of a Gram matrix of vectors: what is below is none */
#define ENOUGH 0.99 /* of the width of the bracket before: the vectors have converged */
#define EIGENVALUES                                                                                \
    8.0 /* times k u: an estimate of what eigenvalues of k x k matrices are off by */
#define LEAST_SURE 0.125 /* of the purity: a larger error is refused */

typedef struct ct_power {
    const ct_products *p;
    const ct_operations *operations;
    const ct_watch *watch;
    int threads;
    double norm, norm_error;
    ct_product_side side[2]; /* the one with the smaller space first */
    double entry[2];         /* what an overlap on a side is off by */
    double sum;              /* of |y| */
    int64_t n;               /* terms with weight */
    int32_t *term;           /* 2 n: twice, so that every rotation is a piece of it */
    int64_t k;               /* vectors */
    double *u, *v;           /* n x k: vectors, and G_A u */
    double *theta;           /* k: descending */
    double *help;            /* n x k */
} ct_power;

static cutropy_status go_on(const ct_power *w)
{
    const ct_watch *watch = w->watch;
    return ct_asked_to_stop(watch, "cuts", 0, 0) ? ct_fail(CUTROPY_ECANCELLED, "stopped")
                                                 : CUTROPY_OK;
}

/* ---- products ---- */

static cutropy_status times_gram(const ct_power *w, int s, int64_t k, const double *x, double *y)
{
    cutropy_status status = CUTROPY_OK;
    const ct_product_side *side = &w->side[s];
    CT_TRY(go_on(w));
    CT_TRY(w->operations->overlaps_times(w->p, side->sites, side->site, side->labelled, w->n,
                                         w->term, k, x, y, w->threads));
done:
    return status;
}

static void times_weights(const ct_power *w, int64_t k, const double *x, double *y)
{
    for (int64_t i = 0; i < w->n; i++)
        for (int64_t c = 0; c < k; c++)
            y[i * k + c] = w->p->weight[w->term[i]] * x[i * k + c];
}

/* y = Y G_B Y x; help: as large. */
static cutropy_status times_kernel(const ct_power *w, int64_t k, const double *x, double *y,
                                   double *help)
{
    times_weights(w, k, x, help);
    const cutropy_status status = times_gram(w, 1, k, help, y);
    times_weights(w, k, y, y);
    return status;
}

/* Columns first .. first + k - 1 of a Gram matrix; strip: k x n. */
static cutropy_status columns_of(const ct_power *w, int s, int64_t first, int64_t k, double *strip,
                                 double *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_product_side *side = &w->side[s];
    const int32_t *term = w->term + first, *label = w->p->label;
    CT_TRY(
        w->operations->overlaps(w->p, side->sites, side->site, k, w->n, term, strip, w->threads));
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < w->n; j++) {
            const double g = j < i ? strip[j * w->n + i] : strip[i * w->n + j];
            const bool apart = side->labelled && label[term[i]] != label[term[j]];
            out[(first + j) % w->n * k + i] = apart ? 0 : g;
        }
done:
    return status;
}

/* ---- purity ---- */

static int64_t columns_at_once(int64_t n, uint64_t memory_limit)
{
    const uint64_t fit = memory_limit / 2 / (6 * 8 * (uint64_t)n);
    return fit < CT_OVERLAP_STRIP ? CT_OVERLAP_STRIP : fit < (uint64_t)n ? (int64_t)fit : n;
}

/* Of a product with both Gram matrices and two weights over n terms, relative to the sum of the absolute values. */
static double product_error(const ct_power *w)
{
    return (w->entry[0] + w->entry[1] +
            (2 * w->p->weight_error + (double)w->n + 8) * CT_UNIT_ROUNDING) *
           CT_SECOND_ORDER;
}

/* Tr rho^2 = sum over m of (G K e_m)^T (K G e_m) / T^2, K = Y G_B Y. Number i of the first vector is off by |y_m| sum |y| times
 * product_error, that of the second one by |y_i| times as much. */
static cutropy_status find_purity(const ct_power *w, uint64_t memory_limit, double *out,
                                  double *error)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = w->n, most = columns_at_once(n, memory_limit);
    const double each = product_error(w) * w->sum;
    double *strip = NULL, *gram = NULL, *kernel = NULL, *left = NULL, *right = NULL, *help = NULL;
    ct_sum sum = {0};
    double off = each * each * w->sum * w->sum;
    CT_NEW(strip, n * most);
    CT_NEW(gram, n * most);
    CT_NEW(kernel, n * most);
    CT_NEW(left, n * most);
    CT_NEW(right, n * most);
    CT_NEW(help, n * most);
    for (int64_t first = 0; first < n; first += most) {
        const int64_t k = n - first < most ? n - first : most;
        CT_TRY(columns_of(w, 0, first, k, strip, gram));
        CT_TRY(columns_of(w, 1, first, k, strip, kernel));
        times_weights(w, k, kernel, kernel);
        for (int64_t i = 0; i < n; i++)
            for (int64_t c = 0; c < k; c++)
                kernel[i * k + c] *= w->p->weight[w->term[first + c]];
        CT_TRY(times_gram(w, 0, k, kernel, left));
        CT_TRY(times_kernel(w, k, gram, right, help));
        for (int64_t i = 0; i < n; i++)
            for (int64_t c = 0; c < k; c++) {
                const double l = left[i * k + c], r = right[i * k + c];
                ct_sum_add(&sum, l * r);
                off += each * (fabs(w->p->weight[w->term[first + c]] * r) +
                               fabs(w->p->weight[w->term[i]] * l));
            }
    }
    off *= CT_SECOND_ORDER;
    const double square = ct_sum_value(&sum), less = w->norm - w->norm_error,
                 more = w->norm + w->norm_error;
    *out = square / w->norm / w->norm;
    *error = fmax((square + off) / less / less - *out, *out - (square - off) / more / more) +
             8 * CT_UNIT_ROUNDING * *out;
done:
    ct_free(strip);
    ct_free(gram);
    ct_free(kernel);
    ct_free(left);
    ct_free(right);
    ct_free(help);
    return status;
}

/* ---- vectors ---- */

/* out = a^T b, k x k, made symmetric. */
static void inner_products(const ct_power *w, const double *a, const double *b, double *out)
{
    const int64_t k = w->k;
    memset(out, 0, (size_t)(k * k) * sizeof *out);
    for (int64_t m = 0; m < w->n; m++)
        for (int64_t i = 0; i < k; i++) {
            const double x = a[m * k + i];
            for (int64_t j = 0; j < k; j++)
                out[i * k + j] += x * b[m * k + j];
        }
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < i; j++)
            out[i * k + j] = out[j * k + i] = (out[i * k + j] + out[j * k + i]) / 2;
}

/* a <- a r^T with r of `rows` rows of k numbers; w->k stays. */
static void turn(const ct_power *w, double *a, const double *r, int64_t rows)
{
    w->operations->rows_by_rows(false, w->n, rows, w->k, a, r, w->help, w->threads);
    memcpy(a, w->help, (size_t)(w->n * rows) * sizeof *a);
}

/* u <- u R, v <- v R with u^T v = 1. Vectors that are next to none go. */
static cutropy_status make_orthonormal(ct_power *w)
{
    cutropy_status status = CUTROPY_OK;
    double *gram = NULL, *values = NULL;
    int64_t kept = 0;
    CT_NEW(gram, w->k * w->k);
    CT_NEW(values, w->k);
    inner_products(w, w->u, w->v, gram);
    CT_TRY(w->operations->eigenvectors(w->k, gram, values));
    const double largest = values[w->k - 1];
    if (!(largest > 0 && largest < INFINITY))
        CT_TRY(ct_fail(CUTROPY_ENUMERIC, "no vector is left of a block"));
    for (int64_t i = 0; i < w->k; i++) {
        if (!(values[i] > LEAST * largest))
            continue;
        for (int64_t j = 0; j < w->k; j++)
            gram[kept * w->k + j] = gram[i * w->k + j] / sqrt(values[i]);
        kept++;
    }
    turn(w, w->u, gram, kept);
    turn(w, w->v, gram, kept);
    w->k = kept;
done:
    ct_free(gram);
    ct_free(values);
    return status;
}

/* c[j] = sum over m of |y_m| |a_mj|, without y: of |a_mj|. */
static void absolute_sums(const ct_power *w, const double *a, bool weighted, double *c)
{
    memset(c, 0, (size_t)w->k * sizeof *c);
    for (int64_t m = 0; m < w->n; m++)
        for (int64_t j = 0; j < w->k; j++)
            c[j] += (weighted ? fabs(w->p->weight[w->term[m]]) : 1) * fabs(a[m * w->k + j]);
}

static double total(const double *a, int64_t k)
{
    double sum = 0;
    for (int64_t i = 0; i < k; i++)
        sum += a[i];
    return sum * CT_SECOND_ORDER;
}

/* m, of u^T G_A u, grows and c, of v^T K v, shrinks by what they may be off by as forms (theorem 22). s: sums of |u|, b: of |y v|. */
static void widen(const ct_power *w, const double *s, const double *b, double *root, double *m,
                  double *c)
{
    const int64_t k = w->k;
    const double n = (double)w->n, u = CT_UNIT_ROUNDING,
                 product = (w->entry[0] + (n + 4) * u) * CT_SECOND_ORDER,
                 of_m = (w->entry[0] + (2 * n + 8) * u) * CT_SECOND_ORDER,
                 of_c = (w->entry[1] + (2 * w->p->weight_error + 2 * n + 12) * u) * CT_SECOND_ORDER,
                 sum_s = total(s, k), sum_b = total(b, k);
    for (int64_t i = 0; i < k; i++)
        root[i] = sqrt(fmax(c[i * k + i], 0) + of_c * b[i] * b[i]);
    const double sum_root = total(root, k);
    for (int64_t i = 0; i < k; i++) {
        m[i * k + i] += of_m * sum_s * s[i];
        c[i * k + i] -= of_c * sum_b * b[i] +
                        product * w->sum * (root[i] * sum_s + s[i] * sum_root) * CT_SECOND_ORDER;
    }
}

/* The next u = Y G_B Y v and v = G_A u; theta: below the eigenvalues of rho, in descending order. v is found again from u first, so that
 * what it is off by is known. */
static cutropy_status step(ct_power *w)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t k = w->k;
    double *m = NULL, *c = NULL, *t = NULL, *values = NULL, *s = NULL, *b = NULL;
    CT_NEW(m, k * k);
    CT_NEW(c, k * k);
    CT_NEW(t, k * k);
    CT_NEW(values, k);
    CT_NEW(s, k);
    CT_NEW(b, k);
    CT_TRY(times_gram(w, 0, k, w->u, w->v));
    inner_products(w, w->u, w->v, m);
    absolute_sums(w, w->u, false, s);
    absolute_sums(w, w->v, true, b);
    CT_TRY(times_kernel(w, k, w->v, w->u, w->help));
    inner_products(w, w->v, w->u, c);
    widen(w, s, b, values, m, c);
    CT_TRY(w->operations->eigenvectors(k, m, values));
    if (!(values[0] > 0))
        CT_TRY(ct_fail(CUTROPY_ENUMERIC, "no vector is left of a block"));
    for (int64_t i = 0; i < k; i++)
        for (int64_t j = 0; j < k; j++)
            m[i * k + j] /= sqrt(values[i]);
    w->operations->rows_by_rows(false, k, k, k, m, c, t, 1);
    w->operations->rows_by_rows(false, k, k, k, t, m, c, 1);
    CT_TRY(w->operations->eigenvectors(k, c, values));
    const double most = fmax(fabs(values[0]), fabs(values[k - 1]));
    for (int64_t i = 0; i < k; i++)
        w->theta[i] = (values[k - 1 - i] - EIGENVALUES * (double)k * CT_UNIT_ROUNDING * most) /
                      (w->norm + w->norm_error);
    CT_TRY(times_gram(w, 0, k, w->u, w->v));
done:
    ct_free(m);
    ct_free(c);
    ct_free(t);
    ct_free(values);
    ct_free(s);
    ct_free(b);
    return status;
}

/* ---- the bracket ---- */

static double eta(double p)
{
    return p > 0 ? -p * log2(p) : 0;
}

/* In nats: 1 + log b - b Tr rho^2 + sum over b theta >= 1 of theta (b theta - 1 - log(b theta)) <= S for every b > 0. */
static double lower(const ct_power *w, double b, double purity)
{
    double s = 1 + log(b) - b * purity;
    for (int64_t i = 0; i < w->k && b * w->theta[i] >= 1; i++)
        s += w->theta[i] * (b * w->theta[i] - 1 - log(b * w->theta[i]));
    return s;
}

/* The best b, and the best number of vectors for the upper end: of those above the mean of the rest, since theta may be too small. */
static void take_best(const ct_power *w, double most, ct_bracket_answer *out)
{
    double sum = 0, square = 0, s = 0;
    out->low = 0;
    out->high = log2(most);
    out->rank_lo = 1;
    const double purity = out->purity + out->purity_error;
    for (int64_t k = 0; k <= w->k && (double)k <= most; k++) {
        if (k && !(w->theta[k - 1] > 0))
            break;
        if (k) {
            sum += w->theta[k - 1];
            square += w->theta[k - 1] * w->theta[k - 1];
            s += eta(w->theta[k - 1]);
            out->rank_lo = k;
        }
        const double rest = fmin(fmax(1 - sum, 0) + 0x1p-50, 1), left = most - (double)k;
        if (left >= 1 && (!k || rest <= left * w->theta[k - 1]))
            out->high = fmin(out->high, s + rest * log2(left / rest));
        if (purity > square)
            out->low = fmax(out->low, lower(w, rest / (purity - square), purity) / M_LN2);
    }
    out->low = fmax(out->low - 0x1p-40, 0);
    out->high += 0x1p-40;
}

/* The dimension that the parts of a side span, at most. */
static double space_of(const ct_product_side *side)
{
    return fmin((double)side->count, side->dimension);
}

static cutropy_status open_power(ct_power *w, const uint64_t *mask, int largest, int64_t parts[2])
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = w->p;
    for (int s = 0; s < 2; s++)
        CT_TRY(ct_product_side_find(p, mask, s == 0, &w->side[s]));
    for (int s = 0; s < 2; s++)
        parts[s] = w->side[s].count;
    if (space_of(&w->side[1]) < space_of(&w->side[0])) {
        const ct_product_side side = w->side[0];
        w->side[0] = w->side[1];
        w->side[1] = side;
    }
    CT_NEW(w->term, 2 * p->terms);
    for (int64_t m = 0; m < p->terms; m++)
        if (p->weight[m] != 0) {
            w->term[w->n++] = (int32_t)m;
            w->sum += fabs(p->weight[m]);
        }
    w->sum *= CT_SECOND_ORDER;
    for (int s = 0; s < 2; s++)
        w->entry[s] = ct_overlap_error(p, w->side[s].sites);
    memcpy(w->term + w->n, w->term, (size_t)w->n * sizeof *w->term);
    w->k = w->n < largest + SPARE ? w->n : largest + SPARE;
    CT_NEW(w->u, w->n * w->k);
    CT_NEW(w->v, w->n * w->k);
    CT_NEW(w->help, w->n * w->k);
    CT_NEW(w->theta, w->k);
    for (int64_t i = 0; i < w->n * w->k; i++)
        w->u[i] = ldexp((double)(ct_random(1, (uint64_t)i) >> 11), -53) - 0.5;
done:
    return status;
}

static void close_power(ct_power *w)
{
    ct_product_side_free(&w->side[0]);
    ct_product_side_free(&w->side[1]);
    ct_free(w->term);
    ct_free(w->u);
    ct_free(w->v);
    ct_free(w->help);
    ct_free(w->theta);
}

cutropy_status ct_product_bracket_make(const ct_products *p, const uint64_t *mask, double norm,
                                       double norm_error, int largest,
                                       const ct_operations *operations, uint64_t memory_limit,
                                       const ct_watch *watch, int threads, ct_bracket_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_power w = {.p = p,
                  .operations = operations,
                  .watch = watch,
                  .threads = threads,
                  .norm = norm,
                  .norm_error = norm_error};
    double width = INFINITY;
    *out = (ct_bracket_answer){0};
    CT_TRY(open_power(&w, mask, largest, out->parts));
    const double most = space_of(&w.side[0]); /* of the smaller space: the rank, too */
    out->rank_hi = (int64_t)most;
    CT_TRY(find_purity(&w, memory_limit, &out->purity, &out->purity_error));
    if (!(out->purity_error <= LEAST_SURE * out->purity))
        CT_TRY(
            ct_fail(CUTROPY_ENUMERIC,
                    "rounding may move the purity %.3g by %.3g: the terms nearly cancel, or theta "
                    "is too large; --certify proves it where its matrices fit",
                    out->purity, out->purity_error));
    CT_TRY(times_gram(&w, 0, w.k, w.u, w.v));
    for (int round = 0; round < ROUNDS; round++) {
        CT_TRY(make_orthonormal(&w));
        CT_TRY(make_orthonormal(&w));
        CT_TRY(step(&w));
        ct_bracket_answer next = *out;
        take_best(&w, most, &next);
        const double before = width;
        if (next.high - next.low < before) {
            *out = next;
            width = next.high - next.low;
        }
        if (round && width > ENOUGH * before)
            break;
    }
    if (!(out->low <= out->high) || !(out->purity - out->purity_error <= 1))
        status = ct_fail(CUTROPY_ENUMERIC, "the bracket %.17g .. %.17g of S is empty", out->low,
                         out->high);
done:
    close_power(&w);
    return status;
}

uint64_t ct_product_bracket_bytes(const ct_products *p, int largest)
{
    const uint64_t n = (uint64_t)p->terms, columns = 6 * CT_OVERLAP_STRIP,
                   vectors = 4 * ((uint64_t)largest + SPARE);
    return 8 * n * ((columns > vectors ? columns : vectors) + CT_OVERLAP_STRIP) +
           8 * n * (uint64_t)(p->sites * p->dimension) + 16 * n;
}

double ct_product_bracket_work(const ct_products *p, int largest, uint64_t memory_limit)
{
    const double n = (double)p->terms, sites = p->sites * (2.0 * p->dimension + 1),
                 blocks = ceil(n / (double)columns_at_once(p->terms, memory_limit));
    return (blocks + 3 * ROUNDS + 1) * sites * n * n / 2 + 2 * n * n * sites / 2 + 4 * n * n * n +
           (3 * ROUNDS + 1) * 2 * n * n * (largest + SPARE);
}
