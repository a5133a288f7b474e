/* SPDX-License-Identifier: Apache-2.0 */
/* Equal 64-bit keys, for many keys: in buckets that fit the cache, on all threads. */
#ifndef CT_KEYS_H
#define CT_KEYS_H

#include "base/base.h"

/* first[i]: the first place with the value of key i; drop_zero: -1 for key 0. count < 2^31. The
 * result does not depend on threads. Cost: two passes. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_keys_first(const uint64_t *key, uint64_t count, bool drop_zero, int threads,
                             int32_t *first);

#endif
