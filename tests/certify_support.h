/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks and norms of 64 bits for the provers, which read integers of any size. */
#ifndef CERTIFY_SUPPORT_H
#define CERTIFY_SUPPORT_H

#include "certify/enclosure.h"
#include "certify/refine.h"

static inline cutropy_status algebra_create(ct_u128 norm, ct_algebra **out)
{
    uint64_t limb[2];
    const ct_big view = ct_big_view(norm, limb);
    return ct_algebra_create(&view, out);
}

static inline cutropy_status algebra_add(ct_algebra *algebra, int64_t n, const int64_t *gram,
                                         const uint64_t *weight, double work_limit, bool *added)
{
    const ct_integer_block block = {.n = n, .gram = gram, .weight = weight};
    return ct_algebra_add(algebra, &block, work_limit, added);
}

static inline cutropy_status refined_create(ct_u128 norm, int decimals, ct_refined **out)
{
    uint64_t limb[2];
    const ct_big view = ct_big_view(norm, limb);
    return ct_refined_create(&view, decimals, out);
}

static inline cutropy_status refined_add(ct_refined *refined, int64_t n, const int64_t *gram,
                                         const uint64_t *weight, const double *vector, bool *added)
{
    const ct_integer_block block = {.n = n, .gram = gram, .weight = weight};
    return ct_refined_add(refined, &block, vector, added);
}

static inline void enclosure_set_norm(ct_enclosure *e, ct_u128 norm)
{
    uint64_t limb[2];
    const ct_big view = ct_big_view(norm, limb);
    ct_enclosure_set_norm(e, &view);
}

#endif
