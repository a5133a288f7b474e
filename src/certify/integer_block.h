/* SPDX-License-Identifier: Apache-2.0 */
/* What a block of integers says exactly, and the same in floating point, for its eigenvectors. */
#ifndef CT_CERTIFY_INTEGER_BLOCK_H
#define CT_CERTIFY_INTEGER_BLOCK_H

#include "base/big.h"
#include "base/integer_block.h"
#include "certify/product2.h"

/* Bytes of an entry of the matrices that a cube takes, for integers below 2^192: measured, with what FLINT's product
 * takes (292 to 307 from n = 300 on). */
#define CT_CUBE_BYTES 320

/* Tr D G, added to what is there. Errors: CUTROPY_EMEMORY,
 * CUTROPY_ENUMERIC (a negative sum). */
cutropy_status ct_integer_block_trace(const ct_integer_block *block, ct_big *trace);
/* The same of sum_ij m_i m_j G_ij^2 and, where cube is not NULL, sum_ijk m_i m_j m_k G_ij G_jk G_ki,
 * which takes matrices of CT_CUBE_BYTES an entry while it runs; the square takes none. */
cutropy_status ct_integer_block_moments(const ct_integer_block *block, ct_big *square,
                                        ct_big *cube);

/* H 2^-exponent in twice the working precision, both triangles, with an exponent that brings its largest
 * entry near 1; *error >= the Frobenius norm of what is missing. */
void ct_integer_block_twofold(const ct_integer_block *block, ct_twofold h, int64_t *exponent,
                              double *error);

/* H 2^-exponent in double, upper triangle: entries within a few roundings. */
void ct_integer_block_double(const ct_integer_block *block, double *h, int64_t *exponent);
/* That exponent, which is even; and the same with a given one, by products of doubles: a hundred times
 * faster. Errors: CUTROPY_EMEMORY. */
int64_t ct_integer_block_exponent(const ct_integer_block *block);
cutropy_status ct_integer_block_scaled(const ct_integer_block *block, int64_t exponent, double *h);

#endif
