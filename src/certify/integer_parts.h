/* SPDX-License-Identifier: Apache-2.0 */
/* The exact entries of a block of integers, for the files of src/certify. */
#ifndef CT_INTEGER_PARTS_H
#define CT_INTEGER_PARTS_H

#include "base/big.h"
#include "base/integer_block.h"
#include "certify/flint.h"

void ct_set_big(fmpz_t out, const ct_big *value);

/* G_ij, whatever the order of i and j, and m_i. */
void ct_block_entry(fmpz_t out, const ct_integer_block *block, int64_t i, int64_t j);
void ct_block_weight(fmpz_t out, const ct_integer_block *block, int64_t i);
/* Tr D G */
void ct_block_trace(fmpz_t out, const ct_integer_block *block);
/* D G, n x n, both triangles */
void ct_block_matrix(fmpz_mat_t out, const ct_integer_block *block);

#endif
