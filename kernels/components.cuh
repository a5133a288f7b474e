/* SPDX-License-Identifier: Apache-2.0 */
/* Connected components by union-find that all threads share. */
#ifndef CT_COMPONENTS_CUH
#define CT_COMPONENTS_CUH

#include "device.cuh"

/* Roots are the smallest of their components, others hang below smaller ones: on the way up every
 * second one is hung two steps higher. */
static __device__ inline int32_t ct_root_of(int32_t *parent, int32_t x)
{
    for (;;) {
        const int32_t up = ct_peek(parent + x), top = ct_peek(parent + up);
        if (top == up)
            return up;
        ct_poke(parent + x, top);
        x = top;
    }
}

/* Returns something on the way up from both, their root for now. *components loses one where two became one; NULL: nobody counts. */
static __device__ inline int32_t ct_unite(int32_t *parent, int32_t a, int32_t b,
                                          int32_t *components)
{
    for (;;) {
        a = ct_root_of(parent, a);
        b = ct_root_of(parent, b);
        if (a == b)
            return a;
        const int32_t low = a < b ? a : b, high = a < b ? b : a;
        if (atomicCAS(parent + high, high, low) == high) {
            if (components)
                atomicSub(components, 1);
            return low;
        }
    }
}

#endif
