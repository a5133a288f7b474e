/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of a finished spectrum, each with its error (theorem 10 of docs/theorems.md). Entropies in bits. */
#ifndef CT_MEASURES_H
#define CT_MEASURES_H

#include "engine/cut/spectrum.h"

/* The true number lies within value +- error, as far as the errors of the levels hold; error 0:
 * exact; value NaN: not known. A number none of whose digits is known reads 0 with an error that
 * still holds, or is not known where the error reaches half of what is known beforehand. */
typedef struct ct_number {
    double value, error;
} ct_number;

/* Renyi entropy of order alpha >= 0 or INFINITY; 1: von Neumann; 0: log2 rank, not known where the
 * rank is not settled. */
ct_number ct_renyi(const ct_spectrum *s, double alpha);
/* Tr rho^2 and -log2 of it; labels and integers: from the exact fraction, whose double is rounded.
 */
ct_number ct_purity(const ct_spectrum *s);
ct_number ct_renyi2(const ct_spectrum *s);
/* Tr rho^3 from the levels. */
ct_number ct_cube(const ct_spectrum *s);
/* p_1 - p_2 */
ct_number ct_schmidt_gap(const ct_spectrum *s);
/* 1 - the sum of the `kept` largest eigenvalues. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_discarded_weight(const ct_spectrum *s, double kept, ct_number *out);

/* An integer from low to high. */
typedef struct ct_bracket {
    int64_t low, high;
} ct_bracket;

/* Schmidt values above epsilon times the largest; 0: the rank. */
ct_bracket ct_numerical_rank(const ct_spectrum *s, double epsilon);
/* The smallest number of levels with discarded weight <= epsilon. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_truncation(const ct_spectrum *s, double epsilon, ct_bracket *out);

#endif
