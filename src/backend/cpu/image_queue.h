/* SPDX-License-Identifier: Apache-2.0 */
/* A queue over all images of an evaluation. */
#ifndef CT_CPU_IMAGE_QUEUE_H
#define CT_CPU_IMAGE_QUEUE_H

#include "backend/operations.h"
#include "base/queue.h"

/* Runs the queue on the threads of the options; the watch hears of it as "evaluate". */
cutropy_status ct_cpu_image_queue(ct_queue *queue, const ct_evaluate_options *options);

#endif
