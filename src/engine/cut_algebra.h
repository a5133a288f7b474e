/* Exact algebra of a cut: its blocks handed to src/certify. */
#ifndef CT_CUT_ALGEBRA_H
#define CT_CUT_ALGEBRA_H

#include "certify/algebra.h"
#include "certify/rank_proof.h"
#include "engine/gram.h"

/* Labels and integers. The characteristic polynomials of all blocks; ct_algebra_complete tells
 * whether work_limit multiplications sufficed for each. Free with ct_algebra_free.
 * Errors: CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (norm from 2^63 on), CUTROPY_EINTERNAL. */
cutropy_status ct_cut_algebra(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                              const ct_backend *backend, int threads, double work_limit,
                              ct_algebra **out);

/* Labels and integers. The rank of Q, block by block modulo the same list of primes: rank is the
 * sum, primes the longest list. proved = false when one block went beyond the limit, or is too
 * large to be copied. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_cut_rank(const ct_quotient *q, const ct_blocks *blocks, double work_limit,
                           ct_rank_proof *out);

#endif
