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

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/status.h>

static long failing_allocator_first = -1; /* number of the one that fails; negative: none does */
static long failing_allocator_calls, failing_allocator_blocks;
static bool failing_allocator_forever, failing_allocator_fired;

static void *failing_allocate(size_t bytes, void *user)
{
    (void)user;
    const long number = __atomic_fetch_add(&failing_allocator_calls, 1, __ATOMIC_SEQ_CST),
               first = failing_allocator_first;
    if (first >= 0 && (failing_allocator_forever ? number >= first : number == first)) {
        __atomic_store_n(&failing_allocator_fired, true, __ATOMIC_SEQ_CST);
        return NULL;
    }
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!memory)
        return NULL;
    memset(memory, 0xa5, bytes); /* whoever counts on zeros is found out */
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
    failing_allocator_fired = failing_allocator_forever = false;
    failing_allocator_calls = 0;
    failing_allocator_first = k;
}

/* And all later ones do. */
static inline void failing_allocator_start_all(long k)
{
    failing_allocator_start(k);
    failing_allocator_forever = true;
}

/* No allocation fails from now on; true when one did. */
static inline bool failing_allocator_stop(void)
{
    failing_allocator_first = -1;
    return failing_allocator_fired;
}

static inline long failing_allocator_live(void)
{
    return failing_allocator_blocks;
}

/* Lets 0, 1, 2, ... allocations succeed until the call works: it says CUTROPY_EMEMORY until then, and must free what it made
 * before it returns. Returns how many allocations it needs; the allocator is removed. */
static inline long sweep_allocations(cutropy_status (*call)(void *user), void *user)
{
    for (long allowed = 0;; allowed++) {
        failing_allocator_start_all(allowed);
        const cutropy_status status = call(user);
        const bool fired = failing_allocator_stop();
        ck_assert_msg(status == (fired ? CUTROPY_EMEMORY : CUTROPY_OK), "%ld: status %d: %s",
                      allowed, (int)status, cutropy_error());
        ck_assert_int_eq(failing_allocator_live(), 0);
        if (!fired) {
            cutropy_set_allocator(NULL, NULL, NULL);
            return allowed;
        }
    }
}

#endif
