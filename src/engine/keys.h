/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of equal 64-bit keys, for many keys: in buckets that fit the cache, on all threads. */
#ifndef CT_KEYS_H
#define CT_KEYS_H

#include "engine/classes.h"

/* Keys with the same value form a class, numbered by first occurrence, of_row filled; drop_zero:
 * key 0 belongs to no class. count < 2^31. The result does not depend on threads. Cost: three
 * passes. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_classes_of_keys(const uint64_t *key, uint64_t count, bool drop_zero, int threads,
                                  ct_classes *out);

#endif
