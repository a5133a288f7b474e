/* SPDX-License-Identifier: Apache-2.0 */
/* A second oracle, for small Schmidt values: singular values of the whole cut matrix by one-sided
 * Jacobi rotations in 128-bit floats. No merging, no blocks, no Gram matrix; shares no code with
 * the library or with oracle.c. */
#ifndef SCHMIDT_H
#define SCHMIDT_H

#include <stddef.h>
#include <stdint.h>

typedef struct schmidt_answer {
    size_t count;   /* of the smaller side */
    long double *p; /* eigenvalues of rho_A, descending, relative accuracy 1e-18 or 1e-60 of the
                       largest; what is below counts as 0 */
} schmidt_answer;

/* values: 2^pixels doubles, or pairs when is_complex. Free with schmidt_free. */
void schmidt_solve(int pixels, int is_complex, const double *values, uint64_t mask,
                   schmidt_answer *out);
void schmidt_free(schmidt_answer *answer);

/* In bits, alpha > 0, also INFINITY; without cancellation near product states. */
long double schmidt_renyi(const schmidt_answer *answer, long double alpha);
/* Sum of all but the `kept` largest. */
long double schmidt_discarded(const schmidt_answer *answer, size_t kept);

#endif
