/* SPDX-License-Identifier: Apache-2.0 */
/* The Gram matrix of a level (frontier/level_gram.h) as it is stored, and the blocks that its states fall into: those whose entry is not
 * zero lie in one. */
#ifndef CT_LEVEL_BLOCKS_H
#define CT_LEVEL_BLOCKS_H

#include "base/base.h"

typedef struct ct_level_gram {
    int32_t count;  /* states of the level */
    int32_t blocks; /* numbered by their first states */
    int32_t *block; /* count: of each state */
    int32_t *place; /* count: of each state among those of its block, ascending */
    int32_t *size;  /* blocks: states of each */
    size_t *start;  /* blocks + 1: the first entry of each */
    size_t words;   /* of an entry, the lowest first */
    bool
        bounds; /* an entry is no integer, but two doubles (2 words), a lower and an upper bound of a real number >= 0 that is
                        not rounded yet: each level adds a relative error of 2^-53 (frontier/strip.h) */
    uint64_t *entry; /* upper triangles, row by row: (i, j), i <= j, of a block of n states is entry
                        start + i n - i (i - 1) / 2 + j - i */
    uint64_t *
        diagonal; /* count: (i, i) of each state, where the entries are on a device (frontier/level_walk.h); else NULL */
} ct_level_gram;

static inline const uint64_t *ct_level_gram_entry(const ct_level_gram *g, int32_t block, int32_t i,
                                                  int32_t j)
{
    const size_t a = (size_t)(i < j ? i : j), b = (size_t)(i < j ? j : i),
                 n = (size_t)g->size[block];
    return g->entry + (g->start[block] + a * n - a * (a + 1) / 2 + b) * g->words;
}

/* The entry (i, i) of state i. */
static inline const uint64_t *ct_level_gram_own(const ct_level_gram *g, int32_t i)
{
    return g->diagonal ? g->diagonal + (size_t)i * g->words
                       : ct_level_gram_entry(g, g->block[i], g->place[i], g->place[i]);
}

void ct_level_gram_free(ct_level_gram *g);

/* Sets by union-find, whose roots are their first states. */
int32_t ct_level_blocks_find(int32_t *parent, int32_t i);
void ct_level_blocks_join(int32_t *parent, int32_t i, int32_t j);

/* Blocks, places, sizes and starts of g->count states from the sets. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_level_blocks_number(int32_t *parent, ct_level_gram *g);

/* The same from the level behind it: states that are joined by some bit to the same block of the next level, since no other pair has
 * an entry. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_level_blocks_coarse(int32_t (*next)[2], const ct_level_gram *then,
                                      ct_level_gram *g);

/* The states of all blocks, one block after the other (count of g), and where each begins (blocks + 1); free both with ct_free, also
 * after an error. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_level_blocks_members(const ct_level_gram *g, int32_t **member, int32_t **begin);

#endif
