/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/product_fine_side.h"

#include <math.h>
#include <string.h>

#include "backend/cpu/overlaps.h"
#include "base/parallel.h"
#include "base/twofold.h"

#define SQUARE (CT_UNIT_ROUNDOFF * CT_UNIT_ROUNDOFF)
#define UP 1.01 /* terms of higher order, and the rounding of bounds */

/* ---- Gram matrices ---- */

/* Of the parts of a side: n x n, upper triangle, complex: pairs. */
static cutropy_status make_gram(const ct_product_fine *f, const ct_product_side *side, int threads,
                                ct_twofold *g)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = side->count, parts = f->p->is_complex ? 2 : 1;
    CT_TRY(ct_pairs_new(n * n * parts, g));
    CT_TRY(ct_cpu_overlaps2(f->p, f->factor.high, f->factor.low, side->sites, side->site, n, n,
                            side->term, g->high, g->low, threads));
    for (int64_t i = 0; i < n && side->labelled; i++)
        for (int64_t j = i; j < n; j++)
            if (f->p->label[side->term[i]] != f->p->label[side->term[j]])
                for (int64_t c = 0; c < parts; c++)
                    g->high[parts * (i * n + j) + c] = g->low[parts * (i * n + j) + c] = 0;
done:
    return status;
}

/* Entry (i, j) of a Hermitian matrix of which the upper triangle is there; conj: of its conjugate. */
static double entry_of(const double *g, int64_t parts, int64_t n, int64_t i, int64_t j, int part,
                       bool conj)
{
    const double x = g[parts * (i <= j ? i * n + j : j * n + i) + part];
    if (part && i == j)
        return 0;
    return part && (i > j) != conj ? -x : x;
}

/* Real and symmetric, whole: a Hermitian matrix as ((re, -im), (im, re)). */
static void make_real(const double *g, int64_t parts, int64_t n, double *out)
{
    const int64_t size = parts * n;
    for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < size; j++) {
            const double x = entry_of(g, parts, n, i % n, j % n, (i < n) != (j < n), false);
            out[i * size + j] = i < n && j >= n ? -x : x;
        }
}

static cutropy_status new_real(const ct_twofold g, int64_t parts, int64_t n, ct_twofold *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_pairs_new(parts * parts * n * n, out));
    make_real(g.high, parts, n, out->high);
    make_real(g.low, parts, n, out->low);
done:
    return status;
}

/* ---- K ---- */

typedef struct ct_fine_kernel {
    const ct_product_fine *f;
    const ct_product_side *own, *other;
    const ct_twofold *g; /* of the other side */
    int64_t *first;      /* own->count + 1: where the terms of a part begin in `term` */
    int32_t *term;
    double *room; /* threads x other->count pairs of parts */
    ct_twofold *k;
    int64_t most; /* terms of a part */
} ct_fine_kernel;

static cutropy_status sort_terms(ct_fine_kernel *w)
{
    cutropy_status status = CUTROPY_OK;
    const ct_product_side *own = w->own;
    const int64_t terms = w->f->p->terms;
    CT_NEW_ZERO(w->first, own->count + 2);
    CT_NEW(w->term, terms);
    for (int64_t m = 0; m < terms; m++)
        if (own->of_term[m] >= 0)
            w->first[own->of_term[m] + 2]++;
    for (int64_t i = 0; i < own->count; i++) {
        w->most = w->first[i + 2] > w->most ? w->first[i + 2] : w->most;
        w->first[i + 2] += w->first[i + 1];
    }
    for (int64_t m = 0; m < terms; m++)
        if (own->of_term[m] >= 0)
            w->term[w->first[own->of_term[m] + 1]++] = (int32_t)m;
done:
    return status;
}

/* A row, from the diagonal on: first the sum over the terms of its part, then over those of the columns'. */
static void kernel_row(const ct_fine_kernel *w, int64_t row, double *sum, double *slip)
{
    const ct_twofold y = w->f->weight;
    const int64_t n = w->own->count, columns = w->other->count, parts = w->f->p->is_complex ? 2 : 1;
    memset(sum, 0, (size_t)(columns * parts) * sizeof *sum);
    memset(slip, 0, (size_t)(columns * parts) * sizeof *slip);
    for (int64_t i = w->first[row]; i < w->first[row + 1]; i++) {
        const int64_t m = w->term[i], from = w->other->of_term[m];
        for (int64_t b = 0; b < columns; b++)
            for (int c = 0; c < parts; c++)
                ct_pair_add_product(y.high[m], y.low[m],
                                    entry_of(w->g->high, parts, columns, from, b, c, true),
                                    entry_of(w->g->low, parts, columns, from, b, c, true),
                                    sum + parts * b + c, slip + parts * b + c);
    }
    for (int64_t b = 0; b < columns * parts; b++)
        sum[b] = ct_two_sum(sum[b], slip[b], &slip[b]);
    for (int64_t j = row; j < n; j++)
        for (int64_t c = 0; c < parts; c++) {
            double *high = w->k->high + parts * (row * n + j) + c,
                   *low = w->k->low + parts * (row * n + j) + c;
            *high = *low = 0;
            for (int64_t i = w->first[j]; i < w->first[j + 1]; i++) {
                const int64_t m = w->term[i], b = parts * w->other->of_term[m] + c;
                ct_pair_add_product(y.high[m], y.low[m], sum[b], slip[b], high, low);
            }
            *high = ct_two_sum(*high, *low, low);
        }
}

static void kernel_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_kernel *w = context;
    const int64_t numbers = w->other->count * (w->f->p->is_complex ? 2 : 1);
    double *room = w->room + 2 * numbers * thread;
    for (size_t row = first; row < last; row++)
        kernel_row(w, (int64_t)row, room, room + numbers);
}

/* K on the parts of `own`, upper triangle, complex: pairs; size: of each part the sum of |y|. |K_ij| <= size_i size_j, and K_ij is off by *error times
 * that. */
static cutropy_status make_kernel(const ct_product_fine *f, const ct_product_side *own,
                                  const ct_product_side *other, int threads, ct_twofold *k,
                                  double *size, double *error)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t parts = f->p->is_complex ? 2 : 1;
    ct_twofold g = {0};
    ct_fine_kernel w = {.f = f, .own = own, .other = other, .g = &g, .k = k};
    CT_TRY(make_gram(f, other, threads, &g));
    CT_TRY(sort_terms(&w));
    CT_NEW(w.room, 2 * threads * other->count * parts);
    CT_TRY(ct_pairs_new(own->count * own->count * parts, k));
    ct_parallel_for(threads, (size_t)own->count, 8, kernel_rows, &w);
    const double steps = (double)w.most + 8;
    *error =
        UP * (ct_product_fine_overlap_error(f, other->sites) + (2 * steps * steps + 8) * SQUARE);
    for (int64_t i = 0; i < own->count; i++)
        size[i] = 0;
    for (int64_t m = 0; m < f->p->terms; m++)
        if (own->of_term[m] >= 0)
            size[own->of_term[m]] += UP * fabs(f->weight.high[m]);
done:
    ct_twofold_free(&g);
    ct_free(w.first);
    ct_free(w.term);
    ct_free(w.room);
    return status;
}

/* ---- both ---- */

void ct_fine_side_free(ct_fine_side *s)
{
    ct_twofold_free(&s->gram);
    ct_twofold_free(&s->kernel);
    ct_free(s->size);
    s->size = NULL;
}

cutropy_status ct_fine_side_make(const ct_product_fine *f, const ct_product_side *own,
                                 const ct_product_side *other, int threads, ct_fine_side *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t parts = f->p->is_complex ? 2 : 1;
    ct_twofold some = {0};
    *out = (ct_fine_side){.n = parts * own->count, .parts = parts};
    CT_NEW(out->size, own->count);
    CT_TRY(make_kernel(f, own, other, threads, &some, out->size, &out->kernel_error));
    CT_TRY(new_real(some, parts, own->count, &out->kernel));
    ct_twofold_free(&some);
    CT_TRY(make_gram(f, own, threads, &some));
    CT_TRY(new_real(some, parts, own->count, &out->gram));
    out->gram_error = (double)out->n * ct_product_fine_overlap_error(f, own->sites);
done:
    ct_twofold_free(&some);
    if (status != CUTROPY_OK)
        ct_fine_side_free(out);
    return status;
}
