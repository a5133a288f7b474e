/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of rows of at most 16 bits: a histogram instead of a hash table. */
#ifndef CT_PATTERNS_H
#define CT_PATTERNS_H

#include "base/base.h"

/* count[v] = number of rows of 2^shift bits (shift <= 4) with value v in `words` full words;
 * 2^(2^shift) entries. Cost: one pass, on all threads. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_patterns_count(const uint64_t *bits, uint64_t words, int shift, int threads,
                                 uint64_t *count);

/* first[v] = the first row with value v, for every v with count[v] != 0. Cost: up to one pass. */
void ct_patterns_first(const uint64_t *bits, uint64_t words, int shift, const uint64_t *count,
                       uint64_t *first);

#endif
