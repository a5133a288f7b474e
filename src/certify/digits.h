/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals of entropies and eigenvalues, correctly rounded, from an exact spectrum. */
#ifndef CT_DIGITS_H
#define CT_DIGITS_H

#include "certify/algebra.h"

#define CT_DIGITS_MOST 1000

/* text: the value rounded to `decimals` places (nearest; an exact tie to even), so it is off by at
 * most half a unit of its last place. decimals < asked: more could not be proved; -1 and NULL:
 * nothing was. Free text with ct_free. */
typedef struct ct_decimal {
    char *text;
    int decimals;
} ct_decimal;

/* Renyi entropy of order alpha >= 0 (1: von Neumann; INFINITY; the double itself, 0.1 is
 * 0x1.999999999999ap-4) to `decimals` places, 0 .. CT_DIGITS_MOST. Needs ct_algebra_complete.
 * Cost: two evaluations of each factor a root, at the bits of its coefficients plus 3.4 a place.
 * Errors: CUTROPY_EMEMORY. */
cutropy_status ct_algebra_entropy(ct_algebra *algebra, double alpha, ct_unit unit, int decimals,
                                  ct_decimal *out);

/* The distinct non-zero eigenvalues of rho_A, descending, with exact multiplicities. */
typedef struct ct_eigenvalue {
    ct_decimal decimal;
    double value; /* nearest double to the decimal's ball */
    int64_t multiplicity;
} ct_eigenvalue;

/* decimals as above; *out has *count elements, free with ct_eigenvalues_free, also on error. */
cutropy_status ct_algebra_spectrum(ct_algebra *algebra, int decimals, ct_eigenvalue **out,
                                   size_t *count);
void ct_eigenvalues_free(ct_eigenvalue *list, size_t count);

#endif
