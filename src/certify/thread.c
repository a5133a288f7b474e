/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/thread.h"

#include <flint/flint.h>
#include <pthread.h>
#include <stdbool.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key; /* not NULL in threads that are to be cleaned up after */
static bool has_key;

static void leave(void *unused)
{
    (void)unused;
    flint_cleanup();
}

static void make_key(void)
{
    has_key = !pthread_key_create(&key, leave);
}

void ct_certify_thread(void)
{
    pthread_once(&once, make_key);
    if (has_key)
        (void)pthread_setspecific(key, &key); /* without it a thread leaves some memory behind */
}
