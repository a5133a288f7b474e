/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of ct_algebra, for the files of src/certify. */
#ifndef CT_ALGEBRA_PARTS_H
#define CT_ALGEBRA_PARTS_H

#include "base/base.h"
#include "certify/flint.h"

struct ct_decimal; /* digits.h */
struct ct_refined; /* refine.h */

typedef struct ct_integer_root {
    fmpz value; /* >= 1 */
    int64_t multiplicity;
} ct_integer_root;

/* The roots of a factor, ascending: |root - mid| < 2^-bits is proved; bits = 0: not yet. */
typedef struct ct_factor {
    fmpz_poly_struct poly; /* monic, square-free, all roots real, positive and irrational */
    int64_t multiplicity;
    arf_ptr mid; /* degree numbers, or NULL */
    int64_t bits;
} ct_factor;

struct ct_algebra {
    fmpz_t norm;
    int64_t rank;
    bool skipped;
    fmpz_t trace, square, cube; /* power sums of the eigenvalues */
    size_t integers, integer_room;
    ct_integer_root *integer;
    size_t factors, factor_room;
    ct_factor *factor;
};

arf_ptr ct_arf_vector(int64_t count);
void ct_arf_vector_free(arf_ptr v, int64_t count);

/* Characteristic polynomial of m, a matrix similar to a positive one of trace `trace`. */
void ct_charpoly(fmpz_poly_t out, const fmpz_mat_t m, const fmpz_t trace);
/* Bits that hold every coefficient: e_k <= C(n, k) (trace / n)^k (Maclaurin), and their sum is
 * (1 + trace / n)^n. */
int64_t ct_charpoly_bits(int64_t n, const fmpz_t trace);

/* Refines all roots of a factor to |root - mid| < 2^-bits and proves it by sign changes; *proved =
 * false when that failed. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_factor_roots(ct_factor *factor, int64_t bits, bool *proved);

/* S = sum over primes of coefficient * log(prime), ascending primes, no zero coefficient. */
typedef struct ct_log_term {
    uint64_t prime;
    fmpq_t coefficient;
} ct_log_term;

typedef struct ct_log_form {
    size_t count, room;
    ct_log_term *term;
} ct_log_form;

/* Only when ct_algebra_rational; *found = false: integers of 2^64 or more are left after their common
 * divisor is gone, and are not factored. Free with ct_log_form_free, also on error. */
cutropy_status ct_log_form_make(const struct ct_algebra *algebra, ct_log_form *out, bool *found);
void ct_log_form_free(ct_log_form *form);

/* As many decimals as the ball shows, at most `decimals`; bits: precision of the ball's middle. */
cutropy_status ct_decimal_of_ball(const arb_t ball, int decimals, slong bits,
                                  struct ct_decimal *out);

/* The enclosure of S in nats from all blocks that were added. */
void ct_refined_enclosure(arb_t out, const struct ct_refined *refined);

/* value rounded to so many decimals. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_decimal_of_rational(const fmpq_t value, int decimals, struct ct_decimal *out);

/* value / 10^decimals as text. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_decimal_write(const fmpz_t value, int decimals, struct ct_decimal *out);

/* A copy that ct_free releases, of text that flint_free releases; frees the latter. */
cutropy_status ct_take_text(char *flint_text, char **out);

#endif
