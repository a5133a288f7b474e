/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is taken piece by piece and given back all at once: matrices of a batch reuse the
 * same pages. */
#ifndef CT_ARENA_H
#define CT_ARENA_H

#include <stddef.h>

#include "base/base.h"

typedef struct ct_arena_chunk ct_arena_chunk;

/* {0} is an empty arena. */
typedef struct ct_arena {
    ct_arena_chunk *first, *current;
} ct_arena;

/* bytes aligned to 64, not cleared; NULL when the allocator says no. Valid until the next reset. */
void *ct_arena_take(ct_arena *arena, size_t bytes);
/* The same into *out; what: whose message CUTROPY_EMEMORY is. */
cutropy_status ct_arena_get(ct_arena *arena, const char *what, size_t bytes, void **out);
/* Everything taken is free again; the memory stays with the arena, until a piece fits nowhere. */
void ct_arena_reset(ct_arena *arena);
void ct_arena_free(ct_arena *arena);

#endif
