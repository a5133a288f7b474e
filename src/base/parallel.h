/* SPDX-License-Identifier: Apache-2.0 */
/* The parallel loop of the engine. */
#ifndef CT_PARALLEL_H
#define CT_PARALLEL_H

#include <stddef.h>

/* Cores that this process may use. */
int ct_available_threads(void);

/* Calls body(context, first, last, thread) for consecutive pieces of at most `grain` of 0 .. count
 * - 1, each once, on up to `threads` threads, 0 <= thread < threads. Pieces are handed out in
 * ascending order. */
void ct_parallel_for(int threads, size_t count, size_t grain,
                     void (*body)(void *context, size_t first, size_t last, int thread),
                     void *context);

#endif
