/* SPDX-License-Identifier: Apache-2.0 */
/* A block that an involution of its classes leaves as it is, in its even and its odd half: two matrices of about half the
 * size with the same eigenvalues together. */
#ifndef CT_MIRROR_H
#define CT_MIRROR_H

#include "base/base.h"
#include "base/integer_block.h"

/* H = D^1/2 G D^1/2 commutes with the exchange of classes i and mirror[i]. In the basis (e_i + e_mirror[i]) / sqrt 2
 * and e_i for fixed i, and (e_i - e_mirror[i]) / sqrt 2, H is half of
 *     even: G_ij + G_i,mirror[j], i <= mirror[i],  multiplicities 2 m_i, but m_i where i is fixed
 *     odd:  G_ij - G_i,mirror[j], i <  mirror[i],  multiplicities 2 m_i
 * in integers: the blocks hold the eigenvalues twice as large. */
typedef struct ct_halved {
    ct_integer_block half[2]; /* even, odd; n = 0: none */
    int64_t *gram[2];
    uint64_t *weight[2];
} ct_halved;

/* Is the involution one of G and its multiplicities? Exactly. */
bool ct_mirror_holds(const ct_integer_block *block, const int32_t *mirror);

/* Free with ct_halved_free, also after an error (CUTROPY_EMEMORY). */
cutropy_status ct_mirror_halve(const ct_integer_block *block, const int32_t *mirror,
                               ct_halved *out);
void ct_halved_free(ct_halved *halved);

/* The whole block with eigenvalues twice as large, beside halves: multiplicities 2 m_i in *weight (ct_free), G is that of
 * the block. */
cutropy_status ct_mirror_double(const ct_integer_block *block, uint64_t **weight,
                                ct_integer_block *out);

/* Smaller blocks are not worth it, and have closed forms. */
#define CT_MIRROR_LEAST 16

#endif
