/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/product_half.h"

#include <math.h>
#include <string.h>

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

/* spread^2 = sum over terms of y_m^2 y_m'^2 |G|^2, part by part; size. */
static cutropy_status find_norms(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(h->p);
    const int64_t n = h->side->count;
    double *square = NULL, sum = 0, size = 0;
    CT_NEW_ZERO(square, n);
    for (int64_t m = 0; m < h->p->terms; m++)
        if (h->side->of_term[m] >= 0)
            square[h->side->of_term[m]] += h->p->weight[m] * h->p->weight[m];
    for (int64_t i = 0; i < n; i++) {
        double row = 0;
        for (int64_t j = i; j < n; j++) {
            const double entry =
                (j > i ? 2 : 1) * ct_square_of(h->gram + parts * (size_t)(i * n + j), parts);
            row += square[j] * entry;
            size += entry;
        }
        sum += square[i] * row;
    }
    h->spread = CT_SECOND_ORDER * sqrt(sum);
    h->size = CT_SECOND_ORDER * sqrt(size);
done:
    ct_free(square);
    return status;
}

/* ||G - L L^H||_F among the rows that L did not choose, over all their terms: formed, since rounding may have made G indefinite. */
static cutropy_status find_lost(ct_half *h)
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
        term[i] = h->side->term[h->order[h->rank + i]];
        for (int64_t k = 0; k < h->rank; k++)
            memcpy(rows + parts * (size_t)(i * h->rank + k),
                   h->gram + parts * (size_t)(k * n + h->rank + i), parts * sizeof *rows);
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
            sum += (j > i ? 2 : 1) * count[h->order[h->rank + i]] * count[h->order[h->rank + j]] *
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
    CT_NEW(h->order, h->side->count);
    CT_TRY(h->operations->cholesky(h->side->count, h->p->is_complex, h->gram, h->order, &h->rank));
    CT_TRY(find_lost(h));
done:
    return status;
}

/* The lower triangle of a Hermitian matrix. */
static void complete(const ct_half *h)
{
    const size_t parts = ct_product_parts(h->p);
    const int64_t n = h->side->count;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++) {
            const double *from = h->gram + parts * (size_t)(i * n + j);
            double *to = h->gram + parts * (size_t)(j * n + i);
            to[0] = from[0];
            if (parts == 2)
                to[1] = -from[1];
        }
}

cutropy_status ct_half_make(ct_half *h)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)h->side->count;
    CT_NEW(h->gram, n * n * ct_product_parts(h->p));
    CT_TRY(gram_of(h, h->side->count, h->side->term, h->gram));
    CT_TRY(find_norms(h));
    if (h->factored)
        CT_TRY(factor(h));
    else
        complete(h);
done:
    return status;
}

void ct_half_free(ct_half *h)
{
    ct_free(h->gram);
    ct_free(h->order);
}
