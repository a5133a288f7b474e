/* SPDX-License-Identifier: Apache-2.0 */
/* Small Schmidt values: from the singular values of a block instead of its Gram matrix. */
#ifndef CT_SMALL_VALUES_H
#define CT_SMALL_VALUES_H

#include <cutropy/result.h>

#include "engine/cut/spectrum.h"

/* After the ranks: is a quantity asked for that depends on small Schmidt values (Renyi entropies of
 * order below 1, log_negativity, rank:EPS, discarded_weight:K, truncation:EPS, spectrum), and do
 * the errors of the levels leave it open? Errors: CUTROPY_EMEMORY. */
cutropy_status ct_small_values_needed(const ct_spectrum *s, const cutropy_quantity *quantities,
                                      size_t count, bool *needed);

/* A finished spectrum from s, which has its ranks: each pending level as the square of a singular value
 * of D_m^1/2 Q D_n^1/2 where that is the better one; reads the members of q and blocks. Blocks beyond
 * CT_SINGULAR_WORK or memory_limit bytes stay as they are. s itself serves the standard columns, which
 * do not depend on what else is asked for. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC; *fine is empty
 * then. */
cutropy_status ct_small_values(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_operations *backend, uint64_t memory_limit,
                               const ct_spectrum *s, ct_spectrum *fine);

/* m n^2 for a block of m x n, n <= m: about five seconds. */
#define CT_SINGULAR_WORK 4e9

#endif
