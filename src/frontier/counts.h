/* SPDX-License-Identifier: Apache-2.0 */
/* How many images lead to each state: unsigned integers of a fixed number of 64-bit words, the lowest first. */
#ifndef CT_COUNTS_H
#define CT_COUNTS_H

#include "base/big.h"
#include "frontier/levels.h"

typedef struct ct_counts {
    size_t words;     /* of a number */
    int levels;       /* N + 1 */
    uint64_t **count; /* levels: states x words */
} ct_counts;

/* All levels, with as many words as the last count, the number of label-1 images, needs for one bit more. Errors:
 * CUTROPY_EMEMORY (also where they take more than memory_limit). */
cutropy_status ct_counts_make(const ct_levels *levels, uint64_t memory_limit, ct_counts *out);
void ct_counts_free(ct_counts *counts);

/* Number of label-1 images: words words. */
static inline const uint64_t *ct_counts_total(const ct_counts *counts)
{
    return counts->count[counts->levels - 1];
}

/* a += b; the carry out of the last word. */
static inline bool ct_words_add(uint64_t *a, const uint64_t *b, size_t words)
{
    uint64_t carry = 0;
    for (size_t w = 0; w < words; w++) {
        const uint64_t sum = a[w] + b[w];
        const uint64_t out = (sum < b[w]) | (sum + carry < carry);
        a[w] = sum + carry;
        carry = out;
    }
    return carry;
}

/* Bits up to the highest that is set. */
static inline size_t ct_words_bits(const uint64_t *a, size_t words)
{
    while (words && !a[words - 1])
        words--;
    return words ? 64 * words - (size_t)__builtin_clzll(a[words - 1]) : 0;
}

/* A view of the number. */
static inline ct_big ct_words_view(const uint64_t *a, size_t words)
{
    return (ct_big){(uint64_t *)a, (ct_words_bits(a, words) + 63) / 64};
}

#endif
