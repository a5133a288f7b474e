/* SPDX-License-Identifier: Apache-2.0 */
/* A queue of work: items in pieces on threads, until all are finished, one fails or somebody asks
 * to stop. */
#ifndef CT_QUEUE_H
#define CT_QUEUE_H

#include "base/report.h"
#include "base/stop.h"

typedef struct ct_queue {
    int threads;         /* at most so many; 1: all items one after the other on this thread */
    size_t count, grain; /* items, and how many a thread takes at once */
    /* Items first .. last - 1 on `thread` (0 .. threads - 1). Says with ct_queue_finished what is
     * finished, and looks at ct_queue_stopped before each item. */
    cutropy_status (*work)(void *context, size_t first, size_t last, int thread);
    void *context;
    const char *stage;     /* of the reports */
    ct_reporter *reporter; /* NULL: no reports */
    size_t finished;       /* items; a caller with some already done starts here */
    ct_stop stop;
} ct_queue;

/* Hands out the pieces in ascending order; after a failure or a stop no more. The result does not
 * depend on threads where that of `work` does not. Returns the first failure with its message,
 * CUTROPY_ECANCELLED when it was stopped before all items were finished, else CUTROPY_OK. */
cutropy_status ct_queue_run(ct_queue *queue);

/* ---- for `work` ---- */

static inline bool ct_queue_stopped(const ct_queue *queue)
{
    return ct_stopped(&queue->stop);
}

/* So many more items are finished. Thread 0 reports, and a report may ask to stop. */
void ct_queue_finished(ct_queue *queue, size_t items, int thread);

#endif
