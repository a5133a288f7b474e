/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation-failure sweep: lets 0, 1, 2, ... allocations succeed until the call works, and counts
 * what is not freed. */
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <check.h>
#include <stdlib.h>

#include <cutropy/status.h>

static long allocations_left, allocations_live;

static inline void *failing_allocate(size_t bytes, void *user)
{
    (void)user;
    if (allocations_left-- <= 0)
        return NULL;
    allocations_live++;
    return aligned_alloc(64, bytes);
}

static inline void failing_release(void *memory, void *user)
{
    (void)user;
    allocations_live--;
    free(memory);
}

/* call(user) must free what it made before it returns. Returns how many allocations it needs. */
static inline long sweep_allocations(cutropy_status (*call)(void *user), void *user)
{
    long allowed = 0;
    cutropy_status status = CUTROPY_EMEMORY;
    cutropy_set_allocator(failing_allocate, failing_release, NULL);
    for (; status != CUTROPY_OK && allowed < 1000; allowed++) {
        allocations_left = allowed;
        allocations_live = 0;
        status = call(user);
        if (status != CUTROPY_OK)
            ck_assert_int_eq(status, CUTROPY_EMEMORY);
        ck_assert_int_eq(allocations_live, 0);
    }
    cutropy_set_allocator(NULL, NULL, NULL);
    ck_assert_int_eq(status, CUTROPY_OK);
    return allowed - 1;
}

#endif
