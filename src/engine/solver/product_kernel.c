/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/product_kernel.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "engine/solver/product_half.h"

#define ROWS_AT_ONCE 16
#define TILE 32

typedef struct ct_class_work {
    const ct_products *p;
    int64_t terms, there; /* of this class: terms, and parts of the other side */
    int32_t *sorted;      /* terms, by their own parts */
    int64_t *first;       /* n + 1: where those of an own part begin in it */
    int32_t *own, *other; /* of every term in it: its place among the parts that occur */
    int32_t *sample;      /* a term of every part of the other side */
    double *gram;         /* there x there */
    double *room;         /* threads x there */
    ct_kernel *out;
} ct_class_work;

void ct_kernel_free(ct_kernel *k)
{
    ct_free(k->column);
    ct_free(k->number);
    k->column = NULL;
    k->number = NULL;
    k->n = 0;
}

static void work_free(ct_class_work *w)
{
    ct_free(w->sorted);
    ct_free(w->first);
    ct_free(w->own);
    ct_free(w->other);
    ct_free(w->sample);
    ct_free(w->gram);
    ct_free(w->room);
}

/* Sorts the terms by the columns of their parts, which are numbered as they occur. */
static cutropy_status sort_terms(const ct_product_side *side, const int32_t *column,
                                 const int32_t *term, ct_class_work *w)
{
    cutropy_status status = CUTROPY_OK;
    ct_kernel *out = w->out;
    int64_t *start = NULL, most = 0;
    CT_NEW_ZERO(start, side->count + 1);
    CT_NEW(w->sorted, w->terms);
    CT_NEW(w->own, w->terms);
    for (int64_t i = 0; i < w->terms; i++)
        start[column[side->of_term[term[i]]] + 1]++;
    out->n = 0;
    for (int64_t c = 0; c < side->count; c++)
        out->n += start[c + 1] > 0;
    CT_NEW(out->column, out->n);
    CT_NEW(w->first, out->n + 1);
    int64_t place = 0, filled = 0;
    for (int64_t c = 0; c < side->count; c++) {
        const int64_t here = start[c + 1];
        if (here) {
            out->column[place] = (int32_t)c;
            w->first[place++] = filled;
        }
        most = here > most ? here : most;
        start[c] = filled;
        filled += here;
    }
    w->first[out->n] = filled;
    for (int64_t i = 0; i < w->terms; i++)
        w->sorted[start[column[side->of_term[term[i]]]]++] = term[i];
    for (int64_t k = 0; k < out->n; k++)
        for (int64_t i = w->first[k]; i < w->first[k + 1]; i++)
            w->own[i] = (int32_t)k;
    out->steps = 2 * most + 2;
done:
    ct_free(start);
    return status;
}

/* Numbers the parts of the other side as they occur among the sorted terms. */
static cutropy_status number_others(const ct_product_side *side, ct_class_work *w)
{
    cutropy_status status = CUTROPY_OK;
    int32_t *place = NULL;
    CT_NEW_ZERO(place, side->count);
    CT_NEW(w->other, w->terms);
    CT_NEW(w->sample, w->terms);
    for (int64_t i = 0; i < w->terms; i++) {
        int32_t *at = &place[side->of_term[w->sorted[i]]];
        if (!*at) {
            w->sample[w->there++] = w->sorted[i];
            *at = (int32_t)w->there;
        }
        w->other[i] = *at - 1;
    }
done:
    ct_free(place);
    return status;
}

/* The sums over all terms, part by part, of the upper triangle. */
static cutropy_status add_norms(const ct_class_work *w)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(w->p);
    double *square = NULL, *sum = NULL;
    CT_NEW_ZERO(square, w->there);
    CT_NEW_ZERO(sum, w->there);
    for (int64_t i = 0; i < w->terms; i++) {
        const double y = w->p->weight[w->sorted[i]];
        square[w->other[i]] += y * y;
        sum[w->other[i]] += fabs(y);
    }
    for (int64_t i = 0; i < w->there; i++) {
        double squares = 0, sums = 0;
        for (int64_t j = i; j < w->there; j++) {
            const double *g = w->gram + parts * (size_t)(i * w->there + j);
            const double entry = ct_square_of(g, parts);
            squares += (j > i ? 2 : 1) * square[j] * entry;
            sums += (j > i ? 2 : 1) * sum[j] * (parts == 2 ? sqrt(entry) : fabs(g[0]));
        }
        w->out->square += square[i] * squares;
        w->out->absolute += sum[i] * sums;
    }
done:
    ct_free(square);
    ct_free(sum);
    return status;
}

/* <phi_j|phi_i> at (i, j), where the upper triangle holds <phi_i|phi_j>. */
static void complete(const ct_class_work *w)
{
    const size_t parts = ct_product_parts(w->p), n = (size_t)w->there;
    for (size_t row = 0; row < n; row += TILE)
        for (size_t column = row; column < n; column += TILE)
            for (size_t i = row; i < n && i < row + TILE; i++)
                for (size_t j = column > i ? column : i + 1; j < n && j < column + TILE; j++) {
                    double *here = w->gram + parts * (i * n + j),
                           *mirror = w->gram + parts * (j * n + i);
                    mirror[0] = here[0];
                    if (parts == 2) {
                        mirror[1] = here[1];
                        here[1] = -here[1];
                    }
                }
}

/* Row by row: first the sum over the terms of the part that the row belongs to, then over those of the column's. */
static void kernel_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_class_work *w = context;
    const size_t parts = ct_product_parts(w->p), numbers = parts * (size_t)w->there;
    const double *y = w->p->weight;
    double *sum = w->room + (size_t)thread * numbers;
    for (size_t k = first; k < last; k++) {
        double *to = w->out->number + k * parts * (size_t)w->out->n;
        memset(sum, 0, numbers * sizeof *sum);
        memset(to, 0, parts * (size_t)w->out->n * sizeof *to);
        for (int64_t i = w->first[k]; i < w->first[k + 1]; i++) {
            const double *from = w->gram + (size_t)w->other[i] * numbers;
            for (size_t c = 0; c < numbers; c++)
                sum[c] += y[w->sorted[i]] * from[c];
        }
        for (int64_t i = 0; i < w->terms; i++)
            for (size_t c = 0; c < parts; c++)
                to[parts * (size_t)w->own[i] + c] +=
                    y[w->sorted[i]] * sum[parts * (size_t)w->other[i] + c];
    }
}

cutropy_status ct_kernel_make(const ct_products *p, const ct_operations *operations,
                              const ct_product_side *own, const int32_t *column,
                              const ct_product_side *other, int64_t terms, const int32_t *term,
                              int threads, ct_kernel *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t parts = ct_product_parts(p);
    ct_class_work w = {.p = p, .terms = terms, .out = out};
    CT_TRY(sort_terms(own, column, term, &w));
    CT_TRY(number_others(other, &w));
    CT_NEW(w.gram, (size_t)w.there * (size_t)w.there * parts);
    CT_TRY(operations->overlaps(p, other->sites, other->site, w.there, w.there, w.sample, w.gram,
                                threads));
    CT_TRY(add_norms(&w));
    complete(&w);
    CT_NEW(out->number, (size_t)out->n * (size_t)out->n * parts);
    CT_NEW(w.room, (size_t)threads * (size_t)w.there * parts);
    ct_parallel_for(threads, (size_t)out->n, ROWS_AT_ONCE, kernel_rows, &w);
done:
    work_free(&w);
    if (status != CUTROPY_OK)
        ct_kernel_free(out);
    return status;
}
