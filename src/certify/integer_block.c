/* SPDX-License-Identifier: Apache-2.0 */
/* A block of integers of any size: its entries, its exact moments, and H = D^1/2 G D^1/2 in floating
 * point. */
#include "certify/integer_block.h"

#include <math.h>

#include "certify/integer_parts.h"
#include "certify/integer_product.h"

/* ---- exact ---- */

void ct_set_big(fmpz_t out, const ct_big *value)
{
    if (value->count)
        fmpz_set_ui_array(out, value->limb, (slong)value->count);
    else
        fmpz_zero(out);
}

void ct_block_entry(fmpz_t out, const ct_integer_block *b, int64_t i, int64_t j)
{
    const int64_t at = i <= j ? i * b->n + j : j * b->n + i;
    if (b->words <= 1)
        fmpz_set_si(out, b->gram[at]);
    else
        fmpz_set_signed_ui_array(out, (const ulong *)b->gram + at * b->words, b->words);
}

void ct_block_weight(fmpz_t out, const ct_integer_block *b, int64_t i)
{
    if (b->weight_words <= 1)
        fmpz_set_ui(out, b->weight[i]);
    else
        fmpz_set_ui_array(out, b->weight + i * b->weight_words, b->weight_words);
}

void ct_block_trace(fmpz_t out, const ct_integer_block *b)
{
    fmpz_t g, m;
    fmpz_init(g);
    fmpz_init(m);
    fmpz_zero(out);
    for (int64_t i = 0; i < b->n; i++) {
        ct_block_entry(g, b, i, i);
        ct_block_weight(m, b, i);
        fmpz_addmul(out, g, m);
    }
    fmpz_clear(m);
    fmpz_clear(g);
}

void ct_block_matrix(fmpz_mat_t out, const ct_integer_block *b)
{
    fmpz_t m;
    fmpz_init(m);
    for (int64_t i = 0; i < b->n; i++) {
        ct_block_weight(m, b, i);
        for (int64_t j = 0; j < b->n; j++) {
            fmpz *entry = fmpz_mat_entry(out, i, j);
            ct_block_entry(entry, b, i, j);
            fmpz_mul(entry, entry, m);
        }
    }
    fmpz_clear(m);
}

/* out += x >= 0 */
static cutropy_status add_natural(const fmpz_t x, ct_big *out)
{
    cutropy_status status = CUTROPY_OK;
    const slong limbs = fmpz_size(x);
    ct_big number = {0};
    if (fmpz_sgn(x) < 0)
        return ct_fail(CUTROPY_ENUMERIC, "a block is no positive matrix");
    CT_NEW(number.limb, limbs);
    if (limbs)
        fmpz_get_ui_array(number.limb, limbs, x);
    number.count = (size_t)limbs;
    CT_TRY(ct_big_add(out, out, &number));
done:
    ct_big_free(&number);
    return status;
}

cutropy_status ct_integer_block_trace(const ct_integer_block *b, ct_big *trace)
{
    fmpz_t x;
    fmpz_init(x);
    ct_block_trace(x, b);
    const cutropy_status status = add_natural(x, trace);
    fmpz_clear(x);
    return status;
}

/* out += Tr a b */
static cutropy_status add_trace(const fmpz_mat_t a, const fmpz_mat_t b, ct_big *out)
{
    const slong n = fmpz_mat_nrows(a);
    fmpz_t total;
    fmpz_init(total);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++)
            fmpz_addmul(total, fmpz_mat_entry(a, i, j), fmpz_mat_entry(b, j, i));
    const cutropy_status status = add_natural(total, out);
    fmpz_clear(total);
    return status;
}

/* out = sum_ij m_i m_j G_ij^2, row by row: m_i (m_i G_ii^2 + 2 sum_(j > i) m_j G_ij^2) */
static void square_sum(fmpz_t out, const ct_integer_block *b)
{
    fmpz_t g, m, row;
    fmpz_init(g);
    fmpz_init(m);
    fmpz_init(row);
    fmpz_zero(out);
    for (int64_t i = 0; i < b->n; i++) {
        fmpz_zero(row);
        for (int64_t j = i + 1; j < b->n; j++) {
            ct_block_entry(g, b, i, j);
            ct_block_weight(m, b, j);
            fmpz_mul(g, g, g);
            fmpz_addmul(row, g, m);
        }
        fmpz_mul_2exp(row, row, 1);
        ct_block_entry(g, b, i, i);
        ct_block_weight(m, b, i);
        fmpz_mul(g, g, g);
        fmpz_addmul(row, g, m);
        fmpz_addmul(out, row, m);
    }
    fmpz_clear(row);
    fmpz_clear(m);
    fmpz_clear(g);
}

static cutropy_status add_cube(const ct_integer_block *b, ct_big *cube)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_mat_t dg, product;
    fmpz_mat_init(dg, b->n, b->n);
    fmpz_mat_init(product, b->n, b->n);
    ct_block_matrix(dg, b);
    CT_TRY(ct_integer_product(dg, dg, 1, product));
    status = add_trace(product, dg, cube);
done:
    fmpz_mat_clear(product);
    fmpz_mat_clear(dg);
    return status;
}

cutropy_status ct_integer_block_moments(const ct_integer_block *b, ct_big *square, ct_big *cube)
{
    cutropy_status status = CUTROPY_OK;
    fmpz_t sum;
    fmpz_init(sum);
    square_sum(sum, b);
    CT_TRY(add_natural(sum, square));
    if (cube)
        CT_TRY(add_cube(b, cube));
done:
    fmpz_clear(sum);
    return status;
}

/* ---- in floating point ---- */

#define ORDINARY                                                                                   \
    300 /* bits of an H that needs no scale: its smallest parts are far from underflow */
#define BALL_BITS 160

/* The bits of the largest entry of H, beyond ORDINARY: |H_ij| is below the larger of H_ii and H_jj. */
static int64_t scale_of(const ct_integer_block *b)
{
    int64_t most = 0;
    fmpz_t g, m;
    fmpz_init(g);
    fmpz_init(m);
    for (int64_t i = 0; i < b->n; i++) {
        ct_block_entry(g, b, i, i);
        ct_block_weight(m, b, i);
        const int64_t bits = (int64_t)(fmpz_bits(g) + fmpz_bits(m));
        most = bits > most ? bits : most;
    }
    fmpz_clear(m);
    fmpz_clear(g);
    return most > ORDINARY ? most + most % 2 : 0;
}

/* Roots of the multiplicities, balls; free with _arb_vec_clear. */
static arb_ptr weight_roots(const ct_integer_block *b)
{
    arb_ptr root = _arb_vec_init(b->n);
    fmpz_t m;
    fmpz_init(m);
    for (int64_t i = 0; i < b->n; i++) {
        ct_block_weight(m, b, i);
        arb_sqrt_fmpz(root + i, m, BALL_BITS);
    }
    fmpz_clear(m);
    return root;
}

static void scaled_entry(arb_t out, const ct_integer_block *b, arb_srcptr root, int64_t exponent,
                         int64_t i, int64_t j)
{
    fmpz_t g;
    fmpz_init(g);
    ct_block_entry(g, b, i, j);
    arb_mul_fmpz(out, root + i, g, BALL_BITS);
    arb_mul(out, out, root + j, BALL_BITS);
    arb_mul_2exp_si(out, out, -exponent);
    fmpz_clear(g);
}

/* Nearest double of the middle, which leaves. */
static double take_double(arb_t x)
{
    const double y = arf_get_d(arb_midref(x), ARF_RND_NEAR);
    arb_t taken;
    arb_init(taken);
    arb_set_d(taken, y);
    arb_sub(x, x, taken, ARF_PREC_EXACT);
    arb_clear(taken);
    return y;
}

void ct_integer_block_twofold(const ct_integer_block *b, ct_twofold h, int64_t *exponent,
                              double *error)
{
    arb_ptr root = weight_roots(b);
    arb_t x;
    mag_t size, sum;
    arb_init(x);
    mag_init(size);
    mag_init(sum);
    *exponent = scale_of(b);
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t j = i; j < b->n; j++) {
            scaled_entry(x, b, root, *exponent, i, j);
            h.high[i * b->n + j] = h.high[j * b->n + i] = take_double(x);
            h.low[i * b->n + j] = h.low[j * b->n + i] = take_double(x);
            arb_get_mag(size, x);
            mag_mul(size, size, size);
            mag_mul_2exp_si(size, size, i < j);
            mag_add(sum, sum, size);
        }
    mag_sqrt(sum, sum);
    *error = mag_get_d(sum) * (1 + 0x1p-40) + (mag_is_zero(sum) ? 0 : 0x1p-1022);
    mag_clear(sum);
    mag_clear(size);
    arb_clear(x);
    _arb_vec_clear(root, b->n);
}

/* x = value 2^exponent but for a relative error below 2^-52: the two highest words that are not zero. */
typedef struct scaled_double {
    double value;
    int64_t exponent;
} scaled_double;

static scaled_double natural_double(const uint64_t *word, int words)
{
    while (words > 1 && !word[words - 1])
        words--;
    if (words == 1)
        return (scaled_double){(double)word[0], 0};
    return (scaled_double){(double)word[words - 1] * 0x1p64 + (double)word[words - 2],
                           64 * (int64_t)(words - 2)};
}

static scaled_double entry_double(const ct_integer_block *b, const int64_t *word, uint64_t *room)
{
    if (b->words <= 1)
        return (scaled_double){(double)word[0], 0};
    if (word[b->words - 1] >= 0)
        return natural_double((const uint64_t *)word, b->words);
    bool carry = true;
    for (int w = 0; w < b->words; w++) { /* -x = ~x + 1 */
        room[w] = ~(uint64_t)word[w] + carry;
        carry = carry && !room[w];
    }
    scaled_double out = natural_double(room, b->words);
    out.value = -out.value;
    return out;
}

int64_t ct_integer_block_exponent(const ct_integer_block *b)
{
    return scale_of(b);
}

cutropy_status ct_integer_block_scaled(const ct_integer_block *b, int64_t exponent, double *h)
{
    cutropy_status status = CUTROPY_OK;
    scaled_double *root = NULL;
    uint64_t *room = NULL;
    CT_NEW(root, b->n);
    CT_NEW(room, b->words + 1);
    for (int64_t i = 0; i < b->n; i++) {
        root[i] = b->weight_words <= 1
                      ? (scaled_double){(double)b->weight[i], 0}
                      : natural_double(b->weight + i * b->weight_words, b->weight_words);
        root[i] = (scaled_double){sqrt(root[i].value), root[i].exponent / 2};
    }
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t j = i; j < b->n; j++) {
            const scaled_double g =
                entry_double(b, b->gram + (i * b->n + j) * (b->words ? b->words : 1), room);
            const int64_t shift = root[i].exponent + root[j].exponent + g.exponent - exponent;
            const double x = root[i].value * root[j].value * g.value;
            h[i * b->n + j] = shift ? ldexp(x, (int)shift) : x;
        }
done:
    ct_free(root);
    ct_free(room);
    return status;
}

void ct_integer_block_double(const ct_integer_block *b, double *h, int64_t *exponent)
{
    arb_ptr root = weight_roots(b);
    arb_t x;
    arb_init(x);
    *exponent = scale_of(b);
    for (int64_t i = 0; i < b->n; i++)
        for (int64_t j = i; j < b->n; j++) {
            scaled_entry(x, b, root, *exponent, i, j);
            h[i * b->n + j] = arf_get_d(arb_midref(x), ARF_RND_NEAR);
        }
    arb_clear(x);
    _arb_vec_clear(root, b->n);
}
