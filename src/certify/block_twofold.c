/* SPDX-License-Identifier: Apache-2.0 */
/* K and r are products in twice the working precision, everything else is small and needs few digits. A step of refinement is Newton's, in the
 * basis that the terms belong to. */
#include "certify/block_twofold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/eigenvectors.h"
#include "backend/cpu/product.h"
#include "base/twofold.h"
#include "certify/block_slices.h"

#define UP CT_BLOCK_UP
#define CLOSE 1e-8 /* of the largest eigenvalue, or of what is left of it: see closest */
#define SMALL 1e-8 /* of the largest eigenvalue: smaller ones are close to each other */

typedef struct ct_work {
    const ct_block_gram *gram;
    int64_t n;
    ct_twofold y;  /* row k, column j: component k of vector j */
    ct_twofold gd; /* G D */
    ct_twofold dy; /* D Y */
    ct_twofold k;  /* K, upper triangle */
    ct_twofold r;  /* residuals; r.high holds D r afterwards */
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
static void start(ct_work *w, const double *vectors, const double *values, ct_block_terms *t)
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
    t->size = sqrt(sum) * UP + w->gram->error;
    for (int64_t k = 0; k < n; k++) {
        const double root = 1 / sqrt(m[k]);
        for (int64_t j = 0; j < n; j++)
            w->y.high[k * n + j] = root * vectors[j * n + k];
    }
    memset(w->y.low, 0, (size_t)(n * n) * sizeof *w->y.low);
    memcpy(t->lambda, values, (size_t)n * sizeof *values);
}

static int threads_of(const ct_work *w)
{
    return w->gram->threads > 1 ? w->gram->threads : 1;
}

/* D Y, K = Y^T D Y, norm and f. */
static void find_overlaps(ct_work *w, ct_block_terms *t)
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
    ct_product2_upper(n, n, without_zeros(n, w->dy), without_zeros(n, w->y), w->k, threads_of(w));
    for (int64_t j = 0; j < n; j++)
        t->norm[j] = sqrt(w->k.high[j * n + j] + w->k.low[j * n + j]);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++)
            t->f[i * n + j] =
                (w->k.high[i * n + j] + w->k.low[i * n + j]) / (t->norm[i] * t->norm[j]);
}

/* r = G D Y - Y Lambda, rho, and w. */
static void find_residuals(ct_work *w, ct_block_terms *t)
{
    const int64_t n = w->n;
    clear_twofold(n, &w->r);
    ct_product2(n, n, n, without_zeros(n, w->gd), without_zeros(n, w->y), w->r, threads_of(w));
    memset(t->rho, 0, (size_t)n * sizeof *t->rho);
    for (int64_t k = 0; k < n; k++)
        for (int64_t j = 0; j < n; j++) {
            const int64_t at = k * n + j;
            double product_slip, sum_slip;
            const double product = ct_two_product(-t->lambda[j], w->y.high[at], &product_slip);
            const double sum = ct_two_sum(w->r.high[at], product, &sum_slip);
            const double r =
                sum + (w->r.low[at] + sum_slip + product_slip - t->lambda[j] * w->y.low[at]);
            const double m = w->gram->weight[k];
            t->rho[j] += m * r * r;
            w->r.high[at] = m * r;
        }
    for (int64_t j = 0; j < n; j++)
        t->rho[j] = UP * sqrt(t->rho[j]) / t->norm[j];
    double *turned = w->dy.high; /* free here: Y^T with columns of length 1 */
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < n; k++)
            turned[i * n + k] = w->y.high[k * n + i] / t->norm[i];
    ct_cpu_product(n, n, n, turned, n, w->r.high, n, false, t->w, n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            t->w[i * n + j] /= t->norm[j];
}

/* The terms that a step of refinement starts from, by exact slices where they serve: Y becomes the
 * basis that they belong to. *good = false: hopeless vectors. */
static cutropy_status first_terms(ct_work *w, const double *vectors, const double *values,
                                  ct_block_terms *t, bool *good)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = w->n;
    double *kept = w->dy.high; /* free here */
    bool served = false;
    CT_TRY(ct_block_slices(w->gram, vectors, values, t, kept, &served));
    *good = !served || t->norm[0] > 0;
    if (!served) {
        memcpy(t->lambda, values, (size_t)n * sizeof *values);
        find_overlaps(w, t);
        find_residuals(w, t);
    } else if (*good) {
        for (int64_t k = 0; k < n; k++)
            for (int64_t j = 0; j < n; j++)
                w->y.high[k * n + j] = kept[j * n + k];
        find_overlaps(w, t); /* to all digits: their error does not enter squared here */
        /* w_ij - w_ji = K_ij (Lambda_i - Lambda_j) */
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < i; j++)
                t->w[i * n + j] = t->w[j * n + i] + t->f[j * n + i] * (t->lambda[i] - t->lambda[j]);
    }
done:
    return status;
}

static double largest_value(int64_t n, const double *lambda)
{
    double largest = 0;
    for (int64_t j = 0; j < n; j++)
        largest = fmax(largest, fabs(lambda[j]));
    return largest;
}

/* ---- eigenvalues that lie close together ---- */

/* The gap below which two eigenvalues, the larger one `value`, are not told apart by vectors that doubles gave. With a residual e, about 1e-15 of the largest
 * eigenvalue, a step would leave (e / gap)^4 of that, and none leaves e^2 / value, to S: about the same here. */
static double closest(double value, double largest)
{
    return largest > 0 ? CLOSE * largest * sqrt(sqrt(fmin(fabs(value) / largest, 1))) : 0;
}

/* Columns, sorted by eigenvalues, as runs of close ones. */
typedef struct ct_clusters {
    int64_t count;
    int64_t *column; /* n */
    int64_t *first;  /* count + 1: where each begins in `column` */
    int64_t *of;     /* n: the cluster of a column */
    double *width;   /* count: largest less smallest eigenvalue */
} ct_clusters;

static void close_clusters(ct_clusters *c)
{
    ct_free(c->column);
    ct_free(c->first);
    ct_free(c->of);
    ct_free(c->width);
}

typedef struct ct_sorted_value {
    double value;
    int64_t column;
} ct_sorted_value;

static int ascending(const void *a, const void *b)
{
    const ct_sorted_value *x = a, *y = b;
    return x->value > y->value   ? 1
           : x->value < y->value ? -1
                                 : (x->column > y->column) - (x->column < y->column);
}

static cutropy_status find_clusters(int64_t n, const ct_block_terms *t, ct_clusters *out)
{
    cutropy_status status = CUTROPY_OK;
    const double largest = largest_value(n, t->lambda);
    ct_sorted_value *sorted = NULL;
    CT_NEW(out->column, n);
    CT_NEW(out->first, n + 1);
    CT_NEW(out->of, n);
    CT_NEW(out->width, n);
    CT_NEW(sorted, n);
    for (int64_t j = 0; j < n; j++)
        sorted[j] = (ct_sorted_value){t->lambda[j] + t->w[j * n + j], j};
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    for (int64_t k = 0; k < n; k++) {
        const bool joins =
            k > 0 && (sorted[k].value - sorted[k - 1].value <= closest(sorted[k].value, largest) ||
                      fabs(sorted[k].value) <= SMALL * largest);
        if (!joins)
            out->first[out->count++] = k;
        out->column[k] = sorted[k].column;
        out->of[sorted[k].column] = out->count - 1;
        out->width[out->count - 1] = sorted[k].value - sorted[out->first[out->count - 1]].value;
    }
    out->first[out->count] = n;
done:
    ct_free(sorted);
    return status;
}

/* Y <- Y (I + U): vectors of twice the working precision. Pairs that are close, or CLOSE to the width of the cluster that was turned (NULL: none was),
 * are only made orthogonal. */
static cutropy_status refine_vectors(ct_work *w, ct_block_terms *t, const ct_clusters *clusters)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = w->n;
    const double largest = largest_value(n, t->lambda);
    double *u = NULL, *least = NULL;
    CT_NEW(u, n * n);
    CT_NEW(least, n);
    for (int64_t j = 0; j < n; j++)
        least[j] = closest(t->lambda[j], largest);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const double f = i < j ? t->f[i * n + j] : t->f[j * n + i], own = t->w[j * n + j],
                         gap = (t->lambda[j] - t->lambda[i]) + (own - t->w[i * n + i]);
            const bool both = clusters && clusters->of[i] == clusters->of[j];
            const double limit =
                both ? CLOSE * clusters->width[clusters->of[i]] : fmax(least[i], least[j]);
            u[i * n + j] = fabs(gap) > limit ? (t->w[i * n + j] - f * own) / gap : -f / 2;
            if (i == j)
                u[i * n + j] = 0;
        }
    /* r is free: the change of Y, so small that double precision is enough for it */
    ct_cpu_product(n, n, n, w->y.high, n, u, n, false, w->r.high, n);
    for (int64_t at = 0; at < n * n; at++) {
        double slip;
        const double sum = ct_two_sum(w->y.high[at], w->r.high[at], &slip);
        w->y.high[at] = ct_two_sum(sum, slip + w->y.low[at], &w->y.low[at]);
    }
    for (int64_t j = 0; j < n; j++)
        t->lambda[j] += t->w[j * n + j];
done:
    ct_free(least);
    ct_free(u);
    return status;
}

/* The numbers of some columns, side by side, between Y and `some`. */
static void move_columns(const ct_work *w, int64_t count, const int64_t *column, ct_twofold some,
                         bool back)
{
    for (int64_t k = 0; k < w->n; k++)
        for (int64_t i = 0; i < count; i++) {
            const int64_t there = k * count + i, here = k * w->n + column[i];
            double *const high = &w->y.high[here], *const low = &w->y.low[here];
            if (back)
                *high = ct_two_sum(some.high[there], some.low[there], low);
            some.high[there] = back ? some.high[there] : *high;
            some.low[there] = back ? some.low[there] : *low;
        }
}

/* Rotates the vectors of a cluster among themselves: what is left between them is the rounding of doubles times its width, not times the
 * largest eigenvalue (after T. Ogita, K. Aishima, Japan J. Indust. Appl. Math. 36, 435 (2019)). Any rotation will do: nothing is concluded from it. */
static cutropy_status turn_cluster(ct_work *w, ct_block_terms *t, int64_t c, const int64_t *column)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = w->n;
    const double centre = t->lambda[column[0]];
    double *among = NULL, *values = NULL, *turn = NULL;
    CT_NEW(among, c * c);
    CT_NEW(values, c);
    CT_NEW(turn, c * c);
    for (int64_t i = 0; i < c; i++)
        for (int64_t j = i; j < c; j++) {
            const int64_t low = column[i] < column[j] ? column[i] : column[j],
                          high = column[i] < column[j] ? column[j] : column[i], at = low * n + high;
            const double own = t->lambda[low] - centre, other = t->lambda[high] - centre;
            among[i * c + j] =
                i == j ? own + t->w[at]
                       : (t->f[at] * (own + other) + t->w[at] + t->w[high * n + low]) / 2;
        }
    CT_TRY(ct_cpu_eigenvectors(c, among, values));
    for (int64_t i = 0; i < c; i++)
        for (int64_t k = 0; k < c; k++)
            turn[i * c + k] = among[k * c + i];
    const ct_twofold from = {w->dy.high, w->dy.low}, to = {w->r.high, w->r.low}; /* free here */
    move_columns(w, c, column, from, false);
    memset(to.high, 0, (size_t)(n * c) * sizeof *to.high);
    memset(to.low, 0, (size_t)(n * c) * sizeof *to.low);
    ct_product2(n, c, c, from, (ct_twofold){.high = turn}, to, threads_of(w));
    move_columns(w, c, column, to, true);
    for (int64_t i = 0; i < c; i++)
        t->lambda[column[i]] = centre + values[i];
done:
    ct_free(among);
    ct_free(values);
    ct_free(turn);
    return status;
}

/* Tells close eigenvalues apart: turns them, and one more step of refinement. */
static cutropy_status refine_clusters(ct_work *w, ct_block_terms *t)
{
    cutropy_status status = CUTROPY_OK;
    ct_clusters c = {0};
    CT_TRY(find_clusters(w->n, t, &c));
    if (c.count == w->n)
        goto done;
    for (int64_t k = 0; k < c.count; k++)
        if (c.first[k + 1] - c.first[k] > 1)
            CT_TRY(turn_cluster(w, t, c.first[k + 1] - c.first[k], c.column + c.first[k]));
    find_overlaps(w, t);
    find_residuals(w, t);
    CT_TRY(refine_vectors(w, t, &c));
    find_overlaps(w, t);
    find_residuals(w, t);
done:
    close_clusters(&c);
    return status;
}

cutropy_status ct_block_twofold(const ct_block_gram *gram, const double *vectors,
                                const double *values, int refine, ct_block_terms *t)
{
    cutropy_status status = CUTROPY_OK;
    ct_work w = {0};
    bool good = false;
    CT_TRY(open_work(gram, &w));
    start(&w, vectors, values, t);
    if (refine)
        CT_TRY(first_terms(&w, vectors, values, t, &good));
    if (refine && good)
        CT_TRY(refine_vectors(&w, t, NULL));
    find_overlaps(&w, t);
    find_residuals(&w, t);
    if (refine > 1 && good)
        CT_TRY(refine_clusters(&w, t));
    /* n terms, Lambda y, and the last additions */
    t->overlap_error = t->residual_error = UP * ct_product2_error((double)gram->n + 4);
done:
    close_work(&w);
    return status;
}
