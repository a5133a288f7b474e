/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cpu/image_queue.h"

cutropy_status ct_cpu_image_queue(ct_queue *queue, const ct_evaluate_options *options)
{
    ct_reporter reporter = {0};
    if (options->watch)
        reporter = (ct_reporter){
            .progress = options->watch->report, .user = options->watch->user, .every = true};
    queue->threads = options->threads;
    queue->stage = "evaluate";
    queue->reporter = &reporter;
    const cutropy_status status = ct_queue_run(queue);
    queue->reporter = NULL;
    return status == CUTROPY_ECANCELLED ? ct_fail(status, "stopped during evaluation") : status;
}
