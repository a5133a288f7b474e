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
#include "certify/product_numbers.h"

#define SQUARE (CT_UNIT_ROUNDOFF * CT_UNIT_ROUNDOFF)
#define UP 1.01 /* terms of higher order, and the rounding of bounds */
#define BITS 160
#define FACTOR_ERROR 7 /* times SQUARE: of a factor, as a vector */
#define BAND 64        /* rows */

/* ---- numbers ---- */

/* The nearest pair; false: the ball is not small. */
static bool take_pair(const arb_t x, double *high, double *low)
{
    arf_t rest;
    mag_t most;
    arf_init(rest);
    mag_init(most);
    mag_set_d(most, 0x1p-107);
    *high = arf_get_d(arb_midref(x), ARF_RND_NEAR);
    arf_set_d(rest, *high);
    arf_sub(rest, arb_midref(x), rest, BITS, ARF_RND_NEAR);
    *low = arf_get_d(rest, ARF_RND_NEAR);
    const bool small = arb_is_finite(x) && mag_cmp(arb_radref(x), most) <= 0;
    mag_clear(most);
    arf_clear(rest);
    return small;
}

typedef struct ct_fine_work {
    ct_product_fine *f;
    acb_ptr turn; /* complex weights, divided by their absolute values, or NULL */
    bool *good;   /* of every site */
} ct_fine_work;

/* The numbers of a factor of norm 1 into the terms of a level, or one. */
static bool put_factor(const ct_products *p, acb_srcptr number, size_t at, ct_twofold to)
{
    const size_t parts = p->is_complex ? 2 : 1, terms = (size_t)p->terms;
    bool good = true;
    for (int k = 0; k < p->dimension; k++, at += parts * terms) {
        good &= take_pair(acb_realref(number + k), to.high + at, to.low + at);
        if (parts == 2)
            good &= take_pair(acb_imagref(number + k), to.high + at + terms, to.low + at + terms);
    }
    return good;
}

static void copy_factor(const ct_products *p, size_t from, size_t at, ct_twofold to)
{
    const size_t rows = (size_t)p->dimension * (p->is_complex ? 2 : 1), terms = (size_t)p->terms;
    for (size_t k = 0; k < rows; k++, at += terms, from += terms) {
        to.high[at] = to.high[from];
        to.low[at] = to.low[from];
    }
}

/* Level by level: the first term of each computes, the others copy. */
static bool make_site(const ct_fine_work *w, int site, acb_ptr number, int64_t *first)
{
    const ct_products *p = w->f->p;
    const ct_exact_state *e = &p->exact;
    const size_t row = (size_t)(ct_products_row(p, site, 0, 0) - p->factor);
    arb_t norm;
    bool good = true;
    arb_init(norm);
    for (int64_t i = 0; i < e->first[site + 1] - e->first[site]; i++)
        first[i] = -1;
    for (int64_t m = 0; m < p->terms; m++) {
        const int32_t level = p->level[(int64_t)site * p->terms + m];
        const size_t at = row + (size_t)m;
        if (first[level] >= 0) {
            copy_factor(p, row + (size_t)first[level], at, w->f->factor);
            continue;
        }
        first[level] = m;
        ct_exact_factor(e, e->number + (e->first[site] + level) * ct_exact_numbers(e), BITS, number,
                        norm);
        for (int k = 0; k < e->dimension; k++)
            if (arb_is_zero(norm))
                acb_set_si(number + k, k == 0); /* the term vanishes: any direction */
            else
                acb_div_arb(number + k, number + k, norm, BITS);
        for (int k = 0; k < e->dimension && site == 0 && w->turn; k++)
            acb_mul(number + k, number + k, w->turn + m, BITS);
        good = put_factor(p, number, at, w->f->factor) && good;
    }
    arb_clear(norm);
    return good;
}

static void make_sites(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_work *w = context;
    acb_ptr number = _acb_vec_init(w->f->p->dimension);
    int64_t *level = ct_alloc((size_t)w->f->p->terms, sizeof *level);
    (void)thread;
    for (size_t site = first; site < last; site++)
        w->good[site] = level && make_site(w, (int)site, number, level);
    ct_free(level);
    _acb_vec_clear(number, w->f->p->dimension);
}

/* |y|, or y where it is real; turn: y / |y|. */
static bool make_weights(ct_product_fine *f, acb_ptr y, acb_ptr turn)
{
    const ct_products *p = f->p;
    bool good = true;
    arb_t size;
    arb_init(size);
    ct_exact_weights(&p->exact, BITS, y);
    for (int64_t m = 0; m < p->terms; m++) {
        acb_mul_2exp_si(y + m, y + m, -p->exponent);
        if (turn) {
            acb_abs(size, y + m, BITS);
            if (arb_is_zero(size))
                acb_one(turn + m);
            else
                acb_div_arb(turn + m, y + m, size, BITS);
        } else {
            arb_set(size, acb_realref(y + m));
        }
        good = take_pair(size, f->weight.high + m, f->weight.low + m) && good;
        f->sum += UP * fabs(f->weight.high[m]);
    }
    arb_clear(size);
    return good;
}

cutropy_status ct_product_fine_make(const ct_products *p, int threads, ct_product_fine *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t numbers =
        (size_t)p->sites * (size_t)p->dimension * (p->is_complex ? 2 : 1) * (size_t)p->terms;
    ct_fine_work w = {.f = out};
    acb_ptr y = _acb_vec_init((slong)p->terms);
    *out = (ct_product_fine){.p = p};
    if (p->exact.complex_weights)
        w.turn = _acb_vec_init((slong)p->terms);
    CT_NEW(out->factor.high, numbers);
    CT_NEW(out->factor.low, numbers);
    CT_NEW(out->weight.high, p->terms);
    CT_NEW(out->weight.low, p->terms);
    CT_NEW(w.good, p->sites);
    bool good = make_weights(out, y, w.turn);
    ct_parallel_for(threads, (size_t)p->sites, 4, make_sites, &w);
    for (int s = 0; s < p->sites; s++)
        good = good && w.good[s];
    if (!good)
        status = ct_fail(CUTROPY_ENUMERIC, "no pair of doubles holds a number of a factor");
done:
    _acb_vec_clear(y, (slong)p->terms);
    if (w.turn)
        _acb_vec_clear(w.turn, (slong)p->terms);
    ct_free(w.good);
    if (status != CUTROPY_OK)
        ct_product_fine_free(out);
    return status;
}

void ct_product_fine_free(ct_product_fine *f)
{
    ct_twofold_free(&f->factor);
    ct_twofold_free(&f->weight);
}

/* Of an overlap over so many sites. */
static double overlap_error(const ct_product_fine *f, int sites)
{
    return ct_overlap2_error(f->p, sites) + UP * 2 * FACTOR_ERROR * sites * SQUARE;
}

/* ---- <psi|psi> ---- */

/* sum += (a + a_low) (b + b_low) */
static void add_product(double a, double a_low, double b, double b_low, double *sum, double *slip)
{
    double rest, more;
    const double product = ct_two_product(a, b, &rest);
    *sum = ct_two_sum(*sum, product, &more);
    *slip += (more + rest) + (a * b_low + a_low * b);
}

cutropy_status ct_product_fine_norm(const ct_product_fine *f, int threads, double *norm,
                                    double *error)
{
    cutropy_status status = CUTROPY_OK;
    const ct_products *p = f->p;
    const int64_t n = p->terms, parts = p->is_complex ? 2 : 1,
                  most = n < CT_OVERLAP_STRIP ? n : CT_OVERLAP_STRIP;
    int32_t *site = NULL, *term = NULL;
    ct_twofold g = {0};
    double total[2] = {0, 0};
    CT_NEW(site, p->sites);
    CT_NEW(term, n);
    CT_NEW(g.high, n * most * parts);
    CT_NEW(g.low, n * most * parts);
    for (int s = 0; s < p->sites; s++)
        site[s] = s;
    for (int64_t m = 0; m < n; m++)
        term[m] = (int32_t)m;
    for (int64_t first = 0; first < n; first += CT_OVERLAP_STRIP) {
        const int64_t columns = n - first,
                      rows = columns < CT_OVERLAP_STRIP ? columns : CT_OVERLAP_STRIP;
        CT_TRY(ct_cpu_overlaps2(p, f->factor.high, f->factor.low, p->sites, site, rows, columns,
                                term + first, g.high, g.low, threads));
        for (int64_t i = first; i < first + rows; i++) {
            double row[2] = {0, 0};
            for (int64_t j = i; j < n; j++) {
                const int64_t at = parts * ((i - first) * columns + j - first);
                const double times = j > i ? 2 : 1;
                if (!p->sides || p->label[i] == p->label[j])
                    add_product(times * f->weight.high[j], times * f->weight.low[j], g.high[at],
                                g.low[at], &row[0], &row[1]);
            }
            row[0] = ct_two_sum(row[0], row[1], &row[1]);
            add_product(f->weight.high[i], f->weight.low[i], row[0], row[1], &total[0], &total[1]);
        }
    }
    *norm = total[0] + total[1];
    const double steps = (double)n + 8; /* of a row, and of their sum */
    *error =
        UP * ((overlap_error(f, p->sites) + (2 * steps * steps + 8) * SQUARE) * f->sum * f->sum +
              CT_UNIT_ROUNDOFF * fabs(*norm));
done:
    ct_free(site);
    ct_free(term);
    ct_twofold_free(&g);
    return status;
}

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

/* Real and symmetric, whole, row and column k those of order[k] (NULL: k): a Hermitian matrix as ((re, -im), (im, re)). */
static void make_real(const double *g, int64_t parts, int64_t n, const int32_t *order, double *out)
{
    const int64_t size = parts * n;
    for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < size; j++) {
            const int64_t a = order ? order[i] : i, b = order ? order[j] : j;
            const double x = entry_of(g, parts, n, a % n, b % n, (a < n) != (b < n) ? 1 : 0, false);
            out[i * size + j] = a < n && b >= n ? -x : x;
        }
}

static cutropy_status new_real(const ct_twofold g, int64_t parts, int64_t n, const int32_t *order,
                               ct_twofold *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(new_pairs(parts * parts * n * n, out));
    make_real(g.high, parts, n, order, out->high);
    make_real(g.low, parts, n, order, out->low);
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
    for (int64_t i = 0; i < own->count; i++)
        w->first[i + 2] += w->first[i + 1];
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
                add_product(y.high[m], y.low[m],
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
                add_product(y.high[m], y.low[m], sum[b], slip[b], high, low);
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

/* K on the parts of `own`, upper triangle, complex: pairs. */
static cutropy_status make_kernel(const ct_product_fine *f, const ct_product_side *own,
                                  const ct_product_side *other, int threads, ct_twofold *k)
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
done:
    ct_twofold_free(&g);
    ct_free(w.first);
    ct_free(w.term);
    ct_free(w.room);
    return status;
}

/* ---- h = u K u^T ---- */

typedef struct ct_fine_matrix {
    int64_t n, rank;
    ct_twofold u;         /* rank x n, row k zero left of k */
    ct_twofold g, k;      /* n x n, whole, in the order of the columns of u */
    ct_twofold turned, x; /* n x rank: u^T; rank x n: u K */
    double *room;         /* threads x BAND x n pairs */
    double *h;            /* rank x rank, upper triangle */
} ct_fine_matrix;

static int64_t band_of(int64_t n, size_t band, int64_t *first)
{
    *first = (int64_t)band * BAND;
    return n - *first < BAND ? n - *first : BAND;
}

static void clear_pairs(ct_twofold a, int64_t count)
{
    memset(a.high, 0, (size_t)count * sizeof *a.high);
    memset(a.low, 0, (size_t)count * sizeof *a.low);
}

static void settle(ct_twofold a, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        a.high[i] = ct_two_sum(a.high[i], a.low[i], &a.low[i]);
}

static ct_twofold behind(ct_twofold a, int64_t at)
{
    return (ct_twofold){a.high + at, a.low + at};
}

/* Rows of u K. */
static void image_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_matrix *w = context;
    const int64_t n = w->n;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        int64_t row;
        const int64_t rows = band_of(w->rank, band, &row);
        const ct_twofold x = behind(w->x, row * n);
        clear_pairs(x, rows * n);
        ct_product2_part(rows, n - row, n, behind(w->u, row * (n + 1)), n, 1, behind(w->k, row * n),
                         n, x, n);
        settle(x, rows * n);
    }
}

/* Rows of h, from the diagonal on, by columns: those of u^T are zero above theirs. */
static void matrix_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_matrix *w = context;
    const int64_t n = w->n, r = w->rank;
    const ct_twofold sum = {w->room + 2 * BAND * BAND * thread,
                            w->room + 2 * BAND * BAND * thread + BAND * BAND};
    for (size_t band = first; band < last; band++) {
        int64_t row;
        const int64_t rows = band_of(r, band, &row);
        for (int64_t at = row; at < r; at += BAND) {
            const int64_t columns = r - at < BAND ? r - at : BAND;
            clear_pairs(sum, rows * columns);
            ct_product2_part(rows, n - at, columns, behind(w->x, row * n + at), n, 1,
                             behind(w->turned, at * r + at), r, sum, columns);
            for (int64_t i = 0; i < rows; i++)
                for (int64_t j = 0; j < columns; j++)
                    w->h[(row + i) * r + at + j] =
                        sum.high[i * columns + j] + sum.low[i * columns + j];
        }
    }
}

/* g - u^T u in place, from the diagonal on; u is taken with the other sign. */
static void missing_bands(void *context, size_t first, size_t last, int thread)
{
    const ct_fine_matrix *w = context;
    const int64_t n = w->n, r = w->rank;
    (void)thread;
    for (size_t band = first; band < last; band++) {
        int64_t row;
        const int64_t rows = band_of(n, band, &row),
                      inner = row + rows < r ? row + rows : r; /* u is zero below */
        ct_product2_part(rows, inner, n - row, behind(w->turned, row * r), r, 1, behind(w->u, row),
                         n, behind(w->g, row * (n + 1)), n);
    }
}

static cutropy_status turn(ct_fine_matrix *w)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(new_pairs(w->n * w->rank, &w->turned));
    for (int64_t k = 0; k < w->rank; k++)
        for (int64_t i = 0; i < w->n; i++) {
            w->turned.high[i * w->rank + k] = w->u.high[k * w->n + i];
            w->turned.low[i * w->rank + k] = w->u.low[k * w->n + i];
        }
done:
    return status;
}

static void change_sign(ct_twofold a, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        a.high[i] = -a.high[i];
        a.low[i] = -a.low[i];
    }
}

/* ||G - u^T u||_F with what forming it rounds. */
static double find_missing(ct_fine_matrix *w, int threads)
{
    const int64_t n = w->n;
    const double steps = (double)w->rank + 9;
    double sum = 0;
    change_sign(w->turned, n * w->rank);
    ct_parallel_for(threads, (size_t)((n + BAND - 1) / BAND), 1, missing_bands, w);
    change_sign(w->turned, n * w->rank);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i; j < n; j++) {
            const double x = w->g.high[i * n + j] + w->g.low[i * n + j];
            sum += (j > i ? 2 : 1) * x * x;
        }
    return UP * (sqrt(sum) + (double)n * steps * steps * SQUARE);
}

/* The factor of G, whose copy in the order of its columns stays as g. */
static cutropy_status factor(const ct_product_fine *f, const ct_product_side *own, int threads,
                             int32_t *order, ct_fine_matrix *w)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t parts = f->p->is_complex ? 2 : 1;
    ct_twofold gram = {0}, a = {0};
    CT_TRY(make_gram(f, own, threads, &gram));
    CT_TRY(new_real(gram, parts, own->count, NULL, &a));
    CT_TRY(new_pairs(w->n * w->n, &w->u));
    CT_TRY(ct_cholesky2(w->n, a, threads, order, &w->rank, w->u));
    ct_twofold_free(&a);
    CT_TRY(new_real(gram, parts, own->count, order, &w->g));
done:
    ct_twofold_free(&gram);
    ct_twofold_free(&a);
    return status;
}

static cutropy_status multiply(ct_fine_matrix *w, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const size_t bands = (size_t)((w->rank + BAND - 1) / BAND);
    CT_TRY(new_pairs(w->rank * w->n, &w->x));
    CT_NEW(w->room, 2 * BAND * BAND * threads);
    CT_NEW(w->h, w->rank * w->rank);
    ct_parallel_for(threads, bands, 1, image_bands, w);
    ct_parallel_for(threads, bands, 1, matrix_bands, w);
done:
    return status;
}

/* What K holds: ||K||_F, and the sum of its absolute values. */
static void measure(const ct_fine_matrix *w, double *norm, double *sum)
{
    double square = 0;
    *sum = 0;
    for (int64_t i = 0; i < w->n * w->n; i++) {
        square += w->k.high[i] * w->k.high[i];
        *sum += fabs(w->k.high[i]);
    }
    *norm = UP * sqrt(square);
    *sum *= UP;
}

static double bound(const ct_product_fine *f, const ct_product_side *own,
                    const ct_product_side *other, const ct_fine_matrix *w, double missing)
{
    const double n = (double)w->n, copies = f->p->is_complex ? 2 : 1,
                 merged = (double)f->p->terms + 8, steps = n + 9, root = sqrt((double)w->rank);
    double norm, sum, square = 0;
    measure(w, &norm, &sum);
    for (int64_t i = 0; i < w->rank; i++)
        for (int64_t j = i; j < w->rank; j++)
            square += (j > i ? 2 : 1) * w->h[i * w->rank + j] * w->h[i * w->rank + j];
    return UP * ((missing + n * overlap_error(f, own->sites)) * norm +
                 copies * f->sum * f->sum *
                     (overlap_error(f, other->sites) + (2 * merged * merged + 8) * SQUARE) +
                 root * (2 * steps * steps * SQUARE * sum + CT_UNIT_ROUNDOFF * sqrt(square)));
}

cutropy_status ct_product_fine_cut(const ct_product_fine *f, const ct_product_side side[2],
                                   int threads, ct_fine_cut *out)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t parts = f->p->is_complex ? 2 : 1;
    const double size[2] = {fmin((double)side[0].count, side[0].dimension),
                            fmin((double)side[1].count, side[1].dimension)};
    const ct_product_side *own = &side[size[1] < size[0]], *other = &side[size[1] >= size[0]];
    ct_fine_matrix w = {.n = parts * own->count};
    ct_twofold k = {0};
    int32_t *order = NULL;
    *out = (ct_fine_cut){.copies = (int)parts};
    CT_TRY(make_kernel(f, own, other, threads, &k));
    CT_NEW(order, w.n);
    CT_TRY(factor(f, own, threads, order, &w));
    CT_TRY(turn(&w));
    const double missing = find_missing(&w, threads);
    ct_twofold_free(&w.g);
    CT_TRY(new_real(k, parts, own->count, order, &w.k));
    ct_twofold_free(&k);
    CT_TRY(multiply(&w, threads));
    out->n = w.rank;
    out->error = bound(f, own, other, &w, missing);
    out->number = w.h;
    w.h = NULL;
done:
    ct_free(order);
    ct_twofold_free(&k);
    ct_twofold_free(&w.u);
    ct_twofold_free(&w.g);
    ct_twofold_free(&w.k);
    ct_twofold_free(&w.turned);
    ct_twofold_free(&w.x);
    ct_free(w.room);
    ct_free(w.h);
    return status;
}

double ct_product_fine_bytes(const ct_products *p)
{
    const double n = (double)p->terms, parts = p->is_complex ? 2 : 1;
    /* pairs: K of the parts, u, u^T, u K and K, and h */
    return n * n * parts * (16 + parts * 72) +
           2 * (double)ct_products_bytes(p->terms, p->sites, p->dimension, p->is_complex);
}
