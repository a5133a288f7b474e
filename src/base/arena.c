/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/base.h"

#define SMALLEST_CHUNK ((size_t)1 << 20)

struct ct_arena_chunk {
    ct_arena_chunk *next;
    size_t used, size;
    _Alignas(64) unsigned char bytes[];
};

static void free_chunks(ct_arena_chunk *chunk)
{
    while (chunk) {
        ct_arena_chunk *next = chunk->next;
        ct_free(chunk);
        chunk = next;
    }
}

void *ct_arena_take(ct_arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + 63) / 64 * 64;
    ct_arena_chunk **link = arena->current ? &arena->current : &arena->first;
    while (*link && (*link)->size - (*link)->used < bytes)
        link = &(*link)->next;
    ct_arena_chunk *chunk = *link;
    if (!chunk) {
        /* chunks behind the current one are empty and too small */
        link = arena->current ? &arena->current->next : &arena->first;
        free_chunks(*link);
        *link = NULL;
        size_t size = bytes > SMALLEST_CHUNK ? bytes : SMALLEST_CHUNK;
        chunk = ct_alloc(sizeof *chunk + size, 1);
        if (!chunk)
            return NULL;
        *chunk = (ct_arena_chunk){.size = size};
        *link = chunk;
    }
    arena->current = chunk;
    void *memory = chunk->bytes + chunk->used;
    chunk->used += bytes;
    return memory;
}

cutropy_status ct_arena_get(ct_arena *arena, const char *what, size_t bytes, void **out)
{
    *out = ct_arena_take(arena, bytes);
    return *out ? CUTROPY_OK : ct_fail_memory(what, bytes);
}

void ct_arena_reset(ct_arena *arena)
{
    for (ct_arena_chunk *chunk = arena->first; chunk; chunk = chunk->next)
        chunk->used = 0;
    arena->current = arena->first;
}

void ct_arena_free(ct_arena *arena)
{
    free_chunks(arena->first);
    *arena = (ct_arena){0};
}
