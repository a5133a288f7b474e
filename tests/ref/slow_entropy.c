/* SPDX-License-Identifier: Apache-2.0 */
/* Jacobi and the binary logarithm, as in a text book. */
#include <stdlib.h>

#include "slow_entropy.h"

#define PRECISION 640
#define LOG_BITS 240 /* each squaring below doubles the relative error */

/* Bit by bit: squaring y in [1, 2) doubles its logarithm. */
void slow_log2(mpf_t out, const mpf_t x)
{
    signed long exponent;
    mpf_t y, bit;
    mpf_init2(y, PRECISION);
    mpf_init2(bit, PRECISION);
    mpf_get_d_2exp(&exponent, x); /* x = d 2^exponent, 1/2 <= d < 1 */
    exponent--;
    mpf_set(y, x);
    if (exponent >= 0)
        mpf_div_2exp(y, y, (unsigned long)exponent);
    else
        mpf_mul_2exp(y, y, (unsigned long)-exponent);
    mpf_set_si(out, exponent);
    mpf_set_ui(bit, 1);
    for (int i = 0; i < LOG_BITS; i++) {
        mpf_mul(y, y, y);
        mpf_div_2exp(bit, bit, 1);
        if (mpf_cmp_ui(y, 2) >= 0) {
            mpf_div_2exp(y, y, 1);
            mpf_add(out, out, bit);
        }
    }
    mpf_clear(y);
    mpf_clear(bit);
}

/* c, s with a_pq = 0 after the rotation. */
static void angle(mpf_t c, mpf_t s, const mpf_t app, const mpf_t aqq, const mpf_t apq)
{
    mpf_t theta, root;
    mpf_init2(theta, PRECISION);
    mpf_init2(root, PRECISION);
    mpf_sub(theta, aqq, app);
    mpf_div(theta, theta, apq);
    mpf_div_2exp(theta, theta, 1);
    mpf_mul(root, theta, theta);
    mpf_add_ui(root, root, 1);
    mpf_sqrt(root, root);
    if (mpf_sgn(theta) < 0)
        mpf_neg(root, root);
    mpf_add(root, root, theta);
    mpf_ui_div(s, 1, root); /* the tangent */
    mpf_mul(c, s, s);
    mpf_add_ui(c, c, 1);
    mpf_sqrt(c, c);
    mpf_ui_div(c, 1, c);
    mpf_mul(s, s, c);
    mpf_clear(theta);
    mpf_clear(root);
}

/* x, y = c x - s y, s x + c y */
static void turn(mpf_t x, mpf_t y, const mpf_t c, const mpf_t s)
{
    mpf_t cx, sx, part;
    mpf_init2(cx, PRECISION);
    mpf_init2(sx, PRECISION);
    mpf_init2(part, PRECISION);
    mpf_mul(cx, c, x);
    mpf_mul(sx, s, x);
    mpf_mul(part, s, y);
    mpf_sub(x, cx, part);
    mpf_mul(part, c, y);
    mpf_add(y, sx, part);
    mpf_clear(cx);
    mpf_clear(sx);
    mpf_clear(part);
}

static void rotate(mpf_t *a, size_t n, size_t p, size_t q)
{
    mpf_t c, s;
    mpf_init2(c, PRECISION);
    mpf_init2(s, PRECISION);
    angle(c, s, a[p * n + p], a[q * n + q], a[p * n + q]);
    for (size_t k = 0; k < n; k++)
        turn(a[k * n + p], a[k * n + q], c, s);
    for (size_t k = 0; k < n; k++)
        turn(a[p * n + k], a[q * n + k], c, s);
    mpf_clear(c);
    mpf_clear(s);
}

/* |x| < 2^-bits */
static bool below(const mpf_t x, unsigned long bits)
{
    mpf_t limit;
    mpf_init2(limit, PRECISION);
    mpf_set_ui(limit, 1);
    mpf_div_2exp(limit, limit, bits);
    mpf_t size;
    mpf_init2(size, PRECISION);
    mpf_abs(size, x);
    const bool is_below = mpf_cmp(size, limit) < 0;
    mpf_clear(limit);
    mpf_clear(size);
    return is_below;
}

void slow_jacobi(mpf_t *a, size_t n)
{
    for (bool turned = true; turned;) {
        turned = false;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                if (!below(a[p * n + q], 400)) {
                    rotate(a, n, p, q);
                    turned = true;
                }
    }
}

/* Adds the eigenvalues' entropies of one block, divided by the trace. */
static bool add_block(const slow_block *b, const mpf_t trace, mpf_t bits)
{
    const size_t n = b->size;
    bool positive = true;
    mpf_t *a = malloc(n * n * sizeof *a), part, repeat;
    mpf_init2(part, PRECISION);
    mpf_init2(repeat, PRECISION);
    mpf_set_z(repeat, b->repeat);
    for (size_t i = 0; i < n * n; i++) {
        mpf_init2(a[i], PRECISION);
        mpf_set_z(part, b->multiplicity[i / n]);
        mpf_set_z(a[i], b->multiplicity[i % n]);
        mpf_mul(a[i], a[i], part);
        mpf_sqrt(a[i], a[i]);
        mpf_set_z(part, b->gram[i]);
        mpf_mul(a[i], a[i], part);
        mpf_div(a[i], a[i], trace);
    }
    slow_jacobi(a, n);
    for (size_t i = 0; i < n; i++) {
        mpf_t *value = &a[i * n + i];
        if (!below(*value, 300) && mpf_sgn(*value) > 0) {
            slow_log2(part, *value);
            mpf_mul(part, part, *value);
            mpf_mul(part, part, repeat);
            mpf_sub(bits, bits, part);
        }
        positive = positive && (mpf_sgn(*value) >= 0 || below(*value, 200));
    }
    for (size_t i = 0; i < n * n; i++)
        mpf_clear(a[i]);
    mpf_clear(part);
    mpf_clear(repeat);
    free(a);
    return positive;
}

bool slow_entropy(const slow_block *blocks, size_t count, mpf_t bits)
{
    bool positive = true;
    mpz_t sum, part;
    mpf_t trace;
    mpz_inits(sum, part, NULL);
    for (size_t b = 0; b < count; b++) {
        mpz_set_ui(part, 0);
        for (size_t i = 0; i < blocks[b].size; i++)
            mpz_addmul(part, blocks[b].multiplicity[i], blocks[b].gram[i * blocks[b].size + i]);
        mpz_addmul(sum, part, blocks[b].repeat);
    }
    mpf_init2(trace, PRECISION);
    mpf_set_z(trace, sum);
    mpf_set_ui(bits, 0);
    for (size_t b = 0; b < count; b++)
        positive = add_block(&blocks[b], trace, bits) && positive;
    mpf_clear(trace);
    mpz_clears(sum, part, NULL);
    return positive;
}
