/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/product_half.h"

#include <math.h>
#include <string.h>

/* ---- Cholesky ---- */

/* The Gram matrix of so many terms on the sites of a side, upper triangle; parts with different labels are orthogonal. */
static cutropy_status gram_of(const ct_half *h, int64_t n, const int32_t *term, double *gram)
{
    const size_t parts = ct_product_parts(h->p);
    const int32_t *label = h->p->label;
    const cutropy_status status =
        h->operations->overlaps(h->p, h->side->sites, h->side->site, n, n, term, gram, h->threads);
    for (int64_t i = 0; i < n && status == CUTROPY_OK && h->side->labelled; i++)
        for (int64_t j = i; j < n; j++)
            if (label[term[i]] != label[term[j]])
                memset(gram + parts * (size_t)(i * n + j), 0, parts * sizeof(double));
    return status;
}

/* spread^2 = sum over terms of y_m^2 y_m'^2 |G|^2, part by part. */
static cutropy_status find_spread(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(h->p);
    const int64_t n = h->side->count;
    double *square = NULL, sum = 0;
    CT_NEW_ZERO(square, n);
    for (int64_t m = 0; m < h->p->terms; m++)
        if (h->side->of_term[m] >= 0)
            square[h->side->of_term[m]] += h->p->weight[m] * h->p->weight[m];
    for (int64_t i = 0; i < n; i++) {
        double row = 0;
        for (int64_t j = i; j < n; j++)
            row += (j > i ? 2 : 1) * square[j] *
                   ct_square_of(h->rows + parts * (size_t)(i * n + j), parts);
        sum += square[i] * row;
    }
    h->spread = CT_SECOND_ORDER * sqrt(sum);
done:
    ct_free(square);
    return status;
}

/* ||G - L L^H||_F among the rows that L did not choose, over all their terms: formed, since rounding may have made G indefinite. */
static cutropy_status find_lost(ct_half *h, const int32_t *order)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(h->p);
    const int64_t n = h->side->count, left = n - h->rank;
    int32_t *term = NULL;
    double *count = NULL, *rows = NULL, *product = NULL, *gram = NULL, sum = 0;
    if (!left)
        return CUTROPY_OK;
    CT_NEW(term, left);
    CT_NEW_ZERO(count, n);
    CT_NEW(rows, left * h->rank * (int64_t)parts);
    CT_NEW(product, left * left * (int64_t)parts);
    CT_NEW(gram, left * left * (int64_t)parts);
    for (int64_t m = 0; m < h->p->terms; m++)
        if (h->side->of_term[m] >= 0)
            count[h->side->of_term[m]]++;
    for (int64_t i = 0; i < left; i++) {
        term[i] = h->side->term[order[h->rank + i]];
        for (int64_t k = 0; k < h->rank; k++)
            memcpy(rows + parts * (size_t)(i * h->rank + k),
                   h->rows + parts * (size_t)(k * n + h->rank + i), parts * sizeof *rows);
    }
    CT_TRY((h->p->is_complex ? h->operations->gram_complex
                             : h->operations->gram_real)(left, h->rank, rows, product, h->threads));
    CT_TRY(gram_of(h, left, term, gram));
    for (int64_t i = 0; i < left; i++)
        for (int64_t j = i; j < left; j++) {
            double *g = gram + parts * (size_t)(i * left + j);
            const double *l = product + parts * (size_t)(i * left + j);
            g[0] -= l[0];
            if (parts == 2) /* g is conj(phi_i) phi_j, rows of L the other way round */
                g[1] += l[1];
            sum += (j > i ? 2 : 1) * count[order[h->rank + i]] * count[order[h->rank + j]] *
                   ct_square_of(g, j > i ? parts : 1);
        }
    h->lost = CT_SECOND_ORDER * sqrt(sum);
done:
    ct_free(term);
    ct_free(count);
    ct_free(rows);
    ct_free(product);
    ct_free(gram);
    return status;
}

static cutropy_status factor(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)h->side->count;
    int32_t *order = NULL;
    CT_NEW(h->rows, n * n * ct_product_parts(h->p));
    CT_NEW(order, n);
    CT_TRY(gram_of(h, h->side->count, h->side->term, h->rows));
    CT_TRY(find_spread(h));
    CT_TRY(h->operations->cholesky(h->side->count, h->p->is_complex, h->rows, order, &h->rank));
    CT_TRY(find_lost(h, order));
    for (size_t i = 0; i < n; i++)
        h->column[order[i]] = (int32_t)i;
done:
    ct_free(order);
    return status;
}

/* ---- the space of the side ---- */

/* The numbers of one part in the space of its side, the first site running slowest; the label, slower than all, is left out. */
static void list_numbers(const ct_products *p, const ct_product_side *side, int32_t term,
                         double *number)
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

static cutropy_status expand(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    const ct_product_side *side = h->side;
    const size_t parts = ct_product_parts(h->p);
    const int64_t n = side->count,
                  space = (int64_t)side->dimension / (side->labelled ? h->p->classes : 1);
    double *number = NULL;
    h->rank = (int64_t)side->dimension;
    h->spread = INFINITY;
    CT_NEW(number, space * (int64_t)parts);
    CT_NEW_ZERO(h->rows, h->rank * n * (int64_t)parts);
    for (int64_t i = 0; i < n; i++) {
        const int64_t first = side->labelled ? h->p->label[side->term[i]] * space : 0;
        list_numbers(h->p, side, side->term[i], number);
        for (int64_t q = 0; q < space; q++)
            memcpy(h->rows + parts * (size_t)((first + q) * n + i), number + parts * (size_t)q,
                   parts * sizeof *number);
        h->column[i] = (int32_t)i;
    }
done:
    ct_free(number);
    return status;
}

/* The largest sum of a row of |R|^T |R| over all terms. */
static cutropy_status find_reach(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(h->p), n = (size_t)h->side->count;
    double *count = NULL, *sum = NULL, *size = NULL;
    CT_NEW_ZERO(count, n);
    CT_NEW_ZERO(sum, n);
    CT_NEW(size, n);
    for (int64_t m = 0; m < h->p->terms; m++)
        if (h->side->of_term[m] >= 0)
            count[h->column[h->side->of_term[m]]]++;
    for (int64_t k = 0; k < h->rank; k++) {
        const double *row = h->rows + (size_t)k * n * parts;
        const size_t first = h->expanded ? 0 : (size_t)k;
        double all = 0;
        for (size_t i = first; i < n; i++) {
            size[i] = parts == 2 ? sqrt(ct_square_of(row + 2 * i, 2)) : fabs(row[i]);
            all += count[i] * size[i];
        }
        for (size_t i = first; i < n; i++)
            sum[i] += all * size[i];
    }
    h->reach = 0;
    for (size_t i = 0; i < n; i++)
        h->reach = fmax(h->reach, CT_SECOND_ORDER * sum[i]);
done:
    ct_free(count);
    ct_free(sum);
    ct_free(size);
    return status;
}

cutropy_status ct_half_make(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(h->column, h->side->count);
    CT_TRY(h->expanded ? expand(h) : factor(h));
    CT_TRY(find_reach(h));
done:
    return status;
}

void ct_half_free(ct_half *h)
{
    ct_free(h->rows);
    ct_free(h->column);
}
