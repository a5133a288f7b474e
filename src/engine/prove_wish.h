/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of the provers, and how far they go. */
#ifndef CT_PROVE_WISH_H
#define CT_PROVE_WISH_H

#include <cutropy/result.h>

#include "backend/backend.h"

/* Characteristic polynomials beyond this many multiplications are not attempted (about 40 s for a
 * block; dimension 550 or so). */
#define CT_EXACT_WORK 1.5e10

/* The same with --certify, where enclosures serve larger blocks. */
#define CT_CERTIFY_WORK 1e9

/* Multiplications beyond which a rank of real or complex numbers is not pursued, and of 58 bits
 * beyond which eigenvalues to a small relative error are not: about ten minutes for a block. */
#define CT_NUMBER_RANK_WORK 1e10
#define CT_GRADED_WORK 1e12

/* Decimals that products in twice the working precision may show. */
#define CT_ENCLOSED_DIGITS 28

/* What is asked for. */
typedef struct ct_prove_wish {
    int digits;            /* decimals */
    uint64_t memory_limit; /* bytes that the proofs may take */
    bool certify; /* enclosures first: algebra only where it is cheap and may find closed forms */
    const cutropy_quantity *quantities;
    size_t quantity_count;
    const ct_watch *watch; /* asked between long steps; may be NULL */
} ct_prove_wish;

#endif
