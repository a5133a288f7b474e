/* SPDX-License-Identifier: Apache-2.0 */
/* psi = sum over terms m of y_m a_m (x) F_k[m] for every k, a_m the product of the factors before site k. Forward: R_k with
 * R_k^H R_k = the Gram matrix of all a_m, Q R_{k+1} = B for orthonormal columns of Q, B = [R_k diag(phi_k0); R_k diag(phi_k1); ..], never the Gram matrix itself, so
 * that small Schmidt values keep their digits. Backward: the sweep, Schmidt values of cut k being those of R_k diag(y) Y.
 *
 * Rows v_m: || sum a_m (x) v_m || <= grown_k || R_k v || + off_k || v || for every v, by induction: on the next site
 * || B v || <= || Q || || R_{k+1} v || + || B - Q R_{k+1} || || v ||, both norms of what was computed, with the bounds of the rounding of these products. */
#include "analysis/export/mps_products.h"

#include <math.h>
#include <string.h>

#include "engine/solver/product_half.h"
#include "problem/products.h"

typedef struct ct_product_rows {
    const ct_products *p;
    const ct_operations *operations;
    int threads;
    int64_t n;            /* terms with weight */
    int32_t *term, *site; /* site: the pixel of each */
    int32_t *dimension;
    double *weight; /* n |y|^2 */
    double **r;     /* sites: R_k, rows[k] x n */
    int64_t *rows;
    double *grown, *off; /* sites */
} ct_product_rows;

/* Number s of the factor of a term at site k. */
static void number_of(const ct_product_rows *t, int k, int s, int32_t term, double out[2])
{
    const ct_products *p = t->p;
    out[1] = 0;
    if (t->site[k] >= p->sites) {
        out[0] = p->label[term] == s;
        return;
    }
    out[0] = ct_products_row(p, t->site[k], s, 0)[term];
    if (p->is_complex)
        out[1] = ct_products_row(p, t->site[k], s, 1)[term];
}

/* to = z from, `count` numbers */
static void multiply(size_t parts, const double z[2], const double *from, size_t count, double *to)
{
    for (size_t i = 0; i < count * parts; i += parts) {
        to[i] = z[0] * from[i] - (parts == 2 ? z[1] * from[i + 1] : 0);
        if (parts == 2)
            to[i + 1] = z[0] * from[i + 1] + z[1] * from[i];
    }
}

static double frobenius(const double *a, size_t numbers)
{
    double sum = 0;
    for (size_t i = 0; i < numbers; i++)
        sum += a[i] * a[i];
    return sqrt(sum) * CT_SECOND_ORDER;
}

static void transpose(size_t parts, size_t rows, size_t columns, bool conjugate, const double *a,
                      double *out)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            out[parts * (j * rows + i)] = a[parts * (i * columns + j)];
            if (parts == 2)
                out[2 * (j * rows + i) + 1] = (conjugate ? -1 : 1) * a[2 * (i * columns + j) + 1];
        }
}

/* What a sum of so many products is off by, of what the sum of absolute values is. */
static double sum_error(const ct_product_rows *t, int64_t products)
{
    return (t->p->is_complex ? 2 * CT_PAIRS : 1) * ((double)products + 2) * CT_UNIT_ROUNDING *
           CT_SECOND_ORDER;
}

/* grown and off of the next site; b: rows x n, q: rows x kept, r: kept x n. */
static cutropy_status bound_step(ct_product_rows *t, int k, int64_t rows, int64_t kept,
                                 const double *b, const double *q)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(t->p), n = (size_t)t->n, high = (size_t)rows,
                 wide = (size_t)kept;
    double *turned = NULL, *other = NULL, *product = NULL;
    CT_NEW(turned, (n > high ? n : high) * wide * parts);
    CT_NEW(other, high * wide * parts);
    CT_NEW(product, (high > wide ? high : wide) * (n > wide ? n : wide) * parts);
    transpose(parts, wide, n, false, t->r[k + 1], turned);
    t->operations->rows_by_rows(t->p->is_complex, rows, t->n, kept, q, turned, product, t->threads);
    for (size_t i = 0; i < high * n * parts; i++)
        product[i] -= b[i];
    const double of_q = frobenius(q, high * wide * parts),
                 left = frobenius(product, high * n * parts) +
                        sum_error(t, kept) * of_q * frobenius(t->r[k + 1], wide * n * parts);
    transpose(parts, high, wide, false, q, turned);
    transpose(parts, high, wide, true, q, other);
    t->operations->rows_by_rows(t->p->is_complex, kept, kept, rows, other, turned, product,
                                t->threads);
    for (size_t i = 0; i < wide; i++)
        product[parts * (i * wide + i)] -= 1;
    const double defect =
        frobenius(product, wide * wide * parts) + sum_error(t, rows) * of_q * of_q;
    /* B rounds once in each number, and factors have norm 1 + 8 u at most */
    t->off[k + 1] =
        (t->off[k] + t->grown[k] * (left + sum_error(t, 2) * frobenius(b, high * n * parts))) *
        (1 + 16 * CT_UNIT_ROUNDING);
    t->grown[k + 1] = t->grown[k] * sqrt(1 + defect) * (1 + 16 * CT_UNIT_ROUNDING);
done:
    ct_free(turned);
    ct_free(other);
    ct_free(product);
    return status;
}

/* R_{k+1} from R_k. */
static cutropy_status step(ct_product_rows *t, int k)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(t->p), n = (size_t)t->n;
    const int64_t rows = t->rows[k] * t->dimension[k], kept = rows < t->n ? rows : t->n;
    double *b = NULL, *copy = NULL, *q = NULL, *values = NULL;
    CT_NEW(b, (size_t)rows * n * parts);
    CT_NEW(copy, (size_t)rows * n * parts);
    CT_NEW(q, (size_t)(rows * kept) * parts);
    CT_NEW(values, kept);
    for (int s = 0; s < t->dimension[k]; s++)
        for (size_t m = 0; m < n; m++) {
            double z[2];
            number_of(t, k, s, t->term[m], z);
            for (int64_t i = 0; i < t->rows[k]; i++)
                multiply(parts, z, t->r[k] + parts * ((size_t)i * n + m), 1,
                         b + parts * ((size_t)(s * t->rows[k] + i) * n + m));
        }
    memcpy(copy, b, (size_t)rows * n * parts * sizeof *b);
    CT_NEW(t->r[k + 1], (size_t)kept * n * parts);
    t->rows[k + 1] = kept;
    CT_TRY(t->operations->singular_vectors(rows, t->n, t->p->is_complex, copy, values, q,
                                           t->r[k + 1]));
    for (int64_t i = 0; i < kept; i++)
        for (size_t c = 0; c < n * parts; c++)
            t->r[k + 1][(size_t)i * n * parts + c] *= values[i];
    CT_TRY(bound_step(t, k, rows, kept, b, q));
done:
    ct_free(b);
    ct_free(copy);
    ct_free(q);
    ct_free(values);
    return status;
}

/* ---- what the sweep asks ---- */

static int64_t count_terms(const void *context, int k)
{
    (void)k;
    return ((const ct_product_rows *)context)->n;
}

static const double *weights_of(const void *context, int k)
{
    (void)k;
    return ((const ct_product_rows *)context)->weight;
}

/* out = (diag(y) a)^T, a of `columns` numbers a term. */
static void weigh_and_turn(const ct_product_rows *t, size_t columns, const double *a, double *out)
{
    const size_t parts = ct_product_parts(t->p), n = (size_t)t->n;
    for (size_t m = 0; m < n; m++)
        for (size_t c = 0; c < columns; c++)
            for (size_t part = 0; part < parts; part++)
                out[parts * (c * n + m) + part] =
                    t->p->weight[t->term[m]] * a[parts * (m * columns + c) + part];
}

static cutropy_status fill(const void *context, int k, int64_t right, const double *x, double *y,
                           double **scaled, int64_t *rows)
{
    cutropy_status status = CUTROPY_OK;
    const ct_product_rows *t = context;
    const size_t parts = ct_product_parts(t->p), width = (size_t)right,
                 columns = width * (size_t)t->dimension[k];
    double *turned = NULL;
    for (int64_t m = 0; m < t->n; m++)
        for (int s = 0; s < t->dimension[k]; s++) {
            double z[2];
            number_of(t, k, s, t->term[m], z);
            multiply(parts, z, x + parts * (size_t)m * width, width,
                     y + parts * ((size_t)m * columns + (size_t)s * width));
        }
    *rows = t->rows[k];
    CT_NEW(turned, columns * (size_t)t->n * parts);
    CT_NEW(*scaled, columns * (size_t)*rows * parts);
    weigh_and_turn(t, columns, y, turned);
    t->operations->rows_by_rows(t->p->is_complex, *rows, (int64_t)columns, t->n, t->r[k], turned,
                                *scaled, t->threads);
done:
    ct_free(turned);
    return status;
}

static cutropy_status size_of(const void *context, int k, int64_t columns, double *v, double *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_product_rows *t = context;
    const size_t parts = ct_product_parts(t->p), n = (size_t)t->n, width = (size_t)columns / parts,
                 rows = (size_t)t->rows[k];
    double *turned = NULL, *product = NULL;
    CT_NEW(turned, width * n * parts);
    CT_NEW(product, width * rows * parts);
    weigh_and_turn(t, width, v, turned);
    t->operations->rows_by_rows(t->p->is_complex, t->rows[k], (int64_t)width, t->n, t->r[k], turned,
                                product, t->threads);
    const double of_v = frobenius(turned, width * n * parts);
    *out =
        t->grown[k] * (frobenius(product, width * rows * parts) / CT_SECOND_ORDER * (1 + 0x1p-20) +
                       sum_error(t, t->n + 1) * frobenius(t->r[k], rows * n * parts) * of_v) +
        t->off[k] * of_v;
done:
    ct_free(turned);
    ct_free(product);
    return status;
}

/* sum of y_m F_0[m] */
static void join(const void *context, double *x, double *error)
{
    const ct_product_rows *t = context;
    const size_t parts = ct_product_parts(t->p);
    double sum[2] = {0, 0}, absolute = 0;
    for (size_t m = 0; m < (size_t)t->n; m++)
        for (size_t part = 0; part < parts; part++) {
            const double number = t->p->weight[t->term[m]] * x[parts * m + part];
            sum[part] += number;
            absolute += fabs(number);
        }
    memcpy(x, sum, parts * sizeof *x);
    *error = ((double)t->n + 4) * CT_UNIT_ROUNDING * absolute * CT_SECOND_ORDER;
}

/* ---- together ---- */

static cutropy_status open_rows(ct_product_rows *t, const int *order, int sites)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = t->p;
    const size_t parts = ct_product_parts(p);
    CT_NEW(t->site, sites);
    CT_NEW(t->dimension, sites);
    CT_NEW(t->term, p->terms);
    CT_NEW(t->weight, p->terms);
    CT_NEW_ZERO(t->r, sites);
    CT_NEW_ZERO(t->rows, sites);
    CT_NEW_ZERO(t->off, sites);
    CT_NEW(t->grown, sites);
    t->grown[0] = 1;
    for (int k = 0; k < sites; k++) {
        t->site[k] = order && k < p->sites ? order[k] : k;
        t->dimension[k] = k < p->sites ? p->given[t->site[k]] : p->classes;
    }
    for (int64_t m = 0; m < p->terms; m++)
        if (p->weight[m] != 0)
            t->term[t->n++] = (int32_t)m;
    for (int64_t m = 0; m < t->n; m++)
        t->weight[m] =
            (double)t->n * p->weight[t->term[m]] * p->weight[t->term[m]] * CT_SECOND_ORDER;
    CT_NEW_ZERO(t->r[0], (size_t)t->n * parts);
    for (int64_t m = 0; m < t->n; m++)
        t->r[0][parts * (size_t)m] = 1;
    t->rows[0] = 1;
done:
    return status;
}

static void close_rows(ct_product_rows *t, int sites)
{
    for (int k = 0; t->r && k < sites; k++)
        ct_free(t->r[k]);
    ct_free(t->r);
    ct_free(t->rows);
    ct_free(t->off);
    ct_free(t->grown);
    ct_free(t->site);
    ct_free(t->dimension);
    ct_free(t->term);
    ct_free(t->weight);
}

static cutropy_status check_sites(const ct_product_rows *t, int sites, uint64_t memory_limit)
{
    const uint64_t n = (uint64_t)t->n;
    uint64_t rows = 1, numbers = 0;
    for (int k = 0; k < sites; k++) {
        numbers += rows * n;
        rows = rows * (uint64_t)t->dimension[k] < n ? rows * (uint64_t)t->dimension[k] : n;
    }
    numbers += 8 * n * n * (uint64_t)t->p->dimension; /* the sweep */
    const uint64_t bytes = numbers * 8 * ct_product_parts(t->p);
    if (bytes <= memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "the form orthogonal of %lld terms on %d sites needs %s but %s may be used "
                   "(--memory raises the limit)",
                   (long long)t->n, sites, CT_BYTES(bytes), CT_BYTES(memory_limit));
}

cutropy_status ct_orthogonal_products(const ct_function *f, const int *order,
                                      const ct_operations *operations, double cutoff,
                                      uint64_t memory_limit, int threads, const ct_watch *watch,
                                      ct_orthogonal *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = f->products;
    const int sites = p->sites + (p->sides != 0);
    const size_t parts = ct_product_parts(p);
    ct_product_rows t = {.p = p, .operations = operations, .threads = threads};
    double *ends = NULL, sum = 0;
    *out = (ct_orthogonal){0};
    if (p->sides == (CT_LABEL_A | CT_LABEL_B))
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "a matrix product state has one label: label_side=a or b");
    if (sites > CT_ORTHOGONAL_LARGEST)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "the form orthogonal of %d sites: up to %d are supported", sites,
                       CT_ORTHOGONAL_LARGEST);
    CT_TRY(open_rows(&t, order, sites));
    CT_TRY(check_sites(&t, sites, memory_limit));
    for (int k = 0; k + 1 < sites; k++) {
        if (ct_asked_to_stop(watch, "sites", (uint64_t)k, (uint64_t)sites))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped before site %d", k));
        CT_TRY(step(&t, k));
    }
    CT_NEW_ZERO(ends, (size_t)t.n * parts);
    for (int64_t m = 0; m < t.n; m++) {
        ends[parts * (size_t)m] = 1;
        sum += fabs(p->weight[t.term[m]]);
    }
    ct_rows rows = {.sites = sites,
                    .parts = (int)parts,
                    .dimension = t.dimension,
                    .norm = sqrt(f->norm),
                    .context = &t,
                    .count = count_terms,
                    .weight = weights_of,
                    .fill = fill,
                    .size = size_of,
                    .join = join};
    /* factors and y against the true ones, products of factors with X in twos, and the norm */
    rows.relative =
        CT_SECOND_ORDER *
        ((sites * (p->factor_error + 2 * (double)(parts * parts)) + p->weight_error + 2) *
             CT_UNIT_ROUNDING * sum / rows.norm +
         f->norm_error / f->norm);
    double *given = ends;
    ends = NULL;
    CT_TRY(ct_orthogonal_sweep(&rows, given, operations, cutoff, watch, out));
done:
    ct_free(ends);
    close_rows(&t, sites);
    return status;
}
