/* SPDX-License-Identifier: Apache-2.0 */
/* The parallel loop of the engine. */
#ifndef CT_PARALLEL_H
#define CT_PARALLEL_H

#include <stddef.h>

/* Cores that this process may use, OMP_NUM_THREADS at most. */
int ct_available_threads(void);

/* Threads of the crew that later loops find, so that `threads` can work at once; they sleep until then, and stay. Returns how
 * many there are with the caller: fewer where the system refuses more, and *error is its errno then. */
int ct_hire_threads(int threads, int *error);

/* Calls body(context, first, last, thread) for consecutive pieces of at most `grain` of 0 .. count
 * - 1, each once, on up to `threads` threads, 0 <= thread < threads; the caller is thread 0. Pieces are handed out in
 * ascending order. A loop within a body runs on the thread that calls it, unless the outer loop has one piece or one thread. */
void ct_parallel_for(int threads, size_t count, size_t grain,
                     void (*body)(void *context, size_t first, size_t last, int thread),
                     void *context);

#endif
