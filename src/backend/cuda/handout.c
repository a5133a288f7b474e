/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/handout.h"

#include <time.h>

#define ASK_MILLISECONDS 50 /* how often a waiting thread asks the watch */

void ct_answers_free(ct_answers *answers)
{
    ct_free(answers->cut);
    ct_free(answers->block);
    ct_free(answers->values);
    *answers = (ct_answers){0};
}

cutropy_status ct_handout_open(const ct_batch_range *batch, size_t batches, size_t window,
                               ct_handout *out)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_init(&out->lock, NULL); /* default attributes: cannot fail on Linux */
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC); /* the other clock may go back */
    pthread_cond_init(&out->changed, &steady);
    pthread_condattr_destroy(&steady);
    out->batch = batch;
    out->batches = batches;
    out->window = window;
    CT_NEW_ZERO(out->answers, batches);
done:
    return status;
}

void ct_handout_close(ct_handout *h)
{
    for (size_t i = 0; i < h->batches && h->answers; i++)
        ct_answers_free(&h->answers[i]);
    ct_free(h->answers);
    h->answers = NULL;
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
}

ct_offer ct_handout_next(ct_handout *h, bool wait, size_t *batch)
{
    ct_offer offer = CT_OFFER_BATCH;
    pthread_mutex_lock(&h->lock);
    while (wait && !ct_stopped(&h->stop) && h->given < h->batches &&
           h->given >= h->taken + h->window)
        pthread_cond_wait(&h->changed, &h->lock);
    if (ct_stopped(&h->stop) || h->given == h->batches)
        offer = CT_OFFER_END;
    else if (h->given >= h->taken + h->window)
        offer = CT_OFFER_LATER;
    else
        *batch = h->given++;
    pthread_mutex_unlock(&h->lock);
    return offer;
}

void ct_handout_deliver(ct_handout *h, size_t batch, ct_answers *answers)
{
    pthread_mutex_lock(&h->lock);
    h->answers[batch] = *answers;
    *answers = (ct_answers){0};
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

void ct_handout_fail(ct_handout *h, cutropy_status status)
{
    pthread_mutex_lock(&h->lock); /* whoever waits holds it while it looks */
    ct_stop_fail(&h->stop, status);
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

/* Waits a moment for batch h->taken; the lock is held. */
static void wait_a_moment(ct_handout *h)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ASK_MILLISECONDS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&h->changed, &h->lock, &until);
}

static cutropy_status wait_for_answers(ct_handout *h, const ct_watch *watch, size_t cuts,
                                       ct_answers *out)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&h->lock);
    while (!ct_stopped(&h->stop) && !h->answers[h->taken].cut && status == CUTROPY_OK) {
        wait_a_moment(h);
        pthread_mutex_unlock(&h->lock);
        if (ct_asked_to_stop(watch, "cuts", h->batch[h->taken].first, cuts))
            status = ct_fail(CUTROPY_ECANCELLED, "stopped");
        pthread_mutex_lock(&h->lock);
    }
    if (ct_stopped(&h->stop))
        status = ct_stop_failure(&h->stop);
    if (status == CUTROPY_OK) {
        *out = h->answers[h->taken];
        h->answers[h->taken] = (ct_answers){0};
    }
    pthread_mutex_unlock(&h->lock);
    return status;
}

cutropy_status ct_handout_take(ct_handout *h, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    const ct_batch_range *last = &h->batch[h->batches - 1];
    while (h->taken < h->batches) {
        const ct_batch_range *batch = &h->batch[h->taken];
        ct_answers answers = {0};
        CT_TRY(wait_for_answers(h, call->watch, last->first + last->count, &answers));
        status = ct_solve_take(call, batch->first, batch->count, answers.cut, CT_ALL_THREADS);
        ct_answers_free(&answers);
        CT_TRY(status);
        pthread_mutex_lock(&h->lock);
        h->taken++;
        pthread_cond_broadcast(&h->changed);
        pthread_mutex_unlock(&h->lock);
    }
done:
    if (status != CUTROPY_OK)
        ct_handout_fail(h, status);
    return status;
}
