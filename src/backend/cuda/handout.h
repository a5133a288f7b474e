/* SPDX-License-Identifier: Apache-2.0 */
/* Batches for the threads of all devices, answers in ascending order for the thread that asked. */
#ifndef CT_CUDA_HANDOUT_H
#define CT_CUDA_HANDOUT_H

#include <pthread.h>

#include "base/stop.h"
#include "backend/solver.h"

/* Cuts first .. first + count - 1 of one solve, all of na pixels. */
typedef struct ct_batch_range {
    size_t first, count;
    int na;
} ct_batch_range;

/* The answers of a batch, with all their memory. */
typedef struct ct_answers {
    ct_cut_answer *cut;
    ct_block_answer *block;
    double *values;
} ct_answers;

void ct_answers_free(ct_answers *answers);

typedef struct ct_handout {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const ct_batch_range *batch;
    ct_answers *answers; /* one a batch; cut = NULL: not ready */
    size_t batches, given, taken;
    size_t window; /* batches that may be under way, so that waiting answers stay few */
    ct_stop stop;
} ct_handout;

typedef enum ct_offer {
    CT_OFFER_BATCH, /* *batch is the caller's */
    CT_OFFER_LATER, /* the window is full: finish what you have */
    CT_OFFER_END    /* no more, or stopped */
} ct_offer;

cutropy_status ct_handout_open(const ct_batch_range *batch, size_t batches, size_t window,
                               ct_handout *out);
void ct_handout_close(ct_handout *h);

/* The next batch. wait: block while the window is full (only for a caller with nothing under way,
 * else its own answers may be what all wait for). */
ct_offer ct_handout_next(ct_handout *h, bool wait, size_t *batch);
/* Hands over the answers of a batch (their memory too). */
void ct_handout_deliver(ct_handout *h, size_t batch, ct_answers *answers);
/* Stops everybody with the caller's status and message; the first failure counts. */
void ct_handout_fail(ct_handout *h, cutropy_status status);

/* Takes all batches in order and returns the first failure: of a device, of `take`, or
 * CUTROPY_ECANCELLED when the watch asks to stop. The devices have been told to stop then. */
cutropy_status ct_handout_take(ct_handout *h, const ct_solve_call *call);

#endif
