/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem 24 of docs/theorems.md. Modulo a prime p = 5 mod 8 doubles, i and exponentials have images: 2 has an inverse, 2^((p - 1) / 4) is a
 * root of -1, and e^(1 / 2^S), e^(i / 2^S) may go anywhere, since no polynomial equation with algebraic coefficients holds between
 * them (Lindemann, Weierstrass). */
#include "certify/weighted_rank.h"

#include <math.h>

#include "base/bits.h"
#include "certify/dyadic.h"
#include "certify/flint.h"

#define PRIME_BITS 58
#define FINEST                                                                                     \
    4500 /* S: exponents are sums of doubles, integers over 2^1074, or of products of two, over 2^2148: integers over 2^S all the more */

/* ---- numbers modulo a prime ---- */

typedef struct ct_image {
    const ct_weighted *w;
    nmod_t mod;
    ulong imaginary, *formula;
} ct_image;

/* base^(x 2^FINEST) */
static ulong image_of_power(const ct_image *m, ulong base, const arf_t x)
{
    arf_t scaled;
    fmpz_t n;
    arf_init(scaled);
    fmpz_init(n);
    arf_mul_2exp_si(scaled, x, FINEST);
    arf_get_fmpz(n, scaled, ARF_RND_DOWN);
    const ulong exponent = fmpz_fdiv_ui(n, m->mod.n - 1);
    fmpz_clear(n);
    arf_clear(scaled);
    return nmod_pow_ui(base, exponent, m->mod);
}

static ulong image_of_dyadic(const ct_image *m, const arf_t x)
{
    fmpz_t mantissa, exponent;
    fmpz_init(mantissa);
    fmpz_init(exponent);
    arf_get_fmpz_2exp(mantissa, exponent, x);
    const ulong power = nmod_pow_ui(2, fmpz_fdiv_ui(exponent, m->mod.n - 1), m->mod),
                out = nmod_mul(fmpz_fdiv_ui(mantissa, m->mod.n), power, m->mod);
    fmpz_clear(exponent);
    fmpz_clear(mantissa);
    return out;
}

static ulong image_of_number(const ct_image *m, const arf_t re, const arf_t im)
{
    return nmod_add(image_of_dyadic(m, re), nmod_mul(image_of_dyadic(m, im), m->imaginary, m->mod),
                    m->mod);
}

/* The sum that a formula is a function of, exactly. */
static void sum_of(const ct_weighted *w, const ct_formula *f, arf_t re, arf_t im)
{
    const size_t parts = w->is_complex ? 2 : 1;
    arf_t x;
    arf_init(x);
    arf_zero(re);
    arf_zero(im);
    for (size_t s = 0; s < f->count; s++)
        for (size_t c = 0; c < parts; c++) {
            arf_set_d(x, w->exact.summand[f->start + s * parts + c]);
            arf_add(c ? im : re, c ? im : re, x, ARF_PREC_EXACT, ARF_RND_DOWN);
        }
    arf_mul_2exp_si(re, re, f->exponent);
    arf_mul_2exp_si(im, im, f->exponent);
    arf_clear(x);
}

static ulong image_of_formula(const ct_image *m, const ct_formula *f)
{
    ulong out;
    arf_t re, im;
    arf_init(re);
    arf_init(im);
    sum_of(m->w, f, re, im);
    if (f->kind == CT_SUM) {
        out = image_of_number(m, re, im);
    } else {
        out = nmod_mul(image_of_power(m, 3, re), image_of_power(m, 7, im), m->mod);
        if (f->kind == CT_TWO_COSH)
            out = nmod_add(out, nmod_inv(out, m->mod), m->mod);
    }
    arf_clear(im);
    arf_clear(re);
    return out;
}

static void image_free(ct_image *m)
{
    ct_free(m->formula);
}

/* The next prime that serves. */
static cutropy_status image_open(const ct_weighted *w, ulong *prime, ct_image *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_image){.w = w};
    do
        *prime = n_nextprime(*prime, 1);
    while (*prime % 8 != 5);
    nmod_init(&out->mod, *prime);
    out->imaginary = nmod_pow_ui(2, (*prime - 1) / 4, out->mod);
    CT_NEW(out->formula, w->exact.count + 1);
    for (size_t i = 0; i < w->exact.count; i++)
        out->formula[i] = image_of_formula(out, &w->exact.number[i]);
done:
    return status;
}

static ulong image_of_entry(const ct_image *m, const ct_weighted_site *site, int64_t at)
{
    const ct_weighted *w = m->w;
    ulong out = w->adds ? 0 : 1;
    if (!site->factor) {
        const double *v = site->value + at * (w->is_complex ? 2 : 1);
        arf_t re, im;
        arf_init(re);
        arf_init(im);
        arf_set_d(re, v[0]);
        arf_set_d(im, w->is_complex ? v[1] : 0);
        out = image_of_number(m, re, im);
        arf_clear(im);
        arf_clear(re);
    }
    for (int j = 0; j < (site->factor ? site->factors : 0); j++) {
        const int32_t factor = site->factor[at * site->factors + j];
        if (factor >= 0)
            out = w->adds ? nmod_add(out, m->formula[factor], m->mod)
                          : nmod_mul(out, m->formula[factor], m->mod);
    }
    return out;
}

/* ---- rows before a level, columns behind it ---- */

/* From one end to level k. Vectors are rows of v, over the states of the level that was reached: all of them up to combinations, which is a basis
 * (whole), or `most` combinations of them. */
typedef struct ct_spanning {
    const ct_image *image;
    int k;
    bool forward, whole;
    int64_t most;
} ct_spanning;

/* out += g times what vector v of one level becomes on the next one where bit x is read. */
static void add_step(const ct_spanning *s, int site, int x, ulong g, const ulong *value,
                     const ulong *v, ulong *out)
{
    const ct_weighted *w = s->image->w;
    const nmod_t mod = s->image->mod;
    const ct_weighted_site *own = &w->site[site];
    const int64_t n = w->bond[site];
    for (int64_t i = 0; i < n; i++)
        for (int64_t at = own->start[x * n + i]; at < own->start[x * n + i + 1]; at++) {
            const int64_t from = s->forward ? i : own->state[at],
                          to = s->forward ? own->state[at] : i;
            out[to] = nmod_add(out[to], nmod_mul(g, nmod_mul(value[at], v[from], mod), mod), mod);
        }
}

/* Every vector with bit 0 and with bit 1; or, beyond `most`, sums of the two with random factors. */
static cutropy_status step(const ct_spanning *s, int site, nmod_mat_t v)
{
    cutropy_status status = CUTROPY_OK;
    const ct_weighted *w = s->image->w;
    const int64_t numbers = w->site[site].start[2 * (int64_t)w->bond[site]];
    const int64_t count = nmod_mat_nrows(v), next = w->bond[s->forward ? site + 1 : site];
    const int64_t vectors = s->whole || 2 * count < s->most ? 2 * count : s->most;
    ulong *value = NULL;
    nmod_mat_t out;
    nmod_mat_init(out, vectors, next, s->image->mod.n);
    CT_NEW(value, numbers + 1);
    for (int64_t at = 0; at < numbers; at++)
        value[at] = image_of_entry(s->image, &w->site[site], at);
    for (int64_t j = 0; j < vectors; j++)
        for (int x = 0; x < 2; x++) {
            const ulong random =
                1 + ct_mix64((uint64_t)(j * w->pixels + site)) % (s->image->mod.n - 1);
            const ulong g = s->whole ? (j >= count) == x : x ? random : 1;
            if (g)
                add_step(s, site, x, g, value, &nmod_mat_entry(v, j % count, 0),
                         &nmod_mat_entry(out, j, 0));
        }
    nmod_mat_swap(v, out);
done:
    ct_free(value);
    nmod_mat_clear(out);
    return status;
}

/* A basis of the rows of v. */
static void reduce(nmod_mat_t v)
{
    nmod_mat_t out;
    const slong rank = nmod_mat_rref(v), columns = nmod_mat_ncols(v);
    nmod_mat_init(out, rank, columns, v->mod.n);
    for (slong i = 0; i < rank; i++)
        for (slong j = 0; j < columns; j++)
            nmod_mat_entry(out, i, j) = nmod_mat_entry(v, i, j);
    nmod_mat_swap(v, out);
    nmod_mat_clear(out);
}

/* v: 1 x 1, made here to what stands at level k. */
static cutropy_status span(const ct_spanning *s, nmod_mat_t v)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = s->image->w->pixels;
    nmod_mat_entry(v, 0, 0) = 1;
    for (int done = 0; done < (s->forward ? s->k : pixels - s->k) && nmod_mat_nrows(v); done++) {
        CT_TRY(step(s, s->forward ? done : pixels - 1 - done, v));
        if (s->whole)
            reduce(v);
    }
done:
    return status;
}

/* Of the cut matrix modulo the prime, or of combinations of its rows and columns. */
static cutropy_status rank_of_image(const ct_image *m, int k, bool whole, int64_t most,
                                    int64_t *rank)
{
    cutropy_status status = CUTROPY_OK;
    nmod_mat_t left, right, turned, product;
    ct_spanning s = {.image = m, .k = k, .whole = whole, .most = most, .forward = true};
    nmod_mat_init(left, 1, 1, m->mod.n);
    nmod_mat_init(right, 1, 1, m->mod.n);
    *rank = 0;
    CT_TRY(span(&s, left));
    s.forward = false;
    CT_TRY(span(&s, right));
    if (!nmod_mat_nrows(left) || !nmod_mat_nrows(right))
        goto done;
    nmod_mat_init(turned, nmod_mat_ncols(right), nmod_mat_nrows(right), m->mod.n);
    nmod_mat_init(product, nmod_mat_nrows(left), nmod_mat_nrows(right), m->mod.n);
    nmod_mat_transpose(turned, right);
    nmod_mat_mul(product, left, turned);
    *rank = nmod_mat_rank(product);
    nmod_mat_clear(product);
    nmod_mat_clear(turned);
done:
    nmod_mat_clear(right);
    nmod_mat_clear(left);
    return status;
}

/* Products of residues, about: so many vectors on either side and their products, or bases of all levels (vectors: 0). */
static double work_of(const ct_weighted *w, double vectors)
{
    double work = 0, most = 1;
    for (int k = 0; k < w->pixels; k++) {
        const double n = fmax(w->bond[k], w->bond[k + 1]),
                     numbers = (double)w->site[k].start[2 * (int64_t)w->bond[k]];
        work += vectors > 0 ? 2 * numbers * vectors : n * numbers + 2 * n * n * n;
        most = fmax(most, n);
    }
    return work + most * vectors * vectors;
}

cutropy_status ct_weighted_rank_least(const ct_weighted *w, int k, int64_t most, double work_limit,
                                      int64_t *least)
{
    cutropy_status status = CUTROPY_OK;
    ct_image m = {0};
    ulong prime = UINT64_C(1) << PRIME_BITS;
    *least = 0;
    if (work_of(w, (double)most) > work_limit)
        return CUTROPY_OK;
    CT_TRY(image_open(w, &prime, &m));
    CT_TRY(rank_of_image(&m, k, false, most, least));
done:
    image_free(&m);
    return status;
}

/* ---- not more: numbers that are doubles ---- */

/* What numbers are made of: the sum of their |parts|, and the largest e such that all are integers times 2^e. */
typedef struct ct_extent {
    double size;
    slong lowest;
} ct_extent;

static void extend(ct_extent *e, const double *v, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        const slong own = v[c] != 0 ? ct_lowest_exponent(v + c, 1) : e->lowest;
        e->size += fabs(v[c]);
        e->lowest = own < e->lowest ? own : e->lowest;
    }
}

static void extend_by_number(const ct_weighted *w, const ct_weighted_site *site, int64_t at,
                             ct_extent *e)
{
    const size_t parts = w->is_complex ? 2 : 1;
    if (!site->factor)
        extend(e, site->value + (size_t)at * parts, parts);
    for (int j = 0; site->factor && j < site->factors; j++) {
        const int32_t own = site->factor[at * site->factors + j];
        const ct_formula *f = own >= 0 ? &w->exact.number[own] : NULL;
        if (f)
            extend(e, w->exact.summand + f->start, f->count * parts);
    }
}

/* log2 of the largest entry of the cut matrix as an integer. A product of matrices lies below the product of their largest sums of a row; where
 * numbers are added up (w->adds), all but one of each image being 1, below the sum of the largest numbers. INFINITY: there are exponentials. */
static double entry_bits(const ct_weighted *w)
{
    ct_extent sum = {0, 2000};
    double bits = 0;
    for (size_t i = 0; i < w->exact.count; i++)
        if (w->exact.number[i].kind != CT_SUM || w->exact.number[i].exponent)
            return INFINITY;
    for (int k = 0; k < w->pixels; k++) {
        const ct_weighted_site *site = &w->site[k];
        ct_extent own = {0, 2000};
        double most = 0;
        for (int64_t row = 0; row < 2 * (int64_t)w->bond[k]; row++) {
            own.size = 0;
            for (int64_t at = site->start[row]; at < site->start[row + 1]; at++) {
                own.size = w->adds ? 0 : own.size;
                extend_by_number(w, site, at, &own);
                most = fmax(most, own.size);
            }
        }
        if (!(most > 0)) /* f is 0 */
            return INFINITY;
        bits += log2(most) - (double)own.lowest;
        sum.size += most;
        sum.lowest = own.lowest < sum.lowest ? own.lowest : sum.lowest;
    }
    return (w->adds ? log2(sum.size) - (double)sum.lowest : bits) * (1 + 0x1p-30) + 0x1p-20;
}

cutropy_status ct_weighted_rank_is(const ct_weighted *w, int k, int64_t rank, double work_limit,
                                   bool *proved)
{
    cutropy_status status = CUTROPY_OK;
    /* a minor M of this order lies below 2^bits; complex: |M|^2 is a multiple of every prime that divides M */
    const double order = (double)rank + 1,
                 bits = order * (entry_bits(w) + log2(order) / 2) * (w->is_complex ? 2 : 1),
                 primes = floor(bits / PRIME_BITS) + 1;
    ct_image m = {0};
    ulong prime = UINT64_C(1) << PRIME_BITS;
    *proved = false;
    if (!(primes * work_of(w, 0) <= work_limit) || (!w->adds && w->exact.count))
        return CUTROPY_OK;
    *proved = true;
    for (double i = 0; i < primes && *proved; i++) {
        int64_t found;
        image_free(&m);
        CT_TRY(image_open(w, &prime, &m));
        CT_TRY(rank_of_image(&m, k, true, 0, &found));
        *proved = found <= rank;
    }
done:
    image_free(&m);
    return status;
}

/* ---- not more: rows that are multiples ---- */

/* The row of a state is e^scale times that of its class. Exponents are integers: re + im 2^(4 FINEST), over 2^FINEST; far smaller than that. */
typedef struct ct_multiple {
    int32_t state, behind[2]; /* classes that either bit leads to */
    fmpz_t ratio, scale;      /* between both ways; of bit 0 */
} ct_multiple;

static int compare(const void *a, const void *b)
{
    const ct_multiple *x = a, *y = b;
    for (int bit = 0; bit < 2; bit++)
        if (x->behind[bit] != y->behind[bit])
            return x->behind[bit] < y->behind[bit] ? -1 : 1;
    return fmpz_cmp(x->ratio, y->ratio);
}

static void exponent_of(const ct_weighted *w, const ct_formula *f, fmpz_t out)
{
    arf_t re, im;
    arf_init(re);
    arf_init(im);
    sum_of(w, f, re, im);
    arf_mul_2exp_si(im, im, 4 * FINEST);
    arf_add(re, re, im, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_mul_2exp_si(re, re, FINEST);
    arf_get_fmpz(out, re, ARF_RND_DOWN);
    arf_clear(im);
    arf_clear(re);
}

/* Is every number a product of exponentials, one a row? */
static bool has_exponents(const ct_weighted *w)
{
    for (int k = 0; k < w->pixels; k++) {
        const ct_weighted_site *site = &w->site[k];
        const int64_t numbers = site->start[2 * (int64_t)w->bond[k]];
        if (!w->single || !site->factor || numbers != 2 * (int64_t)w->bond[k])
            return false;
        for (int64_t i = 0; i < numbers * site->factors; i++)
            if (site->factor[i] >= 0 && w->exact.number[site->factor[i]].kind != CT_EXP)
                return false;
    }
    return true;
}

/* Level `site` from the one behind it, whose states have these classes and scales; both become those of this one. Returns how many classes. */
static int64_t merge(const ct_weighted *w, int site, const fmpz *formula, ct_multiple *row,
                     int32_t *class_of, fmpz *scale)
{
    const ct_weighted_site *own = &w->site[site];
    const int64_t n = w->bond[site];
    int64_t classes = 0;
    for (int64_t i = 0; i < n; i++) {
        row[i].state = (int32_t)i;
        for (int64_t x = 0; x < 2; x++) {
            fmpz *sum = x ? row[i].ratio : row[i].scale;
            const int64_t at = own->start[x * n + i];
            fmpz_set(sum, scale + own->state[at]);
            row[i].behind[x] = class_of[own->state[at]];
            for (int j = 0; j < own->factors; j++) {
                const int32_t factor = own->factor[at * own->factors + j];
                if (factor >= 0)
                    fmpz_add(sum, sum, formula + factor);
            }
        }
        fmpz_sub(row[i].ratio, row[i].ratio, row[i].scale);
    }
    qsort(row, (size_t)n, sizeof *row, compare);
    for (int64_t i = 0; i < n; i++) {
        classes += i == 0 || compare(&row[i - 1], &row[i]);
        class_of[row[i].state] = (int32_t)classes - 1;
        fmpz_set(scale + row[i].state, row[i].scale);
    }
    return classes;
}

cutropy_status ct_weighted_rank_most(const ct_weighted *w, int k, int64_t *most)
{
    cutropy_status status = CUTROPY_OK;
    int64_t states = 1;
    int32_t *class_of = NULL;
    ct_multiple *row = NULL;
    *most = w->bond[k];
    if (!has_exponents(w))
        return CUTROPY_OK;
    for (int l = 0; l <= w->pixels; l++)
        states = w->bond[l] > states ? w->bond[l] : states;
    fmpz *formula = _fmpz_vec_init((slong)w->exact.count), *scale = _fmpz_vec_init(states);
    for (size_t i = 0; i < w->exact.count; i++)
        exponent_of(w, &w->exact.number[i], formula + i);
    CT_NEW_ZERO(class_of, states);
    CT_NEW_ZERO(row, states); /* integers that are 0 */
    for (int site = w->pixels - 1; site >= k; site--)
        *most = merge(w, site, formula, row, class_of, scale);
done:
    for (int64_t i = 0; row && i < states; i++) {
        fmpz_clear(row[i].ratio);
        fmpz_clear(row[i].scale);
    }
    ct_free(row);
    ct_free(class_of);
    _fmpz_vec_clear(scale, states);
    _fmpz_vec_clear(formula, (slong)w->exact.count);
    return status;
}
