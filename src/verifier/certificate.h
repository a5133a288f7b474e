/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate as read from its file (docs/certificate.md), and how to read it. Nothing in it is
 * trusted: the reader only makes sure that it is complete and that every number is a number. */
#ifndef CV_CERTIFICATE_H
#define CV_CERTIFICATE_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

#define CV_MESSAGE 320 /* bytes of a one-line message */

/* H = D^1/2 G D^1/2 with D = diag(multiplicity), G = gram; `repeat` equal copies of it. */
typedef struct cv_block {
    size_t size;         /* n >= 1 */
    size_t resolved;     /* the first `resolved` vectors form R, the others K */
    mpz_t repeat;        /* >= 1 */
    mpz_t *multiplicity; /* [n], >= 1 */
    mpz_t *gram;         /* [n][n], symmetric */
    mpz_t *vector;       /* [n][n]; row j is the vector y_j */
} cv_block;

/* numerator / denominator, denominator > 0 */
typedef struct cv_rational {
    mpz_t numerator, denominator;
} cv_rational;

typedef struct cv_certificate {
    char *text; /* owns the strings below */
    const char *program, *problem, *lattice, *cut, *checksum;
    bool nats; /* the unit of the claims: nats, else bits */
    bool has_purity;
    cv_rational purity;
    mpz_t trace; /* T >= 1 */
    size_t blocks;
    cv_block *block;
    cv_rational entropy, error, lower, upper; /* the claims */
    size_t line; /* of an unusable file: the one at fault, 0: the file as a whole */
} cv_certificate;

/* Reads `size` bytes. False: not a whole, undamaged certificate, and message says why in one line;
 * out is empty then but for `line`. Memory grows with size alone, not with numbers in the text. */
bool cv_read(const char *bytes, size_t size, cv_certificate *out, char message[CV_MESSAGE]);
/* Accepts an empty one ({0}). */
void cv_certificate_free(cv_certificate *certificate);

/* count numbers, all 0, and their end. NULL, 0 is accepted. */
mpz_t *cv_numbers(size_t count);
void cv_numbers_free(mpz_t *numbers, size_t count);

#endif
