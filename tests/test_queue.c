/* SPDX-License-Identifier: Apache-2.0 */
/* The work queue, what stops it, and its reports. */
#include "check_main.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/queue.h"

#define ITEMS 1000

typedef struct job {
    ct_queue *queue;
    int done[ITEMS];  /* how often each item was worked on */
    int threads_seen; /* largest thread number + 1 */
    size_t fails_at;  /* the item that fails, ITEMS: none */
    size_t next;      /* on one thread: the first item that may come */
    int out_of_order;
} job;

static cutropy_status work(void *context, size_t first, size_t last, int thread)
{
    job *j = context;
    if (j->queue->threads == 1) {
        j->out_of_order += first != j->next;
        j->next = last;
    }
    for (int seen = __atomic_load_n(&j->threads_seen, __ATOMIC_RELAXED); thread >= seen;)
        if (__atomic_compare_exchange_n(&j->threads_seen, &seen, thread + 1, false,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            break;
    for (size_t i = first; i < last && !ct_queue_stopped(j->queue); i++) {
        if (i == j->fails_at)
            return ct_fail(CUTROPY_ENUMERIC, "item %zu failed", i);
        j->done[i]++;
        ct_queue_finished(j->queue, 1, thread);
    }
    return CUTROPY_OK;
}

static void job_start(job *j, ct_queue *queue, int threads, size_t grain)
{
    *queue = (ct_queue){.threads = threads, .count = ITEMS, .grain = grain, .work = work};
    *j = (job){.queue = queue, .fails_at = ITEMS};
    queue->context = j;
    queue->stage = "items";
}

START_TEST(each_item_once)
{
    static const int threads[] = {1, 2, 5};
    static const size_t grains[] = {1, 7, ITEMS, 2 * ITEMS};
    for (size_t t = 0; t < 3; t++)
        for (size_t g = 0; g < 4; g++) {
            job j;
            ct_queue queue;
            job_start(&j, &queue, threads[t], grains[g]);
            ck_assert_int_eq(ct_queue_run(&queue), CUTROPY_OK);
            ck_assert_uint_eq(queue.finished, ITEMS);
            for (size_t i = 0; i < ITEMS; i++)
                ck_assert_int_eq(j.done[i], 1);
            ck_assert_int_le(j.threads_seen, threads[t]);
            ck_assert_int_eq(j.out_of_order, 0);
        }
}
END_TEST

START_TEST(no_items)
{
    job j;
    ct_queue queue;
    job_start(&j, &queue, 2, 3);
    queue.count = 0;
    ck_assert_int_eq(ct_queue_run(&queue), CUTROPY_OK);
    ck_assert_int_eq(j.threads_seen, 0);
}
END_TEST

/* The status and the message of the first one, on the caller's thread; nothing is begun after. */
START_TEST(failure_stops_the_others_and_keeps_its_message)
{
    for (int threads = 1; threads <= 4; threads++) {
        job j;
        ct_queue queue;
        char text[32];
        job_start(&j, &queue, threads, 3);
        j.fails_at = 100;
        ct_fail(CUTROPY_EINPUT, "an older message");
        ck_assert_int_eq(ct_queue_run(&queue), CUTROPY_ENUMERIC);
        snprintf(text, sizeof text, "item %d failed", 100);
        ck_assert_str_eq(cutropy_error(), text);
        ck_assert_int_eq(j.done[100], 0);
        ck_assert_uint_lt(queue.finished, ITEMS);
        if (threads == 1)
            ck_assert_uint_eq(queue.finished, 100);
    }
}
END_TEST

START_TEST(the_first_reason_counts)
{
    ct_stop stop = {0};
    ck_assert(!ct_stopped(&stop) && ct_stop_why(&stop) == CT_STOP_NONE);
    ck_assert_int_eq(ct_stop_failure(&stop), CUTROPY_OK);
    ct_stop_fail(&stop, ct_fail(CUTROPY_EMEMORY, "the first"));
    ct_stop_fail(&stop, ct_fail(CUTROPY_EINPUT, "the second"));
    ct_stop_ask(&stop);
    ck_assert(ct_stopped(&stop) && ct_stop_why(&stop) == CT_STOP_FAILED);
    ck_assert_int_eq(ct_stop_failure(&stop), CUTROPY_EMEMORY);
    ck_assert_str_eq(cutropy_error(), "the first");

    stop = (ct_stop){0};
    ct_stop_ask(&stop);
    ct_stop_fail(&stop, ct_fail(CUTROPY_EMEMORY, "too late"));
    ck_assert(ct_stop_why(&stop) == CT_STOP_ASKED);
    ck_assert_int_eq(ct_stop_failure(&stop), CUTROPY_OK);
}
END_TEST

/* ---- reports ---- */

typedef struct listener {
    int calls;
    uint64_t stops_at; /* done from which it asks to stop; 0: never */
    uint64_t last, total;
} listener;

static int listen_to(const char *stage, uint64_t done, uint64_t total, void *user)
{
    listener *l = user;
    ck_assert_str_eq(stage, "items");
    ck_assert_uint_ge(done, l->last);
    l->calls++;
    l->last = done;
    l->total = total;
    return l->stops_at && done >= l->stops_at;
}

START_TEST(a_report_may_stop)
{
    for (int threads = 1; threads <= 3; threads += 2) {
        job j;
        ct_queue queue;
        listener l = {.stops_at = 1};
        ct_reporter reporter = {.progress = listen_to, .user = &l};
        job_start(&j, &queue, threads, 1);
        queue.reporter = &reporter;
        cutropy_status status = ct_queue_run(&queue);
        if (threads > 1 && status == CUTROPY_OK) { /* the others finished all before they saw it */
            ck_assert_uint_eq(queue.finished, ITEMS);
            continue;
        }
        ck_assert_int_eq(status, CUTROPY_ECANCELLED);
        ck_assert_str_eq(cutropy_error() + strlen(cutropy_error()) - 7, "of 1000");
        ck_assert_uint_lt(queue.finished, ITEMS);
        ck_assert_int_eq(l.calls, 1);
        ck_assert_uint_eq(l.total, ITEMS);
    }
}
END_TEST

/* Whoever asks after the last item comes too late. */
START_TEST(finished_is_not_cancelled)
{
    job j;
    ct_queue queue;
    listener l = {.stops_at = ITEMS};
    ct_reporter reporter = {.progress = listen_to, .user = &l};
    job_start(&j, &queue, 1, 10);
    queue.reporter = &reporter;
    ck_assert_int_eq(ct_queue_run(&queue), CUTROPY_OK);
    ck_assert(ct_stop_why(&queue.stop) == CT_STOP_ASKED);
    ck_assert_uint_eq(l.last, ITEMS);
}
END_TEST

/* A thousand items take no tenth of a second of their own: the clock is set. */
START_TEST(reports_are_few)
{
    listener l = {0};
    ct_reporter reporter = {.progress = listen_to, .user = &l, .last = ct_now() + 1000};
    for (uint64_t i = 0; i < 999; i++)
        ck_assert_int_eq(ct_report("items", i, 1000, &reporter), 0);
    ck_assert_int_eq(l.calls, 0);
    ct_report("items", 1000, 1000, &reporter); /* the last one always */
    ck_assert_int_eq(l.calls, 1);
    ct_report("items", 1000, 0, &reporter); /* of nobody knows how many: not the last one */
    ck_assert_int_eq(l.calls, 1);
    reporter.last = ct_now() - 0.2;
    ct_report("items", 1000, 2000, &reporter);
    ck_assert_int_eq(l.calls, 2);
    ck_assert(ct_now() - reporter.last < 100);
    reporter.every = true;
    for (uint64_t i = 1001; i < 1010; i++)
        ct_report("items", i, 2000, &reporter);
    ck_assert_int_eq(l.calls, 11);
    reporter = (ct_reporter){0};
    ck_assert_int_eq(ct_report("items", 1, 1, &reporter), 0);
}
END_TEST

START_TEST(the_clock_goes_forward)
{
    double last = ct_now();
    for (int i = 0; i < 10000; i++) {
        const double now = ct_now();
        ck_assert(now >= last);
        last = now;
    }
}
END_TEST

CHECK_MAIN("queue", each_item_once, no_items, failure_stops_the_others_and_keeps_its_message,
           the_first_reason_counts, a_report_may_stop, finished_is_not_cancelled, reports_are_few,
           the_clock_goes_forward)
