/* SPDX-License-Identifier: Apache-2.0 */
/* Equal 64-bit keys, for many keys: in buckets that fit the cache, on all threads. */
#ifndef CT_KEYS_H
#define CT_KEYS_H

#include "base/base.h"

/* first[i]: the first place with the value of key i; drop_zero: -1 for key 0. count < 2^31. The
 * result does not depend on threads. Cost: two passes. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_keys_first(const uint64_t *key, uint64_t count, bool drop_zero, int threads,
                             int32_t *first);

/* *differ: `count` >= 2^16 words, `step` apart, are all different and not 0, as
 * ct_differ_at_sight says it. The same cost, a third of the memory. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_keys_differ(const uint64_t *word, uint64_t count, uint64_t step, int threads,
                              bool *differ);

/* Whether `count` words, `step` apart, are different and not zero. room: a power of two >= 2 count,
 * all zero, mask: one less. */
bool ct_few_keys_differ(const uint64_t *word, uint64_t count, uint64_t step, uint64_t *room,
                        uint64_t mask);

#endif
