/* SPDX-License-Identifier: Apache-2.0 */
/* A symmetric matrix of integers of any size with multiplicities: the exact matrix of a block, as solvers
 * give it and provers read it. */
#ifndef CT_BASE_INTEGER_BLOCK_H
#define CT_BASE_INTEGER_BLOCK_H

#include <stdint.h>

/* H = D^1/2 G D^1/2 with G symmetric and D = diag(weight). Entry (i, j), i <= j, of G is an integer of
 * `words` 64-bit words, two's complement, the lowest first, from gram[(i n + j) words] on; below the
 * diagonal undefined. One word is an int64_t. weight: n natural numbers of weight_words words. */
typedef struct ct_integer_block {
    int64_t n;
    const int64_t *gram;
    const uint64_t *weight;
    int words, weight_words; /* 0 means 1 */
} ct_integer_block;

#endif
