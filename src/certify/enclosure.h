/* SPDX-License-Identifier: Apache-2.0 */
/* Proved enclosures of entropies and eigenvalues of a cut, from bounds on its blocks (theorem A of
 * docs/certify.md). Also for cuts whose algebra is out of reach. */
#ifndef CT_ENCLOSURE_H
#define CT_ENCLOSURE_H

#include "certify/block_bound.h"
#include "certify/digits.h"
#include "certify/graded.h"
#include "certify/integer_block.h"

typedef struct ct_enclosure ct_enclosure;

/* copies: how often the spectrum is contained (2 for a Hermitian matrix given as a real one of
 * twice the size). norm: <f|f> of one copy, +- norm_error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_enclosure_create(int copies, ct_enclosure **out);
void ct_enclosure_free(ct_enclosure *e);
/* T of all copies, exact, or of one copy, norm +- error. */
void ct_enclosure_set_norm(ct_enclosure *e, const ct_big *norm);
void ct_enclosure_set_norm_ball(ct_enclosure *e, double high, double low, double error);

/* An integer block of size 1 or 2, in closed form. */
cutropy_status ct_enclosure_add_small(ct_enclosure *e, const ct_integer_block *block);
/* A larger block, in units of 2^exponent. */
cutropy_status ct_enclosure_add_block(ct_enclosure *e, const ct_block_bound *bound,
                                      int64_t exponent);
/* A block of which theorem C is proved; its trace is added to the norm. bits: as in its goal. */
cutropy_status ct_enclosure_add_graded(ct_enclosure *e, const ct_graded *block, int64_t bits);

/* After all blocks: theirs are not the eigenvalues of rho_A <f|f>, which are `levels` for each copy, both descending and with zeros behind them; the
 * |differences| add up to slack at most. The norm is that of the blocks. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_enclosure_set_slack(ct_enclosure *e, double slack, int64_t levels);

/* The exact rank where it is known: smaller eigenvalues are then zero. */
void ct_enclosure_set_rank(ct_enclosure *e, int64_t rank);

/* Renyi entropy of order alpha (1: von Neumann), up to `decimals` places, as ct_algebra_entropy;
 * also the radius of the enclosure (an upper bound, in the unit). decimals < 0 in *out: not even
 * the integer part is proved. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_enclosure_entropy(ct_enclosure *e, double alpha, ct_unit unit, int decimals,
                                    ct_decimal *out, double *radius);
/* -log Tr rho^2 of labels and integers, where Tr rho^2 is the exact fraction "p/q" or "p". */
cutropy_status ct_enclosure_renyi2(const char *purity, ct_unit unit, int decimals, ct_decimal *out);
/* The k-th largest eigenvalue of rho_A (k = 0: the largest) for all levels, decimals as above. */
size_t ct_enclosure_levels(const ct_enclosure *e);
cutropy_status ct_enclosure_level(ct_enclosure *e, size_t k, int decimals, ct_decimal *out);
/* Largest minus second largest eigenvalue. */
cutropy_status ct_enclosure_gap(ct_enclosure *e, int decimals, ct_decimal *out);

/* Tr rho^power. */
cutropy_status ct_enclosure_moment(ct_enclosure *e, int power, int decimals, ct_decimal *out);
/* 1 minus the sum of the `kept` largest eigenvalues, an integer >= 0. */
cutropy_status ct_enclosure_discarded(ct_enclosure *e, double kept, int decimals, ct_decimal *out);
/* Between which integers lies the number of Schmidt values (roots of eigenvalues) above epsilon
 * times the largest; the smallest number of levels that discards at most epsilon. */
cutropy_status ct_enclosure_numerical_rank(ct_enclosure *e, double epsilon, int64_t *low,
                                           int64_t *high);
cutropy_status ct_enclosure_truncation(ct_enclosure *e, double epsilon, int64_t *low,
                                       int64_t *high);
/* Eigenvalues that are proved to be above zero. */
int64_t ct_enclosure_positive(ct_enclosure *e);

/* The spectrum of a complete algebra, roots within 2^-bits; *out = NULL: a root was not proved.
 * Errors: CUTROPY_EMEMORY. */
cutropy_status ct_enclosure_of_algebra(ct_algebra *algebra, int64_t bits, ct_enclosure **out);

#endif
