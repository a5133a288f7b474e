/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates of small integer matrices, made without the engine: vectors from LAPACK, the truth
 * from ref/slow_entropy. */
#ifndef CERTIFICATE_MAKER_H
#define CERTIFICATE_MAKER_H

#include "ref/slow_entropy.h"

#include "analysis/truth/certificate.h"
#include "verifier/certificate.h"

#define MAKER_BLOCKS 8

/* A certificate and what it stands on; free with made_free. */
typedef struct made {
    ct_certificate certificate;
    ct_certificate_block block[MAKER_BLOCKS];
    char trace[64], purity[2][64], entropy[64], error[16], lower[64], upper[64];
    mpf_t truth; /* in bits */
} made;

/* An empty certificate with its texts. */
void made_start(made *m);
/* A block; multiplicity [n] and gram [n][n] are copied. Vectors come from LAPACK, those with
 * eigenvalues above 1e-13 of the largest are resolved. */
void made_block(made *m, int64_t n, int64_t repeat, const int64_t *multiplicity,
                const int64_t *gram);
/* Trace, purity, truth and the claims truth +- 10^-digits. */
void made_finish(made *m, int digits);
/* lower = truth + a, upper = truth + b, as decimal texts. */
void made_claim(made *m, const char *a, const char *b);
void made_free(made *m);

/* The file as text; *size without its final zero. free(). */
char *made_text(const made *m, size_t *size);
/* The entropy in bits of the matrices in a certificate; false: there is none. */
bool true_entropy(const cv_certificate *certificate, mpf_t bits);

#endif
