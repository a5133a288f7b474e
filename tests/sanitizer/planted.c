/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes planted to prove that a sanitizer preset finds them: planted
 * race|overflow|leak|shift|nothing. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/parallel.h"

#define COUNT 100000

static void add_two(void *context, size_t first, size_t last, int thread)
{
    double *values = context;
    (void)thread;
    for (size_t i = first; i < last; i++)
        values[i] += 2;
}

/* What one loop of the crew writes the caller and the next loop may read: no mistake. */
static double correct(void)
{
    double *values = calloc(COUNT, sizeof *values), sum = 0;
    if (!values)
        return -1;
    for (int repeat = 0; repeat < 5; repeat++) {
        ct_parallel_for(4, COUNT, 64, add_two, values);
        ct_parallel_for(3, COUNT, 100, add_two, values);
        for (long i = 0; i < COUNT; i++)
            sum += values[i] += 1;
    }
    free(values);
    return sum;
}

typedef struct meeting {
    atomic_int there;
    long counter;
} meeting;

/* Each of two threads waits for the other, relaxed, so that nothing orders what they do next. */
static void count_together(void *context, size_t first, size_t last, int thread)
{
    const struct timespec a_millisecond = {0, 1000000};
    meeting *m = context;
    (void)first, (void)last, (void)thread;
    atomic_fetch_add_explicit(&m->there, 1, memory_order_relaxed);
    while (atomic_load_explicit(&m->there, memory_order_relaxed) < 2)
        nanosleep(&a_millisecond, NULL);
    ++m->counter;
}

static long race(void)
{
    static meeting m;
    ct_parallel_for(2, 2, 1, count_together, &m);
    return m.counter;
}

static int overflow(int size)
{
    volatile char *text = malloc((size_t)size);
    if (!text)
        return -1;
    int last = text[size] = 1;
    free((void *)text);
    return last;
}

static void lose(void *context, size_t first, size_t last, int thread)
{
    volatile char *text = malloc(last - first + 24);
    (void)thread;
    if (text) {
        text[0] = 1;
        ((int *)context)[first] = text[0];
    }
    text = NULL;
}

/* In a loop of the crew, on whatever thread. */
static int leak(void)
{
    int found[2] = {0};
    ct_parallel_for(2, 2, 1, lose, found);
    return found[0] + found[1];
}

static int shift(int by)
{
    return 1 << by;
}

int main(int count, char **arguments)
{
    const char *what = count == 2 ? arguments[1] : "";
    double answer = 0;
    if (strcmp(what, "nothing") == 0)
        answer = correct();
    else if (strcmp(what, "race") == 0)
        answer = (double)race();
    else if (strcmp(what, "overflow") == 0)
        answer = overflow(24 + count);
    else if (strcmp(what, "leak") == 0)
        answer = leak();
    else if (strcmp(what, "shift") == 0)
        answer = shift(30 + count);
    else
        return 2;
    printf("not found (%g)\n", answer);
    return 0;
}
