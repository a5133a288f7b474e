/* SPDX-License-Identifier: Apache-2.0 */
/* Why the threads of one task end early: somebody asked for it, or one of them failed. The first
 * reason counts. */
#ifndef CT_STOP_H
#define CT_STOP_H

#include "base/base.h"

typedef enum ct_stop_reason { CT_STOP_NONE, CT_STOP_ASKED, CT_STOP_FAILED } ct_stop_reason;

/* {0} lets all work. */
typedef struct ct_stop {
    int reason; /* a ct_stop_reason; read and written atomically while threads work */
    cutropy_status failure;
    char text[512]; /* the message of the failure */
} ct_stop;

void ct_stop_ask(ct_stop *stop);
/* Keeps status and the message of this thread, unless there was a reason before. */
void ct_stop_fail(ct_stop *stop, cutropy_status status);
ct_stop_reason ct_stop_why(const ct_stop *stop);

static inline bool ct_stopped(const ct_stop *stop)
{
    return __atomic_load_n(&stop->reason, __ATOMIC_ACQUIRE) != CT_STOP_NONE;
}

/* When no thread works any more: the first failure, its message restored in this thread;
 * CUTROPY_OK where nothing failed. */
cutropy_status ct_stop_failure(const ct_stop *stop);

#endif
