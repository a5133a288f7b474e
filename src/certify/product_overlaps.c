/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of modulus 1 at most, with signs, in units u = 2^(-64 words); what is cut off a product is less than u, and sums that reach 1 become 1 - u. With factors of unit length, the
 * numbers of each off by f at most, the D products of a pair of them are off by 2 f + u each, and the overlap, in modulus, by e_s = 2 D (2 f + u) at most. A product over sites of numbers c_s, |c_s| <= 1, by
 * numbers off by e_s, starting at 1 - u, is off by d = 2 (u + sum of (e_s + 4 u)) at most, where that is below 1: |z' w' - z w| <= |z'| |w' - w| + |w| |z' - z|, |z'| <= 1 + d. */
#include "certify/product_overlaps.h"

#include <string.h>

#include "base/parallel.h"
#include "certify/product_numbers.h"

#define GUARD 14        /* bits beyond those of sites and dimensions */
#define FACTOR_GUARD 32 /* bits of balls of factors beyond a unit */
#define MOST_WORDS 256

/* A number, or the two of a complex one: words of their absolute values, then their signs. */
typedef struct ct_fixed {
    slong words, parts;
    size_t size; /* limbs of a number */
} ct_fixed;

typedef struct ct_overlapping {
    const ct_exact_state *e;
    const ct_product_side *side;
    ct_fixed f;
    mp_limb_t *g; /* n x n numbers, upper triangle */
    /* of the site: */
    const int32_t *level; /* of the terms */
    int64_t levels;
    bool *used;        /* levels: by a part; a factor that is 0 is not */
    mp_limb_t *factor; /* levels x d */
    mp_limb_t *pair;   /* levels x levels: <phi_i|phi_j>, of different ones */
} ct_overlapping;

/* ---- arithmetic ---- */

/* out += x y (minus: less), real numbers; room: 2 words. */
static void add_product(slong words, mp_limb_t *out, mp_limb_t *out_sign, const mp_limb_t *x,
                        const mp_limb_t *y, mp_limb_t sign, mp_limb_t *room)
{
    const mp_limb_t *product = room + words;
    mpn_mul_n(room, x, y, words);
    if (*out_sign == sign) {
        if (mpn_add_n(out, out, product, words))
            memset(out, 0xff, (size_t)words * sizeof *out);
    } else if (mpn_cmp(out, product, words) >= 0) {
        mpn_sub_n(out, out, product, words);
    } else {
        mpn_sub_n(out, product, out, words);
        *out_sign = sign;
    }
}

/* out += x y, or conj(x) y */
static void add_times(const ct_fixed *f, mp_limb_t *out, const mp_limb_t *x, const mp_limb_t *y,
                      bool conjugate, mp_limb_t *room)
{
    const slong w = f->words;
    if (f->parts == 1) {
        add_product(w, out, out + w, x, y, x[w] ^ y[w], room);
        return;
    }
    const mp_limb_t *xi = x + w + 1, *yi = y + w + 1, turned = xi[w] ^ conjugate;
    mp_limb_t *imaginary = out + w + 1;
    add_product(w, out, out + w, x, y, x[w] ^ y[w], room);
    add_product(w, out, out + w, xi, yi, turned ^ yi[w] ^ 1, room);
    add_product(w, imaginary, imaginary + w, x, yi, x[w] ^ yi[w], room);
    add_product(w, imaginary, imaginary + w, xi, y, turned ^ y[w], room);
}

/* x <- x y; room: 2 words and a number. */
static void multiply(const ct_fixed *f, mp_limb_t *x, const mp_limb_t *y, mp_limb_t *room)
{
    const slong w = f->words;
    if (f->parts == 1) {
        mpn_mul_n(room, x, y, w);
        flint_mpn_copyi(x, room + w, w);
        x[w] ^= y[w];
        return;
    }
    mp_limb_t *product = room + 2 * w;
    memset(product, 0, f->size * sizeof *product);
    add_times(f, product, x, y, false, room);
    memcpy(x, product, f->size * sizeof *x);
}

/* ---- a site ---- */

/* x cut off; error: at least what it may be off by, in units. */
static void set_number(const arb_t x, slong words, mp_limb_t *out, mag_t error)
{
    fmpz_t units;
    arf_t scaled;
    mag_t off;
    fmpz_init(units);
    arf_init(scaled);
    mag_init(off);
    memset(out, 0, (size_t)(words + 1) * sizeof *out);
    if (arb_is_finite(x)) {
        arf_mul_2exp_si(scaled, arb_midref(x), words * FLINT_BITS);
        arf_get_fmpz(units, scaled, ARF_RND_DOWN);
        out[words] = fmpz_sgn(units) < 0;
        fmpz_abs(units, units);
        if ((slong)fmpz_bits(units) > words * FLINT_BITS) { /* of a number that is 1 at most */
            fmpz_one(units);
            fmpz_mul_2exp(units, units, (ulong)(words * FLINT_BITS));
            fmpz_sub_ui(units, units, 1);
        }
        fmpz_get_ui_array(out, words, units);
        mag_mul_2exp_si(off, arb_radref(x), words * FLINT_BITS);
        mag_add_ui(off, off, 2);
    } else {
        mag_inf(off);
    }
    mag_max(error, error, off);
    mag_clear(off);
    arf_clear(scaled);
    fmpz_clear(units);
}

/* Which factors of the site the parts have. */
static void find_used(ct_overlapping *o)
{
    memset(o->used, 0, (size_t)o->levels * sizeof *o->used);
    for (int64_t i = 0; i < o->side->count; i++)
        o->used[o->level[o->side->term[i]]] = true;
}

/* Those, of unit length; error: of any number of them. */
static void make_factors(ct_overlapping *o, int site, mag_t error)
{
    const ct_exact_state *e = o->e;
    const slong d = e->dimension, prec = o->f.words * FLINT_BITS + FACTOR_GUARD, w = o->f.words;
    acb_ptr factor = _acb_vec_init(d);
    arb_t norm;
    arb_init(norm);
    mag_zero(error);
    for (int64_t i = 0; i < o->levels; i++) {
        if (!o->used[i])
            continue;
        ct_exact_factor(e, e->number + (e->first[site] + i) * ct_exact_numbers(e), prec, factor,
                        norm);
        for (slong k = 0; k < d; k++) {
            mp_limb_t *to = o->factor + (size_t)(i * d + k) * o->f.size;
            acb_div_arb(factor + k, factor + k, norm, prec);
            set_number(acb_realref(factor + k), w, to, error);
            if (o->f.parts == 2)
                set_number(acb_imagref(factor + k), w, to + w + 1, error);
        }
    }
    arb_clear(norm);
    _acb_vec_clear(factor, d);
}

static void pair_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_overlapping *o = context;
    const size_t size = o->f.size, levels = (size_t)o->levels, d = (size_t)o->e->dimension;
    mp_limb_t room[2 * MOST_WORDS];
    (void)thread;
    for (size_t i = first; i < last; i++)
        for (size_t j = i + 1; o->used[i] && j < levels; j++) {
            if (!o->used[j])
                continue;
            mp_limb_t *to = o->pair + (i * levels + j) * size,
                      *mirror = o->pair + (j * levels + i) * size;
            memset(to, 0, size * sizeof *to);
            for (size_t k = 0; k < d; k++)
                add_times(&o->f, to, o->factor + (i * d + k) * size, o->factor + (j * d + k) * size,
                          true, room);
            memcpy(mirror, to, size * sizeof *to);
            if (o->f.parts == 2)
                mirror[size - 1] ^= 1;
        }
}

static void gram_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_overlapping *o = context;
    const size_t n = (size_t)o->side->count, size = o->f.size;
    mp_limb_t room[4 * MOST_WORDS + 2];
    (void)thread;
    for (size_t i = first; i < last; i++) {
        const int32_t own = o->level[o->side->term[i]];
        for (size_t j = i + 1; j < n; j++) {
            const int32_t other = o->level[o->side->term[j]];
            if (other != own)
                multiply(&o->f, o->g + (i * n + j) * size,
                         o->pair + (size_t)(own * o->levels + other) * size, room);
        }
    }
}

/* ---- together ---- */

/* 1 - u above the diagonal, or 0 where the labels differ. */
static void start(ct_overlapping *o)
{
    const int64_t n = o->side->count;
    memset(o->g, 0, (size_t)(n * n) * o->f.size * sizeof *o->g);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = i + 1; j < n; j++)
            if (!o->side->labelled ||
                o->e->label[o->side->term[i]] == o->e->label[o->side->term[j]])
                memset(o->g + (size_t)(i * n + j) * o->f.size, 0xff,
                       (size_t)o->f.words * sizeof *o->g);
}

static void set_ball(const mp_limb_t *from, slong words, const mag_t error, arb_t out)
{
    fmpz_t units;
    fmpz_init(units);
    fmpz_set_ui_array(units, from, words);
    if (from[words])
        fmpz_neg(units, units);
    arb_set_fmpz(out, units);
    arb_mul_2exp_si(out, out, -words * FLINT_BITS);
    mag_set(arb_radref(out), error);
    fmpz_clear(units);
}

/* error: in units, half of it. */
static void set_balls(const ct_overlapping *o, mag_t error, acb_ptr out)
{
    const int64_t n = o->side->count;
    const slong w = o->f.words;
    mag_mul_2exp_si(error, error, 1 - w * FLINT_BITS);
    if (mag_cmp_2exp_si(error, 0) >= 0)
        mag_inf(error);
    for (int64_t i = 0; i < n; i++) {
        acb_one(out + i * n + i);
        for (int64_t j = i + 1; j < n; j++) {
            const mp_limb_t *from = o->g + (size_t)(i * n + j) * o->f.size;
            if (o->side->labelled && o->e->label[o->side->term[i]] != o->e->label[o->side->term[j]])
                continue;
            set_ball(from, w, error, acb_realref(out + i * n + j));
            if (o->f.parts == 2)
                set_ball(from + w + 1, w, error, acb_imagref(out + i * n + j));
        }
    }
}

/* error += what the site adds: e_s + 4 u */
static void add_error(const ct_overlapping *o, const mag_t factor, mag_t error)
{
    const ulong products = (ulong)(o->e->dimension * o->f.parts);
    mag_t site;
    mag_init(site);
    mag_mul_ui(site, factor, 4 * products);
    mag_add_ui(site, site, 2 * products + 4);
    mag_add(error, error, site);
    mag_clear(site);
}

cutropy_status ct_product_overlaps(const ct_exact_state *e, const ct_product_side *side, slong bits,
                                   int threads, acb_ptr *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong parts = e->is_complex ? 2 : 1,
                words =
                    (bits + GUARD + FLINT_BIT_COUNT(side->sites * e->dimension)) / FLINT_BITS + 1;
    const int64_t n = side->count;
    int64_t most = 0;
    mag_t error, factor;
    ct_overlapping o = {.e = e, .side = side, .f = {words, parts, (size_t)(parts * (words + 1))}};
    mag_init(error);
    mag_init(factor);
    *out = NULL;
    if (words > MOST_WORDS)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "overlaps of more than %d words", MOST_WORDS));
    for (int s = 0; s < side->sites; s++) {
        const int64_t q = e->first[side->site[s] + 1] - e->first[side->site[s]];
        most = q > most ? q : most;
    }
    CT_NEW(o.g, n * n * (int64_t)o.f.size);
    CT_NEW(o.used, most);
    CT_NEW(o.factor, most * e->dimension * (int64_t)o.f.size);
    CT_NEW(o.pair, most * most * (int64_t)o.f.size);
    start(&o);
    mag_one(error);
    for (int s = 0; s < side->sites; s++) {
        const int site = side->site[s];
        o.levels = e->first[site + 1] - e->first[site];
        o.level = e->level + (int64_t)site * e->terms;
        find_used(&o);
        make_factors(&o, site, factor);
        ct_parallel_for(threads, (size_t)o.levels, 4, pair_piece, &o);
        ct_parallel_for(threads, (size_t)n, 4, gram_piece, &o);
        add_error(&o, factor, error);
    }
    *out = _acb_vec_init((slong)(n * n));
    set_balls(&o, error, *out);
done:
    ct_free(o.pair);
    ct_free(o.factor);
    ct_free(o.used);
    ct_free(o.g);
    mag_clear(factor);
    mag_clear(error);
    return status;
}
