/* SPDX-License-Identifier: Apache-2.0 */
/* Theorem A of docs/certificate.md over all blocks, and the comparison with the claims.
 *
 *     S_R - shifts - (q + m) / ln 2  <=  S  <=  S_R + shifts + m log2(k / m)          (bits)
 *
 * S_R = sum of -d_j log2 d_j over the resolved vectors, q = sum of C_ij^2 / C_jj over their pairs,
 * m = mass and k = number of the others; shifts bounds what S_R changes between d_j and C_jj. */
#include <stdio.h>

#include "verifier/block.h"
#include "verifier/fixed.h"
#include "verifier/verify.h"

/* Sums over blocks, copies counted; fixed-point, but for the integer k. */
typedef struct sums {
    mpz_t low, high;    /* around S_R */
    mpz_t shifts, q, m; /* rounded up */
    mpz_t k;
    mpz_t log_e, log_e_low; /* 1 / ln 2, rounded up and down */
} sums;

static void sums_init(sums *s)
{
    mpz_t one;
    mpz_inits(s->low, s->high, s->shifts, s->q, s->m, s->k, s->log_e, s->log_e_low, NULL);
    mpz_init(one);
    mpz_setbit(one, CV_BITS);
    cv_ln2(s->log_e, CV_DOWN);
    cv_ratio(s->log_e, one, s->log_e, CV_UP);
    cv_ln2(s->log_e_low, CV_UP);
    cv_ratio(s->log_e_low, one, s->log_e_low, CV_DOWN);
    mpz_clear(one);
}

static void sums_clear(sums *s)
{
    mpz_clears(s->low, s->high, s->shifts, s->q, s->m, s->k, s->log_e, s->log_e_low, NULL);
}

/* low, high += bounds of -d log2 d, 0 < low_d <= d <= high_d and d <= 1. */
static void add_eta(mpz_t low, mpz_t high, const mpz_t d_low, const mpz_t d_high)
{
    mpz_t logarithm;
    mpz_init(logarithm);
    cv_log2(logarithm, d_high, CV_UP);
    if (mpz_sgn(logarithm) < 0) { /* else rounding went above log2 1 = 0: the term is >= 0 */
        mpz_neg(logarithm, logarithm);
        cv_multiply(logarithm, logarithm, d_low, CV_DOWN);
        mpz_add(low, low, logarithm);
    }
    cv_log2(logarithm, d_low, CV_DOWN);
    mpz_neg(logarithm, logarithm);
    cv_multiply(logarithm, logarithm, d_high, CV_UP);
    mpz_add(high, high, logarithm);
    mpz_clear(logarithm);
}

/* out = at least |log2 e + log2 x| for every x in [low, high]: it grows with x, so that the largest
 * absolute value is at one end. */
static void largest_slope(mpz_t out, const mpz_t low, const mpz_t high, const sums *s)
{
    mpz_t bottom;
    mpz_init(bottom);
    cv_log2(out, high, CV_UP);
    mpz_add(out, out, s->log_e);
    cv_log2(bottom, low, CV_DOWN);
    mpz_add(bottom, bottom, s->log_e_low);
    mpz_neg(bottom, bottom);
    if (mpz_cmp(bottom, out) > 0)
        mpz_swap(bottom, out);
    mpz_clear(bottom);
}

/* One resolved vector: its entropy, its squared slope and its part of q. */
static bool add_resolved(const cv_bounds *b, size_t j, const sums *s, mpz_t low, mpz_t high,
                         mpz_t slopes, mpz_t q)
{
    mpz_t least, most, part;
    mpz_inits(least, most, part, NULL);
    mpz_sub(least, b->d_low[j], b->shift);
    mpz_add(most, b->d_high[j], b->shift);
    const bool good = mpz_sgn(least) > 0;
    if (good) {
        add_eta(low, high, b->d_low[j], b->d_high[j]);
        largest_slope(part, least, most, s);
        cv_multiply(part, part, part, CV_UP);
        mpz_add(slopes, slopes, part);
        mpz_add(part, b->column[j], b->shift);
        cv_multiply(part, part, part, CV_UP);
        cv_ratio(part, part, least, CV_UP);
        mpz_add(q, q, part);
    }
    mpz_clears(least, most, part, NULL);
    return good;
}

/* Adds all copies of a block. */
static bool add_block(const cv_block *block, const cv_bounds *b, sums *s, char message[CV_MESSAGE])
{
    bool good = true;
    mpz_t low, high, slopes, q;
    mpz_inits(low, high, slopes, q, NULL);
    for (size_t j = 0; good && j < b->resolved; j++) {
        good = add_resolved(b, j, s, low, high, slopes, q);
        if (!good)
            snprintf(message, CV_MESSAGE,
                     "the quotient of resolved vector %zu is not above its error", j + 1);
    }
    cv_sqrt_up(slopes, slopes);
    cv_multiply(slopes, slopes, b->shift, CV_UP);
    mpz_addmul(s->low, low, block->repeat);
    mpz_addmul(s->high, high, block->repeat);
    mpz_addmul(s->shifts, slopes, block->repeat);
    mpz_addmul(s->q, q, block->repeat);
    mpz_addmul(s->m, b->tail, block->repeat);
    mpz_set_ui(q, block->size - block->resolved);
    mpz_addmul(s->k, q, block->repeat);
    mpz_clears(low, high, slopes, q, NULL);
    return good;
}

/* out = m log2(k / m), rounded up. It grows with m up to k / e: false if m > k / 4. */
static bool tail_entropy(mpz_t out, const mpz_t m, const mpz_t k)
{
    mpz_set_ui(out, 0);
    if (!mpz_sgn(m))
        return true;
    mpz_t count, logarithm;
    mpz_inits(count, logarithm, NULL);
    cv_integer(count, k);
    mpz_mul_2exp(out, m, 2);
    const bool light = mpz_cmp(out, count) <= 0;
    if (light) {
        cv_log2(out, count, CV_UP);
        cv_log2(logarithm, m, CV_DOWN);
        mpz_sub(out, out, logarithm);
        cv_multiply(out, out, m, CV_UP);
    }
    mpz_clears(count, logarithm, NULL);
    return light;
}

/* The enclosure in bits, then in the unit of the file. */
static bool enclose(const sums *s, bool nats, cv_enclosure *out)
{
    mpz_t part;
    mpz_init(part);
    const bool good = tail_entropy(part, s->m, s->k);
    mpz_add(out->upper, s->high, s->shifts);
    mpz_add(out->upper, out->upper, part);
    mpz_add(part, s->q, s->m);
    cv_multiply(part, part, s->log_e, CV_UP);
    mpz_sub(out->lower, s->low, s->shifts);
    mpz_sub(out->lower, out->lower, part);
    if (nats) {
        cv_ln2(part, mpz_sgn(out->lower) < 0 ? CV_UP : CV_DOWN);
        cv_multiply(out->lower, out->lower, part, CV_DOWN);
        cv_ln2(part, CV_UP);
        cv_multiply(out->upper, out->upper, part, CV_UP);
    }
    mpz_clear(part);
    return good;
}

/* Bounds of every block, summed. */
static bool sum_blocks(const cv_certificate *c, bool positive, sums *s, char message[CV_MESSAGE])
{
    bool good = true;
    char reason[CV_MESSAGE];
    for (size_t i = 0; good && i < c->blocks; i++) {
        cv_bounds bounds;
        good = cv_block_bounds(&c->block[i], c->trace, &bounds, reason) &&
               add_block(&c->block[i], &bounds, s, reason);
        if (good && positive && !cv_block_is_positive(&c->block[i])) {
            snprintf(reason, CV_MESSAGE, "the matrix is not positive semidefinite");
            good = false;
        }
        if (!good)
            snprintf(message, CV_MESSAGE, "block %zu: %.200s", i + 1, reason);
        cv_bounds_free(&bounds);
    }
    return good;
}

/* T, and the purity where it is claimed. */
static bool check_integers(const cv_certificate *c, char message[CV_MESSAGE])
{
    mpz_t sum, square;
    mpz_inits(sum, square, NULL);
    for (size_t b = 0; b < c->blocks; b++)
        cv_block_trace(&c->block[b], sum);
    bool good = !mpz_cmp(sum, c->trace);
    if (!good)
        snprintf(message, CV_MESSAGE, "the trace of the matrices is not the claimed trace");
    if (good && c->has_purity) {
        mpz_set_ui(sum, 0);
        for (size_t b = 0; b < c->blocks; b++)
            cv_block_purity(&c->block[b], sum);
        mpz_mul(sum, sum, c->purity.denominator);
        mpz_mul(square, c->trace, c->trace);
        mpz_mul(square, square, c->purity.numerator);
        good = !mpz_cmp(sum, square);
        if (!good)
            snprintf(message, CV_MESSAGE, "the purity of the matrices is not the claimed purity");
    }
    mpz_clears(sum, square, NULL);
    return good;
}

/* Sign of a - x, a fraction and a fixed-point number; exact. */
static int compare(const mpz_t numerator, const mpz_t denominator, const mpz_t x)
{
    mpz_t a, b;
    mpz_inits(a, b, NULL);
    cv_integer(a, numerator);
    mpz_mul(b, x, denominator);
    const int sign = mpz_cmp(a, b);
    mpz_clears(a, b, NULL);
    return sign;
}

/* [entropy - error, entropy + error] contains the enclosure. */
static bool value_holds(const cv_certificate *c, const cv_enclosure *proved)
{
    mpz_t value, error, by;
    mpz_inits(value, error, by, NULL);
    mpz_mul(value, c->entropy.numerator, c->error.denominator);
    mpz_mul(error, c->error.numerator, c->entropy.denominator);
    mpz_mul(by, c->entropy.denominator, c->error.denominator);
    mpz_add(value, value, error);
    bool holds = compare(value, by, proved->upper) >= 0;
    mpz_submul_ui(value, error, 2);
    holds = holds && compare(value, by, proved->lower) <= 0;
    mpz_clears(value, error, by, NULL);
    return holds;
}

static bool check_claims(const cv_certificate *c, const cv_enclosure *proved,
                         char message[CV_MESSAGE])
{
    if (compare(c->lower.numerator, c->lower.denominator, proved->lower) > 0)
        snprintf(message, CV_MESSAGE, "the claimed lower end is above what the vectors prove");
    else if (compare(c->upper.numerator, c->upper.denominator, proved->upper) < 0)
        snprintf(message, CV_MESSAGE, "the claimed upper end is below what the vectors prove");
    else if (!value_holds(c, proved))
        snprintf(message, CV_MESSAGE,
                 "the claimed value and error do not contain what the vectors prove");
    else
        return true;
    return false;
}

void cv_enclosure_init(cv_enclosure *enclosure)
{
    mpz_inits(enclosure->lower, enclosure->upper, NULL);
}

void cv_enclosure_free(cv_enclosure *enclosure)
{
    mpz_clears(enclosure->lower, enclosure->upper, NULL);
}

cv_verdict cv_verify(const cv_certificate *certificate, bool positive, cv_enclosure *proved,
                     char message[CV_MESSAGE])
{
    sums s;
    sums_init(&s);
    bool good =
        check_integers(certificate, message) && sum_blocks(certificate, positive, &s, message);
    if (good && !enclose(&s, certificate->nats, proved)) {
        snprintf(message, CV_MESSAGE, "the vectors that are not resolved carry too much weight");
        good = false;
    }
    good = good && check_claims(certificate, proved, message);
    sums_clear(&s);
    return good ? CV_VERIFIED : CV_NOT_VERIFIED;
}
