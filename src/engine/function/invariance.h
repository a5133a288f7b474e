/* SPDX-License-Identifier: Apache-2.0 */
/* Does a permutation of the pixels leave f unchanged? Proved on every image. */
#ifndef CT_INVARIANCE_H
#define CT_INVARIANCE_H

#include "backend/function.h"
#include "base/hash.h"

/* A function prepared for many tests. */
typedef struct ct_invariance {
    const ct_function *f;
    int threads;
    ct_word_rows images; /* CT_SUPPORT: label 1 */
    ct_hash listed;      /* the set of them; without room: they are too many */
} ct_invariance;

/* One permutation of at most 64 pixels as byte tables: the image of a mask is the OR over its
 * bytes. */
typedef uint64_t ct_byte_table[8][256];

void ct_byte_table_fill(const uint16_t *map, int pixels, ct_byte_table table);

static inline uint64_t ct_byte_table_apply(const ct_byte_table table, uint64_t x)
{
    uint64_t image = 0;
    for (int k = 0; x; k++, x >>= 8)
        image |= table[k][x & 255];
    return image;
}

/* Errors: CUTROPY_EMEMORY. */
cutropy_status ct_invariance_start(const ct_function *f, int threads, ct_invariance *out);
void ct_invariance_free(ct_invariance *v);

/* f(map(s)) = f(s) for every image s; map[i] = new place of pixel i. Cost: some samples, then one
 * pass over f. */
bool ct_invariance_holds(const ct_invariance *v, const uint16_t *map);

/* The same for the transposition of pixels i < j. */
bool ct_invariance_exchange(const ct_invariance *v, int i, int j);

#endif
