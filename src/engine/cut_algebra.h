/* SPDX-License-Identifier: Apache-2.0 */
/* Exact algebra of a cut: its blocks handed to src/certify. */
#ifndef CT_CUT_ALGEBRA_H
#define CT_CUT_ALGEBRA_H

#include "certify/digits.h"
#include "engine/gram.h"

/* Labels and integers. The characteristic polynomials of all blocks; ct_algebra_complete tells
 * whether work_limit multiplications sufficed for each. Free with ct_algebra_free.
 * Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (norm from 2^63 on), CUTROPY_EINTERNAL. */
cutropy_status ct_cut_algebra(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                              const ct_backend *backend, int threads, double work_limit,
                              ct_algebra **out);

/* Labels and integers. The same cut by refined eigenvectors, for blocks beyond the polynomials: S
 * to `decimals` decimals or as many as come out, in *bits and *nats (free their texts). Nothing is
 * attempted, and both are -1, when n^3 (3 + decimals / 18) exceeds
 * CT_REFINED_WORK for a block of dimension n, or its matrices memory_limit bytes. Cost: about 10 ns
 * a unit of work. Errors: CUTROPY_EMEMORY, CUTROPY_ENUMERIC. */
#define CT_REFINED_WORK 4e10
cutropy_status ct_cut_refined(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                              const ct_backend *backend, int threads, uint64_t memory_limit,
                              int decimals, ct_decimal *bits, ct_decimal *nats);

#endif
