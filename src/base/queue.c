/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include "base/parallel.h"

void ct_queue_finished(ct_queue *queue, size_t items, int thread)
{
    const size_t done = __atomic_add_fetch(&queue->finished, items, __ATOMIC_RELAXED);
    if (thread == 0 && queue->reporter &&
        ct_report(queue->stage, done, queue->count, queue->reporter))
        ct_stop_ask(&queue->stop);
}

static void work_on_piece(void *context, size_t first, size_t last, int thread)
{
    ct_queue *queue = context;
    if (ct_queue_stopped(queue))
        return;
    const cutropy_status status = queue->work(queue->context, first, last, thread);
    if (status != CUTROPY_OK)
        ct_stop_fail(&queue->stop, status);
}

cutropy_status ct_queue_run(ct_queue *queue)
{
    ct_parallel_for(queue->threads, queue->count, queue->grain, work_on_piece, queue);
    if (ct_stop_why(&queue->stop) == CT_STOP_ASKED && queue->finished < queue->count)
        return ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu", queue->finished,
                       queue->count);
    return ct_stop_failure(&queue->stop);
}
