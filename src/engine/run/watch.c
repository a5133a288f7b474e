/* SPDX-License-Identifier: Apache-2.0 */
/* The watch: the last report of a run under a lock. */
#include <cutropy/watch.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/base.h"
#include "base/locale.h"

struct cutropy_watch {
    atomic_bool stop;
    pthread_mutex_t lock; /* of what follows */
    char stage[64];
    uint64_t done, total;
};

cutropy_status cutropy_watch_create(cutropy_watch **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_watch *watch = NULL;
    *out = NULL;
    CT_NEW_ZERO(watch, 1);
    pthread_mutex_init(&watch->lock, NULL);
    *out = watch;
done:
    return status;
}

void cutropy_watch_free(cutropy_watch *watch)
{
    if (!watch)
        return;
    pthread_mutex_destroy(&watch->lock);
    ct_free(watch);
}

int cutropy_watch_progress(const char *stage, uint64_t done, uint64_t total, void *user)
{
    cutropy_watch *watch = user;
    pthread_mutex_lock(&watch->lock);
    ct_snprintf(watch->stage, sizeof watch->stage, "%s", stage);
    watch->done = done;
    watch->total = total;
    pthread_mutex_unlock(&watch->lock);
    return atomic_load(&watch->stop);
}

size_t cutropy_watch_read(cutropy_watch *watch, char *stage, size_t size, uint64_t *done,
                          uint64_t *total)
{
    pthread_mutex_lock(&watch->lock);
    const size_t length = strlen(watch->stage);
    if (size)
        ct_snprintf(stage, size, "%s", watch->stage);
    *done = watch->done;
    *total = watch->total;
    pthread_mutex_unlock(&watch->lock);
    return length;
}

void cutropy_watch_stop(cutropy_watch *watch)
{
    atomic_store(&watch->stop, true);
}
