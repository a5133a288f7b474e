/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a Gram matrix that one rank holds (backend/ranks.h). */
#ifndef CT_ENGINE_GRAM_PART_H
#define CT_ENGINE_GRAM_PART_H

#include "backend/ranks.h"
#include "engine/cut/blocks.h"

/* A square grid as far as the number of ranks allows it, and squares small enough that all ranks have some. */
ct_grid ct_gram_grid(int64_t n, int ranks);

/* Bytes that filling takes beside the part. */
uint64_t ct_gram_part_bytes(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                            const ct_grid *grid, int rank);

/* Fills D_m^1/2 G D_m^1/2 of a block of labels as its whole is made (engine/cut/gram.h), entry for entry with the same bits; what lies above
 * the diagonal is left alone. *square_sum: that of a ct_block_answer, over the entries of this rank. Only CT_Q_BITS and CT_Q_EDGES: a dense quotient
 * is as large as the matrix. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_gram_part_fill(const ct_quotient *q, const ct_blocks *blocks, int64_t block,
                                 const ct_operations *backend, int threads, const ct_grid *grid,
                                 int rank, double *part, ct_u128 *square_sum);

#endif
