/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks: connected components of the bipartite graph of the non-zero entries of Q. */
#ifndef CT_BLOCKS_H
#define CT_BLOCKS_H

#include "engine/cut/quotient.h"

/* Block b has the row classes member[0][start[0][b] .. start[0][b+1]-1] and the column classes
 * member[1][...], each in ascending order; blocks are numbered by their first row class. */
typedef struct ct_blocks {
    int64_t count;
    int64_t *start[2];
    int32_t *member[2];
} ct_blocks;

cutropy_status ct_blocks_find(const ct_quotient *q, ct_blocks *out);
void ct_blocks_free(ct_blocks *blocks);

static inline int64_t ct_block_size(const ct_blocks *blocks, int64_t block, int side)
{
    return blocks->start[side][block + 1] - blocks->start[side][block];
}

static inline const int32_t *ct_block_members(const ct_blocks *blocks, int64_t block, int side)
{
    return blocks->member[side] + blocks->start[side][block];
}

#endif
