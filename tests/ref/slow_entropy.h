/* SPDX-License-Identifier: Apache-2.0 */
/* The entropy of integer Gram matrices by cyclic Jacobi in 640-bit floating point: slow, simple,
 * and without a line in common with the verifier or the engine. Good to 50 digits and more. */
#ifndef REF_SLOW_ENTROPY_H
#define REF_SLOW_ENTROPY_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* One block: H = D^1/2 G D^1/2, D = diag(multiplicity) [n], gram [n][n]; `repeat` copies. */
typedef struct slow_block {
    size_t size;
    mpz_t *multiplicity, *gram;
    mpz_t repeat;
} slow_block;

/* bits += the entropy in bits of the blocks over their common trace. False: a matrix has an
 * eigenvalue below -1e-60 of the trace, so that there is no entropy. */
bool slow_entropy(const slow_block *blocks, size_t count, mpf_t bits);
/* The eigenvalues of the symmetric a [n][n], on its diagonal afterwards. */
void slow_jacobi(mpf_t *a, size_t n);
/* out = log2 x, x > 0 */
void slow_log2(mpf_t out, const mpf_t x);

#endif
