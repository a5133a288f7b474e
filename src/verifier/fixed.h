/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point numbers with a proved direction of rounding: the integer v stands for v / 2^CV_BITS.
 *
 * Every operation takes the direction in which it rounds, so that its result is a bound: with
 * CV_DOWN it is never above the exact result, with CV_UP never below. An enclosure is a pair of
 * such numbers. */
#ifndef CV_FIXED_H
#define CV_FIXED_H

#include <gmp.h>

#define CV_BITS 512

typedef enum cv_round { CV_DOWN, CV_UP } cv_round;

/* out = numerator / denominator of two integers, or of two fixed-point numbers; denominator > 0.
 * out may be an argument, here and below. */
void cv_ratio(mpz_t out, const mpz_t numerator, const mpz_t denominator, cv_round round);
/* out = a b */
void cv_multiply(mpz_t out, const mpz_t a, const mpz_t b, cv_round round);
/* out = an upper bound of the square root of a >= 0. */
void cv_sqrt_up(mpz_t out, const mpz_t a);
/* out = log2 x, x > 0; exact for powers of two. */
void cv_log2(mpz_t out, const mpz_t x, cv_round round);
/* out = ln 2 */
void cv_ln2(mpz_t out, cv_round round);
/* out = value, an integer. */
void cv_integer(mpz_t out, const mpz_t value);
/* "-1.2345": `digits` decimals after the point. Free with free(). */
char *cv_decimal_text(const mpz_t x, unsigned digits, cv_round round);

#endif
