/* SPDX-License-Identifier: Apache-2.0 */
/* A slow, independent oracle: entanglement of a function given as the full array of its 2^N values.
 *
 * It shares no code with the library and uses none of its ideas: no merging of rows, no blocks, no
 * symmetry. rho_A is written out over all 2^NA states, diagonalised by cyclic Jacobi rotations in
 * long double; integer identities are checked modulo six 61-bit primes, the rank by elimination.
 * Simple on purpose; N <= 16. */
#ifndef ORACLE_H
#define ORACLE_H

#include <stddef.h>
#include <stdint.h>

/* Exactly one of integers, reals (2^N doubles), complexes (2^N pairs) is set. */
typedef struct oracle_function {
    int pixels;
    const int64_t *integers;
    const double *reals;
    const double *complexes;
} oracle_function;

/* What the oracle knows about one cut. Entropies in bits. */
typedef struct oracle_answer {
    size_t dimension;            /* 2^NA */
    long double *eigenvalue;     /* of rho_A, descending; those beyond the rank are exactly 0 */
    int64_t rank;                /* of the cut matrix, by elimination */
    int64_t classes[2];          /* distinct non-zero rows, columns */
    long double norm;            /* <f|f> */
    long double entropy;         /* von Neumann, bits */
    long double purity, tr_rho3; /* from the entries of rho, not from the eigenvalues */
} oracle_answer;

/* mask: the pixels of A. Free with oracle_free. Aborts when memory runs out (it is a test tool). */
void oracle_solve(const oracle_function *f, uint64_t mask, oracle_answer *answer);
void oracle_free(oracle_answer *answer);

/* Renyi entropy of order alpha in bits; alpha = 0, 1 and INFINITY are the usual limits. */
long double oracle_renyi(const oracle_answer *answer, long double alpha);

/* Largest change of renyi(alpha) when every non-zero eigenvalue moves by at most delta. */
long double oracle_renyi_slack(const oracle_answer *answer, long double alpha, long double delta);

/* An error bound of the oracle's own entropy in bits. */
long double oracle_error(const oracle_answer *answer);

/* Integer functions: 1 when p/q (little-endian 64-bit halves) is Tr rho^power, power 2 or 3, and in
 * lowest terms. */
int oracle_is_trace(const oracle_function *f, uint64_t mask, int power, const uint64_t p[2],
                    const uint64_t q[2]);

/* Exact rank of a rows x columns integer matrix by fraction-free elimination in 128 bits; -1 if it
 * would overflow. */
int64_t oracle_rank_bareiss(const int64_t *matrix, size_t rows, size_t columns);

/* Rank of the cut matrix modulo three primes, the largest (complex: half the rank of the real
 * embedding). */
int64_t oracle_rank(const oracle_function *f, uint64_t mask);

/* Spreads the low bits of value to the positions of mask, one bit at a time. */
uint64_t oracle_spread(uint64_t value, uint64_t mask);

/* Eigenvalues of a real symmetric n x n matrix (destroyed), descending. */
void oracle_jacobi(long double *matrix, size_t n, long double *eigenvalue);

#endif
