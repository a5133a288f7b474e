/* SPDX-License-Identifier: Apache-2.0 */
/* States of a level by their two successors, each pair once. */
#ifndef CT_PAIRS_H
#define CT_PAIRS_H

#include <string.h>

#include "base/hash.h"

typedef struct ct_pair_key {
    int32_t (*pair)[2];
    const int32_t *wanted;
} ct_pair_key;

static inline bool ct_pairs_same(const void *key, uint64_t item)
{
    const ct_pair_key *k = key;
    return k->pair[item][0] == k->wanted[0] && k->pair[item][1] == k->wanted[1];
}

static inline uint64_t ct_pairs_hash(const int32_t pair[2])
{
    return ct_mix64((uint64_t)(uint32_t)pair[0] << 32 | (uint32_t)pair[1]);
}

/* The number of a pair, which is added where it is new: there is room for it, and in the table. A pair of dead successors
 * (-1) has none: -1. */
static inline int32_t ct_pairs_number(const ct_hash *table, int32_t (*pair)[2], int32_t *count,
                                      const int32_t wanted[2])
{
    const ct_pair_key key = {pair, wanted};
    if (wanted[0] < 0 && wanted[1] < 0)
        return -1;
    uint32_t *slot = ct_hash_find(table, ct_pairs_hash(wanted), ct_pairs_same, &key);
    if (!*slot) {
        memcpy(pair[*count], wanted, sizeof *pair);
        *slot = (uint32_t)++ * count;
    }
    return (int32_t)*slot - 1;
}

#endif
