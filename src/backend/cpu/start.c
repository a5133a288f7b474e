/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the threads can be had is known before any work, and what OpenBLAS needs for them: it asks for ever for memory
 * that is refused. */
#include "backend/cpu/start.h"

#include <cblas.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cutropy/run.h>

#include "backend/cpu/level.h"
#include "base/base.h"
#include "base/parallel.h"

/* The work space of OpenBLAS for one thread that calls it: 128 MiB of address space on x86-64, less
 * elsewhere; it keeps what it once took. */
#define BLAS_BYTES ((size_t)128 << 20)
void *blas_memory_alloc(int position) __attribute__((weak));
void blas_memory_free(void *memory) __attribute__((weak));

/* Belongs to the process, as the crew and the buffers do: what OpenBLAS has taken, how many hold
 * it to one thread, and how many threads it had before. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int buffers_taken;
static int holders, blas_threads;

static cutropy_status hire_threads(int threads)
{
    int error;
    const int there = ct_hire_threads(threads, &error);
    if (there >= threads)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "%d threads cannot be created, %d can (%s): ask for fewer (--threads), or "
                   "raise the limit (ulimit -u, ulimit -v)",
                   threads, there, strerror(error));
}

/* One for each thread, when they are known to be there. */
static cutropy_status take_buffers(int threads)
{
    void *buffer[CUTROPY_MAX_THREADS];
    char needs[24];
    const size_t bytes = (size_t)(threads - buffers_taken) * BLAS_BYTES;
    void *room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                      0); /* room, not memory */
    if (room == MAP_FAILED)
        return ct_fail(CUTROPY_EMEMORY,
                       "OpenBLAS needs %s of address space for %d threads, more than the limit "
                       "leaves: ask for fewer (--threads), or raise it (ulimit -v)",
                       ct_bytes_format((size_t)threads * BLAS_BYTES, needs), threads);
    munmap(room, bytes);
    for (int t = 0; t < threads; t++)
        buffer[t] = blas_memory_alloc(0);
    for (int t = 0; t < threads; t++)
        blas_memory_free(buffer[t]);
    buffers_taken = threads;
    return CUTROPY_OK;
}

/* Only where address space is limited can it be refused: there OpenBLAS gets its buffers now. It may have to be opened
 * for them (cli/lazy.c), which takes room too, and in newer versions a buffer: so it is called before room is looked for. */
static cutropy_status reserve_buffers(int threads)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY || !blas_memory_alloc ||
        !blas_memory_free)
        return CUTROPY_OK;
    (void)cblas_ddot(0, NULL, 1, NULL, 1);
    return buffers_taken < threads ? take_buffers(threads) : CUTROPY_OK;
}

/* All parallel loops are ours: BLAS inside them runs on one thread, and its bits do not depend on the
 * number of threads. */
static void hold_blas(void)
{
    if (!holders++)
        blas_threads = openblas_get_num_threads();
    openblas_set_num_threads(1);
}

static void release_blas(void)
{
    if (!--holders && openblas_get_num_threads() == 1)
        openblas_set_num_threads(blas_threads);
}

void ct_cpu_stop(void)
{
    pthread_mutex_lock(&lock);
    release_blas();
    pthread_mutex_unlock(&lock);
}

cutropy_status ct_cpu_start(int threads)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&lock);
    hold_blas();
    CT_TRY(ct_cpu_level_check());
    CT_TRY(hire_threads(threads));
    CT_TRY(reserve_buffers(threads));
done:
    if (status != CUTROPY_OK)
        release_blas();
    pthread_mutex_unlock(&lock);
    return status;
}
