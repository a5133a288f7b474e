/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes planted to prove that a sanitizer preset finds them: planted
 * race|overflow|leak|shift|nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT 100000

/* Every kind of OpenMP synchronisation that the library uses, correctly. */
static double correct(void)
{
    double *values = malloc(COUNT * sizeof *values), sum = 0;
    if (!values)
        return -1;
    for (int repeat = 0; repeat < 5; repeat++) {
#pragma omp parallel for num_threads(4) schedule(dynamic, 64) reduction(+ : sum)
        for (long i = 0; i < COUNT; i++) {
            values[i] = (double)i;
            sum += values[i];
        }
#pragma omp parallel num_threads(4)
        {
            double own = values[7];
#pragma omp critical
            sum += own;
#pragma omp barrier
#pragma omp for schedule(static) nowait
            for (long i = 0; i < COUNT; i++)
                values[i] = 2;
        }
        for (long i = 0; i < COUNT; i++)
            values[i] += 1;
    }
    free(values);
    return sum;
}

static long race(void)
{
    static long counter;
#pragma omp parallel for num_threads(4)
    for (long i = 0; i < COUNT; i++)
        counter++;
    return counter;
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

/* In a parallel region: reports must not be lost between the frames of the OpenMP run time. */
static int leak(int size)
{
    int sum = 0;
#pragma omp parallel num_threads(2) reduction(+ : sum)
    {
        volatile char *text = malloc((size_t)size);
        if (text) {
            text[0] = 1;
            sum += text[0];
        }
        text = NULL;
    }
    return sum;
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
        answer = leak(24 + count);
    else if (strcmp(what, "shift") == 0)
        answer = shift(30 + count);
    else
        return 2;
    printf("not found (%g)\n", answer);
    return 0;
}
