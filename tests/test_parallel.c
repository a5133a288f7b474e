/* SPDX-License-Identifier: Apache-2.0 */
/* The crew: every item once, numbers of threads in range, ascending pieces, loops in loops, several callers, forks. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/parallel.h"

#include "check_main.h"

#define ITEMS 5000

/* The thread sanitizer ends a child that makes threads; the address sanitizer ends a process without memory for the
   stack of signals of a new thread. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN
#elif __has_feature(address_sanitizer)
#define UNDER_ASAN
#endif
#endif
#ifdef __SANITIZE_THREAD__
#define UNDER_TSAN
#elif defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN
#endif

typedef struct record {
    int threads;
    atomic_int times[ITEMS], in_use[8], out_of_range, shared, backwards, largest;
    size_t last[8]; /* begin of the last piece of a thread, + 1 */
} record;

static void note(void *context, size_t first, size_t last, int thread)
{
    record *r = context;
    if (thread < 0 || thread >= r->threads) {
        r->out_of_range++;
        return;
    }
    r->shared += atomic_fetch_add(&r->in_use[thread], 1) != 0;
    r->backwards += first + 1 <= r->last[thread];
    r->last[thread] = first + 1;
    for (size_t i = first; i < last; i++)
        r->times[i]++;
    for (int seen = r->largest; thread > seen;)
        if (atomic_compare_exchange_weak(&r->largest, &seen, thread))
            break;
    atomic_fetch_sub(&r->in_use[thread], 1);
}

static void check_record(const record *r, size_t count)
{
    ck_assert_int_eq(r->out_of_range, 0);
    ck_assert_int_eq(r->shared, 0); /* a number belongs to one thread at a time */
    ck_assert_int_eq(r->backwards, 0);
    for (size_t i = 0; i < ITEMS; i++)
        ck_assert_int_eq(r->times[i], i < count);
}

START_TEST(each_item_once)
{
    static const int threads[] = {1, 2, 3, 8};
    static const size_t grains[] = {1, 7, 64, ITEMS - 1, ITEMS, 3 * ITEMS},
                        counts[] = {0, 1, 99, ITEMS};
    static record r;
    for (size_t t = 0; t < 4; t++)
        for (size_t g = 0; g < 6; g++)
            for (size_t c = 0; c < 4; c++) {
                memset(&r, 0, sizeof r);
                r.threads = threads[t];
                ct_parallel_for(threads[t], counts[c], grains[g], note, &r);
                check_record(&r, counts[c]);
            }
}
END_TEST

static void rest(void *context, size_t first, size_t last, int thread)
{
    const struct timespec a_millisecond = {0, 1000000};
    nanosleep(&a_millisecond, NULL);
    note(context, first, last, thread);
}

/* Where there is time, everybody comes; and the crew is as large as was asked for. */
START_TEST(all_come)
{
    static record r;
    int error;
    ck_assert_int_eq(ct_hire_threads(8, &error), 8);
    ck_assert_int_eq(error, 0);
    memset(&r, 0, sizeof r);
    r.threads = 8;
    ct_parallel_for(8, 400, 1, rest, &r);
    check_record(&r, 400);
    ck_assert_int_eq(r.largest, 7);
}
END_TEST

static void inner(void *context, size_t first, size_t last, int thread)
{
    record *r = context;
    r->out_of_range += thread != 0;
    for (size_t i = first; i < last; i++)
        r->times[i]++;
}

static void outer(void *context, size_t first, size_t last, int thread)
{
    (void)thread;
    for (size_t i = first; i < last; i++)
        ct_parallel_for(4, ITEMS, 10, inner, context);
}

/* A loop within a loop stays where it is. */
START_TEST(loops_within_loops)
{
    static record r;
    memset(&r, 0, sizeof r);
    ct_parallel_for(4, 40, 1, outer, &r);
    ck_assert_int_eq(r.out_of_range, 0);
    for (size_t i = 0; i < ITEMS; i++)
        ck_assert_int_eq(r.times[i], 40);
}
END_TEST

static void *caller(void *own)
{
    record *r = own;
    for (int repeat = 0; repeat < 50; repeat++) {
        memset(r, 0, sizeof *r);
        r->threads = 3;
        ct_parallel_for(3, ITEMS, 20, note, r);
        for (size_t i = 0; i < ITEMS; i++)
            if (r->times[i] != 1 || r->shared || r->out_of_range)
                return r;
    }
    return NULL;
}

/* Several callers share one crew. */
START_TEST(several_callers)
{
    static record own[4];
    pthread_t thread[4];
    void *wrong;
    for (int t = 0; t < 4; t++)
        ck_assert_int_eq(pthread_create(&thread[t], NULL, caller, &own[t]), 0);
    for (int t = 0; t < 4; t++) {
        ck_assert_int_eq(pthread_join(thread[t], &wrong), 0);
        ck_assert_ptr_null(wrong);
    }
}
END_TEST

/* The threads do not follow a fork; the child's loops get new ones, also while others are at work in the parent. */
START_TEST(a_child_has_its_own_crew)
{
    static record own, r;
    pthread_t thread;
    void *wrong;
    int status;
    ck_assert_int_eq(pthread_create(&thread, NULL, caller, &own), 0);
    for (int repeat = 0; repeat < 20; repeat++) {
        const pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (!child) {
            alarm(60);
            memset(&r, 0, sizeof r);
            r.threads = 8;
            ct_parallel_for(8, 200, 1, rest, &r);
            int good = !r.shared && !r.out_of_range && r.largest > 0;
            for (size_t i = 0; i < 200; i++)
                good &= r.times[i] == 1;
            _exit(!good);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_int_eq(pthread_join(thread, &wrong), 0);
    ck_assert_ptr_null(wrong);
}
END_TEST

static void fork_once(void *context, size_t first, size_t last, int thread)
{
    pid_t *child = context;
    const struct timespec a_millisecond = {0, 1000000};
    (void)first, (void)last;
    if (thread == 0 &&
        *child < 0) /* on another thread the child would have no caller to return to */
        *child = fork();
    nanosleep(&a_millisecond, NULL);
}

/* A child that the caller forked within a body finishes the loop alone. */
START_TEST(a_body_that_forks)
{
    int status;
    pid_t child = -1;
    ct_parallel_for(4, 20, 1, fork_once, &child);
    if (!child)
        _exit(7);
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}
END_TEST

static void *cancelled(void *context)
{
    ct_parallel_for(4, 100, 1, rest, context);
    pthread_testcancel();
    return NULL;
}

/* A caller that is cancelled leaves the crew in order. */
START_TEST(a_caller_that_is_cancelled)
{
    static record r;
    pthread_t thread;
    void *answer;
    memset(&r, 0, sizeof r);
    r.threads = 4;
    ck_assert_int_eq(pthread_create(&thread, NULL, cancelled, &r), 0);
    while (!r.times[0])
        sched_yield();
    ck_assert_int_eq(pthread_cancel(thread), 0);
    ck_assert_int_eq(pthread_join(thread, &answer), 0);
    ck_assert_ptr_eq(answer, PTHREAD_CANCELED);
    check_record(&r, 100);
}
END_TEST

#if !defined(UNDER_TSAN) && !defined(UNDER_ASAN)
static void *hire_on(void *unused)
{
    const struct timespec a_moment = {0, 200000};
    int error;
    for (int threads = 13; threads < 200; threads++) {
        (void)ct_hire_threads(threads, &error);
        nanosleep(&a_moment, NULL);
    }
    return unused;
}

/* Threads that are refused give back what those before them took. */
START_TEST(fewer_after_too_many)
{
    struct rlimit before, narrow;
    int error, there;
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages;
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%lu", &pages), 1);
    fclose(file);
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
    narrow = before;
    narrow.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)256 << 20);
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &narrow), 0);
    there = ct_hire_threads(1000, &error);
    ck_assert_int_lt(there, 1000);
    ck_assert_int_ne(error, 0);
    for (int tries = 0; tries < 100; tries++) { /* the last ones may be about to go */
        const struct timespec a_moment = {0, 10000000};
        there = ct_hire_threads(12, &error);
        if (there == 12)
            break;
        nanosleep(&a_moment, NULL);
    }
    ck_assert_int_ge(there, 12);
    /* also where another caller hires meanwhile, one more each time */
    pthread_t other;
    ck_assert_int_eq(pthread_create(&other, NULL, hire_on, NULL), 0);
    for (int repeat = 0; repeat < 20; repeat++)
        (void)ct_hire_threads(1000, &error);
    ck_assert_int_eq(pthread_join(other, NULL), 0);
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
}
END_TEST
#endif

START_TEST(how_many_there_may_be)
{
    unsetenv("OMP_NUM_THREADS");
    const int all = ct_available_threads();
    ck_assert_int_ge(all, 1);
    ck_assert_int_eq(setenv("OMP_NUM_THREADS", "1", 1), 0);
    ck_assert_int_eq(ct_available_threads(), 1);
    static const char *const not_one[] = {"100000", "0", "-3", "two", "", "1x"};
    for (size_t i = 0; i < 6; i++) {
        ck_assert_int_eq(setenv("OMP_NUM_THREADS", not_one[i], 1), 0);
        ck_assert_int_eq(ct_available_threads(), all);
    }
    ck_assert_int_eq(setenv("OMP_NUM_THREADS", "1,4", 1), 0);
    ck_assert_int_eq(ct_available_threads(), 1);
    unsetenv("OMP_NUM_THREADS");
}
END_TEST

#if defined(UNDER_TSAN)
CHECK_MAIN("parallel", each_item_once, all_come, loops_within_loops, several_callers,
           a_caller_that_is_cancelled, how_many_there_may_be)
#elif defined(UNDER_ASAN)
CHECK_MAIN("parallel", each_item_once, all_come, loops_within_loops, several_callers,
           a_child_has_its_own_crew, a_body_that_forks, a_caller_that_is_cancelled,
           how_many_there_may_be)
#else
CHECK_MAIN("parallel", each_item_once, all_come, loops_within_loops, several_callers,
           a_child_has_its_own_crew, a_body_that_forks, a_caller_that_is_cancelled,
           fewer_after_too_many, how_many_there_may_be)
#endif
