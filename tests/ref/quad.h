/* A second oracle, for small Schmidt values: singular values of the whole cut matrix by one-sided
 * Jacobi rotations in 128-bit floats. No merging, no blocks, no Gram matrix; shares no code with
 * the library or with oracle.c. */
#ifndef QUAD_H
#define QUAD_H

#include <stddef.h>
#include <stdint.h>

typedef struct quad_answer {
    size_t count;   /* of the smaller side */
    long double *p; /* eigenvalues of rho_A, descending, relative accuracy 1e-18 or 1e-60 of the
                       largest; what is below counts as 0 */
} quad_answer;

/* values: 2^pixels doubles, or pairs when is_complex. Free with quad_free. */
void quad_solve(int pixels, int is_complex, const double *values, uint64_t mask, quad_answer *out);
void quad_free(quad_answer *answer);

/* In bits, alpha > 0, also INFINITY; without cancellation near product states. */
long double quad_renyi(const quad_answer *answer, long double alpha);
/* Sum of all but the `kept` largest. */
long double quad_discarded(const quad_answer *answer, size_t kept);

#endif
