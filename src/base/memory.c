/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#define ALIGNMENT 64
#define HUGE_PAGE ((size_t)2 << 20)
#define LARGE (2 * HUGE_PAGE)

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

/* Arrays of 2^N numbers are taken and given back for every cut: in pages of 2 MiB the system hands
 * them out several times faster than in small ones. */
static void *allocate_large(size_t bytes)
{
    bytes = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *memory = aligned_alloc(HUGE_PAGE, bytes);
#ifdef MADV_HUGEPAGE
    if (memory)
        (void)madvise(memory, bytes, MADV_HUGEPAGE); /* advice only: a refusal costs nothing */
#endif
    return memory;
}

void *ct_alloc(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - HUGE_PAGE) / size)
        return NULL;
    size_t bytes = count * size;
    bytes = bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (user_allocate)
        return user_allocate(bytes, user_data);
    return bytes < LARGE ? aligned_alloc(ALIGNMENT, bytes) : allocate_large(bytes);
}

void *ct_calloc(size_t count, size_t size)
{
    void *memory = ct_alloc(count, size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
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
