/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds: docs/theorems.md, theorem 19. All factors have norm 1, so every overlap and every row of L has norm 1 at most. */
#include "engine/solver/product_cut.h"

#include <math.h>
#include <string.h>

#include "base/sum.h"
#include "engine/solver/product_half.h"
#include "engine/solver/product_kernel.h"

#define SMALL_SPACE                                                                                \
    0.6 /* times the parts: a space that is so small costs less than a Cholesky factor */

double ct_overlap_error(const ct_products *p, int sites)
{
    const double d = p->dimension, each = p->is_complex ? CT_PAIRS * (d + 1) : d + 1;
    return CT_SECOND_ORDER * sites * (each + 2 * p->factor_error) * CT_UNIT_ROUNDING;
}

/* ---- R K R^H ---- */

/* The columns of the parts of one class. */
static cutropy_status take_columns(const ct_half *own, const ct_kernel *kernel, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(own->p), n = (size_t)kernel->n,
                 count = (size_t)own->side->count;
    CT_NEW(*out, (size_t)own->rank * n * parts);
    for (size_t k = 0; k < (size_t)own->rank; k++)
        for (size_t i = 0; i < n; i++)
            memcpy(*out + parts * (k * n + i),
                   own->rows + parts * (k * count + (size_t)kernel->column[i]),
                   parts * sizeof **out);
done:
    return status;
}

static cutropy_status add_kernel(const ct_half *own, const ct_kernel *kernel, double *rho)
{
    cutropy_status status = CUTROPY_OK;
    double *some = NULL;
    int64_t *height = NULL; /* from this row on a column is zero */
    if (kernel->n < own->side->count)
        CT_TRY(take_columns(own, kernel, &some));
    if (!own->expanded) {
        CT_NEW(height, kernel->n);
        for (int64_t i = 0; i < kernel->n; i++)
            height[i] = kernel->column[i] < own->rank ? kernel->column[i] + 1 : own->rank;
    }
    CT_TRY(own->operations->congruence(own->p->is_complex, own->rank, kernel->n,
                                       some ? some : own->rows, height, kernel->number, rho,
                                       own->threads));
done:
    ct_free(some);
    ct_free(height);
    return status;
}

/* What bounds the errors, of all classes. */
typedef struct ct_steps {
    double steps; /* roundings of a number of rho, at most */
    double square, absolute;
} ct_steps;

/* Terms of all classes (of `other`, where the label stands there), one class after the other. */
static void sort_classes(const ct_products *p, const ct_product_side *other, int32_t *term,
                         int64_t *first, int classes)
{
    int64_t filled = 0;
    for (int c = 0; c < classes; c++) {
        first[c] = filled;
        for (int64_t m = 0; m < p->terms; m++)
            if (other->of_term[m] >= 0 && (!other->labelled || p->label[m] == c))
                term[filled++] = (int32_t)m;
    }
    first[classes] = filled;
}

static cutropy_status add_classes(const ct_half *own, const ct_product_side *other, double *rho,
                                  ct_steps *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = own->p;
    const int classes = other->labelled ? p->classes : 1;
    ct_kernel kernel = {0};
    int32_t *term = NULL;
    int64_t *first = NULL;
    CT_NEW(term, p->terms);
    CT_NEW(first, classes + 1);
    sort_classes(p, other, term, first, classes);
    for (int c = 0; c < classes; c++) {
        if (first[c + 1] == first[c])
            continue;
        CT_TRY(ct_kernel_make(p, own->operations, own->side, own->column, other,
                              first[c + 1] - first[c], term + first[c], own->threads, &kernel));
        CT_TRY(add_kernel(own, &kernel, rho));
        out->steps = fmax(out->steps, (double)(kernel.steps + 2 * kernel.n));
        ct_kernel_free(&kernel);
    }
    out->steps += classes;
    out->square = CT_SECOND_ORDER * kernel.square;
    out->absolute = CT_SECOND_ORDER * kernel.absolute;
done:
    ct_kernel_free(&kernel);
    ct_free(term);
    ct_free(first);
    return status;
}

static double bound_error(const ct_half *own, const ct_product_side *other, double trace,
                          const ct_steps *steps)
{
    const ct_products *p = own->p;
    const double each = p->is_complex ? CT_PAIRS : 1, u = CT_UNIT_ROUNDING,
                 sum = ct_product_weight_sum(p), spread = CT_SECOND_ORDER * sqrt(steps->square),
                 terms = (double)p->terms;
    const double from_own =
        own->expanded ? 0 : each * (double)(2 * own->rank + 4) * u * terms + own->lost;
    return 2 * sqrt(trace) * p->weight_error * u * sum +
           (ct_overlap_error(p, own->side->sites) * terms + from_own) * spread +
           ct_overlap_error(p, other->sites) * fmin(sum * sum, terms * own->spread) +
           sqrt((double)own->rank) * each * steps->steps * u *
               fmin(steps->absolute, spread * own->reach);
}

/* The side whose numbers rho is made of: the smaller space, or fewer parts; of equal ones that without the label, whose classes
 * make the matrices of the other one smaller. */
static int own_side(const ct_product_cut *cut)
{
    double size[2];
    for (int s = 0; s < 2; s++)
        size[s] = fmin((double)cut->side[s].count, cut->side[s].dimension);
    return size[0] != size[1] ? size[1] < size[0] : cut->side[0].labelled;
}

void ct_product_cut_free(ct_product_cut *cut)
{
    for (int s = 0; s < 2; s++)
        ct_product_side_free(&cut->side[s]);
    ct_free(cut->rho.number);
    ct_free(cut->rho.values);
    *cut = (ct_product_cut){0};
}

cutropy_status ct_product_cut_make(const ct_products *p, const uint64_t *mask,
                                   const ct_operations *operations, int threads,
                                   ct_product_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_half own = {.p = p, .operations = operations, .threads = threads};
    ct_steps steps = {0};
    *out = (ct_product_cut){.rho.is_complex = p->is_complex};
    for (int s = 0; s < 2; s++)
        CT_TRY(ct_product_side_find(p, mask, s == 0, &out->side[s]));
    const int s = own_side(out);
    const ct_product_side *other = &out->side[1 - s];
    own.side = &out->side[s];
    own.expanded = own.side->dimension <= SMALL_SPACE * (double)own.side->count;
    CT_TRY(ct_half_make(&own));
    out->rho.n = own.rank;
    CT_NEW_ZERO(out->rho.number, own.rank * own.rank * (int64_t)ct_product_parts(p));
    CT_TRY(add_classes(&own, other, out->rho.number, &steps));
    ct_matrix_measure(&out->rho);
    out->rho.error = bound_error(&own, other, out->rho.trace, &steps);
done:
    ct_half_free(&own);
    if (status != CUTROPY_OK)
        ct_product_cut_free(out);
    return status;
}

/* ---- all sites ---- */

/* <psi|psi> from the overlaps of two halves of the sites, g and h: where they are off by dg and dh, sum y y' g h is off by
 * dg sum |y y' h| + dh sum |y y' g| + dg dh (sum |y|)^2, little where the terms are nearly orthogonal on either half. */
typedef struct ct_norm_work {
    const ct_products *p;
    const ct_operations *operations;
    int threads;
    int sites[2];
    int32_t *site, *term;
    double *half[2]; /* CT_OVERLAP_STRIP x M at most; the second one NULL: a single site */
    ct_sum total;
    double all[2]; /* sum |y y' g|, sum |y y' h| */
} ct_norm_work;

/* Adds one pair of terms, times 1 or 2. */
static void add_pair(ct_norm_work *w, double y, const double *g, const double *h)
{
    const size_t parts = ct_product_parts(w->p);
    const double size = fabs(y), re = parts == 2 ? g[0] * h[0] - g[1] * h[1] : g[0] * h[0];
    ct_sum_add(&w->total, y * re);
    w->all[0] += size * (parts == 2 ? fabs(g[0]) + fabs(g[1]) : fabs(g[0]));
    w->all[1] += size * (parts == 2 ? fabs(h[0]) + fabs(h[1]) : fabs(h[0]));
}

static cutropy_status add_strip(ct_norm_work *w, int64_t first)
{
    cutropy_status status = CUTROPY_OK;
    static const double one[2] = {1, 0};
    const ct_products *p = w->p;
    const size_t parts = ct_product_parts(p);
    const int64_t columns = p->terms - first,
                  rows = columns < CT_OVERLAP_STRIP ? columns : CT_OVERLAP_STRIP;
    for (int k = 0; k < 2 && w->half[k]; k++)
        CT_TRY(w->operations->overlaps(p, w->sites[k], w->site + (k ? w->sites[0] : 0), rows,
                                       columns, w->term + first, w->half[k], w->threads));
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = i; j < columns; j++) {
            const size_t at = parts * (size_t)(i * columns + j);
            if (!p->sides || p->label[first + i] == p->label[first + j])
                add_pair(w, (j > i ? 2 : 1) * p->weight[first + i] * p->weight[first + j],
                         w->half[0] + at, w->half[1] ? w->half[1] + at : one);
        }
done:
    return status;
}

static double norm_error(const ct_norm_work *w)
{
    const ct_products *p = w->p;
    const double off[2] = {ct_overlap_error(p, w->sites[0]),
                           w->half[1] ? ct_overlap_error(p, w->sites[1]) : 0},
                 sum = ct_product_weight_sum(p), u = CT_UNIT_ROUNDING,
                 each = (p->is_complex ? CT_PAIRS : 1) * 2 + 2 * p->weight_error + 8;
    return CT_SECOND_ORDER * (off[0] * w->all[1] + off[1] * w->all[0] +
                              off[0] * off[1] * sum * sum + each * u * w->all[0]);
}

cutropy_status ct_product_norm(const ct_products *p, const ct_operations *operations, int threads,
                               double *norm, double *error)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = p->terms, numbers = n * (n < CT_OVERLAP_STRIP ? n : CT_OVERLAP_STRIP) *
                                          (int64_t)ct_product_parts(p);
    ct_norm_work w = {.p = p, .operations = operations, .threads = threads};
    w.sites[1] = p->sites / 2;
    w.sites[0] = p->sites - w.sites[1];
    CT_NEW(w.site, p->sites);
    CT_NEW(w.term, n);
    for (int k = 0; k < 2 && w.sites[k]; k++)
        CT_NEW(w.half[k], numbers);
    for (int s = 0; s < p->sites; s++)
        w.site[s] = s;
    for (int64_t m = 0; m < n; m++)
        w.term[m] = (int32_t)m;
    for (int64_t first = 0; first < n; first += CT_OVERLAP_STRIP)
        CT_TRY(add_strip(&w, first));
    *norm = ct_sum_value(&w.total);
    *error = norm_error(&w);
done:
    ct_free(w.site);
    ct_free(w.term);
    ct_free(w.half[0]);
    ct_free(w.half[1]);
    return status;
}
