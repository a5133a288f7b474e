/* SPDX-License-Identifier: Apache-2.0 */
/* c is known modulo the primes p_0, p_1, .. whose product M is more than four times its largest entry could be: c = sum of
 * x_i M / p_i less a multiple q of M, x_i = c (M / p_i)^-1 modulo p_i. Residues of least absolute value, or one more, at most (p + 1) / 2, are doubles: a sum of `inner`
 * products of two of them is exact, in any order, where inner ((p + 1) / 2)^2 <= 2^52. q is the integer next to the sum of x_i / p_i, since c / M is within a quarter of 0.
 * Integers become sums of 22 bits times powers of 2, whose residues are known: their residues are products of matrices too. */
#include "certify/integer_product.h"

#include <math.h>

#include "backend/cpu/product.h"
#include "base/parallel.h"

#define LEAST 40      /* smaller matrices, and.. */
#define LEAST_BITS 64 /* ..fewer bits of an entry of a and one of b: FLINT's product */
#define PART 22       /* bits of a part */
#define MOST_PARTS 64 /* of an entry: 2^PART times 2^23, so often, is 2^51; more: FLINT's product */
#define MOST_WORDS 50 /* of two times so many parts, and some more */
#define TILE 1024     /* entries that are taken apart and put together at a time */
#define PANEL 192     /* rows of a at a time */
#define LARGEST 0x1p24

typedef struct ct_modulus {
    double p, inverse; /* 1 / p */
    double lift;       /* (M / p)^-1 modulo p */
} ct_modulus;

typedef struct ct_residues {
    const fmpz_mat_struct *a, *b;
    slong count, parts, words; /* of primes; of M and a sign */
    ct_modulus *prime;
    double *whole;         /* parts of M */
    double *rest;          /* (parts + 1) x count: those of M / p_i, and 1 / p_i */
    int32_t *left, *right; /* residues modulo each prime of all entries */
    int32_t *out;          /* x_i */
    double *room;          /* for each thread */
    size_t room_of_thread;
} ct_residues;

/* An integer |x| <= 2^52 modulo p, (p + 1) / 2 at most: the quotient is off by less than 1 / p before it is rounded. */
static inline double reduce(double x, double p, double inverse)
{
    const double turns = (x * inverse + 0x1.8p52) - 0x1.8p52;
    return x - turns * p;
}

/* ---- entries to residues ---- */

typedef struct ct_splitting {
    const ct_residues *r;
    const fmpz_mat_struct *m;
    slong parts, words;
    const double *power; /* count x parts: 2^(PART k) modulo each prime */
    int32_t *out;
} ct_splitting;

static slong parts_of(slong bits)
{
    return bits / PART + 1; /* and a sign */
}

static slong words_of(slong parts)
{
    return (parts * PART - 1) / FLINT_BITS + 1;
}

/* Parts of a number in two's complement, the last one with its sign. */
static void split(const mp_limb_t *word, slong parts, double *out, slong stride)
{
    for (slong k = 0; k < parts; k++) {
        const slong bit = k * PART, shift = bit % FLINT_BITS;
        mp_limb_t x = word[bit / FLINT_BITS] >> shift;
        if (shift + PART > FLINT_BITS)
            x |= word[bit / FLINT_BITS + 1] << (FLINT_BITS - shift);
        x &= (UWORD(1) << PART) - 1;
        const bool minus = k == parts - 1 && x >> (PART - 1);
        out[k * stride] = (double)x - (minus ? 1 << PART : 0);
    }
}

static void split_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_splitting *s = context;
    const slong columns = fmpz_mat_ncols(s->m), entries = fmpz_mat_nrows(s->m) * columns;
    double *part = s->r->room + (size_t)thread * s->r->room_of_thread,
           *sum = part + s->parts * TILE;
    mp_limb_t word[MOST_WORDS];
    for (slong tile = (slong)first; tile < (slong)last; tile++) {
        const slong from = tile * TILE, size = entries - from < TILE ? entries - from : TILE;
        for (slong e = 0; e < size; e++) {
            fmpz_get_signed_ui_array(
                word, s->words, fmpz_mat_entry(s->m, (from + e) / columns, (from + e) % columns));
            split(word, s->parts, part + e, TILE);
        }
        ct_cpu_product(s->r->count, size, s->parts, s->power, s->parts, part, TILE, false, sum,
                       TILE);
        for (slong i = 0; i < s->r->count; i++) {
            const double p = s->r->prime[i].p, inverse = s->r->prime[i].inverse;
            int32_t *to = s->out + i * entries + from;
            for (slong e = 0; e < size; e++)
                to[e] = (int32_t)reduce(sum[i * TILE + e], p, inverse);
        }
    }
}

static cutropy_status make_residues(const ct_residues *r, const fmpz_mat_t m, slong bits,
                                    int threads, int32_t *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong parts = parts_of(bits), entries = fmpz_mat_nrows(m) * fmpz_mat_ncols(m);
    double *power = NULL;
    CT_NEW(power, r->count * parts);
    for (slong i = 0; i < r->count; i++)
        for (slong k = 0; k < parts; k++)
            power[i * parts + k] = k ? reduce(power[i * parts + k - 1] * (1 << PART), r->prime[i].p,
                                              r->prime[i].inverse)
                                     : 1;
    ct_splitting s = {r, m, parts, words_of(parts), power, out};
    ct_parallel_for(threads, (size_t)((entries + TILE - 1) / TILE), 1, split_piece, &s);
done:
    ct_free(power);
    return status;
}

/* ---- products ---- */

static void product_piece(void *context, size_t first, size_t last, int thread)
{
    const ct_residues *r = context;
    const slong rows = fmpz_mat_nrows(r->a), inner = fmpz_mat_ncols(r->a),
                columns = fmpz_mat_ncols(r->b);
    double *b = r->room + (size_t)thread * r->room_of_thread, *a = b + inner * columns,
           *c = a + PANEL * inner;
    for (size_t i = first; i < last; i++) {
        const ct_modulus *m = r->prime + i;
        const int32_t *right = r->right + i * (size_t)(inner * columns);
        for (slong e = 0; e < inner * columns; e++)
            b[e] = right[e];
        for (slong row = 0; row < rows; row += PANEL) {
            const slong height = rows - row < PANEL ? rows - row : PANEL;
            const int32_t *left = r->left + ((slong)i * rows + row) * inner;
            int32_t *out = r->out + ((slong)i * rows + row) * columns;
            for (slong e = 0; e < height * inner; e++)
                a[e] = left[e];
            ct_cpu_product(height, columns, inner, a, inner, b, columns, false, c, columns);
            for (slong e = 0; e < height * columns; e++)
                out[e] =
                    (int32_t)reduce(reduce(c[e], m->p, m->inverse) * m->lift, m->p, m->inverse);
        }
    }
}

/* ---- residues to entries ---- */

/* Parts that may be as large as 2^53, and have signs, less `turns` times those of M: a number in two's complement. */
static void join(const double *part, slong stride, double turns, const ct_residues *r,
                 mp_limb_t *word)
{
    int64_t carry = 0;
    flint_mpn_zero(word, r->words);
    for (slong k = 0; k < r->parts; k++) {
        const slong bit = k * PART, shift = bit % FLINT_BITS;
        carry += (int64_t)(part[k * stride] - turns * r->whole[k]);
        const mp_limb_t x =
            (mp_limb_t)carry & (k < r->parts - 1 ? (UWORD(1) << PART) - 1 : ~UWORD(0));
        word[bit / FLINT_BITS] |= x << shift;
        if (shift + PART > FLINT_BITS)
            word[bit / FLINT_BITS + 1] |= (mp_limb_t)((int64_t)x >> (FLINT_BITS - shift));
        carry >>= PART;
    }
}

static void put_together(const ct_residues *r, fmpz_mat_t c)
{
    const slong columns = fmpz_mat_ncols(c), entries = fmpz_mat_nrows(c) * columns;
    double *x = r->room, *part = x + r->count * TILE;
    mp_limb_t word[MOST_WORDS];
    for (slong from = 0; from < entries; from += TILE) {
        const slong size = entries - from < TILE ? entries - from : TILE;
        for (slong i = 0; i < r->count; i++)
            for (slong e = 0; e < size; e++)
                x[i * TILE + e] = r->out[i * entries + from + e];
        ct_cpu_product(r->parts + 1, size, r->count, r->rest, r->count, x, TILE, false, part, TILE);
        for (slong e = 0; e < size; e++) {
            join(part + e, TILE, rint(part[r->parts * TILE + e]), r, word);
            fmpz_set_signed_ui_array(fmpz_mat_entry(c, (from + e) / columns, (from + e) % columns),
                                     word, r->words);
        }
    }
}

/* ---- together ---- */

static void split_whole(const fmpz_t x, const ct_residues *r, double *out, slong stride)
{
    mp_limb_t word[MOST_WORDS];
    fmpz_get_ui_array(word, r->words, x);
    split(word, r->parts, out, stride);
}

/* Primes whose product has more than so many bits. */
static cutropy_status choose_primes(ct_residues *r, slong bits)
{
    cutropy_status status = CUTROPY_OK;
    const double inner = (double)fmpz_mat_ncols(r->a),
                 most = fmin(LARGEST, 2 * floor(sqrt(0x1p52 / inner)) - 2);
    const slong least_bits = (slong)floor(log2(most)) - 1; /* of all primes that come */
    fmpz_t whole, rest;
    fmpz_init_set_ui(whole, 1);
    fmpz_init(rest);
    CT_NEW(r->prime, bits / least_bits + 2);
    for (mp_limb_t p = (mp_limb_t)most; (slong)fmpz_bits(whole) <= bits + 1; p--)
        if (n_is_prime(p)) {
            r->prime[r->count++] = (ct_modulus){.p = (double)p, .inverse = 1 / (double)p};
            fmpz_mul_ui(whole, whole, p);
        }
    r->parts = parts_of((slong)fmpz_bits(whole));
    r->words = words_of(r->parts);
    CT_NEW(r->whole, r->parts);
    CT_NEW(r->rest, (r->parts + 1) * r->count);
    split_whole(whole, r, r->whole, 1);
    for (slong i = 0; i < r->count; i++) {
        const mp_limb_t p = (mp_limb_t)r->prime[i].p;
        fmpz_divexact_ui(rest, whole, p);
        split_whole(rest, r, r->rest + i, r->count);
        r->rest[r->parts * r->count + i] = r->prime[i].inverse;
        r->prime[i].lift =
            reduce((double)n_invmod(fmpz_fdiv_ui(rest, p), p), (double)p, r->prime[i].inverse);
    }
done:
    fmpz_clear(rest);
    fmpz_clear(whole);
    return status;
}

static slong size_of(const fmpz_mat_t m)
{
    const slong bits = fmpz_mat_max_bits(m);
    return bits < 0 ? -bits : bits;
}

cutropy_status ct_integer_product(const fmpz_mat_t a, const fmpz_mat_t b, int threads, fmpz_mat_t c)
{
    cutropy_status status = CUTROPY_OK;
    const slong rows = fmpz_mat_nrows(a), inner = fmpz_mat_ncols(a), columns = fmpz_mat_ncols(b),
                left = size_of(a), right = size_of(b);
    ct_residues r = {.a = a, .b = b};
    if (rows < LEAST || inner < LEAST || columns < LEAST || left + right < LEAST_BITS ||
        parts_of(left) > MOST_PARTS || parts_of(right) > MOST_PARTS) {
        fmpz_mat_mul(c, a, b);
        return CUTROPY_OK;
    }
    threads = threads > 1 ? threads : 1;
    CT_TRY(choose_primes(&r, left + right + FLINT_BIT_COUNT(inner) + 2));
    const slong product = inner * columns + PANEL * (inner + columns),
                tiles = (r.parts + 1 + r.count) * TILE;
    r.room_of_thread = (size_t)(product > tiles ? product : tiles);
    CT_NEW(r.room, (size_t)threads * r.room_of_thread);
    CT_NEW(r.left, r.count * rows * inner);
    CT_NEW(r.right, r.count * inner * columns);
    CT_NEW(r.out, r.count * rows * columns);
    CT_TRY(make_residues(&r, a, left, threads, r.left));
    CT_TRY(make_residues(&r, b, right, threads, r.right));
    ct_parallel_for(threads, (size_t)r.count, 1, product_piece, &r);
    put_together(&r, c);
done:
    ct_free(r.out);
    ct_free(r.right);
    ct_free(r.left);
    ct_free(r.room);
    ct_free(r.rest);
    ct_free(r.whole);
    ct_free(r.prime);
    return status;
}
