/* SPDX-License-Identifier: Apache-2.0 */
/* An allocator whose k-th call fails, for allocation-failure sweeps:
 *
 *   for (long k = 0;; k++) {
 *       failing_allocator_start(k);
 *       status = call(&out);
 *       bool fired = failing_allocator_stop();
 *       ... free what a success made, check that out is empty after a failure ...
 *       ck_assert_int_eq(failing_allocator_live(), 0);
 *       if (!fired) break;
 *   }
 *
 * Blocks stay countable after the stop: the allocator is never removed. */
#ifndef FAILING_ALLOCATOR_H
#define FAILING_ALLOCATOR_H

#include <stdbool.h>
#include <stdlib.h>

#include <cutropy/status.h>

static long failing_allocator_left = -1; /* calls until one fails; negative: none fails */
static long failing_allocator_blocks;
static bool failing_allocator_fired;

static void *failing_allocate(size_t bytes, void *user)
{
    (void)user;
    if (__atomic_fetch_sub(&failing_allocator_left, 1, __ATOMIC_SEQ_CST) == 0) {
        failing_allocator_fired = true;
        return NULL;
    }
    void *memory = aligned_alloc(64, bytes);
    if (memory)
        __atomic_fetch_add(&failing_allocator_blocks, 1, __ATOMIC_SEQ_CST);
    return memory;
}

static void failing_release(void *memory, void *user)
{
    (void)user;
    __atomic_fetch_sub(&failing_allocator_blocks, 1, __ATOMIC_SEQ_CST);
    free(memory);
}

/* From now on allocation number k (from 0) fails. No block of the library may be live at the first
 * start. */
static inline void failing_allocator_start(long k)
{
    cutropy_set_allocator(failing_allocate, failing_release, NULL);
    failing_allocator_fired = false;
    failing_allocator_left = k;
}

/* No allocation fails from now on; true when one did. */
static inline bool failing_allocator_stop(void)
{
    failing_allocator_left = -1;
    return failing_allocator_fired;
}

static inline long failing_allocator_live(void)
{
    return failing_allocator_blocks;
}

#endif
