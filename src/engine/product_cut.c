/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds: docs/theorems.md, theorem 19. All factors have norm 1, so every overlap and every row of L has norm 1 at most. */
#include "engine/product_cut.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/sum.h"
#include "engine/product_half.h"

#define SMALL_SIDE 4 /* a space of dimension count / 4 is small */

double ct_overlap_error(const ct_products *p, int sites)
{
    const double d = p->dimension, each = p->is_complex ? CT_PAIRS * (d + 1) : d + 1;
    return CT_SECOND_ORDER * sites * (each + 2 * p->factor_error) * CT_UNIT_ROUNDING;
}

uint64_t ct_product_cut_bytes(const ct_products *p)
{
    const uint64_t numbers = ct_products_bytes(p->terms, p->sites, p->dimension, p->is_complex);
    return (uint64_t)p->terms * ((uint64_t)p->terms * (p->is_complex ? 96 : 48) + 64) + numbers;
}

static void half_piece(void *context, size_t first, size_t last, int thread)
{
    ct_half *half = context;
    (void)thread;
    for (size_t s = first; s < last; s++) {
        half[s].status = ct_half_make(&half[s]);
        if (half[s].status != CUTROPY_OK)
            ct_error_save(half[s].why, sizeof half[s].why);
    }
}

/* ---- W ---- */

/* Square root of the sum over the parts of a side of (sum |y|)^2, which bounds || |W| X ||_F where the rows of X
 * have norm 1. */
static cutropy_status weight_norm(const ct_products *p, const ct_product_side *side, double *out)
{
    cutropy_status status = CUTROPY_OK;
    double *sum = NULL, square = 0;
    CT_NEW_ZERO(sum, side->count);
    for (int64_t m = 0; m < p->terms; m++)
        if (side->of_term[m] >= 0)
            sum[side->of_term[m]] += fabs(p->weight[m]);
    for (int64_t i = 0; i < side->count; i++)
        square += sum[i] * sum[i];
    *out = CT_SECOND_ORDER * sqrt(square);
done:
    ct_free(sum);
    return status;
}

static double absolute_sum(const ct_products *p)
{
    double sum = 0;
    for (int64_t m = 0; m < p->terms; m++)
        sum += fabs(p->weight[m]);
    return CT_SECOND_ORDER * sum;
}

/* x = W L, as L^T of `from` moved to the rows of `to`: rank x count, row-major. */
typedef struct ct_move {
    const ct_half *from, *to;
    const int32_t *row_from, *row_to; /* of each part */
    double *x;
} ct_move;

static void move_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_move *m = context;
    const ct_products *p = m->from->p;
    const size_t parts = ct_product_parts(p);
    const size_t from = (size_t)m->from->side->count, to = (size_t)m->to->side->count;
    (void)thread;
    for (size_t k = first; k < last; k++) {
        const double *l = m->from->gram + parts * k * from;
        double *x = m->x + parts * k * to;
        memset(x, 0, parts * to * sizeof *x);
        for (int64_t t = 0; t < p->terms; t++) {
            if (m->from->side->of_term[t] < 0)
                continue;
            const size_t a = (size_t)m->row_to[m->to->side->of_term[t]],
                         b = (size_t)m->row_from[m->from->side->of_term[t]];
            for (size_t c = 0; c < parts; c++)
                x[parts * a + c] += p->weight[t] * l[parts * b + c];
        }
    }
}

static cutropy_status rows_of_parts(const ct_half *h, int32_t **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(*out, h->side->count);
    for (int64_t i = 0; i < h->side->count; i++)
        (*out)[h->order[i]] = (int32_t)i;
done:
    return status;
}

/* ---- the matrix ---- */

/* What the entries of both Gram matrices and y say, whatever follows. */
static double given_error(const ct_products *p, const ct_half half[2], double trace)
{
    double error = 2 * sqrt(trace) * p->weight_error * CT_UNIT_ROUNDING * absolute_sum(p);
    for (int s = 0; s < 2; s++)
        error += ct_overlap_error(p, half[s].side->sites) * (double)p->terms * half[1 - s].spread;
    return error;
}

/* F F^H from the two factors; side r has the smaller rank. */
static cutropy_status multiply_factors(ct_half half[2], int threads, ct_product_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = half[0].p;
    const ct_operations *operations = half[0].operations;
    const size_t parts = ct_product_parts(p);
    const int r = half[0].rank <= half[1].rank ? 0 : 1;
    const ct_half *few = &half[r], *many = &half[1 - r];
    const int64_t rows = few->rank, columns = many->rank, inner = few->side->count;
    const double each = p->is_complex ? CT_PAIRS : 1;
    ct_move move = {.from = many, .to = few};
    int32_t *row[2] = {NULL, NULL};
    double *f = NULL, norm;
    for (int s = 0; s < 2; s++)
        CT_TRY(rows_of_parts(&half[s], &row[s]));
    move.row_to = row[r];
    move.row_from = row[1 - r];
    CT_NEW(move.x, columns * inner * (int64_t)parts);
    ct_parallel_for(threads, (size_t)columns, 8, move_piece, &move);
    CT_NEW(f, rows * columns * (int64_t)parts);
    operations->rows_by_rows(p->is_complex, rows, columns, inner, few->gram, move.x, f, threads);
    ct_free(move.x);
    move.x = NULL;
    out->rho.n = rows;
    CT_NEW(out->rho.number, rows * rows * (int64_t)parts);
    CT_TRY((p->is_complex ? operations->gram_complex
                          : operations->gram_real)(rows, columns, f, out->rho.number, threads));
    ct_matrix_measure(&out->rho);
    CT_TRY(weight_norm(p, few->side, &norm));
    out->rho.error = given_error(p, half, out->rho.trace);
    for (int s = 0; s < 2; s++)
        out->rho.error +=
            (each * (double)(2 * half[s].rank + 4) * CT_UNIT_ROUNDING * (double)p->terms +
             half[s].lost) *
            half[1 - s].spread;
    out->rho.error += 2 * sqrt(out->rho.trace) * each * (double)(inner + p->terms + 2) *
                      CT_UNIT_ROUNDING * sqrt((double)inner) * norm;
    out->rho.error += sqrt((double)rows) * ct_gram_error(columns, p->is_complex) *
                      CT_UNIT_ROUNDING * out->rho.trace;
done:
    ct_free(row[0]);
    ct_free(row[1]);
    ct_free(move.x);
    ct_free(f);
    return status;
}

/* The numbers of one part in the space of its side, the first site running slowest, the label slowest of all. */
static void expand(const ct_products *p, const ct_product_side *side, int32_t term, double *number)
{
    const size_t parts = ct_product_parts(p);
    int64_t filled = 1;
    number[0] = 1;
    if (parts == 2)
        number[1] = 0;
    for (int s = 0; s < side->sites; s++) {
        const int size = p->size[side->site[s]];
        for (int64_t i = filled; i-- > 0;) {
            const double re = number[parts * (size_t)i],
                         im = parts == 2 ? number[parts * (size_t)i + 1] : 0;
            for (int k = size; k-- > 0;) {
                double *to = number + parts * (size_t)(i * size + k);
                const double a = ct_products_row(p, side->site[s], k, 0)[term],
                             b = parts == 2 ? ct_products_row(p, side->site[s], k, 1)[term] : 0;
                to[0] = re * a - im * b;
                if (parts == 2)
                    to[1] = re * b + im * a;
            }
        }
        filled *= size;
    }
}

/* v = (parts of the small side)^T W: dimension x count of the other side, row-major. */
static cutropy_status fold(const ct_products *p, const ct_product_side *small,
                           const ct_product_side *other, double **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(p);
    const int64_t rows = (int64_t)small->dimension,
                  space = rows / (small->labelled ? p->classes : 1);
    double *number = NULL, *v = NULL;
    CT_NEW(number, space * (int64_t)parts);
    CT_NEW_ZERO(v, rows * other->count * (int64_t)parts);
    for (int64_t m = 0; m < p->terms; m++) {
        if (other->of_term[m] < 0)
            continue;
        const int64_t first = small->labelled ? p->label[m] * space : 0;
        expand(p, small, (int32_t)m, number);
        for (int64_t q = 0; q < space; q++)
            for (size_t c = 0; c < parts; c++)
                v[parts * (size_t)((first + q) * other->count + other->of_term[m]) + c] +=
                    p->weight[m] * number[parts * (size_t)q + c];
    }
    *out = v;
    v = NULL;
done:
    ct_free(number);
    ct_free(v);
    return status;
}

/* V G V^H in the space of side s. */
static cutropy_status multiply_small(const ct_half half[2], int s, int threads, ct_product_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = half[0].p;
    const ct_half *other = &half[1 - s];
    const size_t parts = ct_product_parts(p);
    const int64_t rows = (int64_t)half[s].side->dimension, columns = other->side->count;
    const double each = p->is_complex ? CT_PAIRS : 1;
    double *v = NULL, *product = NULL, norm;
    CT_TRY(fold(p, half[s].side, other->side, &v));
    CT_NEW(product, rows * columns * (int64_t)parts);
    other->operations->rows_by_rows(p->is_complex, rows, columns, columns, v, other->gram, product,
                                    threads);
    for (int64_t i = 0; parts == 2 && i < rows * columns; i++)
        v[2 * i + 1] = -v[2 * i + 1];
    out->rho.n = rows;
    CT_NEW(out->rho.number, rows * rows * (int64_t)parts);
    other->operations->rows_by_rows(p->is_complex, rows, rows, columns, product, v, out->rho.number,
                                    threads);
    ct_matrix_measure(&out->rho);
    CT_TRY(weight_norm(p, other->side, &norm));
    const double sum = absolute_sum(p), most = fmin(sum * sum, norm * norm * other->size);
    out->rho.error =
        2 * sqrt(out->rho.trace) * p->weight_error * CT_UNIT_ROUNDING * sum +
        ct_overlap_error(p, other->side->sites) * sum * sum +
        ct_overlap_error(p, half[s].side->sites) * (double)p->terms * other->spread +
        sqrt((double)rows) * each * (double)(2 * columns + p->terms + 4) * CT_UNIT_ROUNDING * most;
done:
    ct_free(v);
    ct_free(product);
    return status;
}

/* The side whose space is small, and smaller than that of the other; 2: there is none. */
static int small_side(const ct_product_cut *cut)
{
    const int s = cut->side[0].dimension <= cut->side[1].dimension ? 0 : 1;
    const int64_t least =
        cut->side[0].count < cut->side[1].count ? cut->side[0].count : cut->side[1].count;
    return cut->side[s].dimension <= (double)least / SMALL_SIDE ? s : 2;
}

void ct_product_cut_free(ct_product_cut *cut)
{
    for (int s = 0; s < 2; s++)
        ct_product_side_free(&cut->side[s]);
    ct_free(cut->rho.number);
    *cut = (ct_product_cut){0};
}

cutropy_status ct_product_cut_make(const ct_products *p, const uint64_t *mask,
                                   const ct_operations *operations, int threads,
                                   ct_product_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_half half[2] = {{0}, {0}};
    *out = (ct_product_cut){.rho.is_complex = p->is_complex};
    for (int s = 0; s < 2; s++)
        CT_TRY(ct_product_side_find(p, mask, s == 0, &out->side[s]));
    const int small = small_side(out);
    for (int s = 0; s < 2; s++)
        half[s] = (ct_half){.p = p,
                            .operations = operations,
                            .side = &out->side[s],
                            .threads = 1,
                            .factored = small == 2};
    if (small < 2) {
        half[1 - small].threads = threads;
        CT_TRY(ct_half_make(&half[1 - small]));
        CT_TRY(multiply_small(half, small, threads, out));
        goto done;
    }
    ct_parallel_for(threads, 2, 1, half_piece, half);
    for (int s = 0; s < 2; s++)
        if (half[s].status != CUTROPY_OK)
            CT_TRY(ct_error_restore(half[s].status, half[s].why));
    CT_TRY(multiply_factors(half, threads, out));
done:
    ct_half_free(&half[0]);
    ct_half_free(&half[1]);
    if (status != CUTROPY_OK)
        ct_product_cut_free(out);
    return status;
}

/* ---- all sites ---- */

cutropy_status ct_product_norm(const ct_products *p, const ct_operations *operations, int threads,
                               double *norm, double *error)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(p);
    const int64_t n = p->terms;
    const double sum = absolute_sum(p);
    int32_t *site = NULL, *term = NULL;
    double *g = NULL;
    ct_sum total = {0};
    CT_NEW(site, p->sites);
    CT_NEW(term, n);
    CT_NEW(g, n * (n < CT_OVERLAP_STRIP ? n : CT_OVERLAP_STRIP) * (int64_t)parts);
    for (int s = 0; s < p->sites; s++)
        site[s] = s;
    for (int64_t m = 0; m < n; m++)
        term[m] = (int32_t)m;
    for (int64_t first = 0; first < n; first += CT_OVERLAP_STRIP) {
        const int64_t columns = n - first,
                      rows = columns < CT_OVERLAP_STRIP ? columns : CT_OVERLAP_STRIP;
        CT_TRY(operations->overlaps(p, p->sites, site, rows, columns, term + first, g, threads));
        for (int64_t i = first; i < first + rows; i++)
            for (int64_t j = i; j < n; j++)
                if (!p->sides || p->label[i] == p->label[j])
                    ct_sum_add(&total, (j > i ? 2 : 1) * p->weight[i] * p->weight[j] *
                                           g[parts * (size_t)((i - first) * columns + j - first)]);
    }
    *norm = ct_sum_value(&total);
    *error =
        (ct_overlap_error(p, p->sites) + (2 * p->weight_error + 8) * CT_UNIT_ROUNDING) * sum * sum;
done:
    ct_free(site);
    ct_free(term);
    ct_free(g);
    return status;
}
