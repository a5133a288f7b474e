/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate of one entropy as a file (docs/certificate.md), for cutropy-verify. */
#ifndef CT_CERTIFICATE_H
#define CT_CERTIFICATE_H

#include <stdint.h>
#include <stdio.h>

#include <cutropy/sheet.h>

/* H = D^1/2 G D^1/2 with D = diag(multiplicity); `repeat` equal copies of it. */
typedef struct ct_certificate_block {
    int64_t size;                /* n >= 1 */
    int64_t repeat;              /* >= 1 */
    int64_t resolved;            /* the first `resolved` vectors form R, the others K */
    const int64_t *multiplicity; /* [n], >= 1 */
    const int64_t *gram;         /* [n][n], symmetric; only the upper triangle is read */
    const int64_t *vectors;      /* [n][n]; row j is y_j: x_j is D^1/2 y_j times any scale */
} ct_certificate_block;

/* All texts are one line without control characters. The numbers are decimal ("1.25", "3e-25") and
 * in the unit of `base`; every claim must follow from the blocks, or cutropy-verify refuses it. */
typedef struct ct_certificate {
    const char *problem, *lattice, *cut;
    const char *checksum; /* of the function; "" if there is none */
    cutropy_base base;
    const char *trace;                                 /* T = sum repeat m_i G_ii, an integer */
    const char *purity_numerator, *purity_denominator; /* NULL: not claimed */
    int64_t blocks;
    const ct_certificate_block *block;
    const char *entropy, *error; /* the printed value and its radius */
    const char *lower, *upper;   /* the enclosure */
} ct_certificate;

/* CUTROPY_EINPUT: a text is not one line, a block is out of the ranges above. CUTROPY_EIO: errno
 * says why (see ct_save). */
cutropy_status ct_certificate_write(const ct_certificate *certificate, FILE *file);
/* The file appears whole or not at all. */
cutropy_status ct_certificate_save(const ct_certificate *certificate, const char *path);

#endif
