/* SPDX-License-Identifier: Apache-2.0 */
/* How far the provers go. */
#ifndef CT_PROVE_LIMITS_H
#define CT_PROVE_LIMITS_H

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

#endif
