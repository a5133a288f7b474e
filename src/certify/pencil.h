/* SPDX-License-Identifier: Apache-2.0 */
/* Hermitian matrices of balls, n x n, of which the upper triangle counts, as matrices of integers in units of 2^-bits. Complex ones stand as real
 * ones of twice the size. */
#ifndef CT_PENCIL_H
#define CT_PENCIL_H

#include "certify/flint.h"
#include "certify/near_block.h"

#define CT_BALL_GUARD 64 /* bits of the balls beyond those of the integers */

/* g, which goes; error: Frobenius norm of what is missing, in these units. false: no finite balls. */
bool ct_fix_matrix(acb_ptr g, slong n, bool is_complex, slong bits, fmpz_mat_t out, mag_t error);
/* Whether a 2^-bits less its error is proved positive. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_fixed_is_positive(const fmpz_mat_t a, const mag_t error, slong bits, bool *out);

/* The eigenvalues of K^1/2 G K^1/2, both within their errors, in units of 2^-bits. */
typedef struct ct_pencil {
    slong bits; /* even */
    fmpz_mat_t g, k, l;
    mag_t g_error, k_error;
} ct_pencil;

void ct_pencil_init(ct_pencil *p, slong size, slong bits);
void ct_pencil_clear(ct_pencil *p);
/* Theorem 20. above: how far, in these units, the eigenvalues that are meant (all copies) lie from those of the pencil, added up. out->copies stands. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_pencil_block(ct_pencil *p, const mag_t above, int threads, ct_near_block *out);

/* Theorem 23: each eigenvalue that is meant lies below that of h, which goes; they add up to `least`, at least. block.n = 0: no finite balls. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_near_block_above(acb_ptr h, slong n, bool is_complex, const arf_t least,
                                   slong bits, ct_near_block *out);

#endif
