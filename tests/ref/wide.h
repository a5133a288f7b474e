/* SPDX-License-Identifier: Apache-2.0 */
/* A second slow oracle, for small Schmidt values: singular values of the cut matrix in 113-bit arithmetic.
 *
 * One-sided Jacobi rotations on the 2^NA x 2^NB matrix itself (never on its square), without merging, blocks or scaling;
 * so Schmidt values are known to about 1e-32 of the largest one, and eigenvalues of rho_A to about 1e-64. Every answer
 * is an interval. Simple on purpose; N <= 12. */
#ifndef WIDE_H
#define WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "quad.h"

typedef struct wide_function {
    int pixels;
    int parts;            /* numbers a value: 1, complex: 2 */
    const double *values; /* 2^N values; integers below 2^53 */
} wide_function;

typedef struct wide_spectrum {
    size_t count;  /* 2^min(NA, NB) */
    quad *schmidt; /* singular values over sqrt(<f|f>), descending */
    quad slip;     /* each is off by at most this */
} wide_spectrum;

typedef struct wide_ball {
    quad low, high;
} wide_ball;

void wide_solve(const wide_function *f, uint64_t mask, wide_spectrum *out);
void wide_free(wide_spectrum *s);

/* The k-th largest eigenvalue of rho_A. */
wide_ball wide_level(const wide_spectrum *s, size_t k);
/* Renyi entropy of order alpha in bits (1: von Neumann, INFINITY), and sum of the levels from k on. */
wide_ball wide_renyi(const wide_spectrum *s, double alpha);
wide_ball wide_tail(const wide_spectrum *s, size_t k);
/* Tr rho^power. */
wide_ball wide_moment(const wide_spectrum *s, double power);
/* Smallest and largest number of Schmidt values above eps times the largest that the slip allows. */
void wide_rank(const wide_spectrum *s, double eps, size_t *low, size_t *high);

#endif
