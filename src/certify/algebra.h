/* SPDX-License-Identifier: Apache-2.0 */
/* The spectrum of a cut as exact algebra: the characteristic polynomials of its integer blocks.
 *
 * A block with integer Gram matrix G and multiplicities m contributes the eigenvalues of D_m G,
 * which are real and not negative; those of rho_A are these divided by T = <f|f>. Kept are
 *   - integer eigenvalues with their exact multiplicities (a rational one is an integer),
 *   - the others as roots of monic square-free integer polynomials that share no root, each with
 *     the multiplicity of all its roots.
 * Nothing here is floating-point except the starting values of the roots, which are then proved. */
#ifndef CT_ALGEBRA_H
#define CT_ALGEBRA_H

#include "certify/integer_block.h"

typedef struct ct_algebra ct_algebra;

/* norm: T, at least 1 (0: CUTROPY_EUNSUPPORTED). Errors: CUTROPY_EMEMORY. */
cutropy_status ct_algebra_create(const ct_big *norm, ct_algebra **out);
void ct_algebra_free(ct_algebra *algebra);

/* Adds a block. *added = false, and the cut stays incomplete, when the polynomial would cost more than work_limit multiplications
 * (n^3 for each 61-bit prime that the coefficients need, about 2.5 ns each). Errors: CUTROPY_EMEMORY; CUTROPY_EINTERNAL when
 * the polynomial breaks an exact identity (trace, purity, signs) or the traces add up to more than T. */
cutropy_status ct_algebra_add(ct_algebra *algebra, const ct_integer_block *block, double work_limit,
                              bool *added);

/* Every block was added and the traces add up to T. The functions below need it. */
bool ct_algebra_complete(const ct_algebra *algebra);
int64_t ct_algebra_rank(const ct_algebra *algebra);
/* Every eigenvalue is an integer. */
bool ct_algebra_rational(const ct_algebra *algebra);
/* Distinct non-zero eigenvalues. */
int64_t ct_algebra_distinct(const ct_algebra *algebra);

typedef enum ct_unit { CT_UNIT_BITS, CT_UNIT_NATS } ct_unit;

/* S in closed form, NULL when an eigenvalue is irrational, or T or an eigenvalue, divided by what they all
 * have in common, is 2^64 or more: a rational combination of logarithms of
 * primes in ascending order, coefficients in lowest terms, such as
 *     38/27 + 3*log2(3) - (10/27)*log2(5)         in bits (log2(2) = 1 leads, as a number)
 *     3*log(2) - (19/27)*log(3)                   in nats
 * By unique factorisation equal values give equal texts. Free with ct_free. */
cutropy_status ct_algebra_closed_form(const ct_algebra *algebra, ct_unit unit, char **text);

/* Tr rho^3 and Tr rho^2 as fractions p/q in lowest terms of any size. Free with ct_free. */
cutropy_status ct_algebra_moment(const ct_algebra *algebra, int power, char **text);

#endif
