/* SPDX-License-Identifier: Apache-2.0 */
/* Full rank of an integer matrix modulo one small prime, at the speed of BLAS. */
#ifndef CT_RANK_FULL_H
#define CT_RANK_FULL_H

#include "base/base.h"
#include "certify/residue.h"

/* entry: rows x columns, row-major, any int64. *full = true: the rank modulo the prime, and
 * therefore the rank, is the smaller side. false says nothing about the rank. Cost: smaller^2
 * larger additions and multiplications of doubles. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_rank_full(int64_t rows, int64_t columns, const int64_t *entry, bool *full);

#endif
