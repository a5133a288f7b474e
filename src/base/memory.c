/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
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
    void *memory = aligned_alloc(HUGE_PAGE, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
#ifdef MADV_HUGEPAGE
    /* advice only: a refusal costs nothing; not for the end, of which a few bytes may be used */
    if (memory)
        (void)madvise(memory, bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#endif
    return memory;
}

/* ---- arrays that are kept ---- */

/* The address sanitizer is to see every use after free. */
#if defined(__has_feature)
#define CT_HAS_FEATURE(x) __has_feature(x)
#else
#define CT_HAS_FEATURE(x) 0
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !CT_HAS_FEATURE(address_sanitizer)
#define CT_KEEPS 1
#define size_of(memory) malloc_usable_size(memory)
#else
#define CT_KEEPS 0
#define size_of(memory) ((size_t)((memory) == NULL))
#endif
#define MOST_KEPT 32

static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    void *memory;
    size_t bytes;
} kept[MOST_KEPT]; /* the oldest first */
static int kept_count, keepers;

static void remove_kept(int i)
{
    memmove(kept + i, kept + i + 1, (size_t)(--kept_count - i) * sizeof *kept);
}

/* Gives the oldest arrays back until that are `bytes` or there are no more. */
static void give_back(size_t bytes)
{
    for (size_t given = 0; kept_count && given < bytes;) {
        given += kept[0].bytes;
        free(kept[0].memory);
        remove_kept(0);
    }
#if CT_KEEPS
    (void)malloc_trim(0); /* free() itself may keep tens of megabytes */
#endif
}

void ct_memory_keep(void)
{
    pthread_mutex_lock(&kept_lock);
    __atomic_add_fetch(&keepers, CT_KEEPS, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&kept_lock);
}

void ct_memory_drop(void)
{
    pthread_mutex_lock(&kept_lock);
    if (__atomic_sub_fetch(&keepers, CT_KEEPS, __ATOMIC_RELAXED) == 0)
        give_back(SIZE_MAX);
    pthread_mutex_unlock(&kept_lock);
}

static bool is_keeping(void)
{
    return __atomic_load_n(&keepers, __ATOMIC_RELAXED) > 0;
}

/* A kept array of `bytes` or an eighth more; NULL: there is none, and as much as will be asked of the system
 * has been given back. */
static void *take_kept(size_t bytes)
{
    void *memory = NULL;
    pthread_mutex_lock(&kept_lock);
    for (int i = kept_count - 1; i >= 0 && !memory; i--)
        if (kept[i].bytes >= bytes && kept[i].bytes - bytes <= bytes / 8) {
            memory = kept[i].memory;
            remove_kept(i);
        }
    if (!memory)
        give_back(bytes);
    pthread_mutex_unlock(&kept_lock);
    return memory;
}

/* False: it is to be freed. */
static bool keep(void *memory, size_t bytes)
{
    pthread_mutex_lock(&kept_lock);
    const bool keeps = keepers > 0;
    if (keeps) {
        if (kept_count == MOST_KEPT)
            give_back(1);
        kept[kept_count].memory = memory;
        kept[kept_count++].bytes = bytes;
    }
    pthread_mutex_unlock(&kept_lock);
    return keeps;
}

/* Memory of the system's. */
static void *allocate(size_t bytes)
{
    void *memory = bytes >= LARGE && is_keeping() ? take_kept(bytes) : NULL;
    if (!memory)
        memory = bytes < LARGE ? aligned_alloc(ALIGNMENT, bytes) : allocate_large(bytes);
    if (memory || !is_keeping())
        return memory;
    pthread_mutex_lock(&kept_lock);
    give_back(SIZE_MAX);
    pthread_mutex_unlock(&kept_lock);
    return bytes < LARGE ? aligned_alloc(ALIGNMENT, bytes) : allocate_large(bytes);
}

void *ct_alloc(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - HUGE_PAGE) / size)
        return NULL;
    size_t bytes = count * size;
    bytes = bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (user_allocate)
        return user_allocate(bytes, user_data);
    return allocate(bytes);
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
    else if (!is_keeping() || size_of(memory) < LARGE || !keep(memory, size_of(memory)))
        free(memory);
}
