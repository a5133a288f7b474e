/* SPDX-License-Identifier: Apache-2.0 */
/* A function with unitary matrices applied to A and to B: another problem whose cut has the same S
 * by Property 3 of arXiv 1710.05520. */
#ifndef CT_UNITARY_H
#define CT_UNITARY_H

#include <cutropy/cut.h>

#include "backend/function.h"

#define CT_REFLECTED_PIXELS 22 /* labels of more pixels are permuted only */

/* On either side every pixel is added (modulo 2) to its neighbour in the order of pixel numbers,
 * the last one to the first, and the pixels of a fixed random set are flipped: a permutation of the
 * images of A and one of those of B. Where the numbers allow, the first pixel of A and that of B
 * are then reflected: (f(.. 0 ..), f(.. 1 ..)) -> (sum, difference), sqrt 2 times a unitary matrix
 * that is no permutation, exact in integers. */
typedef struct ct_unitary {
    const ct_function *f;
    uint64_t mask[CUTROPY_MAX_PIXELS / 64], flips[CUTROPY_MAX_PIXELS / 64];
    int pixel[CUTROPY_MAX_PIXELS]; /* those of A, then those of B */
    int na;
    uint64_t part[5][256];    /* N <= 40: the image of a byte of pixels, without flips */
    uint64_t *table;          /* labels that stay labels */
    cutropy_problem *problem; /* NULL: why says why */
    const char *why;
    bool reflected;
    double loss; /* bits by which rounding may have moved S: real and complex functions */
} ct_unitary;

/* limit: bytes that arrays may take. f must live as long as *out. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_unitary_make(const ct_function *f, const uint64_t *mask, uint64_t limit,
                               ct_unitary *out);
void ct_unitary_free(ct_unitary *unitary);

#endif
