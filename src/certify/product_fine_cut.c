/* SPDX-License-Identifier: Apache-2.0 */
/* With G of one side's parts, about u^T u, and K = W conj(G') W^H of the other's, as real matrices, the eigenvalues of rho_A are those of
 * K^1/2 G K^1/2, and
 *     E = G - u^T u, formed: they move by ||E||_F ||K||_F at most,
 *     those of K^1/2 u^T u K^1/2 are those of h = u K u^T, which is rounded.
 * Equal parts are merged, their columns of u have norm 1, and what an entry of K is off by counts once. */
#include "certify/product_fine.h"

#include <math.h>
#include <string.h>

#include "backend/cpu/overlaps.h"
#include "base/parallel.h"
#include "base/twofold.h"
#include "certify/cholesky2.h"

#define SQUARE (CT_UNIT_ROUNDOFF * CT_UNIT_ROUNDOFF)
#define UP 1.01 /* terms of higher order, and the rounding of bounds */
#define BAND 64 /* rows */

/* ---- Gram matrices ---- */

static cutropy_status new_pairs(int64_t count, ct_twofold *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(out->high, count);
    CT_NEW(out->low, count);
done:
    return status;
}

/* Of the parts of a side: n x n, upper triangle, complex: pairs. */
static cutropy_status make_gram(const ct_product_fine *f, const ct_product_side *side, int threads,
                                ct_twofold *g)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = side->count, parts = f->p->is_complex ? 2 : 1;
    CT_TRY(new_pairs(n * n * parts, g));
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
    CT_TRY(new_pairs(parts * parts * n * n, out));
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
    CT_TRY(new_pairs(own->count * own->count * parts, k));
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

/* ---- factors ---- */

/* About u^T u = g - shift, columns in the order of the pivots. */
typedef struct ct_fine_factor {
    int64_t n, rank;
    int32_t *order;
    ct_twofold u, turned; /* rank x n, row k zero left of k, and its transpose */
    ct_twofold left; /* n x n, in that order: g - shift, then less u^T u, from the diagonal on */
    double missing;  /* ||g - shift - u^T u||_F, at most */
} ct_fine_factor;

static void factor_free(ct_fine_factor *f)
{
    ct_free(f->order);
    ct_twofold_free(&f->u);
    ct_twofold_free(&f->turned);
    ct_twofold_free(&f->left);
    f->order = NULL;
}

static int64_t band_of(int64_t n, size_t band, int64_t *first)
{
    *first = (int64_t)band * BAND;
    return n - *first < BAND ? n - *first : BAND;
}

static ct_twofold behind(ct_twofold a, int64_t at)
{
    return (ct_twofold){a.high + at, a.low + at};
}

/* left - u^T u, from the diagonal on; turned has the other sign. */
static void missing_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_factor *f = context;
    const int64_t n = f->n, r = f->rank;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        int64_t row;
        const int64_t rows = band_of(n, band, &row),
                      inner = row + rows < r ? row + rows : r; /* u is zero below */
        ct_product2_part(rows, inner, n - row, behind(f->turned, row * r), r, 1, behind(f->u, row),
                         n, behind(f->left, row * (n + 1)), n);
    }
}

/* Whole g, order NULL: as it is. */
static void copy_ordered(int64_t n, ct_twofold g, const int32_t *order, double shift,
                         ct_twofold out)
{
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j < n; j++) {
            const int64_t from = order ? order[i] * n + order[j] : i * n + j;
            out.high[i * n + j] = g.high[from];
            out.low[i * n + j] = g.low[from];
        }
        double *const high = out.high + i * (n + 1), *const low = out.low + i * (n + 1);
        double slip;
        *high = ct_two_sum(*high, -shift, &slip);
        *low += slip;
    }
}

/* turned = -u^T, or u^T. */
static void turn(ct_fine_factor *f, double sign)
{
    for (int64_t k = 0; k < f->rank; k++)
        for (int64_t i = 0; i < f->n; i++) {
            f->turned.high[i * f->rank + k] = sign * f->u.high[k * f->n + i];
            f->turned.low[i * f->rank + k] = sign * f->u.low[k * f->n + i];
        }
}

static double largest_of(int64_t n, ct_twofold g)
{
    double largest = 0;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, g.high[i * (n + 1)]);
    return largest;
}

/* g: whole, stays; its entries are no larger than the largest of its diagonal, but for what they are off by. */
static cutropy_status factor(int64_t n, ct_twofold g, double shift, int threads, ct_fine_factor *f)
{
    cutropy_status status = CUTROPY_OK;
    double sum = 0;
    *f = (ct_fine_factor){.n = n};
    CT_NEW(f->order, n);
    CT_TRY(new_pairs(n * n, &f->left));
    CT_TRY(new_pairs(n * n, &f->u));
    copy_ordered(n, g, NULL, shift, f->left);
    CT_TRY(ct_cholesky2(n, f->left, threads, f->order, &f->rank, f->u));
    CT_TRY(new_pairs(n * f->rank, &f->turned));
    copy_ordered(n, g, f->order, shift, f->left);
    turn(f, -1);
    ct_parallel_for(threads, (size_t)((n + BAND - 1) / BAND), 1, missing_bands, f);
    turn(f, 1);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            const double x = f->left.high[i * n + j] + f->left.low[i * n + j];
            sum += (j > i ? 2 : 1) * x * x;
        }
    ct_twofold_free(&f->left);
    f->left = (ct_twofold){0};
    f->missing =
        UP * (sqrt(sum) + (double)n * (2 * ct_product2_error((double)f->rank) + 4 * SQUARE) *
                              (largest_of(n, g) + shift));
done:
    if (status != CUTROPY_OK)
        factor_free(f);
    return status;
}

/* Whether g, which is off by `error` in the Frobenius norm, is proved positive: u^T u has no negative eigenvalue, whatever u is. */
static cutropy_status is_positive(int64_t n, ct_twofold g, double error, int threads, bool *out)
{
    const double rounding = (double)n * (2 * ct_product2_error((double)n) + 8 * SQUARE),
                 shift = 4 * (error + rounding * largest_of(n, g));
    ct_fine_factor f;
    const cutropy_status status = factor(n, g, shift, threads, &f);
    *out = false;
    if (status == CUTROPY_OK) {
        *out = f.missing + error < shift;
        factor_free(&f);
    }
    return status;
}

/* ---- h = u K u^T ---- */

typedef struct ct_fine_matrix {
    const ct_fine_factor *f;
    ct_twofold k; /* n x n, whole, in the order of the columns of u */
    ct_twofold x; /* rank x n: u K */
    ct_twofold h; /* rank x rank, upper triangle */
} ct_fine_matrix;

static void settle(ct_twofold a, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        a.high[i] = ct_two_sum(a.high[i], a.low[i], &a.low[i]);
}

static void clear_pairs(ct_twofold a, int64_t count)
{
    memset(a.high, 0, (size_t)count * sizeof *a.high);
    memset(a.low, 0, (size_t)count * sizeof *a.low);
}

/* Rows of u K. */
static void image_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_matrix *w = context;
    const int64_t n = w->f->n;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        int64_t row;
        const int64_t rows = band_of(w->f->rank, band, &row);
        const ct_twofold x = behind(w->x, row * n);
        clear_pairs(x, rows * n);
        ct_product2_part(rows, n - row, n, behind(w->f->u, row * (n + 1)), n, 1,
                         behind(w->k, row * n), n, x, n);
        settle(x, rows * n);
    }
}

/* Rows of h, from the diagonal on, by columns: those of u^T are zero above theirs. */
static void matrix_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_matrix *w = context;
    const int64_t n = w->f->n, r = w->f->rank;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        int64_t row;
        const int64_t rows = band_of(r, band, &row);
        for (int64_t at = row; at < r; at += BAND) {
            const int64_t columns = r - at < BAND ? r - at : BAND;
            ct_product2_part(rows, n - at, columns, behind(w->x, row * n + at), n, 1,
                             behind(w->f->turned, at * r + at), r, behind(w->h, row * r + at), r);
        }
        settle(behind(w->h, row * r), rows * r);
    }
}

static cutropy_status multiply(ct_fine_matrix *w, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = w->f->n, r = w->f->rank;
    const size_t bands = (size_t)((r + BAND - 1) / BAND);
    CT_TRY(new_pairs(r * n, &w->x));
    CT_TRY(new_pairs(r * r, &w->h));
    clear_pairs(w->h, r * r);
    ct_parallel_for(threads, bands, 1, image_bands, w);
    ct_parallel_for(threads, bands, 1, matrix_bands, w);
done:
    return status;
}

static double norm_of(int64_t n, ct_twofold k)
{
    double square = 0;
    for (int64_t i = 0; i < n * n; i++)
        square += k.high[i] * k.high[i];
    return UP * sqrt(square);
}

/* Entry (i, j) of h is off by each a_i a_j at most, a = |u| size. With d_i = each a_i sum a_j that is a form between -diag(d) and diag(d), so its trace
 * norm is sum d at most. Returns that. */
static double bound_rounding(const ct_fine_factor *f, int64_t parts, const double *size,
                             double each, double *d)
{
    const int64_t n = f->n, own = n / parts;
    double all = 0, sum = 0;
    for (int64_t k = 0; k < f->rank; k++) {
        d[k] = 0;
        for (int64_t i = k; i < n; i++)
            d[k] += UP * fabs(f->u.high[k * n + i]) * size[f->order[i] % own];
        all += d[k];
    }
    for (int64_t k = 0; k < f->rank; k++) {
        d[k] *= UP * each * all;
        sum += d[k];
    }
    return UP * sum;
}

/* A side's G and K, whole, real. */
typedef struct ct_fine_side {
    int64_t n, parts;
    ct_twofold gram, kernel;
    double gram_error;   /* Frobenius norm */
    double kernel_error; /* of entry (i, j), times size_i size_j */
    double *size;        /* n / parts */
} ct_fine_side;

static void side_free(ct_fine_side *s)
{
    ct_twofold_free(&s->gram);
    ct_twofold_free(&s->kernel);
    ct_free(s->size);
}

static cutropy_status make_side(const ct_product_fine *f, const ct_product_side *own,
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
        side_free(out);
    return status;
}

static cutropy_status make_cut(const ct_fine_side *s, int threads, ct_fine_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_fine_factor f = {0};
    ct_fine_matrix w = {.f = &f};
    CT_TRY(factor(s->n, s->gram, 0, threads, &f));
    CT_TRY(new_pairs(s->n * s->n, &w.k));
    copy_ordered(s->n, s->kernel, f.order, 0, w.k);
    CT_TRY(multiply(&w, threads));
    CT_NEW(out->below, f.rank);
    out->n = f.rank;
    out->error = UP * (f.missing + s->gram_error) * norm_of(s->n, s->kernel) +
                 bound_rounding(&f, s->parts, s->size,
                                2 * ct_product2_error((double)s->n) + s->kernel_error, out->below);
    out->h = w.h;
    w.h = (ct_twofold){0};
done:
    factor_free(&f);
    ct_twofold_free(&w.k);
    ct_twofold_free(&w.x);
    ct_twofold_free(&w.h);
    return status;
}

cutropy_status ct_product_fine_cut(const ct_product_fine *f, const ct_product_side side[2],
                                   bool rank, int threads, ct_fine_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    const double space[2] = {fmin((double)side[0].count, side[0].dimension),
                             fmin((double)side[1].count, side[1].dimension)};
    const int own = space[1] < space[0];
    ct_fine_side s = {0};
    double sum = 0;
    CT_TRY(make_side(f, &side[own], &side[1 - own], threads, &s));
    *out = (ct_fine_cut){.copies = (int)s.parts};
    CT_TRY(make_cut(&s, threads, out));
    for (int64_t i = 0; i < s.n; i++)
        sum += UP * s.size[i % (s.n / s.parts)] * s.size[i % (s.n / s.parts)];
    if (rank)
        CT_TRY(is_positive(s.n, s.gram, s.gram_error, threads, &out->full_rank));
    if (out->full_rank) /* ||size size^T||_F = sum */
        CT_TRY(is_positive(s.n, s.kernel, s.kernel_error * sum, threads, &out->full_rank));
done:
    side_free(&s);
    if (status != CUTROPY_OK)
        ct_fine_cut_free(out);
    return status;
}

void ct_fine_cut_free(ct_fine_cut *cut)
{
    ct_twofold_free(&cut->h);
    ct_free(cut->below);
    cut->below = NULL;
}

double ct_product_fine_bytes(const ct_products *p)
{
    const double n = (double)p->terms, parts = p->is_complex ? 2 : 1;
    /* seven matrices of pairs: G, K, that in another order, u, u^T, u K, h */
    return n * n * parts * parts * 7 * 16 +
           2 * (double)ct_products_bytes(p->terms, p->sites, p->dimension, p->is_complex);
}
