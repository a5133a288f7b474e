/* SPDX-License-Identifier: Apache-2.0 */
/* Exact integer sums over a block: the numerators of Tr rho^2 and Tr rho^3. */
#ifndef CT_MOMENTS_H
#define CT_MOMENTS_H

#include "engine/cut/gram.h"

/* sum_ij m_i m_j G_ij^2: at most <f|f>^2 < 2^124. */
ct_u128 ct_square_sum(const ct_gram *gram);

/* Tr (D_m G)^3 = sum_ijk m_i m_j m_k G_ij G_jk G_ki added to *sum; *fits = false (and *sum
 * meaningless) when 2^126 is exceeded. Cost: n^3 / 2 multiplications. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cube_sum(const ct_gram *gram, ct_u128 *sum, bool *fits);

/* Tr H^2 of a real or Hermitian matrix. */
double ct_square_sum_real(const ct_gram *gram, bool is_complex);

#endif
