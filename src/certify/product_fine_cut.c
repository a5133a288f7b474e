/* SPDX-License-Identifier: Apache-2.0 */
/* With G of one side's parts, about u^T u, and K = W conj(G') W^H of the other's, as real matrices, the eigenvalues of rho_A are those of
 * K^1/2 G K^1/2, and
 *     E = G - u^T u, formed: they move by ||E||_F ||K||_F at most,
 *     those of K^1/2 u^T u K^1/2 are those of u K u^T, less than those of h = u (K + a diagonal) u^T, which is rounded.
 * Equal parts are merged, and what an entry of K is off by counts once. */
#include "certify/product_fine_side.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/twofold.h"
#include "certify/cholesky2.h"

#define SQUARE (CT_UNIT_ROUNDOFF * CT_UNIT_ROUNDOFF)
#define UP 1.01 /* terms of higher order, and the rounding of bounds */
#define BAND 64 /* rows */

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
    CT_TRY(ct_pairs_new(n * n, &f->left));
    CT_TRY(ct_pairs_new(n * n, &f->u));
    copy_ordered(n, g, NULL, shift, f->left);
    CT_TRY(ct_cholesky2(n, f->left, threads, f->order, &f->rank, f->u));
    CT_TRY(ct_pairs_new(n * f->rank, &f->turned));
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
    CT_TRY(ct_pairs_new(r * n, &w->x));
    CT_TRY(ct_pairs_new(r * r, &w->h));
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

/* Adds error size_i sum size to the diagonal of k, so that it lies above the true one, which differs by error size_i size_j at most: |sum size_i size_j x_i x_j| <=
 * sum size_i x_i^2 sum size_j. Returns the trace of u (k - true k) u^T, at most. */
static double lift_kernel(const ct_fine_factor *f, const ct_fine_side *s, ct_twofold k)
{
    const int64_t n = f->n, own = n / s->parts;
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += UP * s->size[i % own];
    for (int64_t i = 0; i < n; i++)
        k.low[i * (n + 1)] += UP * s->kernel_error * sum * s->size[f->order[i] % own];
    settle(k, n * n);
    return 2 * UP * UP * s->kernel_error * sum * sum * (1 + f->missing); /* columns of u */
}

/* Entry (i, j) of h is off by twice the error of a product times B_ij, B = |u| |k| |u|^T, at most. With d_i = that times the sum of B_ij over j it is a form
 * between -diag(d) and diag(d), so its trace norm is sum d at most. Returns that. */
static cutropy_status bound_rounding(const ct_fine_factor *f, ct_twofold k, double *d, double *sum)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t n = f->n;
    const double each = 2 * UP * ct_product2_error((double)n);
    double *column = NULL, *image = NULL;
    CT_NEW_ZERO(column, n);
    CT_NEW_ZERO(image, n);
    *sum = 0;
    for (int64_t r = 0; r < f->rank; r++)
        for (int64_t i = r; i < n; i++)
            column[i] += fabs(f->u.high[r * n + i]);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            image[i] += fabs(k.high[i * n + j]) * column[j];
    for (int64_t r = 0; r < f->rank; r++) {
        d[r] = 0;
        for (int64_t i = r; i < n; i++)
            d[r] += fabs(f->u.high[r * n + i]) * each * image[i];
        d[r] *= UP;
        *sum += UP * d[r];
    }
done:
    ct_free(column);
    ct_free(image);
    return status;
}

static cutropy_status make_cut(const ct_fine_side *s, int threads, ct_fine_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_fine_factor f = {0};
    ct_fine_matrix w = {.f = &f};
    CT_TRY(factor(s->n, s->gram, 0, threads, &f));
    CT_TRY(ct_pairs_new(s->n * s->n, &w.k));
    copy_ordered(s->n, s->kernel, f.order, 0, w.k);
    const double lifted = lift_kernel(&f, s, w.k);
    CT_TRY(multiply(&w, threads));
    CT_NEW(out->below, f.rank);
    CT_TRY(bound_rounding(&f, w.k, out->below, &out->error));
    out->n = f.rank;
    out->error += lifted + UP * (f.missing + s->gram_error) * norm_of(s->n, s->kernel);
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
    CT_TRY(ct_fine_side_make(f, &side[own], &side[1 - own], threads, &s));
    *out = (ct_fine_cut){.copies = (int)s.parts};
    CT_TRY(make_cut(&s, threads, out));
    for (int64_t i = 0; i < s.n; i++)
        sum += UP * s.size[i % (s.n / s.parts)] * s.size[i % (s.n / s.parts)];
    if (rank)
        CT_TRY(is_positive(s.n, s.gram, s.gram_error, threads, &out->full_rank));
    if (out->full_rank) /* ||size size^T||_F = sum */
        CT_TRY(is_positive(s.n, s.kernel, s.kernel_error * sum, threads, &out->full_rank));
done:
    ct_fine_side_free(&s);
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
