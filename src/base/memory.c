#include "base/base.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

static void *(*user_allocate)(size_t bytes, void *user);
static void (*user_release)(void *memory, void *user);
static void *user_data;

void cutropy_set_allocator(void *(*allocate)(size_t bytes, void *user),
                           void (*release)(void *memory, void *user), void *user)
{
    user_allocate = allocate;
    user_release = release;
    user_data = user;
}

void *ct_alloc(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - ALIGNMENT) / size)
        return NULL;
    size_t bytes = count * size;
    bytes = bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    return user_allocate ? user_allocate(bytes, user_data) : aligned_alloc(ALIGNMENT, bytes);
}

void *ct_calloc(size_t count, size_t size)
{
    void *memory = ct_alloc(count, size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

void *ct_grow(void *memory, size_t old_bytes, size_t new_bytes)
{
    void *larger = ct_alloc(new_bytes, 1);
    if (!larger)
        return NULL;
    if (memory)
        memcpy(larger, memory, old_bytes < new_bytes ? old_bytes : new_bytes);
    ct_free(memory);
    return larger;
}

char *ct_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = ct_alloc(size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

void ct_free(void *memory)
{
    if (!memory)
        return;
    if (user_release)
        user_release(memory, user_data);
    else
        free(memory);
}
